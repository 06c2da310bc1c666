"""Every structured invoice that is written keeps the rules of EN 16931, Peppol and XRechnung, and its schema."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from core.models import ExchangeRate, LegalEntity, User
from core.money import money
from customers.models import Customer
from invoicing.actions import draft_credit_note, issue_credit_note
from invoicing.credits import Credit, Everything, LineCredit, PartOf, SomeLines
from invoicing.drafts import DraftLine
from invoicing.einvoices.formats import Profile, xml_of
from invoicing.einvoices.loading import content_of
from invoicing.einvoices.reading import read_invoice
from invoicing.models import CreditNote, Invoice, TaxRate
from tests.invoicing.einvoices.rules import EN_CII, EN_UBL, PEPPOL_UBL, findings

pytestmark = pytest.mark.django_db
Line = Callable[..., DraftLine]
Issued = Callable[..., Invoice]
Made = Callable[..., Customer]
RULES = {
    Profile.CII: (EN_CII,),
    Profile.PEPPOL: (EN_UBL, PEPPOL_UBL),
    Profile.XRECHNUNG: (EN_UBL,),
}


def wrong_with(document: Invoice | CreditNote) -> list[str]:
    """All findings of all profiles, each with its profile's name; reading it back has to give the same content."""
    content = content_of(document)
    written = {profile: xml_of(content, profile) for profile in RULES}
    found: dict[str, list[str]] = {profile: findings(xml, *RULES[profile]) for profile, xml in written.items()}
    found |= {f"{profile} read": ["is another"] for profile, xml in written.items() if read_invoice(xml) != content}
    return [f"{profile}: {finding}" for profile, there in found.items() for finding in there]


@pytest.fixture
def reachable(customer: Made) -> Made:
    """Make a customer with a VAT number, which is its electronic address, too."""
    return lambda name, **facts: customer(name, **{"tax_number": "GB980780684", **facts})


@pytest.fixture
def order() -> dict[str, str]:
    """What Peppol asks for."""
    return {"purchase_order": "PO 88213"}


@pytest.fixture
def credited(manager: User, may: Callable[[int], date]) -> Callable[..., CreditNote]:
    """Maya credits: credited(invoice, PartOf(money("12.00 GBP")))."""

    def make(invoice: Invoice, what: Credit | None = None) -> CreditNote:
        why = "The price was agreed otherwise"
        draft = draft_credit_note(
            by=manager, invoice=invoice, credit=what or Everything(), reason_code="price", reason=why
        )
        return issue_credit_note(by=manager, credit_note=draft, issued_on=may(9))

    return make


def rate(entity: LegalEntity, category: str, percent: str = "0", reason: str = "") -> TaxRate:
    return TaxRate.objects.create(
        entity=entity,
        code=f"{category}{percent}",
        name=category,
        category=category,
        percent=Decimal(percent),
        reason=reason,
        valid_from=date(2011, 1, 4),
    )


def test_standard_and_reduced_rates_with_discounts_periods_and_products(
    reachable: Made, issued: Issued, line: Line, reduced: TaxRate, order: dict[str, str], may: Callable[[int], date]
) -> None:
    period = {"service_from": may(1), "service_until": may(31)}
    lines = (
        line("412.5012", quantity="14.25", discount_percent=Decimal("7.5"), unit="MON", **period),
        line("38", quantity=3, tax_rate=reduced, detail="Second\nthird", service_from=may(4)),
    )

    assert wrong_with(issued(reachable("Acme"), *lines, **order, text="Thank\nyou", service_from=may(2))) == []


def test_rounding_traps(reachable: Made, issued: Issued, line: Line, reduced: TaxRate, order: dict[str, str]) -> None:
    traps = [line("0.005", quantity=3), line("0.333333", quantity="7.77"), line("33.335", discount_percent=Decimal(50))]
    traps += [line("0.05", description=f"Thing {number}", tax_rate=reduced) for number in range(99)]
    traps.append(line("1", discount_percent=Decimal(100)))

    assert wrong_with(issued(reachable("Acme"), *traps, **order)) == []


def test_a_deduction_is_a_line_of_negative_quantity(
    reachable: Made, issued: Issued, line: Line, order: dict[str, str]
) -> None:
    lines = (line("500"), line("33.33", quantity=-3, discount_percent=Decimal(10)), line("9.99", quantity="-0.5"))

    assert wrong_with(issued(reachable("Acme"), *lines, **order)) == []


@pytest.mark.parametrize("currency", ["EUR", "USD", "JPY"])
def test_a_foreign_currency_names_the_tax_in_the_companys_own(
    reachable: Made, issued: Issued, line: Line, order: dict[str, str], may: Callable[[int], date], currency: str
) -> None:
    ExchangeRate.objects.create(
        from_currency=currency, to_currency="GBP", on=may(1), rate=Decimal("0.8566"), source="Test"
    )
    lines = (line("100.55", quantity=3), line("333", quantity="1.5"), line("7", discount_percent=Decimal("12.5")))
    invoice = issued(reachable("Acme", currency=currency), *lines, **order)

    assert wrong_with(invoice) == []
    content = content_of(invoice)
    assert (content.books_currency, content.tax_in_books) == ("GBP", invoice.base_tax)


@pytest.mark.parametrize(
    ("category", "status", "number"),
    [
        ("AE", "reverse_charge", "FR40303265045"),
        ("G", "export", ""),
        ("Z", "standard", "GB980780684"),
        ("O", "export", "GB980780684"),
    ],
)
def test_sales_without_tax_say_why(
    customer: Made,
    books: LegalEntity,
    issued: Issued,
    credited: Callable[..., CreditNote],
    line: Line,
    reach: Callable[..., None],
    category: str,
    status: str,
    number: str,
) -> None:
    untaxed = line("99.99", quantity=2, tax_rate=rate(books, category))
    buyer = customer("Acme", tax_status=status, tax_number=number)
    reach(buyer)
    invoice = issued(buyer, untaxed)

    assert wrong_with(invoice) == []
    assert wrong_with(credited(invoice)) == []


def test_an_exemption_by_certificate_says_which(
    customer: Made, books: LegalEntity, issued: Issued, line: Line, clerk: User, reach: Callable[..., None]
) -> None:
    buyer = customer("Acme", tax_status="exempt")
    buyer.tax_certificates.create(number="X1", jurisdiction="GB", valid_from=date(2026, 1, 1), recorded_by=clerk)
    reach(buyer)

    assert wrong_with(issued(buyer, line("10", tax_rate=rate(books, "E", reason="Item 12, group 8")))) == []


def test_credit_notes_in_full_by_line_and_by_amount(
    reachable: Made,
    issued: Issued,
    credited: Callable[..., CreditNote],
    line: Line,
    reduced: TaxRate,
    order: dict[str, str],
) -> None:
    def sold() -> Invoice:
        lines = (line("33.33", quantity=3, discount_percent=Decimal("2.5")), line("0.99", tax_rate=reduced))
        return issued(acme, *lines, **order)

    acme = reachable("Acme")
    by_line = sold()
    first = by_line.lines.get(position=1)
    notes = [
        credited(sold()),
        credited(by_line, SomeLines((LineCredit(first, quantity=Decimal("1.5")),))),
        credited(by_line, SomeLines((LineCredit(first, net=Decimal("7.77")),))),
        credited(by_line, PartOf(money("10.01 GBP"))),
        credited(by_line),
    ]

    assert [found for note in notes for found in wrong_with(note)] == []
    assert content_of(notes[1]).preceding[0].number == by_line.number


def test_two_german_companies_write_xrechnung(german_sale: Callable[..., Invoice]) -> None:
    assert wrong_with(german_sale()) == []
