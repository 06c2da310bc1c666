"""A suspension from its first notice to the service that comes back: what must exist, who agrees, what stops it."""

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client
from pypdf import PdfReader

from ar_collections.actions.plans import Proposal, approve_plan, open_plan, propose_plan
from ar_collections.actions.suspension import (
    SuspensionFacts,
    confirm_restoration,
    confirm_suspension,
    end_suspension,
    open_suspension,
    request_suspension,
    send_suspension_notice,
)
from ar_collections.actions.suspension_approvals import (
    MoreTime,
    approve_extension,
    approve_suspension,
    ask_extension,
    ask_suspension_approval,
)
from ar_collections.actions.suspension_reviews import record_proof, review_suspension
from ar_collections.actions.suspension_steps import NotSuspendable
from ar_collections.ladder import Reason
from ar_collections.models import DunningHold, SuspensionCase, SuspensionStep
from ar_collections.plans import Every, steps_of
from ar_collections.queries.suspension import files_of, with_parts
from ar_collections.suspension import Ending, Function, Pause, Position, Stage, day_of_window, position_of, reached_on
from controls.actions import set_up_limits
from controls.models import ApprovalRequest
from core.calendars import calendar_of
from core.errors import NotAllowed
from core.models import AuditEvent, LegalEntity, User
from customers.models import Customer
from ledger.models import OpenItem
from messaging.models import Message
from tests.collections.books import Books
from tests.collections.suspending import MONDAY, Suspending, at, clock_at, say_policy, watch

PROOF = ("transfer.pdf", b"%PDF-1.7 transfer")
pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(person: Callable[..., User], uk: LegalEntity) -> User:
    """Sven looks after the service."""
    return person("Sven", uk, "service_owner")


@pytest.fixture
def invoice(uk: LegalEntity, system: User, manager: User, account: Books) -> OpenItem:
    set_up_limits(by=system, entity=uk)
    say_policy(manager, uk)
    account.invoice("INV-2", "400.00", date(2026, 8, 20), date(2026, 9, 19))
    return account.invoice("INV-1", "1000.00", date(2026, 7, 1), date(2026, 7, 31))


@pytest.fixture
def begun(collector: User, owner: User, hotels: Customer, invoice: OpenItem) -> Suspending:
    return Suspending.begin(collector, hotels, {Function.COLLECTIONS: collector, Function.SERVICE: owner})


@pytest.fixture
def final(begun: Suspending, collector: User) -> Suspending:
    """Day 10: three notices left, three calls were made, the notes are fresh."""
    begun.mail(begun.day(0))
    begun.call([begun.day(2), begun.day(3), begun.day(4)])
    begun.note(begun.day(6))
    for number in (7, 10):
        send_suspension_notice(by=collector, case=begun.case, on=begun.day(number), at=at(begun.day(number)))
        begun.mail(begun.day(number))
    begun.note(begun.day(11))
    return begun


@pytest.fixture
def suspended(final: Suspending, collector: User, finance_manager: User, owner: User) -> Suspending:
    case, day = final.case, final.day(11)
    ask_suspension_approval(by=collector, case=case, reason="No answer to three notices", on=day, at=at(day))
    agree(case, finance_manager, "suspension_finance", day)
    agree(case, owner, "suspension_service", day)
    with clock_at(final.day(14)):
        request_suspension(by=collector, case=case, on=final.day(14), at=at(final.day(14)))
        confirm_suspension(by=owner, case=case, on=final.day(14))
    final.mail(final.day(14))
    return final


def agree(case: SuspensionCase, by: User, kind: str, on: date) -> SuspensionCase:
    request = ApprovalRequest.objects.get(kind=kind, subject_id=str(case.pk), decision="")
    return approve_suspension(by=by, request=request, case=case, approved_on=on)


def fresh(case: SuspensionCase) -> SuspensionCase:
    return with_parts(SuspensionCase.objects.all()).get(pk=case.pk)


def kinds_of(messages: list[Message]) -> list[str]:
    return sorted(message.kind for message in messages)


def test_the_clock_counts_days_but_not_those_on_which_it_stands_still() -> None:
    start = date(2026, 10, 5)
    pauses = [Pause(date(2026, 10, 7), date(2026, 10, 9)), Pause(date(2026, 10, 9), date(2026, 10, 10))]

    assert [day_of_window(start, pauses, start + timedelta(days=days)) for days in (0, 1, 3, 6)] == [0, 1, 1, 2]
    assert reached_on(start, pauses, 14) == date(2026, 10, 23)
    assert reached_on(start, [Pause(date(2026, 10, 7))], 14) is None
    assert reached_on(start, [], 0) == start


def test_one_document_that_is_owed_makes_the_whole_case_owed() -> None:
    assert position_of([[Reason.SETTLED], []]) == Position.OWED
    assert position_of([[Reason.SETTLED], [Reason.IN_HAND]]) == Position.COVERED
    assert position_of([[Reason.IN_HAND], [Reason.PLAN]]) == Position.PLAN
    assert position_of([[Reason.PLAN], [Reason.DISPUTED]]) == Position.DISPUTED
    assert position_of([[Reason.DO_NOT_CONTACT]]) == Position.HELD
    assert position_of([[Reason.SETTLED]]) == Position.SETTLED


def test_a_case_begins_with_a_notice_and_holds_the_ladders_of_what_is_over_30_days_past_due(
    begun: Suspending, collector: User, hotels: Customer
) -> None:
    case = begun.case
    assert [part.item.number for part in case.items.all()] == ["INV-1"], "the other is 16 days past due"
    assert DunningHold.objects.get(lifted_on=None).item == case.items.get().item
    [mail] = begun.mail(MONDAY)

    assert (mail.kind, mail.to_addresses) == ("suspension_notice_1", ["ap@hotels.example"])
    assert set(mail.cc_addresses) == {"colin@o2c.example", "sven@o2c.example"}
    assert "1,000.00" in mail.text and "19 October 2026" in mail.text and "8.3, terms of service" in mail.text
    again = open_suspension(
        by=collector, customer=hotels, facts=SuspensionFacts({Function.SERVICE: collector}), opened_on=MONDAY
    )
    assert again == case and SuspensionStep.objects.filter(kind="notice_1").count() == 1


def test_nobody_is_suspended_without_policy_people_or_a_debt_that_is_old_enough(
    collector: User, owner: User, hotels: Customer, account: Books, uk: LegalEntity, manager: User, auditor: User
) -> None:
    def begin(**owners: User) -> SuspensionCase:
        found = {Function(name): person for name, person in owners.items()}
        return open_suspension(by=collector, customer=hotels, facts=SuspensionFacts(found), opened_on=MONDAY)

    with pytest.raises(NotSuspendable, match="to whom requests to support go"):
        begin(service=owner, collections=collector)
    say_policy(manager, uk)
    account.invoice("INV-9", "70.00", date(2026, 8, 5), MONDAY - timedelta(days=30))
    with pytest.raises(NotSuspendable, match="not 31 days past due"):
        begin(service=owner, collections=collector)
    account.invoice("INV-8", "70.00", date(2026, 8, 4), MONDAY - timedelta(days=31))
    with pytest.raises(NotSuspendable, match="Name the service owner"):
        begin(collections=collector)
    with pytest.raises(NotAllowed):
        open_suspension(by=auditor, customer=hotels, facts=SuspensionFacts({}), opened_on=MONDAY)

    case = begin(service=owner, collections=collector)
    end_suspension(by=manager, case=case, ending=Ending.EXEMPT, reason="An ambulance service", on=MONDAY)
    with pytest.raises(NotSuspendable, match="not to be suspended: An ambulance service"):
        begin(service=owner, collections=collector)
    assert not DunningHold.objects.filter(lifted_on=None).exists()


def test_each_notice_waits_for_its_day_its_calls_and_fresh_notes(begun: Suspending, collector: User) -> None:
    def send(number: int) -> SuspensionCase:
        return send_suspension_notice(by=collector, case=begun.case, on=begun.day(number), at=at(begun.day(number)))

    with pytest.raises(NotSuspendable, match="Day 7 .* First notice left by mail; 2 calls.*note is fresh"):
        send(6)
    begun.mail(begun.day(0))
    begun.call([begun.day(2), begun.day(3)])
    begun.note(begun.day(4))
    second = send(7)
    assert second.stage == Stage.NOTICE_2
    with pytest.raises(NotSuspendable, match="Second notice left by mail; 3 calls"):
        send(10)
    begun.mail(begun.day(7))
    begun.call([begun.day(8)])
    assert send(10).stage == Stage.FINAL
    [final] = [mail for mail in begun.mail(begun.day(10)) if mail.kind == "suspension_final"]
    assert set(final.to_addresses) == {"ap@hotels.example", "cfo@hotels.example"}
    with pytest.raises(NotSuspendable, match="no notice follows"):
        send(11)


def test_two_people_for_two_functions_agree_and_the_amount_is_the_one_they_read(
    final: Suspending, collector: User, finance_manager: User, owner: User, manager: User, account: Books
) -> None:
    case, day = final.case, final.day(11)
    ask_suspension_approval(by=collector, case=case, reason="No answer", on=day, at=at(day))
    with pytest.raises(NotAllowed):
        agree(case, manager, "suspension_finance", day)
    with pytest.raises(Exception, match="limit|authority|decide"):
        agree(case, finance_manager, "suspension_service", day)
    assert agree(case, finance_manager, "suspension_finance", day).stage == Stage.FINAL
    with pytest.raises(NotSuspendable, match="Finance and the service owner approve first"):
        request_suspension(by=collector, case=case, on=final.day(14), at=at(final.day(14)))

    part = account.receipt("RC-1", "300.00", day)
    account.apply(part, case.items.get().item, "300.00", day)
    with pytest.raises(Exception, match="was changed since"):
        agree(case, owner, "suspension_service", day)


def test_the_database_itself_wants_both_approvals_one_case_and_steps_that_stay(
    begun: Suspending, collector: User, hotels: Customer, owner: User
) -> None:
    rows = SuspensionCase.objects.filter(pk=begun.case.pk)
    rows.update(stage="notice_2")
    rows.update(stage="final")
    for wrong in (
        {"stage": "approved"},
        {"stage": "suspended"},
        {"stage": "notice_1"},
        {"finance_by": owner, "service_by": owner},
        {"clause": "another"},
        {"stage": "ended"},
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**wrong)
    for statement in (
        "UPDATE collections_suspensionstep SET note = 'x'",
        "DELETE FROM collections_suspensionstep",
        "DELETE FROM collections_suspensioncase",
        "INSERT INTO collections_suspensioncase (entity_id, customer_id, level, clause, opened_on, opened_by_id, "
        "stage, position, ending) SELECT entity_id, customer_id, level, clause, opened_on, opened_by_id, "
        "'notice_1', 'owed', '' FROM collections_suspensioncase",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_support_is_asked_once_after_fourteen_days_and_asked_to_restore_when_the_money_is_posted(
    suspended: Suspending, system: User, collector: User, owner: User, uk: LegalEntity, account: Books, manager: User
) -> None:
    request = Message.objects.get(kind="suspension_request")
    assert (request.state, request.to_addresses) == ("sent", ["support@o2c.example"])
    request_suspension(by=collector, case=suspended.case, on=suspended.day(15), at=at(suspended.day(15)))
    assert Message.objects.filter(kind="suspension_request").count() == 1
    assert watch(uk, suspended.day(15)) == 0

    day = suspended.day(16)
    account.receipt("RC-1", "1000.00", day)
    assert watch(uk, day) == 1
    assert watch(uk, day) == 0, "asked once"

    assert fresh(suspended.case).stage == Stage.RESTORING
    restore = [mail for mail in suspended.mail(day) if mail.kind == "suspension_restore"]
    assert len(restore) == 1 and "RC-1" in restore[0].text
    case = confirm_restoration(by=owner, case=suspended.case, on=day, note="Back since noon")
    assert (case.ending, case.stage) == (Ending.RESTORED, Stage.ENDED)
    assert not DunningHold.objects.filter(lifted_on=None).exists()
    told = Message.objects.filter(kind="suspension_told", to_addresses=[manager.email])
    assert told.count() >= 4
    assert AuditEvent.objects.filter(event="suspension.restored", object_id=str(case.pk)).exists()


def test_a_plan_or_a_proof_brings_the_service_back_and_a_promise_does_not(
    suspended: Suspending, system: User, manager: User, collector: User, finance_manager: User, hotels: Customer
) -> None:
    item, day = suspended.case.items.get().item, suspended.day(15)
    open_plan(by=manager, customer=hotels, reason="Long-standing", opened_on=day)
    steps = steps_of(
        item.open_money,
        count=2,
        first_on=day + timedelta(days=5),
        every=Every.WEEK,
        calendar=calendar_of(hotels.entity),
    )
    proposal = Proposal(currency="GBP", items=[item], steps=steps, reason="Late payer", proof=PROOF)
    plan = propose_plan(by=collector, customer=hotels, proposal=proposal, proposed_on=day)
    assert review_suspension(by=system, case=suspended.case, today=day).stage == Stage.SUSPENDED
    request = ApprovalRequest.objects.get(kind="payment_plan")
    approve_plan(by=finance_manager, request=request, plan=plan, approved_on=day)

    assert review_suspension(by=system, case=suspended.case, today=day).stage == Stage.RESTORING


def test_a_proof_restores_at_once(suspended: Suspending, collector: User) -> None:
    day = suspended.day(15)
    with clock_at(day):
        case = record_proof(by=collector, case=suspended.case, proof=PROOF, note="Sent by Priya", on=day)

    assert case.stage == Stage.RESTORING
    assert kinds_of(suspended.mail(day)) == ["suspension_restore", "suspension_told", "suspension_told"]


def test_what_covers_the_debt_stops_the_clock_and_it_goes_on_where_it_stood(
    begun: Suspending, system: User, uk: LegalEntity, collector: User, account: Books
) -> None:
    begun.mail(MONDAY)
    paid = account.receipt("RC-1", "1000.00", begun.day(3))
    watch(uk, begun.day(3))
    case = fresh(begun.case)
    [file] = files_of([case], on=begun.day(6), at=at(begun.day(6)))
    assert (file.evidence.day, file.window_ends_on, file.standing.position) == (2, None, Position.COVERED)
    with pytest.raises(NotSuspendable, match="nothing stops the clock"):
        send_suspension_notice(by=collector, case=case, on=begun.day(9), at=at(begun.day(9)))

    other = account.invoice("INV-3", "1000.00", begun.day(4), begun.day(4))
    account.apply(paid, other, "1000.00", begun.day(6))
    watch(uk, begun.day(7))
    [file] = files_of([fresh(begun.case)], on=begun.day(8), at=at(begun.day(8)))
    assert file.evidence.day == 4, "days 3 to 6 stood still"
    assert [step.note for step in begun.case.steps.filter(kind="position")] == [
        "Owed → Paid, not posted yet. RC-1 waits to be applied",
        "Paid, not posted yet → Owed.",
    ]


def test_a_case_ends_by_itself_once_everything_is_paid(
    begun: Suspending, uk: LegalEntity, account: Books, system: User
) -> None:
    day = begun.day(4)
    account.apply(account.receipt("RC-1", "1000.00", day), begun.case.items.get().item, "1000.00", day)
    assert watch(uk, day) == 1

    case = fresh(begun.case)
    assert (case.ending, case.ended_on) == (Ending.PAID, day)
    assert not DunningHold.objects.filter(lifted_on=None).exists()
    assert begun.mail(day)[0].kind == "suspension_told", "the first notice did not leave any more"
    assert Message.objects.get(kind="suspension_notice_1").state == "cancelled"


def test_more_time_needs_a_proof_and_somebody_else(
    begun: Suspending, collector: User, manager: User, finance_manager: User
) -> None:
    day = begun.day(2)
    asked = MoreTime(begun.day(8), "Their bank was closed", PROOF)
    extension = ask_extension(by=manager, case=begun.case, asked=asked, on=day)
    request = ApprovalRequest.objects.get(kind="extension")
    with pytest.raises(NotAllowed, match="You asked"):
        approve_extension(by=manager, request=request, extension=extension, approved_on=day)
    with pytest.raises(NotSuspendable, match="waits for approval already"):
        ask_extension(by=collector, case=begun.case, asked=asked, on=day)

    approve_extension(by=finance_manager, request=request, extension=extension, approved_on=begun.day(3))

    [file] = files_of([fresh(begun.case)], on=begun.day(9), at=at(begun.day(9)))
    assert (file.evidence.day, file.window_ends_on) == (3, begun.day(20))


def test_a_review_that_began_before_another_ended_asks_support_no_second_time(
    suspended: Suspending, account: Books, uk: LegalEntity, system: User
) -> None:
    account.receipt("RC-1", "1000.00", suspended.day(15))
    watch(uk, suspended.day(15))
    stale = SuspensionCase.objects.get(pk=suspended.case.pk)
    stale.stage = Stage.SUSPENDED
    review_suspension(by=system, case=stale, today=suspended.day(15))

    assert Message.objects.filter(kind="suspension_restore").count() == 1
    assert SuspensionStep.objects.filter(kind="restore").count() == 1


def test_the_pages_show_what_is_missing_and_lead_through_it_without_scripts(
    begun: Suspending, signed_in: Callable[[User], Client], collector: User, auditor: User, hotels: Customer
) -> None:
    browser, case = signed_in(collector), begun.case
    page = browser.get(f"/suspensions/{case.pk}/").content.decode()
    assert "What must exist" in page and "Day 7 of the window" in page
    listed = browser.get("/suspensions/").content.decode()
    assert "Brightwater Hotels" in listed and browser.get("/suspensions/?view=candidates").status_code == 200
    assert browser.get("/suspensions/?format=xlsx").status_code == 200
    pack = browser.get(f"/suspensions/{case.pk}/pack.pdf").content
    assert "Before “Second notice”" in PdfReader(BytesIO(pack)).pages[0].extract_text()
    box = browser.get(f"/customers/{hotels.pk}/suspensions/", headers={"HX-Request": "true"}).content.decode()
    assert "The account" in box and "<html" not in box

    answer = browser.post(f"/suspensions/{case.pk}/notice/", follow=True).content.decode()
    assert "First notice left by mail" in answer
    missing = browser.post(f"/suspensions/{case.pk}/proof/", {"proof-note": "x"})
    assert missing.status_code == 422
    file = SimpleUploadedFile(*PROOF)
    kept = browser.post(f"/suspensions/{case.pk}/proof/", {"proof-proof": file, "proof-note": "x"}, follow=True)
    assert "transfer.pdf" in kept.content.decode()
    page = signed_in(auditor).get(f"/suspensions/{case.pk}/").content.decode()
    assert "Proof of payment" in page and "End the case" not in page
