"""The frame of every page, as people meet it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from playwright.sync_api import BrowserContext, expect

from core.actions.people import change_preferences
from core.models import User
from tests.browser.checks import Watched, assert_page_ok, axe_findings
from tests.conftest import PASSWORD

SignIn = Callable[[User], None]
PAGES = (
    "/design/",
    "/settings/",
    "/people/",
    "/people/new/",
    "/companies/",
    "/companies/UK/",
    "/calendars/?year=2026",
    "/rates/",
    "/series/",
    "/audit/",
    "/runs/",
    "/tokens/",
    "/me/",
    "/account/password/change/",
    "/account/2fa/",
    "/design/?as_at=2026-01-31",
)
ENTRANCE = ("/account/login/", "/account/password/reset/", "/account/password/reset/done/")


@pytest.mark.parametrize("url", PAGES)
def test_every_page_is_accessible_and_fits_every_window(
    page: Watched, sign_in: SignIn, administrator: User, url: str
) -> None:
    sign_in(administrator)
    page.goto(url)
    assert_page_ok(page)


@pytest.mark.parametrize("url", ENTRANCE)
def test_the_entrance_is_accessible_and_fits_every_window(page: Watched, url: str) -> None:
    page.goto(url)
    assert_page_ok(page)


def test_a_clerk_signs_in_and_out(page: Watched, clerk: User) -> None:
    User.objects.filter(pk=clerk.pk).update(password=make_password(PASSWORD))
    page.goto("/account/login/?next=/me/")
    page.get_by_label("Email").fill(clerk.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="My settings")).to_be_visible()
    page.get_by_role("button", name="Nora").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert page.complaints.said == []


def test_a_wrong_password_is_told_without_saying_which_part(page: Watched, clerk: User) -> None:
    page.goto("/account/login/")
    page.get_by_label("Email").fill(clerk.email)
    page.get_by_label("Password").fill("guess")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("not correct")


def test_ctrl_k_finds_a_room_and_goes_there(page: Watched, sign_in: SignIn, administrator: User) -> None:
    sign_in(administrator)
    page.goto("/me/")
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="Name, number, amount or command")
    expect(field).to_be_focused()
    page.keyboard.type("exch rat")
    chosen = page.get_by_role("option", name="Exchange rates")
    expect(chosen).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", str(chosen.get_attribute("id")))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Exchange rates")).to_be_visible()
    assert page.complaints.said == []


def test_arrows_walk_through_the_palette_and_escape_closes_it(
    page: Watched, sign_in: SignIn, administrator: User
) -> None:
    sign_in(administrator)
    page.goto("/me/")
    page.keyboard.press("Control+k")
    options = page.get_by_role("option")
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()


def test_g_and_a_letter_go_to_a_room(page: Watched, sign_in: SignIn, administrator: User) -> None:
    sign_in(administrator)
    page.goto("/me/")
    page.keyboard.press("g")
    page.keyboard.press("j")
    expect(page.get_by_role("heading", name="Runs")).to_be_visible()


def test_j_k_and_x_work_through_the_rows(page: Watched, sign_in: SignIn, clerk: User) -> None:
    sign_in(clerk)
    page.goto("/design/")
    for key in ("j", "j", "j", "k"):
        page.keyboard.press(key)
    row = page.locator("[data-row]").nth(1)
    expect(row).to_have_class("is-current")
    expect(row.locator("[data-row-link]")).to_be_focused()
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Shift+X")
    expect(page.locator("[data-tick]:checked")).to_have_count(3)
    expect(page.locator("[data-count-text]")).to_have_text("3")


def test_slash_goes_to_the_filter_and_letters_stay_letters_there(page: Watched, sign_in: SignIn, clerk: User) -> None:
    sign_in(clerk)
    page.goto("/design/")
    page.keyboard.press("/")
    page.keyboard.type("jkgx?")
    expect(page.locator("[data-filter]")).to_have_value("jkgx?")
    expect(page.locator(".is-current")).to_have_count(0)
    expect(page.locator("#keys")).to_be_hidden()


def test_the_sheet_lists_the_keys_of_the_page(page: Watched, sign_in: SignIn, clerk: User) -> None:
    sign_in(clerk)
    page.goto("/design/")
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keys")
    expect(sheet).to_contain_text("New invoice")
    expect(sheet).to_contain_text("Change the as-at date")


def test_single_keys_that_are_switched_off_do_nothing(page: Watched, sign_in: SignIn, clerk: User) -> None:
    change_preferences(by=clerk, single_keys=False)
    sign_in(clerk)
    page.goto("/design/")
    for key in ("j", "?", "g", "j"):
        page.keyboard.press(key)
    expect(page.locator(".is-current")).to_have_count(0)
    expect(page.locator("#keys")).to_be_hidden()
    page.keyboard.press("Control+k")
    expect(page.locator("#palette")).to_be_visible()


def test_the_date_goes_into_the_address_and_back(page: Watched, sign_in: SignIn, clerk: User) -> None:
    sign_in(clerk)
    page.goto("/design/?page=2")
    page.keyboard.press("t")
    page.get_by_label("Show everything as at").fill("2026-01-31")
    page.get_by_role("button", name="Show that day").click()
    page.wait_for_url("**as_at=2026-01-31*")
    expect(page.get_by_role("region", name="Date of this page")).to_contain_text("31")
    page.get_by_role("link", name="Back to today").click()
    expect(page.get_by_role("region", name="Date of this page")).to_have_count(0)


def test_dark_is_kept_for_the_person(page: Watched, sign_in: SignIn, clerk: User) -> None:
    sign_in(clerk)
    page.goto("/design/")
    page.get_by_role("button", name="Light or dark").click()
    with page.expect_response("**/me/preferences/"):
        page.get_by_role("button", name="Dark", exact=True).click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(14, 20, 24)"


def test_the_skip_link_is_the_first_stop(page: Watched, sign_in: SignIn, clerk: User) -> None:
    sign_in(clerk)
    page.goto("/design/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()


def test_a_first_visit_is_light(page: Watched, sign_in: SignIn, clerk: User) -> None:
    sign_in(clerk)
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    page.goto("/me/")
    page.wait_for_load_state("networkidle")
    assert len(requested) <= 10, requested


def test_everything_prints_without_the_frame(page: Watched, sign_in: SignIn, clerk: User) -> None:
    sign_in(clerk)
    page.goto("/design/")
    page.emulate_media(media="print")
    for gone in (".side-nav", ".top", ".page-actions", ".filters", "[data-tick-all]"):
        expect(page.locator(gone).first).to_be_hidden()
    expect(page.locator(".tbl thead").first).to_be_visible()


def test_the_phone_has_a_bar_with_more_rooms(page: Watched, sign_in: SignIn, administrator: User) -> None:
    sign_in(administrator)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/me/")
    page.get_by_role("button", name="More").click()
    page.locator("#rooms-menu").get_by_role("link", name="Settings").click()
    expect(page.get_by_role("heading", name="Settings")).to_be_visible()


@pytest.fixture
def without_scripts(browser: Any, browser_context_args: dict[str, Any]) -> Any:
    context: BrowserContext = browser.new_context(**{**browser_context_args, "java_script_enabled": False})
    yield context
    context.close()


def test_settings_are_saved_without_scripts(without_scripts: Any, live_server: Any, clerk: User) -> None:
    User.objects.filter(pk=clerk.pk).update(password=make_password(PASSWORD))
    page = without_scripts.new_page()
    page.goto(live_server.url + "/account/login/?next=/me/")
    page.get_by_label("Email").fill(clerk.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Compact, one line a row").check()
    page.get_by_role("button", name="Save settings").click()
    expect(page.get_by_role("status")).to_contain_text("Your settings are saved.")
    clerk.refresh_from_db()
    assert clerk.density == "compact"


def test_the_palette_says_when_nothing_is_found(page: Watched, sign_in: SignIn, administrator: User) -> None:
    sign_in(administrator)
    page.goto("/me/")
    page.keyboard.press("Control+k")
    page.keyboard.type("zzz")
    expect(page.locator("#palette")).to_contain_text("Nothing found")
    assert axe_findings(page) == []


def test_filters_fold_on_a_phone_and_open(page: Watched, sign_in: SignIn, auditor: User) -> None:
    sign_in(auditor)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/audit/")
    expect(page.get_by_label("Who")).to_be_hidden()
    page.get_by_role("button", name="Filters").click()
    expect(page.get_by_label("Who")).to_be_visible()
