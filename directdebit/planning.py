"""Which due items a run takes, from whom, on which day, and why it leaves the others. Pure.

The question is put per customer: everything that is due of one mandate becomes one collection, so that the payer sees
one debit and one notice that lists its parts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from core.money import ZERO, Money
from directdebit.models import Collection, Creditor, Mandate
from directdebit.schemes import earliest_by_input, earliest_by_notice
from ledger.models import OpenItem

Sequence_ = Collection.Sequence


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a run asks for, and the day on which it is prepared, which is the day that notices leave."""

    creditor: Creditor
    due_until: date
    collect_on: date
    prepared_on: date


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of the due items beside the ledger."""

    asked: Mapping[int, Collection] = field(default_factory=dict)
    disputed: Mapping[int, Decimal] = field(default_factory=dict)
    credits: Mapping[int, Decimal] = field(default_factory=dict)
    blocked: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Planned:
    """A collection before it is one."""

    mandate: Mandate
    items: Sequence[OpenItem]
    collect_on: date
    sequence: str
    moved_reason: str = ""

    @property
    def money(self) -> Money:
        """What is drawn in all."""
        return Money(sum((item.open_amount for item in self.items), ZERO), self.items[0].currency)


@dataclass(frozen=True, slots=True)
class Left:
    """A due item that isn't taken, and why."""

    item: OpenItem
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run would do."""

    planned: Sequence[Planned]
    left: Sequence[Left]

    @property
    def total(self) -> Money | None:
        """What it draws in all; nothing where it draws nothing."""
        sums = [planned.money for planned in self.planned]
        return Money(sum((money.amount for money in sums), ZERO), sums[0].currency) if sums else None

    @property
    def moved(self) -> int:
        """How many collections come later than was asked for."""
        return sum(bool(planned.moved_reason) for planned in self.planned)


def plan(wanted: Wanted, due: Sequence[tuple[Mandate, Sequence[OpenItem]]], standing: Standing) -> Plan:
    """Decide on each due item of each mandate; `due` has the mandates in the order in which they are shown."""
    planned: list[Planned] = []
    left: list[Left] = []
    for mandate, items in due:
        if reason := _against_all(mandate, standing):
            left += [Left(item, reason) for item in items]
            continue
        refused = {item.pk: _against(item, standing) for item in items}
        left += [Left(item, refused[item.pk]) for item in items if refused[item.pk]]
        if taken := [item for item in items if not refused[item.pk]]:
            planned.append(_planned(wanted, mandate, taken))
    return Plan(planned, left)


def _against_all(mandate: Mandate, standing: Standing) -> str:
    """Why nothing of the customer is collected."""
    if mandate.is_paused:
        return f"The mandate is paused: {mandate.paused_reason}"[:200]
    if not mandate.bank_account.is_verified:
        return f"Account {mandate.bank_account} isn't verified."
    if mandate.use == Mandate.Use.ONE_OFF and mandate.collections_made:
        return "The mandate was for one collection, which was made."
    if credit := standing.credits.get(mandate.customer_id):
        return f"{Money(credit, mandate.creditor.currency)} stand on the customer's account; apply them first."
    return ""


def _against(item: OpenItem, standing: Standing) -> str:
    """Why an item isn't collected."""
    if asked := standing.asked.get(item.pk):
        return (
            f"Asked for already by {asked.reference}, {asked.get_state_display().lower()}, {asked.collect_on:%d %b %Y}."
        )
    if blocked := standing.blocked.get(item.pk):
        return blocked
    if disputed := standing.disputed.get(item.pk):
        return f"{Money(disputed, item.currency)} of it are disputed."
    return ""


def _planned(wanted: Wanted, mandate: Mandate, items: Sequence[OpenItem]) -> Planned:
    on, reason = collection_day(wanted, mandate)
    return Planned(mandate, items, on, sequence_of(mandate), reason)


def collection_day(wanted: Wanted, mandate: Mandate) -> tuple[date, str]:
    """The first banking day that keeps everything, and why it isn't the one that was asked for."""
    creditor = wanted.creditor
    calendar = creditor.rules.calendar
    asked = calendar.roll_forward(wanted.collect_on)
    notice = earliest_by_notice(creditor.scheme, wanted.prepared_on, creditor.notice_days)
    reasons = [
        (asked, "" if asked == wanted.collect_on else f"{wanted.collect_on:%d %b} is no banking day."),
        (earliest_by_input(creditor.scheme, wanted.prepared_on), "The file has to be in before."),
        (calendar.roll_forward(mandate.usable_from or asked), "The mandate can't be used before."),
        (notice, f"Notice of {creditor.notice_days} days is kept."),
    ]
    day = max(on for on, _ in reasons)
    return day, next(why for on, why in reasons if on == day)


def sequence_of(mandate: Mandate) -> str:
    """Where a collection stands in the mandate's life."""
    if mandate.use == Mandate.Use.ONE_OFF:
        return Sequence_.ONE_OFF
    return Sequence_.RECURRING if mandate.collections_made else Sequence_.FIRST
