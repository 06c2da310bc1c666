"""Late interest: charged with its working, waived within a limit or by another, never twice for a day, put right."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from pypdf import PdfReader

from ar_collections.actions import Claim, open_dispute
from ar_collections.actions.late_correcting import correct_late_charges
from ar_collections.actions.late_interest import (
    LateChargeOver,
    NothingAccrued,
    approve_late_waiver,
    charge_late_interest,
    request_late_waiver,
    take_back_late_charge,
    waive_late_interest,
)
from ar_collections.actions.late_terms import (
    TermsRefused,
    add_late_terms,
    add_reference_rate,
    end_late_terms,
    set_up_late_interest,
)
from ar_collections.late_interest import Method
from ar_collections.models import LateCharge, LateChargeLine, LateTerms, ReferenceRate
from ar_collections.models.late_interest import Reference
from ar_collections.notice_messages import FinalDemand, FirstReminder, LetterBeforeAction, PreDue
from ar_collections.queries.late_interest import accrued_of, late_claims, totals_of
from ar_collections.reasons import DeductionReason
from controls.actions import AboveAuthority, set_up_limits
from controls.models import ApprovalRequest, AuthorityUse
from core.errors import NotAllowed, Refused
from core.models import AuditEvent, ExchangeRate, LegalEntity, User
from core.money import Money, money
from customers.models import Address, Customer
from ledger.models import JournalLine, OpenItem
from messaging.models import Message
from messaging.shipped import shipped_wording
from tests.collections.books import Books

DUE = date(2026, 3, 31)
PAID = date(2026, 8, 15)
AUTUMN = date(2026, 9, 1)
WINTER = date(2026, 11, 22)


@pytest.fixture
def law(uk: LegalEntity, system: User, books: LegalEntity) -> LegalEntity:
    set_up_limits(by=system, entity=uk)
    set_up_late_interest(by=system, entity=uk, valid_from=date(2026, 1, 1))
    return uk


@pytest.fixture
def invoice(law: LegalEntity, account: Books) -> OpenItem:
    return account.invoice("INV-1", "12000.00", date(2026, 3, 1), DUE)


def accrued(customer: Customer, on: date) -> list[Money]:
    return totals_of(accrued_of(customer.entity, [customer.pk], as_of=on).get(customer.pk, []))


def charge(by: User, item: OpenItem, on: date) -> LateCharge:
    return charge_late_interest(by=by, customer=item.customer, currency=item.currency, items=[item.pk], charged_on=on)


def waiver(item: OpenItem) -> dict[str, Any]:
    return {"customer": item.customer, "currency": item.currency, "items": [item.pk], "reason": "A good customer"}


def test_t9_is_charged_as_a_debit_note_with_its_working(
    clerk: User, hotels: Customer, invoice: OpenItem, account: Books
) -> None:
    account.apply(account.receipt("RC-1", "12000.00", PAID), invoice, "12000.00", date(2026, 8, 20))

    made = charge(clerk, invoice, WINTER)

    assert (made.interest, made.compensation) == (Decimal("529.23"), Decimal(100)), "by the day of receipt"
    assert made.item is not None and made.paper is not None
    assert (made.item.kind, made.item.due_on, made.item.open_money) == (
        "debit_note", hotels.terms.due_on(WINTER), money("629.23 GBP")
    )  # fmt: skip
    lines = JournalLine.objects.filter(entry=made.item.line.entry).order_by("pk")
    assert [(line.account.code, line.debit, line.credit) for line in lines] == [
        ("1100", Decimal("629.23"), 0), ("4200", 0, Decimal("529.23")), ("4200", 0, Decimal(100)),
    ]  # fmt: skip
    text = " ".join(PdfReader(BytesIO(made.paper.read())).pages[0].extract_text().split())
    for words in ("INV-1", "137 days", "11.75 %", "12,000.00", "529.23", "£629.23", "outside the scope of tax"):
        assert words in text
    message = Message.objects.get(kind="late_charge")
    assert message.attachments.get().file == made.paper
    assert AuditEvent.objects.filter(event="late_interest.charged").exists()


def test_no_day_is_charged_twice_and_the_next_charge_goes_on_where_the_last_ended(
    clerk: User, hotels: Customer, invoice: OpenItem
) -> None:
    first = charge(clerk, invoice, date(2026, 6, 30))
    with pytest.raises(NothingAccrued, match="Nothing has accrued"):
        charge(clerk, invoice, date(2026, 6, 30))

    second = charge(clerk, invoice, WINTER)

    [one], [two] = first.lines.all(), second.lines.all()
    assert (one.first_on, one.last_on, two.first_on, two.last_on) == (
        date(2026, 4, 1), date(2026, 6, 30), date(2026, 7, 1), WINTER
    )  # fmt: skip
    assert first.interest + second.interest == Decimal("911.67"), "as if it had been charged at once"
    assert (first.compensation, second.compensation) == (Decimal(100), 0)
    same = {"charge": second, "item": invoice, "terms": one.terms, "interest": 1, "compensation": 0, "counts": True}
    with pytest.raises(IntegrityError, match="a_day_of_delay_is_charged_once"), transaction.atomic():
        LateChargeLine.objects.create(first_on=WINTER, last_on=WINTER, **same)
    with pytest.raises(IntegrityError, match="a_debt_is_compensated_once"), transaction.atomic():
        later = date(2027, 1, 1)
        LateChargeLine.objects.create(first_on=later, last_on=later, **{**same, "compensation": 40})
    assert accrued(hotels, WINTER) == []
    due = second.item
    assert due is not None
    after = accrued_of(hotels.entity, [hotels.pk], as_of=date(2026, 12, 31))[hotels.pk]
    assert [each.item.number for each in after] == ["INV-1"], "interest bears no interest"


def test_part_payments_disputes_and_credit_notes_lessen_the_base(
    clerk: User, collector: User, hotels: Customer, invoice: OpenItem, account: Books
) -> None:
    account.apply(account.receipt("RC-1", "4000.00", date(2026, 4, 10)), invoice, "4000.00", date(2026, 4, 10))
    account.apply(account.credit_note("CN-1", "2000.00", date(2026, 7, 1)), invoice, "2000.00", date(2026, 7, 1))
    claim = Claim(DeductionReason.PRICE, money("1000.00 GBP"), "Too dear")
    open_dispute(by=collector, item=invoice, claim=claim, opened_on=date(2026, 5, 1))

    [found] = accrued_of(hotels.entity, [hotels.pk], as_of=date(2026, 6, 30))[hotels.pk]
    assert [(line.span.days, line.span.base) for line in found.lines] == [
        (10, Decimal(12000)), (20, Decimal(8000)), (61, Decimal(7000)),
    ]  # fmt: skip
    [found] = accrued_of(hotels.entity, [hotels.pk], as_of=date(2026, 7, 31))[hotels.pk]
    assert [(line.span.days, line.span.base) for line in found.lines] == [
        (10, Decimal(10000)), (20, Decimal(6000)), (92, Decimal(5000)),
    ], "what was credited never was owed"  # fmt: skip


def test_a_receipt_that_turns_out_earlier_credits_what_was_too_much_once(
    clerk: User, system: User, uk: LegalEntity, hotels: Customer, invoice: OpenItem, account: Books
) -> None:
    made = charge(clerk, invoice, WINTER)
    receipt = account.receipt("RC-9", "12000.00", PAID)
    account.apply(receipt, invoice, "12000.00", date(2026, 11, 25))

    [credit] = correct_late_charges(by=system, entity=uk, charges=[made], corrected_on=date(2026, 11, 26))

    assert made.item is not None
    made.item.refresh_from_db()
    assert credit.money == Money(made.interest - Decimal("529.23"), "GBP")
    assert made.item.open_money == money("629.23 GBP"), "what T9 says"
    assert correct_late_charges(by=system, entity=uk, charges=[made], corrected_on=date(2026, 11, 27)) == []
    with pytest.raises(NotAllowed):
        correct_late_charges(by=clerk, entity=uk, charges=[made], corrected_on=WINTER)


def test_a_charge_that_was_paid_is_credited_onto_the_account(
    clerk: User, system: User, uk: LegalEntity, invoice: OpenItem, account: Books
) -> None:
    made = charge(clerk, invoice, WINTER)
    assert made.item is not None
    total = str(made.money.amount)
    account.apply(account.receipt("RC-8", total, WINTER), made.item, total, WINTER)
    account.apply(account.receipt("RC-9", "12000.00", DUE), invoice, "12000.00", date(2026, 11, 25))

    [credit] = correct_late_charges(by=system, entity=uk, charges=[made], corrected_on=date(2026, 11, 26))

    credit.refresh_from_db()
    assert credit.open_money == made.money, "it was paid in time: interest and compensation come back"


def test_a_waiver_within_the_limit_closes_its_days_and_ninety_days_count_together(
    manager: User, hotels: Customer, invoice: OpenItem, account: Books
) -> None:
    other = account.invoice("INV-2", "12000.00", date(2026, 3, 1), DUE)
    with pytest.raises(Refused, match="Write why it is waived"):
        waive_late_interest(by=manager, waived_on=AUTUMN, **{**waiver(invoice), "reason": " "})

    made = waive_late_interest(by=manager, waived_on=AUTUMN, **waiver(invoice))

    assert (made.state, made.item, made.authority_use and made.authority_use.amount) == (
        "waived",
        None,
        made.money.amount,
    )
    assert accrued(hotels, AUTUMN) == [made.money], "only the other one is left"
    with pytest.raises(AboveAuthority, match="above your limit of 1,000.00 GBP, of which 694.90 GBP were used"):
        waive_late_interest(by=manager, waived_on=date(2026, 9, 2), **waiver(other))
    take_back_late_charge(by=manager, charge=made, reason="Wrong customer", taken_back_on=AUTUMN)
    assert len(accrued_of(hotels.entity, [hotels.pk], as_of=AUTUMN)[hotels.pk]) == 2
    assert waive_late_interest(by=manager, waived_on=date(2026, 9, 2), **waiver(other)).decided_by == manager


def test_above_the_limit_somebody_else_approves_and_until_then_nothing_is_closed(
    clerk: User, collector: User, manager: User, finance_manager: User, hotels: Customer, invoice: OpenItem
) -> None:
    with pytest.raises(NotAllowed):
        waive_late_interest(by=collector, waived_on=AUTUMN, **waiver(invoice))
    asked = request_late_waiver(by=collector, requested_on=AUTUMN, **waiver(invoice))
    request = ApprovalRequest.objects.get()

    assert (asked.state, accrued(hotels, AUTUMN)) == ("waits", [asked.money])
    with pytest.raises(NothingAccrued, match="waits for approval"):
        charge(clerk, invoice, AUTUMN)
    with pytest.raises(NotAllowed):
        approve_late_waiver(by=collector, request=request, waiver=asked, decided_on=AUTUMN)

    approved = approve_late_waiver(by=finance_manager, request=request, waiver=asked, decided_on=AUTUMN, comment="Fine")

    assert (approved.state, accrued(hotels, AUTUMN)) == ("waived", [])
    assert AuthorityUse.objects.get().person == finance_manager
    with pytest.raises(LateChargeOver, match="is waived already"):
        approve_late_waiver(by=finance_manager, request=request, waiver=asked, decided_on=AUTUMN)


def test_taking_a_charge_back_credits_it_and_frees_its_days_the_latest_first(
    clerk: User, manager: User, hotels: Customer, invoice: OpenItem
) -> None:
    first, second = charge(clerk, invoice, date(2026, 6, 30)), charge(clerk, invoice, AUTUMN)
    with pytest.raises(LateChargeOver, match=f"{second} is about later days of INV-1"):
        take_back_late_charge(by=manager, charge=first, reason="Goodwill", taken_back_on=AUTUMN)
    with pytest.raises(NotAllowed):
        take_back_late_charge(by=clerk, charge=second, reason="Goodwill", taken_back_on=AUTUMN)

    for each in (second, first, first):
        take_back_late_charge(by=manager, charge=each, reason="Goodwill", taken_back_on=AUTUMN)

    assert [each.open_amount for each in OpenItem.objects.filter(kind="debit_note")] == [0, 0]
    assert accrued(hotels, AUTUMN) == [Money(first.money.amount + second.money.amount, "GBP")]


def test_a_customers_contract_comes_before_the_law_and_new_terms_before_nothing(
    finance_manager: User, manager: User, uk: LegalEntity, hotels: Customer, invoice: OpenItem
) -> None:
    contract = LateTerms(
        entity=uk, customer=hotels, method=Method.FIXED, percent=Decimal(4), currency="GBP", basis="Contract, 7.2",
        valid_from=date(2026, 1, 1),
    )  # fmt: skip
    with pytest.raises(NotAllowed):
        add_late_terms(by=manager, terms=contract)
    add_late_terms(by=finance_manager, terms=contract)
    assert accrued(hotels, PAID) == [Money(Decimal("180.16"), "GBP")], "12,000 × 4 % × 137 ÷ 365, no compensation"

    contract.pk = None
    with pytest.raises(Refused, match="Other terms hold for the same"):
        add_late_terms(by=finance_manager, terms=contract)
    first = LateTerms.objects.get(customer=hotels)
    with pytest.raises(TermsRefused, match="can't end before"):
        end_late_terms(by=finance_manager, terms=first, valid_until=date(2025, 12, 31))
    end_late_terms(by=finance_manager, terms=first, valid_until=DUE)
    assert accrued(hotels, PAID) == [money("629.23 GBP")], "late on 1 April, a day after it ended"


@pytest.mark.parametrize(
    ("country", "total"), [("DE", "433.96 EUR"), ("IE", "433.96 EUR"), ("US", ""), ("GB", "571.06 EUR")]
)
def test_the_customers_country_decides_and_without_terms_nothing_is_owed(
    law: LegalEntity, new_customer: Callable[..., Customer], system: User, country: str, total: str
) -> None:
    customer = new_customer("C-2", "Elsewhere", currency="EUR")
    Address.objects.filter(customer=customer).update(country=country)
    on, due = date(2026, 6, 30), DUE
    ExchangeRate.objects.create(from_currency="GBP", to_currency="EUR", on=date(2026, 1, 1), rate="1.15", source="x")
    Books(system, customer).invoice("INV-E", "15568.13", date(2026, 3, 1), due, rate="0.87")

    assert [str(each) for each in accrued(customer, on)] == ([total] if total else [])


def test_a_half_year_without_its_rate_is_said_and_the_rate_written_down_once(
    finance_manager: User, uk: LegalEntity, hotels: Customer, law: LegalEntity, account: Books, clerk: User
) -> None:
    item = account.invoice("INV-7", "1000.00", date(2026, 12, 1), date(2026, 12, 31))
    spring = date(2027, 2, 28)
    with pytest.raises(NothingAccrued, match="INV-7: The reference rate of Bank of England"):
        charge(clerk, item, spring)

    rate = {"entity": uk, "reference": Reference.BANK_OF_ENGLAND, "starts_on": date(2027, 1, 1), "source": "MPC"}
    add_reference_rate(by=finance_manager, rate=ReferenceRate(percent=Decimal("3.5"), **rate))
    add_reference_rate(by=finance_manager, rate=ReferenceRate(percent=Decimal("3.50"), **rate))

    assert ReferenceRate.objects.filter(starts_on=date(2027, 1, 1)).count() == 1
    assert accrued(hotels, spring) == [money("88.59 GBP")], "59 days at 11.5 % and 70 pounds"
    with pytest.raises(Refused, match="first of January or of July"):
        wrong = {**rate, "starts_on": date(2027, 2, 1)}
        add_reference_rate(by=finance_manager, rate=ReferenceRate(percent=Decimal(3), **wrong))


def test_the_pages_show_the_working_and_decide(
    signed_in: Callable[[User], Client], manager: User, auditor: User, hotels: Customer, invoice: OpenItem
) -> None:
    client = signed_in(manager)
    page = client.get(f"/customers/{hotels.pk}/late-interest/?as_at={PAID}").content.decode()
    assert "11.75%" in page and "£629.23 accrued" in page and "137" in page
    assert "Brightwater Hotels" in client.get("/late-interest/").content.decode()
    assert client.get("/late-interest/?format=xlsx")["Content-Type"].endswith("sheet")
    refused = client.post(f"/customers/{hotels.pk}/late-interest/decide/", {"decision": "waive", "items": [invoice.pk]})
    assert refused.status_code == 422 and "Write why it is waived" in refused.content.decode()

    sent = {"decision": "charge", "currency": "GBP", "items": [invoice.pk]}
    answer = client.post(f"/customers/{hotels.pk}/late-interest/decide/", sent, follow=True)

    made = LateCharge.objects.get()
    assert str(made) in answer.content.decode() and "11.75%" in answer.content.decode()
    assert str(made) in client.get("/late-charges/").content.decode()
    assert client.get("/late-charges/?format=xlsx").status_code == 200
    client.post(f"/late-charges/{made.pk}/take-back/", {"reason": "Goodwill"})
    made.refresh_from_db()
    assert made.state == "taken back"
    assert "Bank of England + 8 %" in client.get("/late-interest/terms/").content.decode()
    client = signed_in(auditor)
    assert 'name="decision"' not in client.get(f"/customers/{hotels.pk}/late-interest/").content.decode()


def test_the_final_demand_claims_what_has_accrued_and_a_reminder_does_not(hotels: Customer, invoice: OpenItem) -> None:
    assert late_claims(hotels, [invoice.pk], as_of=PAID) == [(money("529.23 GBP"), money("100.00 GBP"))]
    assert (FinalDemand.claims_interest, LetterBeforeAction.claims_interest) == (True, True)
    assert not (PreDue.claims_interest or FirstReminder.claims_interest)
    for kind in ("notice_final", "notice_legal"):
        for language in ("en", "de", "fr", "es"):
            wording = shipped_wording(kind, language)
            assert wording is not None and "claim.interest" in wording.text and "claim.interest" in wording.html
