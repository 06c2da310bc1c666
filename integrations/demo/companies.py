"""The two companies of the demo group, with their banks and exchange rates."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from core.actions import add_bank_account, add_rates, change_entity, create_person, grant_role
from core.files import store_file
from core.models import ExchangeRate, LegalEntity, User
from integrations.actions.companies import open_company
from integrations.demo.logo import drawn_logo
from integrations.demo.people import PASSWORD, PEOPLE
from ledger.actions import set_up_ledger


@dataclass(frozen=True)
class Company:
    """What a company is opened with."""

    code: str
    colour: str
    fields: dict[str, str]
    banks: list[dict[str, Any]] = field(default_factory=list)


COMPANIES = [
    Company(
        "UK",
        "#0b5f7a",
        {
            "name": "Brightwater",
            "legal_name": "Brightwater Software Ltd",
            "currency": "GBP",
            "country": "GB",
            "subdivision": "ENG",
            "time_zone": "Europe/London",
            "language": "en",
            "tax_number": "GB123456782",
            "registration_number": "01234567",
            "address_lines": "1 Harbour Street\nBristol BS1 4RN\nUnited Kingdom",
            "email": "accounts@brightwater.example",
            "phone": "+44 117 496 0000",
            "website": "brightwater.example",
        },
        [
            {
                "name": "Harbour Bank current",
                "bank_name": "Harbour Bank",
                "currency": "GBP",
                "iban": "GB33BUKB20201555555555",
                "sort_code": "20-20-15",
                "account_number": "55555555",
                "bic": "BUKBGB22",
                "is_default": True,
            },
            {
                "name": "Harbour Bank dollars",
                "bank_name": "Harbour Bank",
                "currency": "USD",
                "iban": "GB94BARC10201530093459",
                "bic": "BARCGB22",
                "is_default": True,
            },
        ],
    ),
    Company(
        "DE",
        "#7d1f2b",
        {
            "name": "Halden",
            "legal_name": "Halden Systeme GmbH",
            "currency": "EUR",
            "country": "DE",
            "subdivision": "HH",
            "time_zone": "Europe/Berlin",
            "language": "de",
            "tax_number": "DE136695976",
            "registration_number": "HRB 123456 Hamburg",
            "address_lines": "Speicherstraße 4\n20457 Hamburg\nDeutschland",
            "email": "buchhaltung@halden.example",
            "phone": "+49 40 5550 0",
            "website": "halden.example",
        },
        [
            {
                "name": "Elbbank Girokonto",
                "bank_name": "Elbbank",
                "currency": "EUR",
                "iban": "DE89370400440532013000",
                "bic": "COBADEFFXXX",
                "is_default": True,
            }
        ],
    ),
]


def open_companies(by: User) -> dict[str, LegalEntity]:
    """Open both companies and let everybody in."""
    first = PEOPLE[0]
    entities = {}
    for company in COMPANIES:
        entity = open_company(
            by=by,
            code=company.code,
            administrator_email=first.email,
            administrator_name=first.name,
            administrator_password=PASSWORD,
            **company.fields,
        )
        for bank in company.banks:
            add_bank_account(by=by, entity=entity, **bank)
        set_up_ledger(by=by, entity=entity)
        logo = store_file(by, entity, f"{entity.name.lower()}.png", drawn_logo(company.colour))
        entity = change_entity(by=by, entity=entity, logo=logo, accent_colour=company.colour)
        entities[company.code] = entity
    let_people_in(by, entities)
    return entities


def let_people_in(by: User, entities: dict[str, LegalEntity]) -> None:
    """Give everybody their role, and the password that the demo prints."""
    for person in PEOPLE:
        for code in person.entities:
            known = User.objects.filter(email=person.email).first()
            if known:
                grant_role(by=by, person=known, entity=entities[code], role=person.role)
                continue
            create_person(
                by=by,
                entity=entities[code],
                email=person.email,
                name=person.name,
                role=person.role,
                password=PASSWORD,
                job_title=person.job_title,
            )


def add_demo_rates(by: User, entity: LegalEntity, months: list[date]) -> None:
    """A rate for each month's first day, drifting a little."""
    rows = []
    for position, on in enumerate(months):
        drift = Decimal(position % 5 - 2) / 200
        for pair, rate in ((("USD", "GBP"), Decimal("0.7850")), (("EUR", "GBP"), Decimal("0.8460"))):
            worth = (rate + drift).quantize(Decimal("0.0001"))
            rows.append(
                ExchangeRate(from_currency=pair[0], to_currency=pair[1], on=on, rate=worth, source="Demo rates")
            )
    add_rates(by=by, entity=entity, rates=rows)
