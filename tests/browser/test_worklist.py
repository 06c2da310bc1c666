"""The worklist in a real browser: ten customers in a row without a mouse, and how it looks."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from ar_collections.actions.worklist import assign_customers, refresh_worklist
from ar_collections.models import Call, Promise
from core import clock
from core.models import LegalEntity, User
from customers.models import Contact, Customer
from tests.browser.checks import Watched, assert_page_ok
from tests.collections.books import Books
from tests.collections.conftest import books as books
from tests.collections.conftest import new_customer as new_customer

SHOTS = os.environ.get("O2C_SHOTS", "")
NAMES = (
    "Brightwater Hotels Group", "Castle Fibre Ltd", "Meridian Care Homes", "Oakfield Academy Trust", "Halden Logistics",
    "Pennine Leisure Parks", "Sable & Stone Interiors", "Northgate Student Living", "Arkwright Precision Tools",
    "Riverbank Estates", "Tamar Valley Foods", "Kestrel Aviation Services",
)  # fmt: skip
pytestmark = pytest.mark.django_db(transaction=True)


def shoot(page: Watched, name: str) -> None:
    """Keep a picture where somebody asked for pictures."""
    if SHOTS:
        Path(SHOTS).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{SHOTS}/{name}.png", caret="initial")


@pytest.fixture
def today(uk: LegalEntity) -> date:
    return clock.today(uk)


@pytest.fixture
def morning(
    uk: LegalEntity, system: User, manager: User, collector: User, new_customer: Callable[..., Customer], today: date
) -> list[Customer]:
    """Twelve customers with something overdue, all of them Colin's."""
    found = []
    for number, name in enumerate(NAMES):
        customer = new_customer(f"C-{10420 + number}", name)
        Contact.objects.filter(customer=customer).update(phone=f"01632 9601{number:02}")
        account = Books(system, customer)
        for back, amount in ((95, 900), (50, 1600), (12, 2400), (-6, 3100)):
            due = today - timedelta(days=back)
            account.invoice(f"INV-{number}{back:03}", f"{amount * (30 - number)}.00", due - timedelta(days=30), due)
        found.append(customer)
    refresh_worklist(by=system, entity=uk, today=today)
    assign_customers(by=manager, entity=uk, customers=found, collector=collector)
    return found


def ready(page: Watched, name: str) -> None:
    """The customer's panel stands there, and the keys work in it."""
    expect(page.locator("#panel h2")).to_have_text(name)
    expect(page.locator(".call-outcome kbd").first).to_be_visible()


def test_ten_customers_are_worked_without_a_mouse(
    page: Watched, sign_in: Callable[[User], None], collector: User, morning: list[Customer], today: date
) -> None:
    sign_in(collector)
    page.goto("/worklist/?view=mine")
    ready(page, NAMES[0])
    shoot(page, "worklist-1440")

    page.keyboard.press("j")
    ready(page, NAMES[1])
    page.keyboard.press("k")
    ready(page, NAMES[0])

    page.keyboard.press("1")
    expect(page.locator(".call-part.is-promise")).to_be_visible()
    for _ in range(5):  # from the amount over the day's three parts and its picker to the first offered day
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('[data-set-day]')"):
            break
    page.keyboard.press("Enter")
    page.keyboard.press("Control+Enter")

    keys = ["3", "2", "3", "4", "3", "3", "2", "3", "3"]
    for number, key in enumerate(keys, 1):
        ready(page, NAMES[number])
        page.keyboard.press(key)
        page.keyboard.press("n")
        page.keyboard.type(f"Call {number}")
        page.keyboard.press("Control+Enter")
    ready(page, NAMES[10])

    assert Call.objects.count() == 10
    assert Promise.objects.get().customer.name == NAMES[0]
    assert list(Call.objects.order_by("pk").values_list("note", flat=True))[1:] == [f"Call {n}" for n in range(1, 10)]

    page.keyboard.press("z")
    expect(page.locator("#panel h2")).to_have_text(NAMES[9])
    assert Call.objects.filter(taken_back_at=None).count() == 9


def test_it_reads_well_at_every_width_in_light_and_dark(
    page: Watched, sign_in: Callable[[User], None], collector: User, morning: list[Customer]
) -> None:
    sign_in(collector)
    page.goto("/worklist/?view=mine")
    assert_page_ok(page)
    if SHOTS:
        page.set_viewport_size({"width": 390, "height": 844})
        shoot(page, "worklist-390")
        page.set_viewport_size({"width": 1440, "height": 900})
        page.emulate_media(color_scheme="dark")
        shoot(page, "worklist-1440-dark")
