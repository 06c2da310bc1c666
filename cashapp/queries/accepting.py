"""Proposals that could be accepted together, as they stand now: what each would post, or why it cannot."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from cashapp.answers import payments_of
from cashapp.models import MatchTask
from cashapp.money_in import Payment
from cashapp.queries.desk import Badge, badge_of, name_of
from core.models import LegalEntity
from core.money import Money
from ledger.models import OpenItem

State = MatchTask.State


@dataclass(frozen=True, slots=True)
class Proposed:
    """A line with its proposal: what it pays and why, or a sentence that says why it is left out."""

    task: MatchTask
    pays: Sequence[Payment]
    refusal: str
    shared: tuple[str, ...] = ()
    """Documents of which other lines here would pay more than is open together with this one."""

    @property
    def name(self) -> str:
        """Whose money it is said to be."""
        return name_of(self.task)

    @property
    def badge(self) -> Badge:
        """The answer in two words."""
        return badge_of(self.task)

    @property
    def money(self) -> Money:
        """What came in."""
        return Money(self.task.line.amount, self.task.line.currency)

    @property
    def left(self) -> Money:
        """What would wait on account."""
        paid = sum((each.amount for each in self.pays), Decimal(0))
        return Money(self.task.line.amount - paid, self.task.line.currency)

    @property
    def is_plain(self) -> bool:
        """Whether nothing speaks against it: only such lines are chosen beforehand."""
        doubted = any(each["kind"] in ("doubt", "abroad") for each in self.task.evidence)
        return self.badge.tone != "warn" and not doubted and not self.shared

    @property
    def reasons(self) -> list[str]:
        """Why, in words."""
        told = dict.fromkeys(each["words"] for each in self.task.evidence)
        return [*told, *(f"Another line here would pay {number} as well" for number in self.shared)]


def proposals_of(entity: LegalEntity, keys: Iterable[int]) -> list[Proposed]:
    """The chosen lines in the order of the desk."""
    chosen = MatchTask.objects.filter(entity=entity, pk__in=list(keys))
    tasks = list(
        chosen.select_related("line__bank_account__entity", "customer__entity", "customer__terms").order_by(
            "-line__booked_on", "-sureness", "pk"
        )
    )
    wanted = {each["item"] for task in tasks for each in task.applied}
    items = {item.pk: item for item in OpenItem.objects.filter(pk__in=wanted)}
    rows = [proposed(task, items) for task in tasks]
    wanted_twice = _wanted_twice([row for row in rows if not row.refusal])
    return [replace(row, shared=_numbers(row, wanted_twice)) if not row.refusal else row for row in rows]


def proposed(task: MatchTask, items: dict[int, OpenItem]) -> Proposed:
    """What a line would post now."""
    pays = payments_of(task.applied, items)
    return Proposed(task, pays, _why_not(task, pays))


def _wanted_twice(rows: Iterable[Proposed]) -> set[int]:
    """Documents of which these lines together would pay more than is open."""
    wanted: dict[int, Decimal] = {}
    left: dict[int, Decimal] = {}
    for payment in (payment for row in rows for payment in row.pays):
        wanted[payment.item.pk] = wanted.get(payment.item.pk, Decimal(0)) + abs(payment.amount)
        left[payment.item.pk] = payment.item.open_amount
    return {pk for pk, amount in wanted.items() if amount > left[pk]}


def _numbers(row: Proposed, items: set[int]) -> tuple[str, ...]:
    return tuple(payment.item.number for payment in row.pays if payment.item.pk in items)


def _why_not(task: MatchTask, pays: Sequence[Payment]) -> str:
    if task.state != State.TO_MATCH:
        return f"It is no longer to be matched: {task.get_state_display().lower()}."
    if task.customer is None or not task.applied:
        return "Nothing is proposed for it."
    if task.alternatives:
        return f"{len(task.alternatives) + 1} options fit; choose one at the desk."
    if len(pays) != len(task.applied):
        return "A document that was proposed is no longer there."
    for each in pays:
        if abs(each.amount) > each.item.open_amount:
            return f"{each.item.number} has only {each.item.open_money} left open."
    return ""


def totals_of(rows: Iterable[Proposed]) -> list[Money]:
    """What the lines come to, per currency."""
    sums: dict[str, Decimal] = {}
    for row in rows:
        sums[row.money.currency] = sums.get(row.money.currency, Decimal(0)) + row.money.amount
    return [Money(amount, currency) for currency, amount in sorted(sums.items())]
