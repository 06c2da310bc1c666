"""Street, postcode and town of a party. Pure.

Documents print addresses as lines; structured invoices want the parts. A buyer's parts are known from its address.
A seller's are read from the last line of its own address, as its country writes it, or the one before the country.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from invoicing.models import Party

LAST_CODES = {
    "GB": r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}",
    "IE": r"[A-Z]\d[\dW] ?[A-Z\d]{4}",
    "US": r"\d{5}(?:-\d{4})?",
    "CA": r"[A-Z]\d[A-Z] ?\d[A-Z]\d",
    "AU": r"\d{4}",
    "NZ": r"\d{4}",
    "ZA": r"\d{4}",
    "SG": r"\d{6}",
    "IN": r"\d{6}",
}
FIRST_CODE = r"(?:[A-Z]{1,2}-)?\d{3,5}(?:[ -]?\d{2,3})?(?: ?[A-Z]{2}(?= ))?"


@dataclass(frozen=True, slots=True)
class Town:
    """An address in parts; what isn't known is empty."""

    streets: Sequence[str]
    postcode: str = ""
    city: str = ""
    region: str = ""


def town_of(party: Party) -> Town:
    """The address of a party in parts."""
    lines = party.address_lines.splitlines()
    if party.city or party.postcode:
        return Town(lines[:-1], party.postcode, party.city, party.region)
    for streets, line in ((lines[:-1], lines[-1:]), (lines[:-2], lines[-2:-1])):  # the last one may name the country
        postcode, city = _split("".join(line).strip(), party.country)
        if city:
            return Town(streets, postcode, city)
    return Town(lines)


def _split(line: str, country: str) -> tuple[str, str]:
    last = LAST_CODES.get(country)
    if last:
        found = re.fullmatch(rf"(?P<city>.+?),? (?P<code>{last})", line)
    else:
        found = re.fullmatch(rf"(?P<code>{FIRST_CODE}) (?P<city>.+)", line)
    return (found["code"], found["city"]) if found else ("", "")
