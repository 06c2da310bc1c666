"""Rules that people wrote: those in force, their versions, and how they would have decided on lines of the past."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet

from cashapp.matching import BankLine, Effect, WrittenRule
from cashapp.models import BankStatementLine, Deduction, MatchDecision, Receipt, RuleVersion
from cashapp.models import WrittenRule as RuleRow
from cashapp.settlements import SETTLEMENT_CODES
from core.models import LegalEntity, User
from core.money import to_minor

IN_FORCE = {"switched_on_at__isnull": False, "switched_off_at": None}


def rules_in_force(entity: LegalEntity) -> list[WrittenRule]:
    """The rules that the matcher follows now."""
    rows = RuleVersion.objects.filter(rule__entity=entity, **IN_FORCE).select_related("rule").order_by("pk")
    return [as_rule(row) for row in rows]


def as_rule(version: RuleVersion) -> WrittenRule:
    """A version as the matcher reads it."""
    return WrittenRule(
        id=version.pk,
        name=version.rule.name,
        number=version.number,
        effect=Effect(version.effect),
        payer=version.payer,
        text=version.text,
        account=version.account,
        bank_account=version.bank_account_id,
        amount_from=version.amount_from,
        amount_to=version.amount_to,
        customer_id=version.customer_id,
        reason=version.reason,
    )


def signs_of(line: BankStatementLine) -> BankLine:
    """What a rule looks at of a stored line."""
    return BankLine(
        id=line.pk,
        booked_on=line.booked_on,
        amount=to_minor(line.amount, line.currency),
        currency=line.currency,
        text=line.text,
        payer=line.ultimate_payer or line.payer,
        payer_account=line.payer_account,
        bank_account=line.bank_account_id,
    )


def rules_of(entity: LegalEntity, *, by: User) -> QuerySet[RuleRow]:
    """The company's rules with their versions, the latest first."""
    versions = RuleVersion.objects.select_related("customer", "bank_account", "switched_on_by").order_by("-number")
    rows = RuleRow.objects.visible_to(by).filter(entity=entity)
    return rows.prefetch_related(Prefetch("versions", versions, to_attr="said"))


@dataclass(frozen=True, slots=True)
class Tried:
    """What a rule would have said of one line, and what people decided."""

    line: BankStatementLine
    would: str
    decided: str
    agrees: bool | None
    by_a_person: bool

    def as_data(self) -> dict[str, Any]:
        """As it is kept with the trial."""
        return {
            "line": self.line.pk,
            "on": self.line.booked_on.isoformat(),
            "payer": self.line.ultimate_payer or self.line.payer,
            "amount": f"{self.line.amount:.2f} {self.line.currency}",
            "would": self.would,
            "decided": self.decided,
            "agrees": self.agrees,
            "by_a_person": self.by_a_person,
        }


def lines_of_period(entity: LegalEntity, from_on: date, until_on: date) -> QuerySet[BankStatementLine]:
    """The incoming lines of some days."""
    rows = BankStatementLine.objects.filter(bank_account__entity=entity, amount__gt=0, is_reversal=False)
    rows = rows.filter(booked_on__gte=from_on, booked_on__lte=until_on).exclude(transaction_code__in=SETTLEMENT_CODES)
    return rows.select_related("bank_account").order_by("booked_on", "pk")


def try_out(version: RuleVersion, lines: Sequence[BankStatementLine]) -> Iterator[Tried]:
    """The lines that a version is about, each with what it would say beside what was decided."""
    met = [line for line in lines if as_rule(version).meets(signs_of(line))]
    receipts = _receipts(met)
    people = _decided_by_people(met)
    reasons = _reasons(met)
    for line in met:
        receipt = receipts.get(line.pk)
        said = Effect(version.effect)
        if said is Effect.EXPLAINS:
            agrees, decided = _explained(version, receipt, reasons.get(line.pk, set()))
        else:
            agrees, decided = _placed(version, receipt)
        yield Tried(line, _would(version), decided, agrees, line.pk in people)


def _would(version: RuleVersion) -> str:
    if version.effect == RuleVersion.Effect.EXPLAINS:
        return version.get_reason_display()
    name = version.customer.name if version.customer else ""
    return f"{name}, on account" if version.effect == RuleVersion.Effect.ON_ACCOUNT else name


def _placed(version: RuleVersion, receipt: Receipt | None) -> tuple[bool | None, str]:
    if receipt is None:
        return None, "Nobody decided yet"
    name = receipt.item.customer.name
    if version.effect == RuleVersion.Effect.IDENTIFIES:
        return receipt.item.customer_id == version.customer_id, name
    waits = receipt.item.open_amount == receipt.item.amount
    told = f"{name}, on account" if waits else f"{name}, applied"
    return receipt.item.customer_id == version.customer_id and waits, told


def _explained(version: RuleVersion, receipt: Receipt | None, reasons: set[str]) -> tuple[bool | None, str]:
    if receipt is None or not reasons:
        return None, "Nothing was kept back"
    labels = dict(RuleVersion._meta.get_field("reason").flatchoices)
    return reasons == {version.reason}, ", ".join(sorted(str(labels[each]) for each in reasons))


def _receipts(lines: Sequence[BankStatementLine]) -> dict[int | None, Receipt]:
    rows = Receipt.objects.filter(line__in=lines, ended_on=None).select_related("item__customer").order_by("pk")
    return {row.line_id: row for row in rows}


def _decided_by_people(lines: Sequence[BankStatementLine]) -> set[int]:
    rows = MatchDecision.objects.filter(line__in=lines, decided_by__is_system=False)
    return set(rows.values_list("line", flat=True))


def _reasons(lines: Sequence[BankStatementLine]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    rows = Deduction.objects.filter(receipt__line__in=lines, ended_on=None)
    for line, reason in rows.values_list("receipt__line", "reason"):
        found.setdefault(line, set()).add(reason)
    return found
