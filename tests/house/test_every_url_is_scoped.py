"""Nobody reaches anything of a company in which they have no role that shows it: every address is tried."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

import pytest
from django.test import Client
from django.urls import reverse

from core.models import LegalEntity, RoleGrant, User
from core.roles import GRANTABLE
from customers.models import Customer, PaymentTerms
from tests.house.scoped import MARKER, Addresses
from tests.house.site import WORDS, inside

SHUT = {401, 403, 404, 405}


def text_of(answer: Any) -> str:
    """What an answer says, workbooks unpacked."""
    content = b"".join(answer) if answer.streaming else answer.content
    try:
        archive = ZipFile(BytesIO(content))
    except BadZipFile:
        return str(content, "utf-8", "replace")
    return " ".join(str(archive.read(name), "utf-8", "replace") for name in archive.namelist())


@pytest.fixture
def everything_in_de(de: LegalEntity, person: Callable[..., User]) -> User:
    """Holds every role in the other company; no real person could."""
    return person("Dora", de, *(role for role, _ in GRANTABLE))


@pytest.fixture
def half_a_guest(everything_in_de: User, uk: LegalEntity, system: User) -> User:
    """The same, and administrator in the UK, whose role shows no customers, invoices, cash or ledger."""
    RoleGrant.objects.create(user=everything_in_de, entity=uk, role="administrator", granted_by=system)
    return everything_in_de


def test_every_address_with_a_key_is_registered(addresses: Addresses) -> None:
    """What follows tries only what is registered. A new address goes into tests/house/scoped/<room>.py."""
    known = {**addresses, **WORDS}
    assert [address.name for address in inside() if address.keys and address.name not in known] == []


def test_who_is_not_signed_in_is_sent_to_the_door(addresses: Addresses, client: Client) -> None:
    let_in = []
    for address in inside():
        keys = {**addresses, **WORDS}.get(address.name, {})
        if address.keys and not keys:
            continue
        for ask in (client.get, client.post):
            answer = ask(address.url(keys))
            to_the_door = answer.status_code == 302 and answer["Location"].startswith("/account/login/")
            if not to_the_door and answer.status_code not in SHUT:
                let_in.append(f"{address.name}: {answer.status_code}")
    assert let_in == []


def test_nothing_of_another_company_is_opened_or_changed_by_its_address(
    addresses: Addresses, signed_in: Callable[[User], Client], everything_in_de: User
) -> None:
    browser = signed_in(everything_in_de)
    assert opened(browser, addresses) == []


def test_a_role_that_does_not_show_a_room_opens_none_of_its_addresses(
    addresses: Addresses, signed_in: Callable[[User], Client], half_a_guest: User, de: LegalEntity
) -> None:
    """The company that was chosen last must not lend its permissions to rows of the other one."""
    browser = signed_in(half_a_guest)
    browser.get("/", {"entity": de.code})
    seen = {"core", "controls", "messaging", "integrations"}
    hidden = {name: keys for name, keys in addresses.items() if name.split(":")[0] not in seen}
    assert opened(browser, hidden) == []


def opened(browser: Client, addresses: Addresses) -> list[str]:
    """Addresses that gave an answer other than a shut door."""
    found = []
    names = {address.name for address in inside()}
    for name, keys in addresses.items():
        if name not in names:
            continue
        for ask in (browser.get, browser.post):
            answer = ask(reverse(name, kwargs=keys))
            if answer.status_code not in SHUT:
                found.append(f"{name}: {answer.status_code}")
    return found


def test_the_same_addresses_open_to_somebody_of_the_company(
    addresses: Addresses, request: pytest.FixtureRequest
) -> None:
    """Else the tests above would pass because nothing is there."""
    own = {"core:revoke_token", "customers:drop_view", "invoicing:drop_view"}
    shut = {address.name for address in inside()} & set(addresses) - own
    for cast in ("manager", "clerk", "finance_manager", "administrator"):
        browser = Client()
        browser.force_login(request.getfixturevalue(cast), backend="django.contrib.auth.backends.ModelBackend")
        shut = {name for name in shut if browser.get(reverse(name, kwargs=addresses[name])).status_code in {403, 404}}
    assert shut == set()


def test_no_list_search_or_export_shows_anything_of_another_company(
    addresses: Addresses, signed_in: Callable[[User], Client], everything_in_de: User
) -> None:
    browser = signed_in(everything_in_de)
    shown = []
    for address in inside():
        if address.keys and address.name not in WORDS:
            continue
        url = address.url(WORDS.get(address.name, {}))
        for query in ({"view": "all"}, {"q": MARKER[:-1].lower()}, {"format": "xlsx"}):
            answer = browser.get(url, query)
            if answer.status_code == 200 and MARKER in text_of(answer):
                shown.append(f"{url} {query}")
    assert shown == []


def test_choosing_another_company_by_its_code_is_refused(
    addresses: Addresses, signed_in: Callable[[User], Client], everything_in_de: User, uk: LegalEntity
) -> None:
    browser = signed_in(everything_in_de)
    let_in = []
    for address in inside():
        if address.keys:
            continue
        answer = browser.get(address.url({}), {"entity": uk.code})
        if answer.status_code == 200 and uk.name in text_of(answer):
            let_in.append(address.name)
    assert let_in == []


def test_a_form_takes_no_row_of_another_company(
    addresses: Addresses, signed_in: Callable[[User], Client], everything_in_de: User, uk: LegalEntity
) -> None:
    terms = PaymentTerms.objects.get(entity=uk, code="QNET30")
    given = {"name": "Theft GmbH", "terms": terms.pk, "currency": "EUR", "delivery": "email", "language": "de"}

    signed_in(everything_in_de).post("/customers/new/", {**given, "tax_status": "standard"})

    assert not Customer.objects.filter(name="Theft GmbH").exists()
