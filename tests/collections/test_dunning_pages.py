"""The screens of strategies, previews and reminders, for a browser without JavaScript."""

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from ar_collections.actions.strategies import set_up_strategies
from ar_collections.models import DunningHold, DunningNotice, Segment, SegmentAssignment, StrategyVersion
from core import clock
from core.models import LegalEntity, User
from customers.models import Customer
from messaging.models import Message
from tests.collections.books import Books
from tests.collections.dunning import night, switch_all_on

SignIn = Callable[[User], Client]


@pytest.fixture
def standard(books: LegalEntity, manager: User) -> StrategyVersion:
    set_up_strategies(by=manager, entity=books)
    return StrategyVersion.objects.get(strategy__code="standard")


def late(account: Books, number: str = "INV-1", days: int = 7) -> None:
    today = clock.today(account.customer.entity)
    account.invoice(number, "900.00", today - timedelta(days=40), today - timedelta(days=days))


def test_a_manager_takes_up_the_usual_strategies(books: LegalEntity, signed_in: SignIn, manager: User) -> None:
    browser = signed_in(manager)
    assert "Take up the usual ones" in browser.get("/strategies/").content.decode()

    answer = browser.post("/strategies/set-up/", follow=True).content.decode()

    assert "7 segments with their ladders are there as drafts" in answer
    assert "Everybody else" in answer and "Customers who owe less than £250.00" in answer


def test_a_draft_is_written_and_switched_on_by_pages(
    standard: StrategyVersion, signed_in: SignIn, manager: User, collector: User
) -> None:
    browser = signed_in(manager)
    form = browser.get(f"/strategies/versions/{standard.pk}/change/").context["steps"]
    data = {"gap_days": "4", "note": "Fewer mails"}
    for name, value in form.management_form.initial.items():
        data[f"steps-{name}"] = str(value)
    for number, step in enumerate(form):
        for name, bound in step.fields.items():
            value = step.initial.get(name, bound.initial)
            if value not in (None, False, ""):
                data[f"steps-{number}-{name}"] = "on" if value is True else str(value)
        data.setdefault(f"steps-{number}-channel", "email")
        data.setdefault(f"steps-{number}-tone", "firm")
    data["steps-0-name"] = ""
    data["steps-9-name"], data["steps-9-day"], data["steps-9-template"] = "One more", "20", "notice_firm"

    assert browser.post(f"/strategies/versions/{standard.pk}/change/", {**data, "steps-9-day": "15"}).status_code == 422
    browser.post(f"/strategies/versions/{standard.pk}/change/", data)

    steps = list(standard.steps.order_by("day").values_list("day", "code"))
    assert (1, "due_today") in steps and (20, "one_more") in steps and len(steps) == 9
    answer = browser.post(f"/strategies/versions/{standard.pk}/on/", follow=True).content.decode()
    assert "Standard, version 1 is on" in answer
    assert browser.get(f"/strategies/versions/{standard.pk}/change/").status_code == 302
    assert browser.post(f"/strategies/versions/{standard.pk}/off/", {"reason": ""}).status_code == 422
    browser.post(f"/strategies/{standard.strategy_id}/draft/")
    assert StrategyVersion.objects.filter(strategy=standard.strategy, switched_on_at=None).count() == 1
    assert signed_in(collector).get(f"/strategies/versions/{standard.pk}/change/").status_code == 403


def test_a_segment_is_changed_by_its_page(standard: StrategyVersion, signed_in: SignIn, manager: User) -> None:
    small = Segment.objects.get(code="small_balance")
    browser = signed_in(manager)

    refused = browser.post(f"/segments/{small.pk}/", {"strategy": small.strategy_id, "threshold": ""})
    browser.post(f"/segments/{small.pk}/", {"strategy": small.strategy_id, "threshold": "99.50"})

    assert refused.status_code == 422
    small.refresh_from_db()
    assert str(small.threshold) == "99.500"


def test_the_preview_says_whom_and_whom_not_and_why(
    account: Books,
    hotels: Customer,
    new_customer: Callable[..., Customer],
    system: User,
    signed_in: SignIn,
    manager: User,
    collector: User,
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    switch_all_on(manager, hotels.entity)
    late(account)
    other = Books(system, new_customer("C-2", "Castle Fibre"))
    late(other, "INV-2", days=-30)
    browser = signed_in(collector)
    monday = clock.today(hotels.entity) + timedelta(days=(7 - clock.today(hotels.entity).weekday()) % 7)

    with django_assert_max_num_queries(60):  # type: ignore[attr-defined]
        asked = browser.get(f"/reminders/preview/?on={monday}").content.decode()
    not_asked = browser.get(f"/reminders/preview/?on={monday}&state=not").content.decode()
    book = CalamineWorkbook.from_filelike(
        BytesIO(b"".join(browser.get(f"/reminders/preview/?on={monday}&format=xlsx").streaming_content))  # type: ignore[attr-defined]
    )

    assert "Brightwater Hotels" in asked and "First reminder" in asked and "Castle Fibre" not in asked
    assert "Castle Fibre" in not_asked and "Before it is due on" in not_asked
    assert book.sheet_names == ["Asked", "Not asked"]
    assert "INV-2" in str(book.get_sheet_by_name("Not asked").to_python())
    assert browser.get("/reminders/preview/?on=2020-01-01").status_code == 409
    assert browser.get("/reminders/preview/?on=someday").status_code == 409


def test_what_was_decided_is_listed_and_shown(
    account: Books, hotels: Customer, signed_in: SignIn, manager: User, auditor: User
) -> None:
    switch_all_on(manager, hotels.entity)
    account.invoice("INV-1", "900.00", date(2026, 4, 4), date(2026, 5, 4))
    night(hotels.entity, date(2026, 5, 11))
    notice = DunningNotice.objects.get()
    browser = signed_in(auditor)

    assert "First reminder" in browser.get("/reminders/").content.decode()
    listed = browser.get("/reminders/?on=2026-05-11").content.decode()
    shown = browser.get(f"/reminders/{notice.pk}/").content.decode()
    message = browser.get(f"/messages/{notice.message_id}/").content.decode()

    assert "First reminder" in listed and "INV-1" in listed
    assert "Standard, day 5" in shown and "ap@hotels.example" in shown
    assert "Reminder: £900.00 is overdue to Brightwater" in message
    assert "No reminder has that" in browser.get("/reminders/?on=2026-05-12").content.decode()


def test_a_customers_page_holds_lifts_assigns_and_says_why(
    account: Books, hotels: Customer, signed_in: SignIn, manager: User
) -> None:
    switch_all_on(manager, hotels.entity)
    late(account)
    browser, here = signed_in(manager), f"/customers/{hotels.pk}"

    browser.post(f"{here}/holds/new/", {"kind": "hold", "reason": "Waits for the order number"})
    held = browser.get(f"{here}/reminders/").content.decode()
    refused = browser.post(f"{here}/reminders/send/", follow=True).content.decode()
    hold = DunningHold.objects.get()
    browser.post(f"/holds/{hold.pk}/lift/", {"reason": ""})
    still = DunningHold.objects.filter(lifted_on=None).exists()
    browser.post(f"/holds/{hold.pk}/lift/", {"reason": "It came"})

    assert "Nothing is asked: On hold: Waits for the order number" in held
    assert "Nothing can be asked of Brightwater Hotels Group today" in refused
    assert still and not DunningHold.objects.filter(lifted_on=None).exists()
    strategic = Segment.objects.get(code="strategic")
    browser.post(f"{here}/segment/", {"segment": strategic.pk, "reason": "Board level"})
    assert "In “Strategic customers” by hand: Board level" in browser.get(f"{here}/reminders/").content.decode()
    browser.post(f"/segments/assignments/{SegmentAssignment.objects.get().pk}/end/")
    assert not SegmentAssignment.objects.filter(ended_at=None).exists()
    assert browser.post(f"{here}/holds/new/", {"kind": "hold", "reason": ""}).status_code == 422
    assert Message.objects.count() == 0


def test_a_changed_strategy_is_tried_on_months_that_are_over(
    account: Books, hotels: Customer, standard: StrategyVersion, signed_in: SignIn, manager: User
) -> None:
    """The books were brought in today, so that on each day then nothing was known."""
    item = account.invoice("INV-1", "900.00", date(2026, 1, 4), date(2026, 2, 3))
    account.apply(account.receipt("RC-1", "900.00", date(2026, 2, 20)), item, "900.00", date(2026, 2, 20))
    account.invoice("INV-2", "400.00", date(2026, 2, 4), date(2026, 3, 6))
    browser = signed_in(manager)
    days = f"/strategies/versions/{standard.pk}/try/?from_on=2026-01-01&until_on=2026-03-31"

    then = browser.get(f"{days}&basis=then")
    since = browser.get(f"{days}&basis=since")

    assert then.context["found"].messages == []
    assert [(each.on.isoformat(), each.step, list(each.numbers)) for each in since.context["found"].messages] == [
        ("2026-01-29", "Before it is due", ["INV-1"]),
        ("2026-02-04", "Due", ["INV-1"]),
        ("2026-02-09", "First reminder", ["INV-1"]),
        ("2026-02-18", "Second reminder", ["INV-1"]),
        ("2026-03-02", "Before it is due", ["INV-2"]),
        ("2026-03-09", "Due", ["INV-2"]),
        ("2026-03-12", "First reminder", ["INV-2"]),
        ("2026-03-23", "Second reminder", ["INV-2"]),
        ("2026-03-31", "Third reminder", ["INV-2"]),
    ]
    assert browser.get(f"{days}&basis=then&until_on=2030-01-01").status_code == 422
    assert DunningNotice.objects.count() == 0
