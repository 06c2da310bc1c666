"""Random sequences of posting, allocating, reversing, back-dating and closing, beside the tiny model."""

from collections.abc import Callable
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

import hypothesis.strategies as st
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from core.errors import Refused
from core.models import ExchangeRate, LegalEntity, User
from customers.models import Customer
from ledger.actions import close_period, reopen_period, set_up_ledger, soft_lock_period
from ledger.ageing import ageing
from ledger.balances import control_account, customer_balance, open_items
from ledger.models import Allocation, OpenItem
from ledger.periods import periods_of
from ledger.posting import Pair, allocate, post, reverse_allocations, reverse_entry
from ledger.proofs import prove_ledger
from tests.ledger.conftest import draft_invoice, draft_receipt
from tests.ledger.model import DAYS, TinyAllocation, TinyItem, TinyLedger

AMOUNTS = st.decimals("0.01", "300.00", places=2)
A_DAY = st.sampled_from(DAYS)
PICK = st.integers(0, 1_000)
LATE = st.sampled_from(["", "", "", "The bill came late."])
NAMES = ["Acme", "Bolt", "Castle"]
COMPANIES = count(1)
TURNS: dict[str, Any] = {"open": reopen_period, "soft_locked": soft_lock_period, "closed": close_period}


class AnySequence(RuleBasedStateMachine):
    """Both ledgers live through the same events. Whatever one refuses the other must refuse as well."""

    by: User
    make_customer: Callable[..., Customer]

    @initialize()
    def open_a_company(self) -> None:
        self.entity = LegalEntity.objects.create(
            code=f"P{next(COMPANIES)}", name="Prop", legal_name="Prop Ltd", currency="GBP", country="GB"
        )
        set_up_ledger(by=self.by, entity=self.entity)
        self.customers = {
            name: self.make_customer(name, self.entity, "USD" if name == "Castle" else "GBP") for name in NAMES
        }
        self.tiny = TinyLedger()
        self.moments: list[datetime] = [self.clock()]
        self.numbers = count(1)

    def clock(self) -> datetime:
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            moment: datetime = cursor.fetchone()[0]
        return moment

    @contextmanager
    def both(self, possible: bool) -> Any:
        """Run the real ledger's part; it must go through exactly when the tiny ledger says that it can."""
        refusal: Refused | None = None
        self.tiny.events += 1
        try:
            with transaction.atomic():
                yield
        except Refused as caught:
            refusal = caught
        self.moments.append(self.clock())
        assert (refusal is None) == possible, f"possible: {possible}, refused: {refusal!r}"

    def post_item(self, draft: Any, customer: str, sign: int, late: str) -> None:
        possible = self.tiny.takes(draft.posted_on, bool(late))
        with self.both(possible):
            item = post(by=self.by, entries=[draft])[0].open_items[0]
        if possible:
            tiny = TinyItem(item.number, customer, sign, item.amount, draft.posted_on, self.tiny.events)
            self.tiny.items.append(tiny)

    @rule(customer=st.sampled_from(NAMES), amount=AMOUNTS, day=A_DAY, late=LATE)
    def bill(self, customer: str, amount: Decimal, day: date, late: str) -> None:
        number = f"INV-{next(self.numbers)}"
        draft = draft_invoice(self.customers[customer], number, str(amount), day, late_reason=late)
        self.post_item(draft, customer, 1, late)

    @rule(customer=st.sampled_from(NAMES), amount=AMOUNTS, day=A_DAY, late=LATE)
    def receive(self, customer: str, amount: Decimal, day: date, late: str) -> None:
        number = f"RC-{next(self.numbers)}"
        draft = draft_receipt(self.customers[customer], number, str(amount), day, late_reason=late)
        self.post_item(draft, customer, -1, late)

    @precondition(lambda self: len(self.tiny.items) > 1)
    @rule(one=PICK, other=PICK, amount=AMOUNTS, whole=st.booleans(), day=A_DAY, late=LATE)
    def allocate(self, one: int, other: int, amount: Decimal, whole: bool, day: date, late: str) -> None:
        debit = self.tiny.items[one % len(self.tiny.items)]
        candidates = (
            [item for item in self.tiny.items if item.customer == debit.customer] if one % 3 else self.tiny.items
        )
        credit = candidates[other % len(candidates)]
        if whole:
            amount = min(self.tiny.open_now(debit), self.tiny.open_now(credit)) or amount
            day = max(day, debit.posted_on, credit.posted_on)
        possible = (
            debit.sign == 1
            and credit.sign == -1
            and debit.customer == credit.customer
            and day >= max(debit.posted_on, credit.posted_on)
            and self.tiny.takes(day, bool(late))
            and self.tiny.fits(debit, amount, day)
            and self.tiny.fits(credit, amount, day)
        )
        with self.both(possible):
            pair = Pair(self.real(debit), self.real(credit), amount, day, late)
            allocate(by=self.by, pairs=[pair])
        if possible:
            self.tiny.allocations.append(TinyAllocation(debit, credit, amount, day, self.tiny.events))

    @precondition(lambda self: self.tiny.allocations)
    @rule(pick=PICK, day=A_DAY, late=LATE)
    def undo_allocation(self, pick: int, day: date, late: str) -> None:
        number = pick % len(self.tiny.allocations)
        first = self.tiny.allocations[number]
        possible = (
            not first.is_reversal
            and not first.reversed
            and day >= first.allocated_on
            and self.tiny.takes(day, bool(late))
        )
        with self.both(possible):
            rows = Allocation.objects.filter(debit_item__entity=self.entity).order_by("pk")
            reverse_allocations(
                by=self.by, allocations=[rows[number]], allocated_on=day, reason="Misapplied.", late_reason=late
            )
        if possible:
            first.reversed = True
            undone = TinyAllocation(first.debit, first.credit, -first.amount, day, self.tiny.events, is_reversal=True)
            self.tiny.allocations.append(undone)

    @precondition(lambda self: self.tiny.items)
    @rule(pick=PICK, day=A_DAY, late=LATE)
    def undo_entry(self, pick: int, day: date, late: str) -> None:
        first = self.tiny.items[pick % len(self.tiny.items)]
        possible = (
            not first.is_reversal
            and not first.reversed
            and day >= first.posted_on
            and self.tiny.open_now(first) == first.amount
            and self.tiny.fits(first, first.amount, day)
            and self.tiny.takes(day, bool(late))
        )
        with self.both(possible):
            entry = self.real(first).line.entry
            reverse_entry(by=self.by, entry=entry, posted_on=day, reason="Wrong.", late_reason=late)
        if possible:
            first.reversed = True
            event = self.tiny.events
            mirror = TinyItem(
                first.number + "/R", first.customer, -first.sign, first.amount, day, event, is_reversal=True
            )
            debit, credit = (first, mirror) if first.sign == 1 else (mirror, first)
            self.tiny.items.append(mirror)
            self.tiny.allocations.append(TinyAllocation(debit, credit, first.amount, day, event))

    @rule(day=A_DAY, state=st.sampled_from(["open", "soft_locked", "closed"]))
    def turn_month(self, day: date, state: str) -> None:
        month = day.replace(day=1)
        before = self.tiny.months.get(month, "open")
        allowed = {"open": {"soft_locked", "closed"}, "soft_locked": {"open"}, "closed": {"open", "soft_locked"}}[state]
        period = periods_of(self.entity, [month])[month]
        with self.both(before in allowed):
            TURNS[state](by=self.by, period=period, reason="Month end.")
        if before in allowed:
            self.tiny.months[month] = state

    def real(self, item: TinyItem) -> OpenItem:
        return OpenItem.objects.get(entity=self.entity, number=item.number)

    @invariant()
    def both_say_the_same_now(self) -> None:
        if hasattr(self, "tiny"):
            self.compare(DAYS[-1], self.tiny.events, None)

    @rule(day=A_DAY, pick=PICK)
    def both_say_the_same_of_the_past(self, day: date, pick: int) -> None:
        known = pick % len(self.moments)
        self.compare(day, known, self.moments[known])
        self.compare(day, self.tiny.events, None)

    def compare(self, as_of: date, known: int, known_at: datetime | None) -> None:
        real = open_items(entity=self.entity, as_of=as_of, known_at=known_at)
        expected = self.tiny.open_items(as_of, known)
        assert {item.number: item.open_then for item in real} == expected  # type: ignore[attr-defined]
        for name, customer in self.customers.items():
            balances = customer_balance(customer=customer, as_of=as_of, known_at=known_at)
            amount = balances[customer.currency].amount if balances else Decimal(0)
            assert amount == self.tiny.balance(name, as_of, known), name
        rows = ageing(entities=[self.entity], as_of=as_of, known_at=known_at)
        signs = {item.number: item.sign for item in self.tiny.items}
        assert sum(row.net for row in rows) == sum(signs[number] * amount for number, amount in expected.items())
        assert sum(row.open_items for row in rows) == sum(signs[number] == 1 for number in expected)
        for tie in control_account(entity=self.entity, as_of=as_of, known_at=known_at):
            assert (tie.difference, tie.base_difference) == (0, 0), tie

    def teardown(self) -> None:
        assert prove_ledger().problems == []


def test_any_sequence_of_events_leaves_the_books_right(system: User, make_customer: Callable[..., Customer]) -> None:
    for day, rate in ((1, "0.79012345"), (20, "0.81"), (40, "0.7533"), (70, "0.83333333")):
        on = DAYS[day - 1]
        ExchangeRate.objects.create(from_currency="USD", to_currency="GBP", on=on, rate=Decimal(rate))
    machine = type("AnySequenceHere", (AnySequence,), {"by": system, "make_customer": staticmethod(make_customer)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=25, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
