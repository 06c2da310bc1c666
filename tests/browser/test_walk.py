"""A walk through the demo company: every page that links lead to, by the people who see it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.core.management import call_command
from django.urls import Resolver404, resolve
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Response

from core.models import User
from tests.browser.checks import Watched, page_findings

SignIn = Callable[[User], None]
WALKERS = ("nora@o2c.example", "finn@o2c.example", "adam@o2c.example")
LINKS = "[...document.querySelectorAll('a[href]')].map((a) => new URL(a.getAttribute('href'), location.href).href)"
FILES = ("format", "download")
MOST_PAGES = 250
WIDTHS = (320, 1440)
PAST = " on a past date"


@pytest.mark.timeout(1200)
@pytest.mark.django_db(transaction=True)
def test_no_page_of_the_demo_company_is_broken_inaccessible_or_too_wide(page: Watched, sign_in: SignIn) -> None:
    call_command("demo_company", verbosity=0)
    seen: set[str] = set()
    findings: list[str] = []
    for email in WALKERS:
        sign_in(User.objects.get(email=email))
        findings += [f"{email}: {finding}" for finding in walk(page, seen)]
    assert not findings, "\n".join(findings)
    assert len(seen) > 50


def walk(page: Watched, seen: set[str]) -> Iterator[str]:
    """Follow links to pages that nobody has been to, and say what is wrong there."""
    waiting = ["/start/"]
    walked: set[str] = set()
    while waiting and len(walked) < MOST_PAGES:
        address = waiting.pop(0)
        place = place_of(address)
        if place in walked or is_file(address):
            continue
        walked.add(place)
        try:
            answer = page.goto(address)
        except PlaywrightError as error:
            yield f"{address}: {error.message.splitlines()[0]}"
            continue
        if answer is None or not is_our_page(answer):
            continue
        if answer.status != 200:
            yield f"{address} answers {answer.status}"
        elif place not in seen:
            seen.add(place)
            yield from _told(address, page)
        page.complaints.said.clear()
        waiting += [link for link in own_links(page) if place_of(link) not in walked]


def _told(address: str, page: Watched) -> Iterator[str]:
    if place_of(address).endswith(PAST):
        yield from page.complaints.said
    else:
        yield from page_findings(page, WIDTHS)


def is_our_page(answer: Response) -> bool:
    """Whether the answer is a page of ours: no file, and no mail shown in a sandbox where scripts never run."""
    is_html = "html" in answer.headers.get("content-type", "")
    return is_html and "sandbox" not in answer.headers.get("content-security-policy", "")


def own_links(page: Watched) -> list[str]:
    """Addresses of our own that the page links to."""
    root = urlsplit(page.url)
    links = [urlsplit(link) for link in page.evaluate(LINKS)]
    return [f"{link.path}?{link.query}" for link in links if link.netloc == root.netloc]


def place_of(address: str) -> str:
    """The page behind an address, whichever row it shows; with a past date it counts as another page."""
    parts = urlsplit(address)
    try:
        name = resolve(parts.path).view_name
    except Resolver404:
        return parts.path
    return name + (PAST if "as_at" in dict(parse_qsl(parts.query)) else "")


def is_file(address: str) -> bool:
    """Whether the address is a download."""
    parts = urlsplit(address)
    names = {name for name, _ in parse_qsl(parts.query)}
    last = parts.path.rsplit("/", 1)[-1]
    return (
        bool(names & set(FILES))
        or "." in last
        or parts.path == "/api/schema/"
        or parts.path.endswith("/pdf/")
        or parts.path.startswith("/files/")
        or "/data/" in parts.path
    )
