"""The queue of approvals and the limits, without JavaScript."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from controls.actions import decline_request
from controls.actions.limits import STANDARD_LIMITS
from controls.models import ApprovalRequest, Authority, AuthorityLimit
from controls.queries import limit_of
from core.models import LegalEntity, User
from core.money import money

SignedIn = Callable[[User], Client]
Ask = Callable[..., ApprovalRequest]


@pytest.fixture
def asked(ask: Ask, clerk: User) -> ApprovalRequest:
    """Asked in time to be decided whenever the test runs."""
    return ask(clerk, "1200.00 GBP", requested_on=date(2999, 1, 1))


def test_the_queue_opens_the_oldest_request_with_all_that_one_needs_to_decide(
    signed_in: SignedIn, manager: User, asked: ApprovalRequest
) -> None:
    page = signed_in(manager).get("/approvals/").content.decode()

    for words in (
        "1,200.00",
        "Ten licences were billed twice.",
        "INV-2026-000012 has 300.00 GBP left open",
        "Your limit is £10,000.00",
        "Acme Ltd",
        "Approve and carry out",
        "Approval requested",
    ):
        assert words in page, words


def test_a_row_of_the_queue_is_answered_as_a_fragment(
    signed_in: SignedIn, manager: User, asked: ApprovalRequest
) -> None:
    answer = signed_in(manager).get(f"/approvals/{asked.pk}/", headers={"HX-Request": "true"}).content.decode()

    assert "Ten licences" in answer
    assert "<html" not in answer


def test_a_manager_declines_with_a_reason(signed_in: SignedIn, manager: User, asked: ApprovalRequest) -> None:
    desk = signed_in(manager)

    refused = desk.post(f"/approvals/{asked.pk}/decline/", {"comment": " "}, follow=True).content.decode()
    assert "Write why you decline" in refused
    long = desk.post(f"/approvals/{asked.pk}/decline/", {"comment": "x" * 2001}, follow=True).content.decode()
    assert "at most 2000 characters" in long
    desk.post(f"/approvals/{asked.pk}/decline/", {"comment": "Only five."})

    assert "Only five." in desk.get(f"/approvals/{asked.pk}/?view=decided").content.decode()
    assert "Nothing waits for you" in desk.get("/approvals/").content.decode()


def test_the_person_who_asked_can_only_withdraw(signed_in: SignedIn, clerk: User, asked: ApprovalRequest) -> None:
    desk = signed_in(clerk)

    page = desk.get("/approvals/?view=mine").content.decode()
    assert "You asked for this; somebody else decides." in page
    assert "Approve and carry out" not in page
    assert desk.post(f"/approvals/{asked.pk}/decline/", {"comment": "x"}).status_code in {302, 403}
    desk.post(f"/approvals/{asked.pk}/withdraw/")

    asked.refresh_from_db()
    assert asked.decision == "withdrawn"


def test_somebody_of_another_company_opens_no_request(
    signed_in: SignedIn, stranger: User, asked: ApprovalRequest
) -> None:
    desk = signed_in(stranger)

    assert desk.get(f"/approvals/{asked.pk}/").status_code == 404
    assert desk.post(f"/approvals/{asked.pk}/decline/", {"comment": "x"}).status_code == 404
    assert desk.post(f"/approvals/{asked.pk}/withdraw/").status_code == 404
    assert "Ten licences" not in desk.get("/approvals/?view=decided").content.decode()


def test_the_queue_asks_few_questions_however_long_it_is(
    signed_in: SignedIn,
    manager: User,
    clerk: User,
    uk: LegalEntity,
    ask: Ask,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(30):
        request = ask(clerk, "10.00 GBP", requested_on=date(2026, 5, 4))
        decline_request(by=manager, request=request, comment=f"No {number}.", decided_on=date(2026, 5, 5))

    desk = signed_in(manager)

    with django_assert_max_num_queries(18):
        assert len(desk.get("/approvals/?view=decided").context["rows"]) == 30


def test_a_finance_manager_sets_and_ends_limits(
    signed_in: SignedIn, finance_manager: User, manager: User, uk: LegalEntity
) -> None:
    desk = signed_in(finance_manager)
    assert "No limit is set" in desk.get("/limits/").content.decode()
    desk.post("/limits/set-up/")
    assert AuthorityLimit.objects.count() == len(STANDARD_LIMITS)

    given = {
        "kind": "credit_note",
        "person": manager.pk,
        "currency": "gbp",
        "amount": "25,000.00",
        "reason": "Promoted.",
    }
    desk.post("/limits/new/", given)
    limit = limit_of(by=manager, entity=uk, kind=Authority.CREDIT_NOTE, currency="GBP")
    assert limit == money("25000.00 GBP")

    own = AuthorityLimit.objects.get(person=manager)
    assert "Promoted" not in desk.get(f"/limits/{own.pk}/end/").content.decode()
    desk.post(f"/limits/{own.pk}/end/", {"reason": "Moved on."})
    own.refresh_from_db()
    assert own.ended_at is not None
    assert own.amount == Decimal(25_000)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"role": "ar_manager"}, "Choose a role or one person"),
        ({"person": ""}, "Choose a role or one person"),
        ({"amount": "-1"}, "greater than or equal to 0"),
        ({"currency": "QQQ"}, "is not a currency"),
        ({"reason": ""}, "This field is required"),
    ],
)
def test_a_limit_that_cannot_be_is_refused(
    signed_in: SignedIn, finance_manager: User, manager: User, changed: dict[str, str], sentence: str
) -> None:
    given = {"kind": "refund", "person": manager.pk, "currency": "GBP", "amount": "5", "reason": "Why not."}

    answer = signed_in(finance_manager).post("/limits/new/", {**given, **changed})

    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_a_manager_reads_limits_and_changes_none(signed_in: SignedIn, manager: User, limits: None) -> None:
    desk = signed_in(manager)

    assert "10,000.00" in desk.get("/limits/").content.decode()
    assert "Set a limit" not in desk.get("/limits/").content.decode()
    assert desk.get("/limits/new/").status_code == 403
    assert desk.post("/limits/set-up/").status_code == 403
