"""The columns that a file of customers may have, and the headings that they go by. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from customers.names import fold


@dataclass(frozen=True)
class Field:
    """Something that a column may hold."""

    key: str
    label: str
    headings: tuple[str, ...]


def _field(key: str, label: str, headings: str = "") -> Field:
    names = (label, key, *headings.split("|"))
    return Field(key, label, tuple(dict.fromkeys(squeezed(name) for name in names if name)))


def squeezed(heading: str) -> str:
    """A heading as it is compared: “E-Mail Address” is “emailaddress”."""
    return re.sub(r"[^0-9a-z]", "", fold(heading))


FIELDS: list[Field] = [
    _field(
        "name",
        "Name",
        "company name|organization|organisation|customer name|customer|display name|client name|legal name|firma|"
        "name customer|kundenname|raison sociale",
    ),
    _field("code", "Code", "customer code|customer number|cust number|account code|id number|kundennummer|debitor"),
    _field("contact_name", "Contact", "contact name|contact person|ansprechpartner"),
    _field("first_name", "Contact’s first name", "first name|contact first name|vorname"),
    _field("last_name", "Contact’s last name", "last name|contact last name|surname|nachname"),
    _field("email", "E-mail", "e-mail address|email address|contact email|mail"),
    _field("phone", "Phone", "telephone|phone number|work phone|work phone number|contact phone|telefon"),
    _field(
        "address_1",
        "Street",
        "address|address 1|address line 1|street address|billing address 1|billing street|billing address|strasse",
    ),
    _field("address_2", "Street, second line", "address 2|address line 2|billing address 2|billing apt suite"),
    _field(
        "postcode",
        "Postcode",
        "postal code|zip|zip code|postal code zip code|billing postal code|plz|billing address postcode",
    ),
    _field("city", "City", "town|billing city|billing address city|ort|stadt"),
    _field("region", "Region", "state|province|province state|county|billing state province|billing address state"),
    _field("country", "Country", "billing country|billing address country|country code|land"),
    _field("tax_number", "Tax number", "vat number|vat id|vat|tax id|vat registration number|ust id|gst number|tva"),
    _field("registration_number", "Registration number", "company number|company registration number|hrb"),
    _field("tax_status", "Tax status", "tax treatment"),
    _field("currency", "Currency", "customer currency|currency code|wahrung"),
    _field("language", "Language", "sprache"),
    _field("terms", "Payment terms", "terms|terms days|net days|payment terms days|zahlungsziel"),
    _field("credit_limit", "Credit limit", "limit|kreditlimit"),
    _field("delivery", "Delivery of invoices", "delivery|send by"),
    _field("purchase_order_required", "Needs a purchase order", "po required|purchase order required"),
    _field("segment", "Segment", "customer group|category|customer type|industry"),
    _field("parent_code", "Parent’s code", "parent|parent code|parent account|parent customer"),
    _field("iban", "IBAN", "bank account|customer iban"),
    _field("account_number", "Bank account number", "bank account number"),
    _field("note", "Note", "notes|private notes|comment|remarks"),
]
LABELS = {field.key: field.label for field in FIELDS}


def guess_columns(headings: Iterable[str]) -> dict[str, str]:
    """Our field for each heading that is known by its name; each field once, the best name first."""
    by_heading = {heading: squeezed(heading) for heading in headings}
    guessed: dict[str, str] = {}
    for field in FIELDS:
        for known in field.headings:
            found = next((name for name, key in by_heading.items() if key == known and name not in guessed), None)
            if found is not None:
                guessed[found] = field.key
                break
    return guessed


def usable_columns(columns: Mapping[str, str], headings: Iterable[str]) -> dict[str, str]:
    """A saved mapping as far as it fits the file at hand."""
    present = set(headings)
    return {heading: key for heading, key in columns.items() if heading in present and key in LABELS}
