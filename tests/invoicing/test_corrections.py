"""Adjustments, refunds and credits of many invoices: within somebody's limit, or after another's approval."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from controls.actions import AboveAuthority, decline_request
from controls.models import ApprovalRequest, AuthorityUse
from core.errors import NotAllowed, SameKeyOtherContent
from core.models import LegalEntity, Run, User
from core.money import money
from customers.models import Customer, CustomerBankAccount
from invoicing.actions import (
    approve_adjustment,
    approve_bulk_credit,
    approve_refund,
    cancel_invoice,
    discard_adjustment,
    discard_refund,
    draft_adjustment,
    draft_bulk_credit,
    post_adjustment,
    request_adjustment,
    request_bulk_credit,
    request_refund,
    start_bulk_credit,
)
from invoicing.actions.errors import CreditRefused
from invoicing.actions.item_changes import ChangeRefused
from invoicing.drafts import DraftLine
from invoicing.models import Adjustment, BulkCredit, CreditNote, Invoice, Refund
from invoicing.tasks import credit_many
from ledger.models import Account, JournalLine, OpenItem
from ledger.posting import EntryDraft, ItemDraft, LineDraft, post

pytestmark = pytest.mark.django_db
Line = Callable[..., DraftLine]
Issued = Callable[..., Invoice]
Day = Callable[[int], date]


def item_of(document: Invoice | CreditNote) -> OpenItem:
    return OpenItem.objects.select_related("entity", "customer").get(pk=document.item_id)


def lines_of(entry: object) -> list[tuple[str, int, int]]:
    rows = JournalLine.objects.filter(entry=entry).order_by("pk")  # type: ignore[misc]
    return [(row.account.role, int(row.debit), int(row.credit)) for row in rows]


# Adjustments ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def adjusted(clerk: User) -> Callable[..., Adjustment]:
    """Nora drafts an adjustment: adjusted(item, "20.00 GBP")."""

    def draft(item: OpenItem, amount: str, side: str = "credit", **facts: object) -> Adjustment:
        values: dict[str, object] = {"reason_code": "discount", "reason": "Agreed by telephone", **facts}
        return draft_adjustment(by=clerk, item=item, side=side, amount=money(amount), **values)  # type: ignore[arg-type]

    return draft


def test_less_is_owed_after_a_credit_adjustment(
    acme: Customer, manager: User, issued: Issued, adjusted: Callable[..., Adjustment], may: Day
) -> None:
    """
    4100 Discounts allowed  20
        1100 Receivables        20
    """
    item = item_of(issued(acme))

    done = post_adjustment(by=manager, adjustment=adjusted(item, "20.00 GBP"), posted_on=may(10))

    item.refresh_from_db()
    assert (done.number, item.open_money) == ("ADJ-2026-00001", money("100.00 GBP"))
    assert lines_of(done.entry) == [("receivables", 0, 20), ("discounts_allowed", 20, 0)]
    assert post_adjustment(by=manager, adjustment=done, posted_on=may(11)).posted_on == may(10)


def test_more_is_owed_after_a_debit_adjustment(
    acme: Customer, manager: User, issued: Issued, adjusted: Callable[..., Adjustment], may: Day
) -> None:
    item = item_of(issued(acme))
    draft = adjusted(item, "7.00 GBP", "debit", reason_code="interest")

    done = post_adjustment(by=manager, adjustment=draft, posted_on=may(10))

    own = OpenItem.objects.get(pk=done.own_item_id)
    assert (own.kind, own.side, own.open_money, own.due_on) == ("adjustment", "debit", money("7.00 GBP"), item.due_on)
    assert lines_of(done.entry)[1] == ("interest_income", 0, 7)


def test_above_the_limit_another_decides_with_the_file_in_hand(
    acme: Customer,
    clerk: User,
    manager: User,
    finance_manager: User,
    issued: Issued,
    line: Line,
    adjusted: Callable[..., Adjustment],
    may: Day,
) -> None:
    item = item_of(issued(acme, line("5000")))
    draft = adjusted(item, "1500.00 GBP", file=("agreed.txt", b"We agreed on 1,500 less."))
    with pytest.raises(NotAllowed):
        post_adjustment(by=clerk, adjustment=draft, posted_on=may(10))
    with pytest.raises(AboveAuthority):
        post_adjustment(by=manager, adjustment=draft, posted_on=may(10))

    request = request_adjustment(by=clerk, adjustment=draft, requested_on=may(10))
    assert ["File", "agreed.txt"] in request.facts
    assert request.effect.endswith("is reduced by 1,500.00 GBP, against settlement discounts allowed.")
    with pytest.raises(ChangeRefused, match="waits for approval"):
        discard_adjustment(by=clerk, adjustment=draft)
    done = approve_adjustment(by=finance_manager, request=request, adjustment=draft, posted_on=may(11))

    assert done.is_posted
    with pytest.raises(ChangeRefused, match="is posted and stays"):
        discard_adjustment(by=clerk, adjustment=done)
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        connection.cursor().execute("UPDATE invoicing_adjustment SET amount = 1")


def test_an_adjustment_fits_its_item(
    acme: Customer, collector: User, issued: Issued, adjusted: Callable[..., Adjustment]
) -> None:
    item = item_of(issued(acme))

    with pytest.raises(ChangeRefused, match="has only 120.00 GBP open, less than 120.01 GBP"):
        adjusted(item, "120.01 GBP")
    with pytest.raises(ChangeRefused, match="is in GBP, not in EUR"):
        adjusted(item, "1.00 EUR")
    with pytest.raises(ChangeRefused, match="amount above zero"):
        adjusted(item, "0.00 GBP")
    with pytest.raises(ChangeRefused, match="Write the reason"):
        adjusted(item, "1.00 GBP", reason=" ")
    with pytest.raises(NotAllowed):
        draft_adjustment(
            by=collector, item=item, side="credit", amount=money("1.00 GBP"), reason_code="discount", reason="x"
        )


def test_one_form_makes_one_adjustment(
    acme: Customer, clerk: User, issued: Issued, adjusted: Callable[..., Adjustment]
) -> None:
    item = item_of(issued(acme))

    first, again = (adjusted(item, "5.00 GBP", request_id="form-1") for _ in range(2))

    assert first.pk == again.pk
    with pytest.raises(SameKeyOtherContent):
        adjusted(item, "6.00 GBP", request_id="form-1")
    discard_adjustment(by=clerk, adjustment=first)
    assert not Adjustment.objects.exists()


# Refunds -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def credit_item(acme: Customer, books: LegalEntity, finance_manager: User, may: Day) -> OpenItem:
    """Acme paid 120.00 twice: a credit that is open."""
    item = ItemDraft("RC-1", OpenItem.Kind.RECEIPT, may(4), may(4))
    lines = [
        LineDraft(Account.Role.BANK, debit=money("120.00 GBP").amount),
        LineDraft(Account.Role.RECEIVABLES, credit=money("120.00 GBP").amount, customer=acme, item=item),
    ]
    entry = post(by=finance_manager, entries=[EntryDraft(books, "receipt", may(4), "GBP", lines, key=None)])[0]
    return OpenItem.objects.select_related("entity", "customer").get(pk=entry.open_items[0].pk)


def asked(by: User, item: OpenItem, on: date, amount: str = "120.00 GBP", **facts: object) -> Refund:
    return request_refund(by=by, item=item, amount=money(amount), reason="Paid twice", requested_on=on, **facts)  # type: ignore[arg-type]


def test_a_refund_is_asked_for_by_one_and_approved_by_another(
    credit_item: OpenItem, clerk: User, manager: User, may: Day
) -> None:
    """
    1100 Receivables  120
        2300 Refunds payable  120
    """
    refund = asked(clerk, credit_item, may(5))
    request = ApprovalRequest.objects.get()
    assert (request.kind, request.amount, request.reason) == ("refund", 120, "Paid twice")

    done = approve_refund(by=manager, request=request, refund=refund, posted_on=may(6))

    credit_item.refresh_from_db()
    assert (done.number, credit_item.open_amount) == ("RF-2026-00001", 0)
    assert lines_of(done.entry) == [("receivables", 120, 0), ("refunds_payable", 0, 120)]


def test_nobody_approves_their_own_refund(credit_item: OpenItem, manager: User, clerk: User, may: Day) -> None:
    refund = asked(manager, credit_item, may(5))
    request = ApprovalRequest.objects.get()

    for person in (manager, clerk):
        with pytest.raises(NotAllowed):
            approve_refund(by=person, request=request, refund=refund, posted_on=may(6))


def test_what_is_owed_overdue_comes_first(
    acme: Customer, credit_item: OpenItem, clerk: User, issued: Issued, may: Day
) -> None:
    issued(acme)

    with pytest.raises(ChangeRefused, match="owes 120.00 GBP overdue"):
        asked(clerk, credit_item, date(2026, 7, 1))


def test_only_open_credit_is_refunded_to_a_confirmed_account(
    acme: Customer, credit_item: OpenItem, clerk: User, issued: Issued, may: Day
) -> None:
    invoice = item_of(issued(acme))
    account = CustomerBankAccount.objects.create(customer=acme, iban="GB29NWBK60161331926819", added_by=clerk)

    with pytest.raises(ChangeRefused, match="only an open credit"):
        asked(clerk, invoice, may(5))
    with pytest.raises(ChangeRefused, match="has only 120.00 GBP open"):
        asked(clerk, credit_item, may(5), "120.01 GBP")
    with pytest.raises(ChangeRefused, match="isn't verified"):
        asked(clerk, credit_item, may(5), bank_account=account)


def test_a_declined_refund_is_discarded(credit_item: OpenItem, clerk: User, manager: User, may: Day) -> None:
    refund = asked(clerk, credit_item, may(5))
    assert asked(clerk, credit_item, may(5), "1.00 GBP", request_id="a").pk != refund.pk
    with pytest.raises(ChangeRefused, match="waits for approval"):
        discard_refund(by=clerk, refund=refund)
    first = ApprovalRequest.objects.order_by("pk")[0]
    decline_request(by=manager, request=first, comment="Keep it", decided_on=may(6))

    discard_refund(by=clerk, refund=refund)

    assert Refund.objects.count() == 1


# Many at once --------------------------------------------------------------------------------------------------------


def chosen(by: User, entity: LegalEntity, invoices: list[Invoice], **facts: object) -> BulkCredit:
    values: dict[str, object] = {"reason_code": "service", "reason": "Outage in May", **facts}
    return draft_bulk_credit(by=by, entity=entity, invoices=invoices, **values)  # type: ignore[arg-type]


def test_many_are_credited_as_one_run(
    acme: Customer, clerk: User, manager: User, books: LegalEntity, issued: Issued, may: Day
) -> None:
    invoices = [issued(acme) for _ in range(3)]
    bulk = chosen(clerk, books, invoices)
    assert bulk.money == money("360.00 GBP")

    run = start_bulk_credit(by=manager, bulk=bulk, issued_on=may(20))
    credit_many(run.pk)
    credit_many(run.pk)

    run.refresh_from_db()
    assert (run.state, run.done, run.result) == ("done", 3, {"credited": 3})
    assert {note.reason for note in CreditNote.objects.all()} == {"Outage in May"}
    assert not OpenItem.objects.exclude(open_amount=0).exists()
    assert start_bulk_credit(by=manager, bulk=bulk, issued_on=may(21)).pk == run.pk


def test_a_run_that_was_killed_credits_each_invoice_once(
    acme: Customer, clerk: User, manager: User, books: LegalEntity, issued: Issued, may: Day
) -> None:
    invoices = [issued(acme) for _ in range(3)]
    run = start_bulk_credit(by=manager, bulk=chosen(clerk, books, invoices), issued_on=may(20))
    cancel_invoice(by=manager, invoice=invoices[0], issued_on=may(19), reason_code="price", reason="By hand")

    credit_many(run.pk)

    run.refresh_from_db()
    assert (run.done, run.failed, run.errors.get().label) == (2, 1, str(invoices[0]))
    assert CreditNote.objects.filter(number__isnull=False).count() == 3
    assert CreditNote.objects.filter(number=None).count() == 0


def test_above_the_limit_all_are_one_approval(
    acme: Customer,
    clerk: User,
    manager: User,
    finance_manager: User,
    books: LegalEntity,
    issued: Issued,
    line: Line,
    may: Day,
) -> None:
    bulk = chosen(clerk, books, [issued(acme, line("6000")) for _ in range(2)], file=("outage.txt", b"Log"))
    with pytest.raises(AboveAuthority):
        start_bulk_credit(by=manager, bulk=bulk, issued_on=may(20))
    with pytest.raises(NotAllowed):
        start_bulk_credit(by=clerk, bulk=bulk, issued_on=may(20))

    request = request_bulk_credit(by=manager, bulk=bulk, requested_on=may(20))
    assert request.money == money("14400.00 GBP")
    run = approve_bulk_credit(by=finance_manager, request=request, bulk=bulk, issued_on=may(20))
    credit_many(run.pk)

    assert CreditNote.objects.filter(number__isnull=False).count() == 2
    with pytest.raises(CreditRefused, match="is decided already"):
        request_bulk_credit(by=manager, bulk=bulk, requested_on=may(21))
    assert Run.objects.get(pk=run.pk).state == "done"


def test_many_at_once_reach_no_further_for_a_customer_than_one_by_one(
    customer: Callable[..., Customer],
    clerk: User,
    manager: User,
    books: LegalEntity,
    issued: Issued,
    line: Line,
    may: Day,
) -> None:
    """Her limit is 10,000: 9,600 were credited to Acme already, so 1,200 more of Acme's go to somebody else."""
    acme, birch = customer("Acme Hotels"), customer("Birch")
    cancel_invoice(
        by=manager, invoice=issued(acme, line("8000")), issued_on=may(5), reason_code="price", reason="Wrong price"
    )
    of_both = chosen(clerk, books, [issued(acme, line("1000")), issued(birch, line("1000"))])
    of_birch = chosen(clerk, books, [issued(birch, line("1000"))])

    with pytest.raises(AboveAuthority, match="Acme Hotels.*1,200.00 GBP is above your limit.*9,600.00 GBP were used"):
        start_bulk_credit(by=manager, bulk=of_both, issued_on=may(20))
    start_bulk_credit(by=manager, bulk=of_birch, issued_on=may(20))

    of_birch.refresh_from_db()
    assert of_birch.is_decided and not BulkCredit.objects.get(pk=of_both.pk).is_decided
    used = AuthorityUse.objects.filter(person=manager).order_by("pk").values_list("counts_with", "base_amount")
    assert list(used) == [(f"customer:{acme.pk}", 9600), ("bulk", 1200), (f"customer:{birch.pk}", 1200)]


def test_who_approves_many_at_once_needs_the_limit_for_each_customer(
    acme: Customer, clerk: User, manager: User, books: LegalEntity, issued: Issued, line: Line, may: Day
) -> None:
    cancel_invoice(
        by=manager, invoice=issued(acme, line("8000")), issued_on=may(5), reason_code="price", reason="Wrong price"
    )
    bulk = chosen(clerk, books, [issued(acme, line("1000"))])
    request = request_bulk_credit(by=clerk, bulk=bulk, requested_on=may(20))

    with pytest.raises(AboveAuthority, match="Acme Hotels"), transaction.atomic():
        approve_bulk_credit(by=manager, request=request, bulk=bulk, issued_on=may(20))

    request.refresh_from_db()
    assert not request.decision, "both or neither"


def test_nothing_left_is_no_bulk_credit(
    acme: Customer, clerk: User, manager: User, books: LegalEntity, issued: Issued, may: Day
) -> None:
    invoice = issued(acme)
    cancel_invoice(by=manager, invoice=invoice, issued_on=may(5), reason_code="price", reason="By hand")

    with pytest.raises(CreditRefused, match="Nothing is left"):
        chosen(clerk, books, [invoice])
    with pytest.raises(CreditRefused, match="Write the reason"):
        chosen(clerk, books, [invoice], reason=" ")
