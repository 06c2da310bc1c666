"""A month of collecting: planned with notice, submitted by another person, presumed paid, settled, confirmed."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from ar_collections.actions.disputes import Claim, open_dispute
from ar_collections.reasons import DeductionReason
from cashapp.actions.desk import undo_line
from cashapp.actions.statements import import_statement
from cashapp.errors import AlreadyPosted
from cashapp.models import BankStatementLine, MatchTask, Receipt
from cashapp.taskbook import open_tasks
from core.errors import NotAllowed, SameKeyOtherContent
from core.models import BankAccount, RoleGrant, User
from core.money import money
from customers.models import Contact, Customer
from directdebit.actions.announcing import announce_collections
from directdebit.actions.mandates import pause_mandate
from directdebit.actions.paying import confirm_paid, presume_paid, settle_submission
from directdebit.actions.runs import cancel_collection, drop_run, prepare_run
from directdebit.actions.submitting import submit_collections, take_submission
from directdebit.errors import CollectionRefused, RunRefused, SecondPersonNeeded
from directdebit.models import CollectionPart, CollectionRun, Creditor
from directdebit.planning import Wanted
from directdebit.queries.in_flight import payments_in_flight
from ledger.models import OpenItem
from ledger.posting import post
from messaging.models import Message
from tests.directdebit.conftest import Live, Owed, amounts, balance_of, notice_left
from tests.ledger.conftest import draft_receipt

Prepared = Callable[..., CollectionRun]
Day = Callable[[int], date]
SENT = datetime(2026, 5, 5, 10, 0, tzinfo=UTC)


@pytest.fixture
def announced(prepared: Prepared, acme: Customer, live: Live, owed: Owed, may: Day) -> CollectionRun:
    """Acme owes two invoices; both are in one collection of 370.00, and its notice left on 5 May."""
    live(acme)
    owed(acme, "INV-1", "120.00", may(1))
    owed(acme, "INV-2", "250.00", may(15))
    run = prepared()
    notice_left(run.collections.get(), SENT)
    return run


def test_a_run_draws_what_is_due_of_whom_gave_a_mandate(
    acme: Customer, customer_named: Callable[[str], Customer], live: Live, owed: Owed, prepared: Prepared, may: Day
) -> None:
    live(acme)
    beta = customer_named("Beta Ltd")
    owed(acme, "INV-1", "120.00", may(1))
    owed(acme, "INV-2", "250.00", may(15))
    owed(acme, "INV-3", "99.00", may(21))
    owed(beta, "INV-4", "10.00", may(1))

    run = prepared()

    assert amounts(run) == {"Acme Trading Ltd": Decimal("370.00")}
    collection = run.collections.get()
    assert (collection.state, collection.sequence, collection.collect_on) == ("planned", "first", may(20))
    assert collection.reference == "DD2026-000001"
    notice = Message.objects.get(kind="advance_notice")
    assert (notice.to_addresses, notice.channel) == (["pay@acme.example"], "email")
    assert set(payments_in_flight([acme.pk])) == set(collection.parts.values_list("item", flat=True))
    assert prepared() == run, "the same form again"


def test_notice_moves_a_collection_that_was_asked_for_too_soon(
    acme: Customer, live: Live, owed: Owed, prepared: Prepared, may: Day
) -> None:
    live(acme)
    owed(acme, "INV-1", "120.00", may(1))

    collection = prepared(collect_on=may(12)).collections.get()

    assert (collection.collect_on, collection.moved_reason) == (may(19), "Notice of 10 days is kept.")


def test_what_is_left_out_says_why(
    acme: Customer,
    customer_named: Callable[[str], Customer],
    live: Live,
    owed: Owed,
    receipt_on_account: Callable[..., None],
    prepared: Prepared,
    clerk: User,
    may: Day,
) -> None:
    beta, gamma = customer_named("Beta Ltd"), customer_named("Gamma Ltd")
    live(acme)
    pause_mandate(by=clerk, mandate=live(beta), reason="Notice disputed")
    live(gamma)
    disputed = owed(acme, "INV-1", "120.00", may(1))
    owed(acme, "INV-2", "20.00", may(2))
    owed(beta, "INV-3", "30.00", may(1))
    owed(gamma, "INV-4", "40.00", may(1))
    receipt_on_account(gamma, "15.00")
    open_dispute(by=clerk, item=disputed, claim=Claim(DeductionReason.PRICE, money("50.00 GBP")), opened_on=may(4))

    run = prepared()

    assert amounts(run) == {"Acme Trading Ltd": Decimal("20.00")}
    assert {left.item.number: left.reason for left in run.left_out.select_related("item")} == {
        "INV-1": "50.00 GBP of it are disputed.",
        "INV-3": "The mandate is paused: Notice disputed",
        "INV-4": "15.00 GBP stand on the customer's account; apply them first.",
    }


@pytest.fixture
def receipt_on_account(system: User, may: Day) -> Callable[..., None]:
    def make(customer: Customer, amount: str) -> None:
        post(by=system, entries=[draft_receipt(customer, f"RC-{customer.code}", amount, may(3))])

    return make


def test_nothing_is_asked_for_twice(announced: CollectionRun, prepared: Prepared, clerk: User, may: Day) -> None:
    with pytest.raises(RunRefused, match="Nothing is to be collected"):
        prepared("two")
    part = CollectionPart.objects.first()
    assert part is not None
    with pytest.raises(IntegrityError, match="an_item_is_asked_for_once"), transaction.atomic():
        CollectionPart.objects.create(collection=part.collection, item=part.item, amount=part.amount)

    cancel_collection(by=clerk, collection=part.collection, cancelled_on=may(6), reason="The customer pays by card.")
    assert prepared("two").collections.count() == 1


def test_the_same_key_with_other_days_is_refused(announced: CollectionRun, prepared: Prepared, may: Day) -> None:
    with pytest.raises(SameKeyOtherContent):
        prepared("one", collect_on=may(27))


def test_another_person_lets_it_leave_and_the_file_is_marked(
    announced: CollectionRun, clerk: User, manager: User, person: Callable[..., User], may: Day
) -> None:
    with pytest.raises(NotAllowed):
        submit_collections(by=clerk, run=announced, collect_on=may(20), submitted_on=may(18))

    submission = submit_collections(by=manager, run=announced, collect_on=may(20), submitted_on=may(18))

    collection = announced.collections.get()
    assert (collection.state, collection.notified_on, collection.submission) == ("submitted", may(5), submission)
    assert (submission.input_on, submission.processed_on, submission.count) == (may(18), may(19), 1)
    assert submission.file is not None
    lines = submission.file.read().decode().split("\r\n")
    assert lines[4][15:17] == "01" and lines[4][35:46] == "00000037000" and "BRIGHT-C-0001" in lines[4]
    assert submit_collections(by=manager, run=announced, collect_on=may(20), submitted_on=may(18)) == submission

    first = take_submission(by=clerk, submission=submission)
    other = person("Otto", announced.entity, "ar_specialist")
    again = take_submission(by=other, submission=submission)
    assert (first.taken_by, again.taken_by, again.taken_at) == (clerk, clerk, first.taken_at)


def test_the_file_has_no_address_of_its_own(
    announced: CollectionRun, clerk: User, manager: User, signed_in: Callable[[User], Client], may: Day
) -> None:
    submission = submit_collections(by=manager, run=announced, collect_on=may(20), submitted_on=may(18))

    assert submission.file is not None
    for who in (clerk, manager):
        assert signed_in(who).get(f"/files/{submission.file_id}/").status_code == 404
    fetched = signed_in(clerk).post(f"/submissions/{submission.pk}/take/")
    assert fetched.content == submission.file.read()


def test_who_prepared_a_run_may_not_submit_it(announced: CollectionRun, clerk: User, system: User, may: Day) -> None:
    """Nora became a manager after she had prepared it."""
    RoleGrant.objects.create(user=clerk, entity=announced.entity, role="finance_manager", granted_by=system)
    nora = User.objects.get(pk=clerk.pk)

    with pytest.raises(SecondPersonNeeded, match="You prepared"):
        submit_collections(by=nora, run=announced, collect_on=may(20), submitted_on=may(18))


def test_what_may_not_leave_any_more_is_cancelled_with_its_reason(
    announced: CollectionRun,
    customer_named: Callable[[str], Customer],
    live: Live,
    owed: Owed,
    prepared: Prepared,
    manager: User,
    may: Day,
) -> None:
    """Acme's notice left in time; Beta's never did, and Gamma's left too late."""
    for place, name in enumerate(("Beta Ltd", "Gamma Ltd"), 3):
        customer = customer_named(name)
        live(customer)
        owed(customer, f"INV-{place}", "10.00", may(1))
    run = prepared("two")
    by_name = {each.customer.name: each for each in run.collections.select_related("customer")}
    notice_left(by_name["Gamma Ltd"], datetime(2026, 5, 7, 9, 0, tzinfo=UTC))

    with pytest.raises(RunRefused, match="has not left"):
        submit_collections(by=manager, run=run, collect_on=may(20), submitted_on=may(18))
    notice_left(by_name["Beta Ltd"], SENT)
    submit_collections(by=manager, run=run, collect_on=may(20), submitted_on=may(18))

    states = {each.customer.name: each.state for each in run.collections.select_related("customer")}
    assert states == {"Beta Ltd": "submitted", "Gamma Ltd": "cancelled"}
    why = by_name["Gamma Ltd"].events.get(state="cancelled").reason
    assert why == "The notice left on 07 May 2026; it allows 21 May 2026 at the earliest."


def test_a_file_that_is_too_late_is_refused(announced: CollectionRun, manager: User, may: Day) -> None:
    with pytest.raises(RunRefused, match="had to be in by 18 May 2026"):
        submit_collections(by=manager, run=announced, collect_on=may(20), submitted_on=may(19))


def test_the_money_counts_as_paid_on_its_day_arrives_with_the_bank_line_and_is_confirmed(
    announced: CollectionRun, acme: Customer, system: User, clerk: User, manager: User, may: Day
) -> None:
    submission = submit_collections(by=manager, run=announced, collect_on=may(20), submitted_on=may(18))
    assert presume_paid(by=system, entity=announced.entity, as_of=may(19)) == []

    (collection,) = presume_paid(by=system, entity=announced.entity, as_of=may(20))
    assert presume_paid(by=system, entity=announced.entity, as_of=may(20)) == []

    assert not OpenItem.objects.filter(customer=acme, side="debit", open_amount__gt=0).exists()
    receipt = Receipt.objects.get()
    assert (collection.receipt, receipt.money, receipt.received_on) == (receipt, money("370.00 GBP"), may(20))
    assert balance_of(announced.entity, "direct_debit_clearing") == Decimal("370.00")

    line = credit_of(announced, "370.00", may(20))
    settled = settle_submission(by=clerk, submission=submission, line=line)
    assert settle_submission(by=clerk, submission=submission, line=line) == settled
    assert balance_of(announced.entity, "direct_debit_clearing") == 0
    assert balance_of(announced.entity, "bank") == Decimal("370.00")
    assert MatchTask.objects.get(pk=line.pk).state == "matched"
    with pytest.raises(AlreadyPosted, match="is the money of"):
        undo_line(by=clerk, line=line, undone_on=may(20), reason="Matched wrongly")
    with pytest.raises(RunRefused, match="arrived with another bank line"):
        settle_submission(by=clerk, submission=submission, line=credit_of(announced, "370.00", may(21)))

    assert confirm_paid(by=system, entity=announced.entity, as_of=may(22)) == []
    confirm_paid(by=system, entity=announced.entity, as_of=may(23))
    collection.refresh_from_db()
    steps = list(collection.events.values_list("state", flat=True))
    assert steps == ["planned", "notified", "submitted", "presumed_paid", "confirmed_paid"]
    assert payments_in_flight([acme.pk]) == {}


def credit_of(run: CollectionRun, amount: str, on: date) -> BankStatementLine:
    """A credit on Brightwater's account, as a statement brings it."""
    account = BankAccount.objects.get(entity=run.entity)
    line = BankStatementLine.objects.filter(bank_account=account, booked_on=on).first()
    if line is None:
        line = bank_line(account, Decimal(amount), on)
        open_tasks([line])
    return line


def bank_line(account: BankAccount, amount: Decimal, on: date) -> BankStatementLine:
    text = (
        f":20:ST{on.day}\n:25:{account.iban}\n:28C:{on.day}/1\n:60F:C2605{on.day:02}GBP0,00\n"
        f":61:2605{on.day:02}05{on.day:02}C{amount}NTRFNONREF//{on.day}\n:86:BACS 123456\n"
        f":62F:C2605{on.day:02}GBP{amount}\n-\n"
    ).replace(".", ",")
    system = User.objects.get(is_system=True)
    import_statement(by=system, entity=account.entity, name="st.sta", content=text.encode())
    return BankStatementLine.objects.get(bank_account=account, booked_on=on)


def test_a_line_of_another_amount_settles_nothing(
    announced: CollectionRun, clerk: User, manager: User, may: Day
) -> None:
    submission = submit_collections(by=manager, run=announced, collect_on=may(20), submitted_on=may(18))
    with pytest.raises(RunRefused, match=r"brings 370.00 GBP, but the bank line holds 369.99"):
        settle_submission(by=clerk, submission=submission, line=credit_of(announced, "369.99", may(20)))


def test_a_run_can_be_dropped_until_something_left(
    announced: CollectionRun, clerk: User, manager: User, may: Day
) -> None:
    with pytest.raises(RunRefused, match="Say why"):
        drop_run(by=clerk, run=announced, dropped_on=may(6), reason="")
    dropped = drop_run(by=clerk, run=announced, dropped_on=may(6), reason="Wrong day.")
    assert dropped.dropped_by == clerk
    assert [each.state for each in announced.collections.all()] == ["cancelled"]
    with pytest.raises(RunRefused, match="was dropped"):
        submit_collections(by=manager, run=announced, collect_on=may(20), submitted_on=may(18))


def test_a_collection_that_left_is_not_taken_back(
    announced: CollectionRun, clerk: User, manager: User, may: Day
) -> None:
    submit_collections(by=manager, run=announced, collect_on=may(20), submitted_on=may(18))
    collection = announced.collections.get()
    with pytest.raises(CollectionRefused, match="is submitted already"):
        cancel_collection(by=clerk, collection=collection, cancelled_on=may(18), reason="x")
    with pytest.raises(RunRefused, match="has left already"):
        drop_run(by=clerk, run=announced, dropped_on=may(18), reason="x")


def test_a_payer_without_an_address_gets_a_letter(
    acme: Customer, live: Live, owed: Owed, prepared: Prepared, may: Day
) -> None:
    Contact.objects.filter(customer=acme).update(email="")
    live(acme)
    owed(acme, "INV-1", "120.00", may(1))
    prepared()
    assert Message.objects.get(kind="advance_notice").channel == "print"


def test_notices_that_left_announce_their_collections(announced: CollectionRun, system: User, may: Day) -> None:
    (collection,) = announce_collections(by=system, entity=announced.entity, as_of=may(6))
    assert (collection.state, collection.notified_on) == ("notified", may(5))
    assert announce_collections(by=system, entity=announced.entity, as_of=may(6)) == []


def test_who_may_neither_prepare_nor_submit(
    announced: CollectionRun, bacs: Creditor, collector: User, auditor: User, may: Day
) -> None:
    for person in (collector, auditor):
        with pytest.raises(NotAllowed):
            prepare_run(by=person, wanted=Wanted(bacs, may(20), may(20), may(5)), request_id="x")
        with pytest.raises(NotAllowed):
            submit_collections(by=person, run=announced, collect_on=may(20), submitted_on=may(18))
