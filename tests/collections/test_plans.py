"""Payment plans: opened by a manager, proposed with proof, approved by the finance manager, followed by the ledger."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client
from pypdf import PdfReader

from ar_collections.actions.plan_judging import judge_plans
from ar_collections.actions.plans import (
    PlanEnded,
    Proposal,
    approve_plan,
    attach_signed_letter,
    cancel_plan,
    open_plan,
    propose_plan,
)
from ar_collections.actions.promises import NotPromisable, Pledge, record_promise
from ar_collections.models import PaymentPlan
from ar_collections.plans import Every, NoSuchPlan, Standing, State, steps_of
from ar_collections.queries.plans import live_plans
from controls.actions import set_up_limits
from controls.models import ApprovalRequest
from core import clock
from core.calendars import BusinessCalendar
from core.errors import NotAllowed, Refused
from core.models import AuditEvent, LegalEntity, User
from core.money import money
from core.roles import excluded_duties
from customers.models import Customer
from ledger.models import OpenItem
from messaging.models import Message
from tests.collections.books import Books

MONDAY = date(2026, 10, 5)
FIRST = date(2026, 10, 12)
ENGLAND = BusinessCalendar("GB", "ENG")
PROOF = ("forecast.pdf", b"%PDF-1.7 forecast")


@pytest.fixture
def invoice(uk: LegalEntity, system: User, account: Books) -> OpenItem:
    set_up_limits(by=system, entity=uk)
    return account.invoice("INV-1", "1000.00", date(2026, 6, 1), date(2026, 7, 1))


def proposal(invoice: OpenItem, count: int = 3, **more: Any) -> Proposal:
    steps = steps_of(invoice.open_money, count=count, first_on=FIRST, every=Every.WEEK, calendar=ENGLAND)
    facts: dict[str, Any] = {"currency": "GBP", "items": [invoice], "steps": steps, "reason": "Insolvent buyer"}
    return Proposal(**{**facts, "proof": PROOF, **more})


@pytest.fixture
def proposed(manager: User, collector: User, hotels: Customer, invoice: OpenItem) -> PaymentPlan:
    open_plan(by=manager, customer=hotels, reason="Long-standing customer", opened_on=MONDAY)
    return propose_plan(by=collector, customer=hotels, proposal=proposal(invoice), proposed_on=MONDAY)


@pytest.fixture
def plan(proposed: PaymentPlan, finance_manager: User) -> PaymentPlan:
    return approve_plan(
        by=finance_manager, request=ApprovalRequest.objects.get(), plan=proposed, approved_on=MONDAY, comment="Yes"
    )


def judged(system: User, plan: PaymentPlan, as_of: date) -> list[str]:
    judge_plans(by=system, entity=plan.entity, plans=[plan], as_of=as_of)
    plan.refresh_from_db()
    return [plan.state, *plan.instalments.values_list("standing", flat=True)]


def test_instalments_are_equal_on_business_days_and_add_up() -> None:
    steps = steps_of(money("1000.00 GBP"), count=3, first_on=date(2026, 1, 31), every=Every.MONTH, calendar=ENGLAND)

    assert [step.amount for step in steps] == [Decimal("333.34"), Decimal("333.33"), Decimal("333.33")]
    assert [step.due_on for step in steps] == [date(2026, 2, 2), date(2026, 3, 2), date(2026, 3, 31)]
    assert (steps[0].default_on, steps[0].cure_until) == (date(2026, 2, 9), date(2026, 2, 16))
    with pytest.raises(NoSuchPlan):
        steps_of(money("1000.00 GBP"), count=1, first_on=FIRST, every=Every.MONTH, calendar=ENGLAND)


def test_nobody_proposes_a_plan_that_no_manager_opened(collector: User, hotels: Customer, invoice: OpenItem) -> None:
    with pytest.raises(NoSuchPlan, match="A manager opens the possibility first"):
        propose_plan(by=collector, customer=hotels, proposal=proposal(invoice), proposed_on=MONDAY)
    with pytest.raises(NotAllowed):
        open_plan(by=collector, customer=hotels, reason="Please", opened_on=MONDAY)


def test_an_opening_is_used_once_and_runs_out(
    manager: User, collector: User, hotels: Customer, proposed: PaymentPlan, invoice: OpenItem
) -> None:
    cancel_plan(by=manager, plan=proposed, reason="Asked for too little time", cancelled_on=MONDAY)
    with pytest.raises(NoSuchPlan, match="A manager opens"):
        propose_plan(by=collector, customer=hotels, proposal=proposal(invoice), proposed_on=MONDAY)

    open_plan(by=manager, customer=hotels, reason="Once more", opened_on=MONDAY - timedelta(days=31))
    with pytest.raises(NoSuchPlan, match="A manager opens"):
        propose_plan(by=collector, customer=hotels, proposal=proposal(invoice), proposed_on=MONDAY)


def test_a_proposal_holds_nothing_back_until_it_is_approved(uk: LegalEntity, proposed: PaymentPlan) -> None:
    assert live_plans(entity=uk, as_of=MONDAY) == []
    assert proposed.state == State.PROPOSED


def test_the_finance_manager_alone_approves(
    proposed: PaymentPlan, manager: User, collector: User, finance_manager: User
) -> None:
    request = ApprovalRequest.objects.get()
    for person in (manager, collector):
        with pytest.raises(NotAllowed):
            approve_plan(by=person, request=request, plan=proposed, approved_on=MONDAY)

    approve_plan(by=finance_manager, request=request, plan=proposed, approved_on=MONDAY)

    assert PaymentPlan.objects.get().approved_by == finance_manager
    assert "payment plans opened or proposed, and approved" in excluded_duties({"collector", "finance_manager"})
    with pytest.raises(PlanEnded, match="is active already"):
        approve_plan(by=finance_manager, request=request, plan=proposed, approved_on=MONDAY)


def test_the_letter_names_debt_instalments_and_what_holds(plan: PaymentPlan) -> None:
    assert plan.letter is not None
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(plan.letter.read())).pages)

    for words in ("Payment plan", "acknowledges to owe Brightwater Software Ltd", "INV-1", "12 October 2026", "333.34"):
        assert words in " ".join(text.split())
    [message] = Message.objects.filter(kind="plan_letter")
    assert message.attachments.get().file == plan.letter


@pytest.mark.parametrize(
    ("language", "words"), [("de", "Zahlungsplan"), ("fr", "Plan de paiement"), ("es", "Plan de pago")]
)
def test_the_letter_speaks_the_customers_language(
    hotels: Customer, proposed: PaymentPlan, finance_manager: User, language: str, words: str
) -> None:
    Customer.objects.filter(pk=hotels.pk).update(language=language)
    plan = approve_plan(by=finance_manager, request=ApprovalRequest.objects.get(), plan=proposed, approved_on=MONDAY)

    assert plan.letter is not None
    assert words in PdfReader(BytesIO(plan.letter.read())).pages[0].extract_text()


def test_a_live_plan_holds_back_its_documents(uk: LegalEntity, plan: PaymentPlan, invoice: OpenItem) -> None:
    [held] = live_plans(entity=uk, as_of=FIRST)

    assert (held.item, held.amount, held.until_on) == (invoice.pk, Decimal(1000), date(2026, 10, 26))
    assert live_plans(entity=uk, as_of=MONDAY - timedelta(days=1)) == []


def test_what_is_in_a_plan_is_not_promised_as_well(collector: User, plan: PaymentPlan, invoice: OpenItem) -> None:
    pledge = Pledge(currency="GBP", instalments=[(FIRST, Decimal(10))], parts=[(invoice, Decimal(10))], said_by="Priya")
    with pytest.raises(NotPromisable, match="INV-1 is in a payment plan already"):
        record_promise(by=collector, customer=plan.customer, pledge=pledge, taken_on=MONDAY)


def test_a_plan_that_is_paid_is_completed(account: Books, system: User, plan: PaymentPlan, invoice: OpenItem) -> None:
    account.apply(account.receipt("RC-1", "333.34", FIRST), invoice, "333.34", FIRST)
    assert judged(system, plan, date(2026, 10, 15)) == ["active", "paid", "", ""]

    account.receipt("RC-2", "666.66", date(2026, 10, 16))
    assert judged(system, plan, date(2026, 10, 17)) == ["completed", "paid", "paid", "paid"]
    assert plan.received == Decimal(1000)


def test_default_is_told_can_be_cured_and_ends_the_plan(
    account: Books, uk: LegalEntity, system: User, plan: PaymentPlan, invoice: OpenItem
) -> None:
    assert judged(system, plan, date(2026, 10, 19)) == ["active", "late", "", ""]
    assert judged(system, plan, date(2026, 10, 20)) == ["active", "cure", "late", ""]
    assert judged(system, plan, date(2026, 10, 21)) == ["active", "cure", "late", ""]
    assert Message.objects.filter(kind="plan_notice").count() == 1
    assert live_plans(entity=uk, as_of=date(2026, 10, 26))

    assert judged(system, plan, date(2026, 10, 27))[:2] == ["defaulted", "failed"]
    assert plan.end_reason == "Instalment 1, due 12 Oct 2026, was not paid."
    assert live_plans(entity=uk, as_of=date(2026, 10, 27)) == []
    assert OpenItem.objects.get(number="INV-1").due_on == date(2026, 7, 1)


def test_money_within_the_cure_keeps_the_plan(
    account: Books, system: User, plan: PaymentPlan, invoice: OpenItem, send: Callable[[], Any]
) -> None:
    judged(system, plan, date(2026, 10, 20))
    account.receipt("RC-1", "666.67", date(2026, 10, 23))

    assert judged(system, plan, date(2026, 10, 27)) == ["active", "paid", "paid", "late"]
    Message.objects.filter(kind="plan_notice").update(not_before=clock.now())
    send()
    assert Message.objects.get(kind="plan_notice").state == "cancelled"


def test_what_cannot_be_planned_is_refused(
    account: Books, manager: User, collector: User, hotels: Customer, proposed: PaymentPlan, invoice: OpenItem
) -> None:
    open_plan(by=manager, customer=hotels, reason="Another", opened_on=MONDAY)
    with pytest.raises(NoSuchPlan, match="has a plan already"):
        propose_plan(by=collector, customer=hotels, proposal=proposal(invoice), proposed_on=MONDAY)
    with pytest.raises(NoSuchPlan, match=r"come to 1,000.00 GBP, the documents to 1,500.00 GBP"):
        more = account.invoice("INV-2", "500.00", date(2026, 6, 1), date(2026, 7, 1))
        both = proposal(invoice, items=[invoice, more])
        propose_plan(by=collector, customer=hotels, proposal=both, proposed_on=MONDAY)
    with pytest.raises(Refused, match="is empty"):
        cancel_plan(by=manager, plan=proposed, reason="To propose anew", cancelled_on=MONDAY)
        empty = proposal(invoice, proof=("empty.pdf", b""))
        propose_plan(by=collector, customer=hotels, proposal=empty, proposed_on=MONDAY)


def test_the_letter_comes_back_signed(
    plan: PaymentPlan, collector: User, auditor: User, signed_in: Callable[[User], Client]
) -> None:
    scan = b"%PDF-1.7 signed by the director"
    browser = signed_in(collector)
    assert b"not back yet" in browser.get(f"/plans/{plan.pk}/").content

    answer = browser.post(
        f"/plans/{plan.pk}/signed-letter/", {"file": SimpleUploadedFile("signed.pdf", scan)}, follow=True
    )

    assert b"signed.pdf" in answer.content
    attach_signed_letter(by=collector, plan=plan, name="again.pdf", content=scan)
    assert AuditEvent.objects.filter(event="plan.signed_letter_attached").count() == 1
    with pytest.raises(Refused, match="notes.html is no signed letter"):
        attach_signed_letter(by=collector, plan=plan, name="notes.html", content=b"<p>Yes</p>")
    with pytest.raises(NotAllowed):
        attach_signed_letter(by=auditor, plan=plan, name="other.pdf", content=b"%PDF-1.7 other")


def test_a_plan_that_is_not_approved_has_nothing_to_sign(collector: User, proposed: PaymentPlan) -> None:
    with pytest.raises(Refused, match="only an active plan is signed"):
        attach_signed_letter(by=collector, plan=proposed, name="signed.pdf", content=b"%PDF-1.7 early")


def test_the_database_keeps_a_plan_as_it_was_proposed(plan: PaymentPlan) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        PaymentPlan.objects.filter(pk=plan.pk).update(amount=Decimal(1))
    with pytest.raises(DatabaseError), transaction.atomic():
        PaymentPlan.objects.filter(pk=plan.pk).update(approved_by=plan.proposed_by)


def test_from_the_opening_to_the_approval_by_page(
    hotels: Customer, account: Books, invoice: OpenItem, signed_in: Callable[[User], Client], manager: User,
    collector: User, finance_manager: User,
) -> None:  # fmt: skip
    pages = f"/customers/{hotels.pk}/plans"
    signed_in(manager).post(f"{pages}/open/", {"reason": "Known for years"})
    browser = signed_in(collector)
    assert b"Propose a plan" in browser.get(f"{pages}/").content
    next_month = clock.today(hotels.entity) + timedelta(days=30)
    facts = {
        "count": 4,
        "first_on": next_month.isoformat(),
        "every": "month",
        "reason": "Season",
        f"take_{invoice.pk}": "on",
    }
    assert browser.post(f"{pages}/new/", facts).status_code == 422
    browser.post(f"{pages}/new/", {**facts, "proof": SimpleUploadedFile(*PROOF)})
    plan = PaymentPlan.objects.get()
    assert browser.get(f"/plans/{plan.pk}/").status_code == 200
    asked = ApprovalRequest.objects.get()
    assert browser.post(f"/plans/requests/{asked.pk}/approve/").status_code == 403

    signed_in(finance_manager).post(f"/plans/requests/{asked.pk}/approve/", {"comment": "Fine"})

    plan.refresh_from_db()
    assert plan.state == State.ACTIVE
    assert Standing.OPEN == plan.instalments.first().standing  # type: ignore[union-attr]
    assert b"Brightwater Hotels" in browser.get("/plans/").content
    assert browser.get("/plans/?format=xlsx").status_code == 200
