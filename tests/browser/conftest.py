"""A real browser in front of the test server, in which people are signed in by their session's cookie."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings as project
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from core.models import User
from tests.browser.checks import Watched, watch

SLOW = 15_000
expect.set_options(timeout=SLOW)  # two cores that run other tests as well may take their time


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser; without one it is skipped with a sentence."""
    browser = find_browser()
    for item in items:
        if "/tests/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)
            if browser is None:
                item.add_marker(pytest.mark.skip(reason="No Chromium found: apt-get install chromium"))


def find_browser() -> str | None:
    """Debian's Chromium, or the one that O2C_CHROMIUM names."""
    named = os.environ.get("O2C_CHROMIUM")
    return named or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return {
        "executable_path": find_browser(),
        "args": [
            "--no-sandbox",
            "--lang=en-GB",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {
        **browser_context_args,
        "viewport": {"width": 1440, "height": 900},
        "reduced_motion": "reduce",
        "locale": "en-GB",
    }


@pytest.fixture(scope="session")
def built_ui() -> None:
    """Icons, fonts and the stylesheet as they are now."""
    call_command("build_ui", verbosity=0)


@pytest.fixture(autouse=True)
def plain_static_files(settings: Any, built_ui: None) -> None:
    """The live server knows files by their plain names only."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.startswith("whitenoise.")]
    settings.DESIGN_PAGE = True


@pytest.fixture
def page(context: BrowserContext, live_server: LiveServer) -> Iterator[Watched]:
    """A page that remembers every complaint of the browser."""
    page = context.new_page()
    page.set_default_timeout(SLOW)
    page.goto = _from_the_root(page, live_server.url)  # type: ignore[method-assign]
    yield watch(page)
    page.close()


def _from_the_root(page: Page, root: str) -> Callable[..., Any]:
    plain = page.goto
    return lambda url, **options: plain(root + url if url.startswith("/") else url, **options)


@pytest.fixture
def sign_in(context: BrowserContext, live_server: LiveServer) -> Callable[[User], None]:
    """Sign a person in without the login page."""

    def sign(user: User) -> None:
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = project.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        cookie = {"name": project.SESSION_COOKIE_NAME, "value": str(session.session_key), "url": live_server.url}
        context.add_cookies([cookie])  # type: ignore[list-item]

    return sign
