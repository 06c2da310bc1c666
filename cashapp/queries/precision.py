"""How much the matcher decides and how often rightly, by rule and bank account, with the reversals against it."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from cashapp.models import MatchDecision, MatchTask, Receipt
from core.models import BankAccount, LegalEntity, User

Outcome = MatchDecision.Outcome
DECIDED = (Outcome.POSTED, Outcome.ON_ACCOUNT)
ITSELF = Q(decided_by__is_system=True, as_proposed=True)
FOLLOWED = Q(decided_by__is_system=False, as_proposed=True)
OTHERWISE = Q(decided_by__is_system=False, as_proposed=False)
KINDS = {
    "itself": ("Decided by itself", ITSELF),
    "undone": ("Undone later", ITSELF & Q(is_undone=True)),
    "followed": ("Proposal followed", FOLLOWED),
    "otherwise": ("Decided otherwise", OTHERWISE),
}


@dataclass(frozen=True, slots=True)
class PrecisionQuestion:
    """Lines of which days, and of which account and rule."""

    entity: LegalEntity
    from_on: date
    until_on: date
    bank_account: int | None = None
    rule: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Precision:
    """How one rule fared on one account. `undone` counts against it: reversed or moved, not returned by the bank."""

    bank_account: BankAccount
    rule: str
    itself: int
    undone: int
    followed: int
    otherwise: int

    @property
    def precision(self) -> Decimal | None:
        """Per cent of what was decided by itself that still stands, rounded down. None where there was nothing."""
        if not self.itself:
            return None
        return (Decimal(100 * (self.itself - self.undone)) / self.itself).quantize(Decimal("0.01"), ROUND_DOWN)

    @property
    def agreement(self) -> int | None:
        """Per cent of the proposals that people followed."""
        seen = self.followed + self.otherwise
        return 100 * self.followed // seen if seen else None


@dataclass(frozen=True, slots=True)
class AccountRate:
    """How many lines of an account came, and how many were decided without a person."""

    bank_account: BankAccount
    lines: int
    itself: int
    undone: int

    @property
    def rate(self) -> int:
        """Per cent of the lines that were decided by themselves."""
        return 100 * self.itself // self.lines if self.lines else 0


def decisions_on(question: PrecisionQuestion) -> QuerySet[MatchDecision]:
    """What was decided on the lines, each with whether it was undone later because it was wrong."""
    later = MatchDecision.objects.filter(
        line=OuterRef("line"), pk__gt=OuterRef("pk"), outcome__in=(Outcome.REVERSED, Outcome.MOVED)
    ).exclude(receipt__ending=Receipt.Ending.RETURNED)
    rows = MatchDecision.objects.filter(
        entity=question.entity,
        outcome__in=DECIDED,
        line__booked_on__gte=question.from_on,
        line__booked_on__lte=question.until_on,
    ).annotate(is_undone=Exists(later))
    if question.bank_account:
        rows = rows.filter(line__bank_account=question.bank_account)
    if question.rule:
        rows = rows.filter(rule="" if question.rule == "none" else question.rule)
    return rows.filter(KINDS[question.kind][1]) if question.kind in KINDS else rows


def precision_by_rule(question: PrecisionQuestion) -> list[Precision]:
    """One row a rule and account; the rule is empty where people decided without a proposal."""
    counted = (
        decisions_on(question)
        .order_by()
        .values_list("line__bank_account", "rule")
        .annotate(**{kind: _count(kind, each) for kind, (_, each) in KINDS.items()})
    )
    accounts = BankAccount.objects.in_bulk({row[0] for row in counted})
    found = [Precision(accounts[account], rule, *figures) for account, rule, *figures in counted]
    return sorted(found, key=lambda each: (each.bank_account.name, -each.itself - each.followed, each.rule))


def _count(kind: str, which: Q) -> Count:
    """What the matcher decided, each time; of people the lines, on which they may decide in several steps."""
    return Count("pk", filter=which) if kind in ("itself", "undone") else Count("line", filter=which, distinct=True)


def rates(question: PrecisionQuestion) -> list[AccountRate]:
    """How much of each account was decided without a person."""
    tasks = MatchTask.objects.filter(
        entity=question.entity, line__booked_on__gte=question.from_on, line__booked_on__lte=question.until_on
    )
    if question.bank_account:
        tasks = tasks.filter(line__bank_account=question.bank_account)
    lines = dict(tasks.order_by().values_list("line__bank_account").annotate(Count("pk")))
    own = decisions_on(question).filter(ITSELF).order_by().values_list("line__bank_account")
    counted = {
        account: (itself, undone)
        for account, itself, undone in own.annotate(
            lines=Count("line", distinct=True), undone=Count("line", filter=Q(is_undone=True), distinct=True)
        )
    }
    accounts = BankAccount.objects.filter(pk__in=lines).order_by("name")
    return [AccountRate(account, lines[account.pk], *counted.get(account.pk, (0, 0))) for account in accounts]


def decisions_behind(question: PrecisionQuestion, *, by: User) -> QuerySet[MatchDecision]:
    """The decisions behind a figure, the latest first."""
    visible: Any = MatchDecision.objects.visible_to(by).values("pk")
    rows = decisions_on(question).filter(pk__in=visible)
    shown = ("line__bank_account", "decided_by", "receipt__item__customer", "written_rule__rule")
    return rows.select_related(*shown).order_by("-line__booked_on", "-pk")
