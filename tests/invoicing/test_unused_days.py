"""Days that were billed beyond a contract line's end are credited, and credited days can be billed again."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, transaction

from core.errors import NotAllowed
from core.models import LegalEntity, User
from core.money import money
from customers.models import Customer
from invoicing.actions import (
    credit_unused_days,
    draft_credit_note,
    draft_rebill,
    issue_credit_note,
    issue_invoice,
)
from invoicing.actions.errors import CreditRefused
from invoicing.credits import Credit, Everything, PartOf
from invoicing.drafts import DraftLine
from invoicing.models import BilledPeriod, Contract, ContractLine, CreditNote, Invoice, Product

pytestmark = pytest.mark.django_db
Line = Callable[..., DraftLine]
FIRST, LAST = date(2026, 1, 15), date(2027, 1, 14)
Billed = Callable[..., Invoice]


@pytest.fixture
def agreed(clerk: User, books: LegalEntity, acme: Customer) -> ContractLine:
    """Acme has agreed to a year of Wi-Fi from 15 January."""
    product = Product.objects.create(entity=books, code="WIFI", name="Managed Wi-Fi")
    contract = Contract.objects.create(
        entity=books, customer=acme, number="K-1", currency="GBP", starts_on=FIRST, drafted_by=clerk
    )
    return ContractLine.objects.create(
        contract=contract, position=1, product=product, description="Managed Wi-Fi", unit_price=Decimal(12000),
        anchor_on=FIRST, starts_on=FIRST,
    )  # fmt: skip


@pytest.fixture
def billed(
    clerk: User, books: LegalEntity, acme: Customer, agreed: ContractLine, drafted: Callable[..., Invoice], line: Line
) -> Billed:
    """Nora bills the year on its first day: billed(). Left as a draft: billed(issue=False)."""

    def make(*, issue: bool = True) -> Invoice:
        draft = drafted(acme, line("12000", service_from=FIRST, service_until=LAST))
        BilledPeriod.objects.create(
            line=agreed, invoice_line=draft.lines.get(), first_on=FIRST, last_on=LAST, working="a year"
        )
        return issue_invoice(by=clerk, entity=books, invoice=draft, issued_on=FIRST) if issue else draft

    return make


def end(line: ContractLine, on: date) -> Contract:
    line.ends_on = on
    line.save()
    return line.contract


def unused(by: User, contract: Contract) -> list[CreditNote]:
    return credit_unused_days(by=by, contract=contract, reason_code="cancellation", reason="Ended early")


def test_an_early_end_is_t12(clerk: User, manager: User, billed: Billed, agreed: ContractLine) -> None:
    invoice = billed()

    note = unused(clerk, end(agreed, date(2026, 6, 30)))[0]

    row = note.lines.get()
    assert (note.invoice, note.net, row.credited_from) == (invoice, Decimal("6509.59"), date(2026, 7, 1))
    assert row.detail == "01 Jul 2026 to 14 Jan 2027: 198/365 days of what was billed for 15 Jan 2026 to 14 Jan 2027"
    period = BilledPeriod.objects.get()
    assert period.credited_from is None
    issue_credit_note(by=manager, credit_note=note, issued_on=date(2026, 7, 1))
    period.refresh_from_db()
    assert period.credited_from == date(2026, 7, 1)
    assert unused(clerk, agreed.contract) == []


def test_twice_gives_the_draft_that_waits(clerk: User, billed: Billed, agreed: ContractLine) -> None:
    billed()
    contract = end(agreed, date(2026, 6, 30))

    first, again = unused(clerk, contract), unused(clerk, contract)

    assert [one.pk for one in first] == [one.pk for one in again]


def test_a_line_that_runs_on_has_nothing_unused(clerk: User, billed: Billed, agreed: ContractLine) -> None:
    billed()

    assert unused(clerk, agreed.contract) == []


def test_after_a_lower_price_the_days_cost_less(
    clerk: User, manager: User, billed: Billed, agreed: ContractLine
) -> None:
    invoice = billed()
    lower = draft_credit_note(
        by=clerk, invoice=invoice, credit=PartOf(money("1440.00 GBP")), reason_code="price", reason="A tenth less"
    )
    issue_credit_note(by=manager, credit_note=lower, issued_on=date(2026, 2, 1))

    note = unused(clerk, end(agreed, date(2026, 6, 30)))[0]

    assert note.net == (Decimal(10800) * 198 / 365).quantize(Decimal("0.01"))


def test_ended_twice_each_day_is_credited_once(
    clerk: User, manager: User, billed: Billed, agreed: ContractLine
) -> None:
    billed()
    first = unused(clerk, end(agreed, date(2026, 9, 30)))[0]
    issue_credit_note(by=manager, credit_note=first, issued_on=date(2026, 7, 1))

    second = unused(clerk, end(agreed, date(2026, 6, 30)))[0]

    assert second.lines.get().credited_from == date(2026, 7, 1)
    assert first.net + second.net == Decimal("6509.59")


def test_a_draft_beyond_the_end_is_discarded_first(clerk: User, billed: Billed, agreed: ContractLine) -> None:
    billed(issue=False)

    with pytest.raises(CreditRefused, match="beyond 30 Jun 2026. Discard it first"):
        unused(clerk, end(agreed, date(2026, 6, 30)))


def test_who_may_not_draft_credits_no_days(collector: User, agreed: ContractLine) -> None:
    with pytest.raises(NotAllowed):
        unused(collector, agreed.contract)


def test_a_full_credit_frees_the_days_unless_they_were_delivered(
    clerk: User, manager: User, finance_manager: User, billed: Billed
) -> None:
    for reason_code, freed in (("price", FIRST), ("goodwill", None)):
        BilledPeriod.objects.filter(credited_from=None).delete()
        note = draft_credit_note(
            by=clerk, invoice=billed(), credit=Everything(), reason_code=reason_code, reason="Agreed"
        )
        issue_credit_note(by=finance_manager, credit_note=note, issued_on=date(2026, 2, 1))
        assert BilledPeriod.objects.latest("pk").credited_from == freed


def test_credit_and_bill_again_leaves_a_draft_for_the_same_days(
    clerk: User, finance_manager: User, billed: Billed, agreed: ContractLine
) -> None:
    invoice = billed()
    note = draft_rebill(by=clerk, invoice=invoice, reason_code="price", reason="Price of last year")
    assert not hasattr(note, "rebilling")

    issue_credit_note(by=finance_manager, credit_note=note, issued_on=date(2026, 2, 1))

    draft = CreditNote.objects.get(pk=note.pk).rebilling.invoice
    assert not draft.is_issued
    assert (draft.customer, draft.money, draft.lines.get().service_until) == (invoice.customer, invoice.money, LAST)
    old, new = BilledPeriod.objects.order_by("pk")
    assert (old.credited_from, new.first_on, new.last_on, new.invoice_line) == (FIRST, FIRST, LAST, draft.lines.get())
    connection.check_constraints()


@pytest.fixture
def rebill(clerk: User) -> Callable[[Invoice], CreditNote]:
    """Nora asks for an invoice to be credited and billed again."""
    return lambda invoice: draft_rebill(by=clerk, invoice=invoice, reason_code="price", reason="Price of last year")


def test_what_was_credited_in_part_is_not_billed_again_as_a_whole(
    clerk: User, finance_manager: User, billed: Billed, rebill: Callable[[Invoice], CreditNote]
) -> None:
    invoice = billed()
    part = draft_credit_note(
        by=clerk, invoice=invoice, credit=PartOf(money("1440.00 GBP")), reason_code="price", reason="A tenth less"
    )
    issue_credit_note(by=finance_manager, credit_note=part, issued_on=date(2026, 2, 1))

    with pytest.raises(CreditRefused, match="was credited in part before"), transaction.atomic():
        issue_credit_note(by=finance_manager, credit_note=rebill(invoice), issued_on=date(2026, 2, 2))

    assert CreditNote.objects.filter(number__isnull=False).count() == 1, "nothing of it is left half done"
    assert not Invoice.objects.filter(number=None).exists()


def test_days_that_are_gone_from_the_contract_are_not_billed_again(
    finance_manager: User, billed: Billed, agreed: ContractLine, rebill: Callable[[Invoice], CreditNote]
) -> None:
    note = rebill(billed())
    end(agreed, date(2026, 6, 30))

    with pytest.raises(CreditRefused, match="bills days that its contract no longer has"), transaction.atomic():
        issue_credit_note(by=finance_manager, credit_note=note, issued_on=date(2026, 7, 1))

    assert BilledPeriod.objects.get().credited_from is None


def test_a_line_that_cost_nothing_gives_its_days_back_with_the_last_of_the_others(
    clerk: User,
    books: LegalEntity,
    acme: Customer,
    finance_manager: User,
    agreed: ContractLine,
    drafted: Billed,
    line: Line,
) -> None:
    free = ContractLine.objects.create(
        contract=agreed.contract, position=2, product=agreed.product, description="Router on loan",
        unit_price=Decimal(0), anchor_on=FIRST, starts_on=FIRST,
    )  # fmt: skip
    draft = drafted(acme, line("12000"), line("0", description="Router on loan"))
    for of, row in zip((agreed, free), draft.lines.order_by("position"), strict=True):
        BilledPeriod.objects.create(line=of, invoice_line=row, first_on=FIRST, last_on=LAST, working="a year")
    invoice = issue_invoice(by=clerk, entity=books, invoice=draft, issued_on=FIRST)

    def credited(credit: Credit) -> list[date | None]:
        note = draft_credit_note(by=clerk, invoice=invoice, credit=credit, reason_code="price", reason="Agreed")
        issue_credit_note(by=finance_manager, credit_note=note, issued_on=date(2026, 2, 1))
        return list(BilledPeriod.objects.order_by("pk").values_list("credited_from", flat=True))

    assert credited(PartOf(money("1440.00 GBP"))) == [None, None]
    assert credited(Everything()) == [FIRST, FIRST]
