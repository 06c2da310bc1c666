"""A walk through the demo company: every page that links lead to, by the people who see it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
from django.core.management import call_command
from django.http import HttpResponseBase
from django.test import Client
from django.urls import Resolver404, resolve
from playwright.sync_api import Error as PlaywrightError

from core.models import User
from tests.browser.checks import Selector, Watched, page_findings

SignIn = Callable[[User], None]
Found = dict[str, str]
WALKERS = ("nora@o2c.example", "finn@o2c.example", "adam@o2c.example")
FILES = ("format", "download")
MOST_PAGES = 250
WIDTHS = (320, 1440)
ALIKE = ["tbody > tr:nth-child(n+13)"]
"""Rows of long tables, which their template makes like those above; axe takes as long for each."""
FRAME = [["nav.side-nav"], ["header.top"]]
"""What stands around every page: axe looks at it on the first one of each walker."""
PAST = " on a past date"


@pytest.mark.minutes
@pytest.mark.timeout(1800)
@pytest.mark.django_db(transaction=True)
def test_no_page_of_the_demo_company_is_broken_inaccessible_or_too_wide(page: Watched, sign_in: SignIn) -> None:
    """Links are followed without a browser; it looks at each page once."""
    call_command("demo_company", verbosity=0)
    seen: set[str] = set()
    findings: list[str] = []
    for email in WALKERS:
        walker = User.objects.get(email=email)
        found, broken = follow_links(walker)
        findings += [f"{email}: {finding}" for finding in broken]
        sign_in(walker)
        for number, place in enumerate(sorted(found.keys() - seen)):
            seen.add(place)
            leave_out = [ALIKE, *FRAME] if number else [ALIKE]
            findings += [f"{email}: {finding}" for finding in look_at(page, place, found[place], leave_out)]
    assert not findings, "\n".join(findings)
    assert len(seen) > 100


def follow_links(walker: User) -> tuple[Found, list[str]]:
    """Pages of ours that links lead the walker to, an address each; and the links that lead nowhere."""
    client = Client(raise_request_exception=False)
    client.force_login(walker)
    waiting = ["/start/"]
    walked: set[str] = set()
    found: Found = {}
    broken = []
    while waiting and len(walked) < MOST_PAGES:
        address = waiting.pop(0)
        place = place_of(address)
        if place in walked or is_file(address):
            continue
        walked.add(place)
        answer = client.get(address, follow=True)
        if answer.status_code != 200:
            broken.append(f"{address} answers {answer.status_code}")
        elif is_our_page(answer):
            found[place] = address
            links = own_links(answer.request["PATH_INFO"], answer.content.decode())
            waiting += [link for link in links if place_of(link) not in walked]
    return found, broken


def look_at(page: Watched, place: str, address: str, leave_out: Sequence[Selector]) -> Iterator[str]:
    """What a browser finds wrong with a page; with a past date, only what its console says."""
    try:
        page.goto(address)
    except PlaywrightError as error:
        yield f"{address}: {error.message.splitlines()[0]}"
        return
    yield from page.complaints.said if place.endswith(PAST) else page_findings(page, WIDTHS, leave_out)
    page.complaints.said.clear()


class Links(HTMLParser):
    """Where the links of a page lead."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.leads_to: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        to = dict(attrs).get("href") if tag == "a" else None
        if to is not None:
            self.leads_to.append(to)


def is_our_page(answer: HttpResponseBase) -> bool:
    """Whether the answer is a page of ours: no file, and no mail shown in a sandbox where scripts never run."""
    is_html = "html" in answer.headers.get("Content-Type", "")
    return is_html and "sandbox" not in answer.headers.get("Content-Security-Policy", "")


def own_links(address: str, text: str) -> list[str]:
    """Addresses of our own that the page links to."""
    links = [urlsplit(urljoin(address, link)) for link in Links(text).leads_to]
    return [f"{link.path}?{link.query}" for link in links if not link.netloc and not link.scheme]


def place_of(address: str) -> str:
    """The page behind an address, whichever row it shows; with a past date it counts as another page."""
    parts = urlsplit(address)
    name = page_name(parts.path)
    return name + (PAST if name != parts.path and "as_at" in dict(parse_qsl(parts.query)) else "")


@cache
def page_name(path: str) -> str:
    """The name of the page behind a path, or the path where there is none; looked up once."""
    try:
        return resolve(path).view_name
    except Resolver404:
        return path


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
