"""E-mail addresses: checked before they get near a header."""

from collections.abc import Iterable
from email.headerregistry import Address
from email.utils import parseaddr
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from core.errors import Refused

MOST_ADDRESSES = 20


class AddressRefused(Refused):
    """The text is no e-mail address, or there are too many of them."""

    code = "address_refused"


def checked(addresses: Iterable[str]) -> list[str]:
    """The addresses without doubles; raises AddressRefused for one that isn't an address."""
    unique = list(dict.fromkeys(address.strip() for address in addresses if address.strip()))
    for address in unique:
        try:
            validate_email(address)
        except ValidationError:
            raise AddressRefused(f"“{address}” is not an e-mail address.") from None
    if len(unique) > MOST_ADDRESSES:
        raise AddressRefused(f"{len(unique)} addresses are too many for one message; {MOST_ADDRESSES} are allowed.")
    return unique


def header(address: str, name: str = "") -> Address:
    """An address for a header: names in any script, domains as the mail system writes them."""
    local, _, domain = address.rpartition("@")
    clean = " ".join("".join(letter if letter.isprintable() else " " for letter in name).split())
    return Address(clean[:120], local, ascii_domain(domain))


def ascii_domain(domain: str) -> str:
    """müller.example as xn--mller-kva.example."""
    return domain.encode("idna").decode() if not domain.isascii() else domain


def sender_address() -> str:
    """The address that messages come from."""
    return bare(settings.DEFAULT_FROM_EMAIL)


def new_message_id() -> str:
    """A Message-ID that no other message has."""
    return f"<{uuid4()}@{sender_address().rpartition('@')[2] or 'localhost'}>"


def bare(address: str) -> str:
    """The address alone, out of “Name <address>”."""
    return parseaddr(address)[1]
