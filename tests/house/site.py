"""Every address of the site, for the tests that walk all of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from inspect import getsource, unwrap
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.house.scoped import Addresses

# Doors of the house: who isn't signed in gets as far as these.
DOORS = re.compile(
    r"^(account_|mfa_|socialaccount_|usersessions_|messaging:email_hook$|directdebit:(paysuite|gocardless)_hook$|portal:)"
)
# Pages whose key is no object of a company.
WORDS: Addresses = {
    "messaging:template": {"kind": "invoice", "language": "en"},
    "messaging:template_as_mail": {"kind": "invoice", "language": "en"},
    "invoicing:save_view": {"page_name": "invoices"},
    "reporting:measure": {"code": "dso_simple"},
}
KEY = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>")


@dataclass(frozen=True)
class Address:
    """A URL pattern by its full name, with the keys that it needs."""

    name: str
    keys: tuple[str, ...]
    takes_post: bool = False

    def url(self, keys: dict[str, Any]) -> str:
        return reverse(self.name, kwargs=keys)


def every_address() -> Iterator[Address]:
    """All named addresses of the site."""

    def walk(patterns: list[Any], route: str, space: str) -> Iterator[Address]:
        for pattern in patterns:
            here = route + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
                yield from walk(pattern.url_patterns, here, inner)
            elif isinstance(pattern, URLPattern) and pattern.name:
                keys = tuple(one or other for one, other in KEY.findall(here))
                keys = tuple(key for key in keys if key != "format")
                yield Address(space + pattern.name, keys, takes_post(pattern.callback))

    yield from {address.name: address for address in walk(get_resolver().url_patterns, "", "")}.values()


def takes_post(view: Callable[..., Any]) -> bool:
    """Whether a view of ours does something with a POST that it doesn't do with a GET."""
    if hasattr(view, "actions"):
        return "post" in view.actions
    return "POST" in getsource(unwrap(view))


def inside() -> list[Address]:
    return [address for address in every_address() if not DOORS.match(address.name)]
