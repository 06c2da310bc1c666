"""A report on direct debits, as Nora takes it in: the preview, what waits for her, the worklist."""

# ruff: noqa: F401, F811 - fixtures of neighbours

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

from playwright.sync_api import expect

from core.models import User
from directdebit.models import Collection
from tests.browser.checks import Watched, assert_page_ok
from tests.cashapp.conftest import bank_account
from tests.cashapp.receipts.conftest import castle, halden, invoice
from tests.directdebit.returns.conftest import books, creditor, draw, mandate, paid
from tests.directdebit.returns.reports import arudd

SignIn = Callable[[User], None]
REPORT = arudd(("CASTLE-001", "120.00", "0128"), ("CASTEL-1", "75.00", "1012"))


def look(page: Watched, name: str) -> None:
    """Check the page, and keep pictures of it where O2C_PICTURES names a folder."""
    assert_page_ok(page)
    if folder := os.environ.get("O2C_PICTURES"):
        for width, scheme in ((1440, "light"), (390, "light"), (1440, "dark")):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=Path(folder) / f"{name}-{width}-{scheme}.png", full_page=True)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1440, "height": 900})


def test_a_report_is_taken_in_decided_on_and_followed_up(
    page: Watched, sign_in: SignIn, clerk: User, paid: Collection, may: Callable[[int], date]
) -> None:
    sign_in(clerk)
    page.goto("/returned-debits/")
    look(page, "returns-empty")
    page.goto("/returned-debits/upload/")
    file = {"name": "arudd.xml", "mimeType": "text/xml", "buffer": REPORT}
    page.get_by_label("Report").set_input_files(file)  # type: ignore[arg-type]
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_text("The receipt is undone, the mandate stays")).to_be_visible()
    look(page, "returns-preview")

    page.get_by_role("button", name="Take in and book").click()
    expect(page.get_by_role("link", name="ARUDD 1")).to_be_visible()
    look(page, "returns-list")
    page.get_by_role("link", name="ARUDD 1").click()
    expect(page.get_by_text("No mandate of Brightwater has the reference")).to_be_visible()
    look(page, "returns-one")

    page.goto("/debit-follow-ups/")
    expect(page.get_by_text("Castle Fibre Ltd")).to_be_visible()
    look(page, "follow-ups")
