"""Who may not do a thing is told so before anything is said about the form; and is offered nothing of the kind."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import resolve

from core.models import User
from tests.house.scoped import Addresses
from tests.house.site import WORDS, Address, inside

# What everybody does with their own things: preferences, views of lists, tokens, runs and questions of theirs.
EVERYBODYS = set(
    "core:my_settings core:preferences core:cancel_run core:tokens core:revoke_token core:csp_report "
    "customers:save_view customers:drop_view invoicing:save_view invoicing:drop_view "
    "collections:keep_worklist_view collections:drop_worklist_view controls:withdraw_request".split()
)


class Offers(HTMLParser):
    """What a page offers: addresses of its links, and of the forms that have a button to send them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.forms: set[str] = set()
        self.form = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a" and given.get("href"):
            self.links.add(urlsplit(str(given["href"])).path)
        elif tag == "form" and "hidden" not in given and str(given.get("method", "")).lower() == "post":
            self.form = urlsplit(given.get("action") or "").path or "itself"
        elif tag == "button" and given.get("type") != "button" and "hidden" not in given:
            own = urlsplit(given.get("formaction") or given.get("hx-post") or "").path
            self.forms |= {own or self.form} - {""}

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = ""


@pytest.fixture
def browser(signed_in: Callable[[User], Client], auditor: User) -> Client:
    return signed_in(auditor)


def reachable(addresses: Addresses) -> list[tuple[Address, str]]:
    """Every address of the site with an object of the auditor's company behind it."""
    known = {**addresses, **WORDS}
    there = [address for address in inside() if not address.keys or address.name in known]
    return [(address, address.url(known.get(address.name, {}) if address.keys else {})) for address in there]


def test_an_auditor_is_refused_before_the_form_is_read(addresses: Addresses, browser: Client) -> None:
    answers = {
        address.name: browser.post(url, {"anything": "at all"}).status_code
        for address, url in reachable(addresses)
        if address.takes_post and address.name not in EVERYBODYS
    }

    assert len(answers) > 90
    assert {name: status for name, status in answers.items() if status not in {403, 405}} == {}


def test_an_auditor_is_offered_nothing_that_is_refused(addresses: Addresses, browser: Client) -> None:
    offered: set[str] = set()
    refused = functools.cache(lambda link: is_refused(browser, link))
    for _, url in reachable(addresses):
        answer = browser.get(url)
        if answer.status_code != 200 or "html" not in answer["Content-Type"]:
            continue
        offers = Offers(answer.content.decode())
        offered |= {f"{url} links to {link}" for link in offers.links if refused(link)}
        forms = {url if form == "itself" else form for form in offers.forms}
        offered |= {f"{url} posts to {form}" for form in forms if is_others_work(form)}
    assert offered == set()


def is_refused(browser: Client, link: str) -> bool:
    return bool(re.match(r"/[a-z]", link)) and browser.get(link).status_code == 403


def is_others_work(form: str) -> bool:
    name = resolve(form).view_name
    return ":" in name and name not in EVERYBODYS
