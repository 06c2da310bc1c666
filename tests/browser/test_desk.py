"""The cash desk in a real browser: ticks, amounts, keys, and what happens after Match and next."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from cashapp.actions.matching import match_lines
from cashapp.models import BankStatementLine, Receipt
from cashapp.queries.matching import lines_to_match, load_index
from core.models import LegalEntity, User
from ledger.models import OpenItem
from tests.browser.checks import Watched, assert_page_ok
from tests.cashapp.conftest import bank_account as bank_account
from tests.cashapp.receipts.conftest import bank_line as bank_line
from tests.cashapp.receipts.conftest import books as books
from tests.cashapp.receipts.conftest import credit_note as credit_note
from tests.cashapp.receipts.conftest import customer_of, open_amounts
from tests.cashapp.receipts.conftest import invoice as invoice

SignIn = Callable[[User], None]
Make = Callable[..., Any]
SLOW = 15_000
SHOTS = os.environ.get("O2C_SHOTS", "")
pytestmark = pytest.mark.django_db(transaction=True)


def shoot(page: Watched, name: str) -> None:
    """Keep a picture where somebody asked for pictures."""
    if SHOTS:
        Path(SHOTS).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{SHOTS}/{name}.png", caret="initial")


@pytest.fixture
def morning(
    clerk: User,
    system: User,
    sign_in: SignIn,
    books: LegalEntity,
    invoice: Make,
    credit_note: Make,
    bank_line: Make,
) -> dict[str, Any]:
    """A morning's lines: exact ones post by themselves, the others wait."""
    today = date.today()  # noqa: DTZ011 - the desk is live
    day = [today - timedelta(days=back) for back in range(120)]
    named = {
        "C-10420": "Brightwater Hotels Group",
        "C-10421": "Castle Fibre Ltd",
        "C-10422": "Oakfield Academy Trust",
        "C-10423": "Riverbank Estates",
        "C-10424": "Pennine Leisure Parks",
    }
    customers = {code: customer_of(books, code, name) for code, name in named.items()}
    hotels, castle, oakfield, riverbank, pennine = customers.values()
    items = {
        "INV-24116": invoice(hotels, "INV-24116", "13705.00", day[46], due_on=day[16], purchase_order="88213"),
        "INV-24118": invoice(hotels, "INV-24118", "1676.00", day[80], due_on=day[50]),
        "INV-24119": invoice(hotels, "INV-24119", "7890.00", day[113], due_on=day[83]),
        "INV-24120": invoice(hotels, "INV-24120", "7488.00", day[119], due_on=day[117]),
        "CN-0091": credit_note(hotels, "CN-0091", "1250.00", day[23]),
        "INV-23984": invoice(castle, "INV-23984", "8400.00", day[40], due_on=day[10]),
        "INV-24001": invoice(oakfield, "INV-24001", "4320.00", day[40], due_on=day[10]),
        "INV-24007": invoice(riverbank, "INV-24007", "3120.00", day[40], due_on=day[10]),
        "INV-24008": invoice(riverbank, "INV-24008", "3120.00", day[30], due_on=day[1]),
        "INV-24031": invoice(pennine, "INV-24031", "10000.00", day[30], due_on=day[1]),
    }
    lines = {
        "hotels": bank_line("12960.00", "24116 24118 LESS CN", on=day[1], payer="BRIGHTWATER HOTELS GROUP"),
        "castle": bank_line("8400.00", "INV 23984", on=day[1], payer="CASTLE FIBRE LTD"),
        "oakfield": bank_line("4212.50", "OAT REMIT", on=day[1], payer="OAKFIELD ACADEMY TRUST"),
        "stripe": bank_line("2499.00", "STRIPE PAYOUT", on=day[2]),
        "riverbank": bank_line("3120.00", "RIVERBANK", on=day[2], payer="RIVERBANK ESTATES"),
        "pennine": bank_line("10300.00", "PLP NOV", on=day[3], payer="PENNINE LEISURE PARKS"),
        "unknown": bank_line("915.00", "FT REF 0091827", on=day[2]),
    }
    waiting = list(lines_to_match(books))
    match_lines(by=system, entity=books, lines=waiting, index=load_index(books, today))
    sign_in(clerk)
    return {"items": items, "lines": lines, "customers": customers}


def test_the_desk_is_accessible_and_fits_every_window(page: Watched, morning: dict[str, Any]) -> None:
    line: BankStatementLine = morning["lines"]["hotels"]
    page.goto(f"/cash/{line.pk}/")
    shoot(page, "desk-1440")
    assert_page_ok(page)
    page.emulate_media(color_scheme="dark")
    shoot(page, "desk-1440-dark")
    page.set_viewport_size({"width": 390, "height": 844})
    shoot(page, "desk-390-dark")
    page.emulate_media(color_scheme="light")
    shoot(page, "desk-390")


def test_other_pages_of_cash_are_accessible_and_fit(page: Watched, morning: dict[str, Any]) -> None:
    castle: BankStatementLine = morning["lines"]["castle"]
    receipt = Receipt.objects.get(line=castle)
    for address in (
        "/cash/?view=matched",
        f"/cash/{castle.pk}/?view=matched",
        "/receipts/",
        f"/receipts/{receipt.pk}/",
        "/receipts/new/",
        "/receipts/unapplied/",
        "/match-rules/",
    ):
        page.goto(address)
        shoot(page, "page" + address.replace("/", "-").replace("?", "-"))
        assert_page_ok(page, widths=(320, 1440))


def test_ticks_fill_in_what_is_left_and_amounts_are_worked_out(page: Watched, morning: dict[str, Any]) -> None:
    line, items = morning["lines"]["hotels"], morning["items"]
    page.goto(f"/cash/{line.pk}/")
    for number in items:
        box = page.get_by_label(f"Pay {number}", exact=True)
        if box.count() and box.is_checked():
            box.uncheck()
    expect(page.locator("[data-desk-left]")).to_have_text("12,960.00")
    page.get_by_label("Pay CN-0091").check()
    page.get_by_label("Pay INV-24116").check()
    page.get_by_label("Pay INV-24118").check()
    expect(page.get_by_label("Apply to INV-24116")).to_have_value("13,705.00")
    expect(page.get_by_label("Apply to INV-24118")).to_have_value("505.00")
    expect(page.get_by_text("INV-24118 is short by 1,171.00 GBP")).to_be_visible()
    expect(page.locator("[data-desk-left-box]")).to_have_attribute("data-state", "none")
    page.get_by_label("Apply to INV-24118").fill("600")
    expect(page.locator("[data-desk-left-box]")).to_have_attribute("data-state", "over")
    page.get_by_label("Apply to INV-24118").fill("505")
    shoot(page, "desk-worked-out")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-toast]")).to_contain_text("posted", timeout=SLOW)
    assert open_amounts([items["INV-24116"], items["INV-24118"], items["CN-0091"]]) == ["0.00", "1171.00", "0.00"]
    shoot(page, "desk-after")
    assert not page.complaints.said


def test_a_morning_is_worked_with_the_keyboard_alone(page: Watched, morning: dict[str, Any]) -> None:
    page.goto("/cash/")
    page.locator(".split-row").first.focus()
    first = page.locator("[data-line]").get_attribute("data-line")
    page.keyboard.press("j")
    expect(page.locator("[data-line]")).not_to_have_attribute("data-line", first or "")
    page.keyboard.press("k")
    expect(page.locator("[data-line]")).to_have_attribute("data-line", first or "")
    page.keyboard.press("s")
    expect(page.locator("[data-line]")).not_to_have_attribute("data-line", first or "")
    page.keyboard.press("/")
    expect(page.get_by_label("Find in these lines")).to_be_focused()
    page.keyboard.type("riverbank")
    page.keyboard.press("Enter")
    expect(page.locator(".split-row")).to_have_count(1)
    expect(page.get_by_text("2 options", exact=True).first).to_be_visible()
    shoot(page, "desk-options")
    expect(page.get_by_label("Pay INV-24007")).not_to_be_checked()
    page.get_by_role("link", name="INV-24007").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Pay INV-24007")).to_be_checked()
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-toast]")).to_contain_text("Riverbank Estates posted", timeout=SLOW)
    expect(page.get_by_text("No line has that")).to_be_visible()
    assert OpenItem.objects.get(number="INV-24007").open_amount == 0
    page.keyboard.press("z")
    expect(page.locator("[data-toast]")).to_contain_text("Taken back by reversal", timeout=SLOW)
    assert OpenItem.objects.get(number="INV-24007").open_amount == 3120
    assert not page.complaints.said


PRESS_Z_WITH_THE_TOAST = """
new MutationObserver((_, watching) => {
  watching.disconnect();
  document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "z", bubbles: true, cancelable: true }));
}).observe(document.getElementById("toasts"), { childList: true });
"""


def test_what_was_done_is_undone_by_a_key_that_comes_with_its_toast(page: Watched, morning: dict[str, Any]) -> None:
    """Nobody's hand is quicker: the key is pressed in the moment in which the toast is there."""
    line, items = morning["lines"]["hotels"], morning["items"]
    page.goto(f"/cash/{line.pk}/")
    page.get_by_label("Apply to INV-24118").focus()
    page.evaluate(PRESS_Z_WITH_THE_TOAST)
    page.keyboard.press("Control+Enter")

    expect(page.locator("[data-toast]")).to_contain_text("Taken back by reversal", timeout=SLOW)
    assert open_amounts([items["INV-24116"]]) == [f"{items['INV-24116'].amount:.2f}"]
    assert not page.complaints.said


def test_one_line_is_matched_to_two_documents_with_the_keyboard_alone(page: Watched, morning: dict[str, Any]) -> None:
    line, items, keys = morning["lines"]["hotels"], morning["items"], page.keyboard
    page.goto(f"/cash/{line.pk}/")
    keys.press("d")
    for number in ("INV-24116", "INV-24118", "CN-0091"):
        expect(page.get_by_label(f"Pay {number}", exact=True)).to_be_focused()
        expect(page.get_by_label(f"Pay {number}", exact=True)).to_be_checked()
        keys.press("x")
        keys.press("j")
    expect(page.locator("[data-desk-left]")).to_have_text("12,960.00")
    expect(page.get_by_label("Pay INV-24120")).to_be_focused()
    keys.press("x")
    keys.press("ArrowDown")
    keys.press("x")
    expect(page.get_by_label("Apply to INV-24119")).to_have_value("5,472.00")
    keys.press("Tab")
    keys.type("5400")
    keys.press("Enter")
    expect(page.get_by_label("Pay INV-24119")).to_be_focused()
    expect(page.get_by_label("Apply to INV-24119")).to_have_value("5,400.00")
    expect(page.locator("[data-desk-left]")).to_have_text("72.00")
    shoot(page, "desk-by-keyboard")
    keys.press("Control+Enter")
    expect(page.locator("[data-toast]")).to_contain_text("72.00 GBP on account", timeout=SLOW)
    assert open_amounts([items["INV-24119"], items["INV-24120"]]) == ["2490.00", "0.00"]
    assert not page.complaints.said


def test_the_keyboard_goes_on_after_every_swap(page: Watched, morning: dict[str, Any]) -> None:
    keys, rows = page.keyboard, page.locator(".split-row")
    page.goto(f"/cash/{morning['lines']['hotels'].pk}/")
    keys.press("d")
    keys.press("Escape")
    expect(page.locator(".split-row[aria-current]")).to_be_focused()
    keys.press("d")
    keys.press("s")
    expect(rows.nth(1)).to_be_focused()
    keys.press("a")
    expect(page.get_by_label("Your question")).to_be_focused()
    keys.type("Whose money is this?")
    keys.press("Control+Enter")
    expect(page.locator("[data-toast]")).to_contain_text("Set aside under Check", timeout=SLOW)
    expect(page.locator(".split-row[aria-current]")).to_be_focused()
    current = page.locator("[data-line]").get_attribute("data-line")
    keys.press("j")
    expect(page.locator("[data-line]")).not_to_have_attribute("data-line", current or "")
    expect(page.locator(".split-row[aria-current]")).to_be_focused()
    keys.press("u")
    expect(page.locator("[data-toast]")).to_contain_text("Booked as unidentified", timeout=SLOW)
    expect(page.locator(".split-row[aria-current]")).to_be_focused()
    assert not page.complaints.said


def test_a_refused_amount_leaves_the_focus_in_its_field(page: Watched, morning: dict[str, Any]) -> None:
    page.goto(f"/cash/{morning['lines']['hotels'].pk}/")
    field = page.get_by_label("Apply to INV-24116")
    field.fill("99999")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".notice.is-bad")).to_contain_text("has only 12,960.00 GBP left", timeout=SLOW)
    expect(field).to_be_focused()
    assert OpenItem.objects.get(number="INV-24116").open_amount == 13705
    assert len(page.complaints.said) == 1  # the browser's own word about the answer 422


def test_a_swap_is_quiet_where_something_has_styled_an_element(page: Watched, morning: dict[str, Any]) -> None:
    """What a style has touched keeps an empty style attribute, and the policy refuses to have that copied."""
    page.goto(f"/cash/{morning['lines']['hotels'].pk}/")
    styled = page.evaluate(
        """() => {
          const all = [...document.querySelectorAll("#desk [id]")];
          for (const one of all) { one.style.color = "red"; one.style.color = ""; }
          return all.length;
        }"""
    )
    assert styled > 10
    page.keyboard.press("j")
    expect(page.get_by_label("Pay INV-24001")).to_be_checked()
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-toast]")).to_contain_text("posted", timeout=SLOW)
    assert not page.complaints.said


def test_no_key_acts_on_a_line_while_the_next_is_on_its_way(page: Watched, morning: dict[str, Any]) -> None:
    hotels, oakfield = morning["lines"]["hotels"], morning["lines"]["oakfield"]

    def after_a_while(route: Route) -> None:
        page.wait_for_timeout(600)
        route.continue_()

    page.goto(f"/cash/{hotels.pk}/")
    page.route(f"**/cash/{oakfield.pk}/", after_a_while)
    page.keyboard.press("j")
    page.keyboard.press("Control+Enter")
    page.keyboard.press("u")
    expect(page.get_by_label("Pay INV-24001")).to_be_checked()
    page.unroute_all(behavior="wait")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-toast]")).to_contain_text("Oakfield Academy Trust posted", timeout=SLOW)
    assert not Receipt.objects.filter(line=hotels).exists()
    assert not page.complaints.said


def test_a_customer_is_searched_and_brings_its_documents(page: Watched, morning: dict[str, Any]) -> None:
    line: BankStatementLine = morning["lines"]["unknown"]
    page.goto(f"/cash/{line.pk}/")
    expect(page.get_by_text("No customer yet")).to_be_visible()
    shoot(page, "desk-unknown")
    page.get_by_label("Customer", exact=True).fill("Penn")
    page.get_by_role("option", name="Pennine Leisure Parks").click()
    expect(page.get_by_label("Pay INV-24031")).to_be_visible()
    page.get_by_label("Pay INV-24031").check()
    expect(page.get_by_label("Apply to INV-24031")).to_have_value("915.00")
    page.get_by_role("button", name="Match and next").click()
    expect(page.locator("[data-toast]")).to_contain_text("Pennine Leisure Parks posted", timeout=SLOW)
    assert not page.complaints.said
