"""The frame of every page, as people meet it."""

from __future__ import annotations

from collections.abc import Callable

from core.models import User
from tests.browser.checks import Watched, assert_page_ok

SignIn = Callable[[User], None]


def test_every_part_of_the_design_is_accessible_and_fits(page: Watched, sign_in: SignIn, clerk: User) -> None:
    sign_in(clerk)
    page.goto("/design/")
    assert_page_ok(page)
