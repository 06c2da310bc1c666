"""Contracts that are amended by chance, billed, credited and released: at every date the books and the days agree.

No oracle works out what should stand there. What must hold is simpler: what was billed and not credited is income or
deferred, document by document as in the ledger, and a day is billed once.
"""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest
from django.db.models import Sum

from controls.actions import set_up_limits
from core.models import LegalEntity, User
from customers.models import Address, Contact, Customer, PaymentTerms
from invoicing.actions import release_income, set_up_tax_rates
from invoicing.amending import AmendmentDraft, AmendmentRefused
from invoicing.contract_drafts import ContractDraft, ContractLineDraft
from invoicing.cycles import Days, end_of_month
from invoicing.models import Amendment, BilledPeriod, Contract, ContractLine, CreditNote, Invoice, Product
from invoicing.proofs import prove_deferrals
from invoicing.queries.deferred_income import DeferredQuestion, roll_forward, tie_of
from ledger.actions import set_up_ledger
from ledger.models import Account
from tests.stories.contract_life import EVER, ONE_DAY, Life

pytestmark = pytest.mark.django_db
Kind = Amendment.Kind
FIRST, MONTHS = date(2026, 1, 1), 15
CHANGES = [Kind.ADD, Kind.ADD, Kind.REMOVE, Kind.PRICE, Kind.UPGRADE, Kind.RENEWAL, Kind.EARLY_END]
PRICES = [Decimal(90), Decimal("133.37"), Decimal(1000)]


@pytest.fixture
def life(uk: LegalEntity, system: User, clerk: User, finance_manager: User) -> Life:
    """Larch buys of Brightwater UK."""
    set_up_ledger(by=system, entity=uk)
    set_up_limits(by=system, entity=uk)
    set_up_tax_rates(by=system, entity=uk)
    terms = PaymentTerms.objects.create(entity=uk, code="N30", name="30 days net", net_days=30)
    customer = Customer.objects.create(entity=uk, code="C-1", name="Larch", currency="GBP", terms=terms)
    Address.objects.create(customer=customer, lines="1 Quay Street", city="Bristol", country="GB")
    Contact.objects.create(customer=customer, name="Ann Lee", email="ap@larch.example", receives_invoices=True)
    return Life(uk, customer, clerk, finance_manager)


@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_amended_billed_days_never_overlap_and_released_and_deferred_are_what_was_billed(
    seed: int, life: Life
) -> None:
    chance = Random(seed)  # noqa: S311 - the same story each time
    contracts = [_agreed(chance, life, cycle) for cycle in ("monthly", "quarterly", "annual")]
    changed = 0
    first_on = FIRST
    for _ in range(MONTHS):
        life.bill(first_on)
        days = sorted(first_on + timedelta(chance.randint(1, 26)) for _ in range(chance.randint(0, 3)))
        for on in days:
            changed += _amended(chance, life, chance.choice(contracts), on)
            _assert_books(life, on)
        month_end = end_of_month(first_on)
        if chance.random() < 0.8:
            _release(life, first_on)
        _assert_books(life, month_end)
        _assert_days(contracts)
        first_on = month_end + ONE_DAY

    assert changed >= MONTHS // 3 and CreditNote.objects.exists() and BilledPeriod.objects.exists()
    _release(life, date(2031, 12, 1))
    for month in range(1, 13):
        _assert_books(life, date(2026, month, 20))
    _assert_books(life, date(2031, 12, 31))
    assert life.balance(Account.Role.DEFERRED_INCOME, date(2031, 12, 31)) == 0
    assert prove_deferrals().problems == []


def _agreed(chance: Random, life: Life, cycle: str) -> Contract:
    """A year's contract from some day of January, by day or by month."""
    product = Product.objects.create(
        entity=life.entity, code=cycle.upper(), name="Users", list_price=Decimal(120), currency="GBP",
        release=chance.choice(["daily", "monthly_full", "monthly_half", "monthly_prorata"]),
    )  # fmt: skip
    starts_on = FIRST + timedelta(chance.randint(0, 30))
    line = ContractLineDraft(product, Decimal(chance.randint(1, 30)), chance.choice(PRICES), cycle=cycle)
    return life.agree(ContractDraft(life.customer, starts_on, (line,), ends_on=starts_on + timedelta(364), renews=True))


def _amended(chance: Random, life: Life, contract: Contract, on: date) -> bool:
    """One change, billed the same day in half of the cases; False where it can't be made."""
    contract.refresh_from_db()
    kind = chance.choice(CHANGES)
    is_near = kind == Kind.RENEWAL and contract.ends_on is not None and contract.ends_on - on < timedelta(60)
    draft = AmendmentDraft(
        kind=kind,
        effective_on=contract.ends_on + ONE_DAY if is_near and contract.ends_on else on,
        position=None if kind in (Kind.EARLY_END, Kind.RENEWAL) else chance.randint(1, contract.lines.count()),
        quantity=Decimal(chance.randint(1, 9)),
        unit_price=None if kind == Kind.ADD else chance.choice(PRICES),
        product=contract.lines.all()[0].product,
    )
    try:
        life.amend(contract, draft)
    except AmendmentRefused:
        return False
    if chance.random() < 0.5:
        life.bill(on)
    return True


def _release(life: Life, month_on: date) -> None:
    release_income(by=life.finance_manager, entity=life.entity, customers=[life.customer.pk], month_on=month_on)


def _assert_books(life: Life, on: date) -> None:
    """Billed less credited is income or deferred; each invoice's own movements say the same."""
    invoices = Invoice.objects.filter(customer=life.customer, issued_on__lte=on).aggregate(net=Sum("net"))
    credits = CreditNote.objects.filter(customer=life.customer, issued_on__lte=on).aggregate(net=Sum("net"))
    billed = (invoices["net"] or Decimal(0)) - (credits["net"] or Decimal(0))
    deferred = life.balance(Account.Role.DEFERRED_INCOME, on)
    assert deferred + life.balance(Account.Role.REVENUE, on) == billed, on

    question = DeferredQuestion(entity=life.entity, from_on=EVER, as_of=on)
    rows = roll_forward(question, "invoice")
    for row in rows:
        assert row.amounts.released + row.amounts.closing + row.amounts.credited == row.amounts.billed, on
    assert sum((row.amounts.closing for row in rows), Decimal(0)) == deferred
    assert tie_of(question).difference == 0


def _assert_days(contracts: list[Contract]) -> None:
    """A line and those that follow it are one service: none of its days is billed twice."""
    lines = {line.pk: line for line in ContractLine.objects.filter(contract__in=contracts)}
    billed: dict[int, list[Days]] = defaultdict(list)
    for period in BilledPeriod.objects.filter(line__in=lines):
        last_on = period.last_on if period.credited_from is None else period.credited_from - ONE_DAY
        if last_on >= period.first_on:
            billed[_root(lines, period.line_id)].append(Days(period.first_on, last_on))
    for days in billed.values():
        ordered = sorted(days)
        assert all(one.last_on < other.first_on for one, other in zip(ordered, ordered[1:], strict=False))


def _root(lines: dict[int, ContractLine], pk: int) -> int:
    while (before := lines[pk].follows_id) is not None:
        pk = before
    return pk
