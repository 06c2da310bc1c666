"""Returned debits and follow-ups on screen."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.models import User
from directdebit.models import Collection, Creditor, FollowUp, ReturnedDebit, ReturnPolicy, ReturnReport
from tests.directdebit.returns.conftest import only
from tests.directdebit.returns.reports import arudd

SignedIn = Callable[[User], Client]
TakeIn = Callable[..., ReturnReport]
State = ReturnedDebit.State
UNPAID = arudd(("CASTLE-001", "120.00", "0128"))


def uploaded(browser: Client, content: bytes = UNPAID) -> str:
    file = SimpleUploadedFile("arudd.xml", content)
    answer = browser.post(reverse("directdebit:upload_report"), {"file": file})
    assert answer.status_code == 302, answer.content
    return answer["Location"]


def test_a_report_is_shown_before_it_is_taken_in_and_then_booked(
    paid: Collection, clerk: User, signed_in: SignedIn
) -> None:
    browser = signed_in(clerk)
    address = uploaded(browser)

    preview = browser.get(address).content.decode()
    assert "Castle Fibre Ltd" in preview
    assert "The receipt is undone, the mandate stays, present again" in preview
    assert not ReturnedDebit.objects.exists()

    browser.post(f"{address}take-in/", follow=True)
    returned = ReturnedDebit.objects.get()
    assert (returned.state, returned.collection) == (State.BOOKED, paid)
    assert "taken in on" in browser.get(address).content.decode()


def test_what_is_no_report_is_refused_at_the_form(clerk: User, signed_in: SignedIn) -> None:
    file = SimpleUploadedFile("x.xml", b"<html></html>")
    answer = signed_in(clerk).post(reverse("directdebit:upload_report"), {"file": file})

    assert answer.status_code == 422
    assert "XML of another kind" in answer.content.decode()


def test_what_waits_is_a_view_of_its_own_and_a_person_decides(
    paid: Collection, take_in: TakeIn, may: Callable[[int], date], clerk: User, signed_in: SignedIn
) -> None:
    waiting = only(take_in(arudd(("CASTEL-1", "120.00", "0128")), may(15)))
    browser = signed_in(clerk)

    assert "CASTEL-1" in browser.get(reverse("directdebit:returns"), {"state": "waiting"}).content.decode()
    page = browser.get(reverse("directdebit:return", args=[waiting.pk])).content.decode()
    assert f"{paid.reference} · Castle Fibre Ltd" in page
    browser.post(reverse("directdebit:assign_return", args=[waiting.pk]), {"collection": paid.pk})

    waiting.refresh_from_db()
    assert waiting.state == State.BOOKED


def test_a_return_is_set_aside_with_a_reason(
    paid: Collection, take_in: TakeIn, may: Callable[[int], date], clerk: User, signed_in: SignedIn
) -> None:
    waiting = only(take_in(arudd(("OTHER-1", "1.00", "0128")), may(15)))
    address = reverse("directdebit:set_aside_return", args=[waiting.pk])
    browser = signed_in(clerk)

    assert browser.post(address, {"reason": ""}).status_code == 422
    browser.post(address, {"reason": "Not ours"})

    waiting.refresh_from_db()
    assert waiting.state == State.SET_ASIDE


def test_a_follow_up_is_finished_on_the_worklist_by_a_collector(
    paid: Collection, take_in: TakeIn, may: Callable[[int], date], collector: User, signed_in: SignedIn
) -> None:
    take_in(UNPAID, may(15))
    follow_up = FollowUp.objects.get()
    browser = signed_in(collector)
    page = browser.get(reverse("directdebit:follow_ups"), {"owner": "collections"}).content.decode()
    assert "Castle Fibre Ltd" in page
    assert "may be presented until" in page

    finish = reverse("directdebit:finish_follow_up", args=[follow_up.pk])
    browser.post(finish, {"outcome": ""})
    assert FollowUp.objects.get().done_on is None
    browser.post(finish, {"outcome": "Castle pays by transfer"})

    assert FollowUp.objects.get().outcome == "Castle pays by transfer"


def test_the_auditor_sees_everything_and_is_led_to_nothing_that_changes_it(
    paid: Collection, take_in: TakeIn, may: Callable[[int], date], auditor: User, signed_in: SignedIn
) -> None:
    waiting = only(take_in(arudd(("CASTEL-1", "120.00", "0128")), may(15)))
    browser = signed_in(auditor)

    for address in ("directdebit:returns", "directdebit:follow_ups"):
        assert (
            "<button"
            not in browser.get(reverse(address)).content.decode().partition('id="main"')[2].partition("tbl-wrap")[2]
        )
    assert (
        "Book it on this collection"
        not in browser.get(reverse("directdebit:return", args=[waiting.pk])).content.decode()
    )
    assert browser.post(reverse("directdebit:assign_return", args=[waiting.pk])).status_code == 403


@pytest.mark.parametrize("name", ["returns", "follow_ups"])
def test_both_lists_are_workbooks_too(
    name: str, paid: Collection, take_in: TakeIn, may: Callable[[int], date], clerk: User, signed_in: SignedIn
) -> None:
    take_in(UNPAID, may(15))

    answer = signed_in(clerk).get(reverse(f"directdebit:{name}"), {"format": "xlsx"})

    assert answer["Content-Type"].endswith("spreadsheetml.sheet")


def test_the_finance_manager_sets_what_a_return_costs(
    creditor: Creditor, finance_manager: User, signed_in: SignedIn, clerk: User
) -> None:
    address = reverse("directdebit:change_return_policy", args=[creditor.pk])
    assert signed_in(clerk).get(address).status_code == 403

    signed_in(finance_manager).post(address, {"bank_fee": "1.50", "recharge": "15"})

    policy = ReturnPolicy.objects.get(creditor=creditor)
    assert (policy.bank_fee, policy.recharge) == (Decimal("1.5"), Decimal(15))


@pytest.mark.parametrize("name", ["returns", "follow_ups"])
def test_a_list_asks_the_database_the_same_number_of_questions_however_long_it_is(
    name: str, paid: Collection, take_in: TakeIn, may: Callable[[int], date], clerk: User, signed_in: SignedIn
) -> None:
    take_in(UNPAID, may(15))
    take_in(arudd(*[(f"OTHER-{number}", "5.00", "0128") for number in range(20)]), may(16), "more.xml")
    browser = signed_in(clerk)
    browser.get(reverse(f"directdebit:{name}"))

    with CaptureQueriesContext(
        connection,
    ) as asked:
        browser.get(reverse(f"directdebit:{name}"))

    assert len(asked) <= 16
