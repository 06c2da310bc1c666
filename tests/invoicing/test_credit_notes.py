"""Credit notes: in full or in part, set against their invoice, within somebody's authority or after approval."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from controls.actions import AboveAuthority, AlreadyAsked, RequestClosed, withdraw_request
from core.errors import NotAllowed, SameKeyOtherContent
from core.models import AuditEvent, ExchangeRate, LegalEntity, User
from core.money import Money, money
from customers.models import Customer
from invoicing.actions import (
    approve_credit_note,
    cancel_invoice,
    discard_credit_note,
    draft_credit_note,
    issue_credit_note,
    request_credit_note,
)
from invoicing.actions.errors import CreditRefused, NotADraft, NotIssued
from invoicing.crediting import OverCredited, credit_amount, left_of
from invoicing.credits import Credit, Everything, LineCredit, PartOf, SomeLines
from invoicing.drafts import DraftLine
from invoicing.models import CreditNote, Invoice, TaxRate
from invoicing.totals import TaxPart, totals_of
from ledger.models import JournalLine, OpenItem
from messaging.models import Message

pytestmark = pytest.mark.django_db
Line = Callable[..., DraftLine]
Issued = Callable[..., Invoice]
Day = Callable[[int], date]
Drafted = Callable[..., CreditNote]


@pytest.fixture
def credit(clerk: User) -> Drafted:
    """Nora drafts a credit note: credit(invoice, PartOf(money("12.00 GBP")))."""

    def draft(invoice: Invoice, what: Credit | None = None, **facts: Any) -> CreditNote:
        given = {"reason_code": "price", "reason": "The price was agreed otherwise", **facts}
        return draft_credit_note(by=clerk, invoice=invoice, credit=what or Everything(), **given)

    return draft


def open_now(document: Invoice | CreditNote) -> Money:
    return OpenItem.objects.get(pk=document.item_id).open_money


# It works ------------------------------------------------------------------------------------------------------------


def test_a_full_credit_takes_back_revenue_and_tax_and_settles_the_invoice(
    acme: Customer, manager: User, issued: Issued, credit: Drafted, line: Line, reduced: TaxRate, may: Day
) -> None:
    """
    4000 Revenue  S20    1,000.00
    2200 Tax      S20      200.00
    4000 Revenue  S5       200.00
    2200 Tax      S5        10.00
        1100 Receivables          1,410.00
    """
    invoice = issued(acme, line("1000"), line("200", tax_rate=reduced))

    done = issue_credit_note(by=manager, credit_note=credit(invoice), issued_on=may(20))

    lines = JournalLine.objects.filter(entry=done.entry).order_by("pk")
    assert [(row.account.role, row.tax_code, row.debit, row.credit) for row in lines] == [
        ("revenue", "S20", 1000, 0),
        ("output_tax", "S20", 200, 0),
        ("revenue", "S5", 200, 0),
        ("output_tax", "S5", 10, 0),
        ("receivables", "", 0, 1410),
    ]
    assert done.number == "CN-2026-00001"
    assert [row.description for row in done.lines.all()] == [row.description for row in invoice.lines.all()]
    assert (open_now(invoice), open_now(done)) == (money("0.00 GBP"), money("0.00 GBP"))


def test_a_line_is_credited_by_quantity_or_by_amount(
    acme: Customer, issued: Issued, credit: Drafted, line: Line
) -> None:
    invoice = issued(acme, line("412.50", quantity=14), line("38", quantity=14))
    wifi, portal = invoice.lines.order_by("position")

    by_quantity = credit(invoice, SomeLines([LineCredit(wifi, quantity=Decimal(2))]))
    by_amount = credit(invoice, SomeLines([LineCredit(portal, net=Decimal("10.00"))]))

    assert (by_quantity.net, by_quantity.tax) == (825, 165)
    assert (by_amount.net, by_amount.tax) == (10, 2)


def test_an_amount_is_spread_over_the_rates(
    acme: Customer, issued: Issued, credit: Drafted, line: Line, zero: TaxRate
) -> None:
    invoice = issued(acme, line("100"), line("120", tax_rate=zero))

    draft = credit(invoice, PartOf(money("60.00 GBP")))

    assert [(row.tax_rate.code, row.net, row.tax) for row in draft.taxes.all()] == [("S20", 25, 5), ("Z", 30, 0)]


def test_what_the_invoice_does_not_take_stays_open_as_credit(
    acme: Customer, manager: User, issued: Issued, credit: Drafted, may: Day
) -> None:
    invoice = issued(acme)
    first = issue_credit_note(by=manager, credit_note=credit(invoice, PartOf(money("100.00 GBP"))), issued_on=may(5))
    assert open_now(invoice) == money("20.00 GBP")

    second = issue_credit_note(by=manager, credit_note=credit(invoice), issued_on=may(6))

    assert (open_now(first), open_now(second), open_now(invoice)) == (money("0.00 GBP"),) * 3
    assert second.money == money("20.00 GBP")
    assert second.lines.get().description == "Credit on invoice INV-2026-000001"


def test_a_foreign_credit_goes_at_the_rate_of_its_invoice(
    customer: Callable[..., Customer], manager: User, issued: Issued, credit: Drafted, may: Day
) -> None:
    for day, rate in ((1, "0.85"), (10, "0.90")):
        ExchangeRate.objects.create(
            from_currency="EUR", to_currency="GBP", on=may(day), rate=Decimal(rate), source="Test"
        )
    invoice = issued(customer("Halle", currency="EUR"))

    done = issue_credit_note(by=manager, credit_note=credit(invoice), issued_on=may(20))

    assert (done.rate, done.base_tax) == (Decimal("0.85"), invoice.base_tax)
    assert not JournalLine.objects.filter(account__role="exchange_differences").exists()


def test_cancelling_an_invoice_credits_all_of_it(acme: Customer, manager: User, issued: Issued, may: Day) -> None:
    invoice = issued(acme)

    done = cancel_invoice(by=manager, invoice=invoice, issued_on=may(5), reason_code="duplicate", reason="Billed twice")

    assert done.money == invoice.money
    assert open_now(invoice) == money("0.00 GBP")
    assert Message.objects.filter(kind="credit_note", document=done.number).count() == 1


def test_three_parts_give_back_the_tax_to_the_penny(
    acme: Customer, manager: User, issued: Issued, credit: Drafted, line: Line, may: Day
) -> None:
    invoice = issued(acme, line("0.33"), line("0.33"), line("0.33"))
    for row in invoice.lines.order_by("position"):
        note = credit(invoice, SomeLines([LineCredit(row)]))
        issue_credit_note(by=manager, credit_note=note, issued_on=may(5))

    notes = CreditNote.objects.all()
    assert sum(note.tax for note in notes) == invoice.tax == Decimal("0.20")
    assert open_now(invoice) == money("0.00 GBP")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    prices=st.lists(st.decimals(1, 9999, places=2), min_size=1, max_size=4),
    shares=st.lists(st.integers(1, 99), min_size=1, max_size=4),
)
def test_whatever_parts_are_credited_the_rest_is_exactly_what_is_left(prices: list[Decimal], shares: list[int]) -> None:
    rates = [TaxRate(pk=index, percent=Decimal(percent)) for index, percent in enumerate((20, 5, 0, 19), start=1)]
    charged = totals_of(zip(rates, prices, strict=False), "GBP")
    credited: list[TaxPart] = []
    for count, share in enumerate(shares, start=1):
        left = left_of(charged.parts, credited)
        whole = sum((part.gross for part in left.values()), Decimal(0))
        asked = (whole * share / 100).quantize(Decimal("0.01"))
        if asked:
            part = credit_amount(Money(asked, "GBP"), left)
            assert part.gross == asked
            # Each part rounds by less than a cent; the part that takes the rest takes the rounding of those before.
            cents = count * Decimal("0.01")
            assert all(abs(one.tax - one.net * one.rate.percent / 100) <= cents for one in part.parts)
            credited += part.parts
    rest = left_of(charged.parts, credited)
    assert all(part.net >= 0 and part.tax >= 0 for part in rest.values())
    assert sum(one.gross for one in credited) + sum(part.gross for part in rest.values()) == charged.gross


# Refused -------------------------------------------------------------------------------------------------------------


def test_never_more_than_the_invoice(acme: Customer, issued: Issued, credit: Drafted, line: Line) -> None:
    invoice = issued(acme, line("100"))
    row = invoice.lines.get()

    with pytest.raises(OverCredited, match="Only 120.00 GBP can still be credited, not 120.01 GBP"):
        credit(invoice, PartOf(money("120.01 GBP")))
    with pytest.raises(OverCredited, match="Line 1 has only 100.00 GBP before tax left"):
        credit(invoice, SomeLines([LineCredit(row, net=Decimal("100.01"))]))
    with pytest.raises(OverCredited, match="Line 1 has only"):
        credit(invoice, SomeLines([LineCredit(row, quantity=Decimal(-1))]))
    with pytest.raises(OverCredited, match="nothing left|nothing that could"):
        credit(invoice, PartOf(money("0.00 GBP")))


def test_two_drafts_for_the_same_line_cannot_both_be_issued(
    acme: Customer, manager: User, issued: Issued, credit: Drafted, may: Day
) -> None:
    invoice = issued(acme)
    first, second = credit(invoice), credit(invoice)
    issue_credit_note(by=manager, credit_note=first, issued_on=may(5))

    with pytest.raises(OverCredited, match="was credited meanwhile"):
        issue_credit_note(by=manager, credit_note=second, issued_on=may(5))
    with pytest.raises(OverCredited, match="nothing left to credit"):
        credit(invoice)


def test_a_draft_invoice_is_changed_not_credited(acme: Customer, drafted: Issued, credit: Drafted) -> None:
    with pytest.raises(NotIssued, match="Change the draft instead"):
        credit(drafted(acme))


def test_a_credit_needs_a_reason_and_a_day_after_the_invoice(
    acme: Customer, manager: User, issued: Issued, credit: Drafted, may: Day
) -> None:
    invoice = issued(acme)

    with pytest.raises(CreditRefused, match="Write the reason"):
        credit(invoice, reason=" ")
    with pytest.raises(CreditRefused, match="can't be credited on 03 May 2026"):
        issue_credit_note(by=manager, credit_note=credit(invoice), issued_on=may(3))


def test_an_issued_credit_note_stays(
    acme: Customer, clerk: User, manager: User, issued: Issued, credit: Drafted, may: Day
) -> None:
    done = issue_credit_note(by=manager, credit_note=credit(issued(acme)), issued_on=may(5))

    with pytest.raises(NotADraft):
        discard_credit_note(by=clerk, credit_note=done)
    for statement in (
        "UPDATE invoicing_creditnote SET reason = 'x' WHERE id = %s",
        "DELETE FROM invoicing_creditnoteline WHERE credit_note_id = %s",
    ):
        with pytest.raises(IntegrityError, match="never changed or deleted"), transaction.atomic():
            connection.cursor().execute(statement, [done.pk])


# Authority -----------------------------------------------------------------------------------------------------------


def test_a_clerk_drafts_and_asks_but_does_not_issue(
    acme: Customer, clerk: User, manager: User, issued: Issued, credit: Drafted, may: Day
) -> None:
    draft = credit(issued(acme))
    with pytest.raises(NotAllowed):
        issue_credit_note(by=clerk, credit_note=draft, issued_on=may(5))

    request = request_credit_note(by=clerk, credit_note=draft, requested_on=may(5))
    with pytest.raises(AlreadyAsked):
        request_credit_note(by=clerk, credit_note=draft, requested_on=may(5))
    done = approve_credit_note(by=manager, request=request, credit_note=draft, issued_on=may(6), comment="Fine")

    request.refresh_from_db()
    assert (done.number, request.decision, request.decided_by) == ("CN-2026-00001", "approved", manager)
    assert [event.event for event in AuditEvent.objects.filter(by=manager).order_by("pk")] == [
        "request.approved",
        "credit_note.issued",
    ]


def test_above_the_limit_somebody_with_a_higher_one_decides(
    acme: Customer, manager: User, finance_manager: User, issued: Issued, credit: Drafted, line: Line, may: Day
) -> None:
    draft = credit(issued(acme, line("50000")))

    with pytest.raises(AboveAuthority, match="above your limit of 10,000.00 GBP"):
        issue_credit_note(by=manager, credit_note=draft, issued_on=may(5))
    request = request_credit_note(by=manager, credit_note=draft, requested_on=may(5))
    with pytest.raises(NotAllowed, match="somebody else decides"):
        approve_credit_note(by=manager, request=request, credit_note=draft, issued_on=may(5))
    done = approve_credit_note(by=finance_manager, request=request, credit_note=draft, issued_on=may(5))

    assert done.is_issued
    with pytest.raises(NotADraft):
        approve_credit_note(by=finance_manager, request=request, credit_note=done, issued_on=may(5))


def test_a_request_for_another_credit_note_is_refused(
    acme: Customer, clerk: User, manager: User, issued: Issued, credit: Drafted, may: Day
) -> None:
    one, other = credit(issued(acme)), credit(issued(acme))
    request = request_credit_note(by=clerk, credit_note=one, requested_on=may(5))

    with pytest.raises((CreditRefused, RequestClosed)):
        approve_credit_note(by=manager, request=request, credit_note=other, issued_on=may(5))


def test_what_waits_for_approval_is_not_thrown_away_under_whoever_decides(
    acme: Customer, clerk: User, manager: User, issued: Issued, credit: Drafted, may: Day
) -> None:
    draft = credit(issued(acme))
    request = request_credit_note(by=clerk, credit_note=draft, requested_on=may(5))

    with pytest.raises(CreditRefused, match="waits for approval. Withdraw that request first"):
        discard_credit_note(by=clerk, credit_note=draft)
    withdraw_request(by=clerk, request=request)
    discard_credit_note(by=clerk, credit_note=draft)

    assert not CreditNote.objects.exists()


# Twice ---------------------------------------------------------------------------------------------------------------


def test_twice_is_once(acme: Customer, clerk: User, manager: User, issued: Issued, credit: Drafted, may: Day) -> None:
    invoice = issued(acme)
    first, again = (credit(invoice, request_id="form-1") for _ in range(2))
    assert first.pk == again.pk
    with pytest.raises(SameKeyOtherContent):
        credit(invoice, PartOf(money("1.00 GBP")), request_id="form-1")

    done, same = (issue_credit_note(by=manager, credit_note=first, issued_on=may(5)) for _ in range(2))
    assert done.number == same.number
    assert Message.objects.filter(kind="credit_note").count() == 1


def test_the_number_goes_back_when_issuing_fails(
    acme: Customer, manager: User, issued: Issued, credit: Drafted, may: Day, books: LegalEntity
) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        issue_credit_note(by=manager, credit_note=credit(issued(acme)), issued_on=may(5))
        raise RuntimeError

    done = issue_credit_note(by=manager, credit_note=credit(issued(acme)), issued_on=may(5))
    assert done.number == "CN-2026-00001"
