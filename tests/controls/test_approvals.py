"""What somebody may not do alone is laid before a second person."""

from collections.abc import Callable
from datetime import date
from threading import Barrier, Thread

import pytest
from django.db import DatabaseError, connection, transaction

from controls.actions import (
    AboveAuthority,
    AlreadyAsked,
    RequestClosed,
    approve_request,
    decline_request,
    withdraw_request,
)
from controls.models import ApprovalRequest, AuthorityUse
from controls.queries import requests_waiting, why_not
from core.errors import NotAllowed, Refused
from core.models import AuditEvent, LegalEntity, User
from core.money import money

Ask = Callable[..., ApprovalRequest]
May = Callable[[int], date]


def approve(by: User, request: ApprovalRequest, on: date, amount: str = "1200.00 GBP") -> ApprovalRequest:
    return approve_request(by=by, request=request, amount=money(amount), decided_on=on)


def test_a_manager_approves_what_a_clerk_asked_for(ask: Ask, clerk: User, manager: User, may: May) -> None:
    request = ask(clerk, "1200.00 GBP")
    assert list(requests_waiting(by=manager, as_of=may(5))) == [request]

    done = approve(manager, request, may(5))

    assert (done.decision, done.decided_by) == ("approved", manager)
    assert list(requests_waiting(by=manager, as_of=may(5))) == []
    assert AuthorityUse.objects.get().person == manager
    events = AuditEvent.objects.filter(object_type="controls.approvalrequest").values_list("event", "by__name")
    assert list(events) == [("request.approved", "Maya"), ("approval.requested", "Nora")]


def test_nobody_decides_their_own_request(ask: Ask, manager: User, may: May) -> None:
    request = ask(manager, "1200.00 GBP")

    assert list(requests_waiting(by=manager, as_of=may(5))) == []
    with pytest.raises(NotAllowed, match="somebody else decides"):
        approve(manager, request, may(5))
    with pytest.raises(NotAllowed, match="somebody else decides"):
        decline_request(by=manager, request=request, comment="No.", decided_on=may(5))


def test_the_database_refuses_a_decision_of_ones_own(ask: Ask, manager: User) -> None:
    request = ask(manager, "1200.00 GBP")

    with pytest.raises(DatabaseError, match="nobody_decides_their_own_request"), transaction.atomic():
        ApprovalRequest.objects.filter(pk=request.pk).update(decision="approved", decided_by=manager)


def test_an_amount_above_the_managers_limit_goes_to_the_finance_manager(
    ask: Ask, clerk: User, manager: User, finance_manager: User, may: May
) -> None:
    request = ask(clerk, "10000.01 GBP")

    assert "above your own limit" in why_not(by=manager, request=request, as_of=may(5))
    with pytest.raises(AboveAuthority, match=r"10,000\.01 GBP is above your limit of 10,000\.00 GBP"):
        approve(manager, request, may(5), "10000.01 GBP")
    approve(finance_manager, request, may(5), "10000.01 GBP")


def test_a_changed_document_needs_a_new_request(ask: Ask, clerk: User, manager: User, may: May) -> None:
    request = ask(clerk, "1200.00 GBP")

    with pytest.raises(RequestClosed, match=r"1,200\.00 GBP was asked for, it is 1,500\.00 GBP now"):
        approve(manager, request, may(5), "1500.00 GBP")


def test_a_request_expires_after_thirty_days_and_can_be_asked_again(ask: Ask, clerk: User, manager: User) -> None:
    request = ask(clerk, "1200.00 GBP")

    approve_day = date(2026, 6, 4)
    with pytest.raises(RequestClosed, match="expired on 03 Jun 2026"):
        approve(manager, request, approve_day)
    again = ask(clerk, "1200.00 GBP", requested_on=approve_day)

    request.refresh_from_db()
    assert (request.decision, again.decision) == ("expired", "")


def test_a_document_waits_for_one_decision_at_a_time(ask: Ask, clerk: User) -> None:
    ask(clerk, "1200.00 GBP")

    with pytest.raises(AlreadyAsked, match=r"waits for approval of 1,200\.00 GBP already, asked by Nora"):
        ask(clerk, "1300.00 GBP")


@pytest.mark.django_db(transaction=True)
def test_two_people_who_decide_at_once_decide_once(
    ask: Ask, clerk: User, manager: User, finance_manager: User, may: May
) -> None:
    request = ask(clerk, "1200.00 GBP")
    start, refused = Barrier(2), []

    def decide(by: User) -> None:
        start.wait()
        try:
            approve(by, request, may(5))
        except RequestClosed as refusal:
            refused.append(refusal.message)
        finally:
            connection.close()

    threads = [Thread(target=decide, args=(person,)) for person in (manager, finance_manager)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert refused == ["Credit note Brightwater is approved already."]
    assert AuthorityUse.objects.count() == 1


def test_a_declined_request_says_why_and_stays_declined(ask: Ask, clerk: User, manager: User, may: May) -> None:
    request = ask(clerk, "1200.00 GBP")

    with pytest.raises(Refused, match="Write why"):
        decline_request(by=manager, request=request, comment=" ", decided_on=may(5))
    decline_request(by=manager, request=request, comment="Only five were doubled.", decided_on=may(5))

    with pytest.raises(RequestClosed, match="is declined already"):
        approve(manager, request, may(5))
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        ApprovalRequest.objects.filter(pk=request.pk).update(decision="approved")


def test_only_the_person_who_asked_withdraws(ask: Ask, clerk: User, manager: User) -> None:
    request = ask(clerk, "1200.00 GBP")

    with pytest.raises(NotAllowed, match="asked for by Nora"):
        withdraw_request(by=manager, request=request)
    withdraw_request(by=clerk, request=request)
    withdraw_request(by=clerk, request=request)

    assert AuditEvent.objects.filter(event="request.withdrawn").count() == 1
    ask(clerk, "1300.00 GBP")


def test_a_clerk_decides_nothing(ask: Ask, clerk: User, collector: User, may: May) -> None:
    request = ask(clerk, "1200.00 GBP")

    with pytest.raises(NotAllowed, match="may not decide on requests"):
        approve(collector, request, may(5))


def test_somebody_of_another_company_sees_no_request(
    ask: Ask, clerk: User, person: Callable[..., User], de: LegalEntity, may: May
) -> None:
    request = ask(clerk, "1200.00 GBP")
    other = person("Otto", de, "ar_manager")

    assert list(requests_waiting(by=other, as_of=may(5))) == []
    with pytest.raises(NotAllowed):
        approve(other, request, may(5))


def test_a_request_without_a_reason_or_an_amount_is_refused(ask: Ask, clerk: User) -> None:
    with pytest.raises(Refused, match="Write a reason"):
        ask(clerk, "1200.00 GBP", reason=" ")
    with pytest.raises(Refused, match="amount above zero"):
        ask(clerk, "0.00 GBP")


def test_what_was_asked_never_changes(ask: Ask, clerk: User) -> None:
    request = ask(clerk, "1200.00 GBP")

    with pytest.raises(DatabaseError, match="keep what they were made with"), transaction.atomic():
        ApprovalRequest.objects.filter(pk=request.pk).update(amount=5)
    with pytest.raises(DatabaseError, match="Cannot delete"), transaction.atomic():
        ApprovalRequest.objects.filter(pk=request.pk).delete()
