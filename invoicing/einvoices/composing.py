"""What an issued document says in a structured invoice. Pure; the document's parts must be loaded."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from core.models import BankAccount
from core.money import ZERO, round_to_currency
from invoicing.einvoices.content import (
    InvoiceContent,
    Kind,
    LineContent,
    PartyContent,
    PaymentContent,
    Preceding,
    TaxContent,
)
from invoicing.einvoices.schemes import address_from_tax_number, has_country, registration_scheme
from invoicing.models import CreditNote, Document, DocumentLine, DocumentTax, Invoice, Party, TaxCategory
from invoicing.papers.paper import settlement_discount
from invoicing.papers.writer import Writer
from invoicing.totals import HUNDRED
from invoicing.towns import town_of

CREDIT_TRANSFER = "30"
SEPA_TRANSFER = "58"
SET_OFF = "97"
NOT_AGREED = "1"
CENT = Decimal("0.01")
EXACT = Decimal("0.00000001")
REASON_CODES = {
    TaxCategory.REVERSE_CHARGE: "VATEX-EU-AE",
    TaxCategory.EXPORT: "VATEX-EU-G",
    TaxCategory.OUTSIDE: "VATEX-EU-O",
}


def content_of_invoice(invoice: Invoice, account: BankAccount | None) -> InvoiceContent:
    """An issued invoice, to be paid into an account."""
    writer = _writer(invoice)
    lines = tuple(
        _line(line, invoice.currency, line.product.code if line.product else "") for line in invoice.lines.all()
    )
    return _content(
        Kind.INVOICE,
        invoice,
        writer,
        lines,
        taxes=list(invoice.taxes.all()),
        due_on=invoice.due_on,
        note=invoice.text,
        terms=". ".join([invoice.terms.name, *settlement_discount(writer, invoice)]),
        cost_centre=invoice.cost_centre,
        period=(invoice.service_from, invoice.service_until),
        payment=_payment(invoice, account),
    )


def content_of_credit_note(credit_note: CreditNote) -> InvoiceContent:
    """An issued credit note, naming the invoice that it corrects."""
    writer, invoice = _writer(credit_note), credit_note.invoice
    return _content(
        Kind.CREDIT_NOTE,
        credit_note,
        writer,
        tuple(_line(line, credit_note.currency) for line in credit_note.lines.all()),
        taxes=list(credit_note.taxes.all()),
        note="\n".join(part for part in (credit_note.reason, credit_note.text) if part),
        terms=str(writer.words.credit_text),
        cost_centre=invoice.cost_centre,
        period=(None, None),
        payment=PaymentContent(means=SET_OFF),
        preceding=(Preceding(str(invoice.number), invoice.issued_on),),
    )


def _writer(document: Document) -> Writer:
    if document.seller is None or document.buyer is None:
        raise AssertionError("Only an issued document, which has both parties, is written as a structured invoice.")
    return Writer(document.entity, document, document.seller, document.buyer)


def _content(
    kind: Kind,
    document: Document,
    writer: Writer,
    lines: Sequence[LineContent],
    *,
    taxes: Sequence[DocumentTax],
    note: str,
    terms: str,
    cost_centre: str,
    period: tuple[date | None, date | None],
    payment: PaymentContent,
    preceding: Sequence[Preceding] = (),
    due_on: date | None = None,
) -> InvoiceContent:
    shown = not any(line.category == TaxCategory.OUTSIDE for line in lines)
    begins, ends = _around(period, lines)
    in_books = _tax_in_books(document)
    if document.issued_on is None:
        raise AssertionError("An issued document has its day.")
    return InvoiceContent(
        kind=kind,
        number=str(document.number),
        issued_on=document.issued_on,
        currency=document.currency,
        seller=seller_content(writer.seller, writer.entity.name, shown),
        buyer=buyer_content(writer.buyer, shown),
        lines=lines,
        taxes=_taxes(taxes, writer),
        lines_net=document.net,
        net=document.net,
        tax=document.tax,
        gross=document.gross,
        payable=document.gross,
        due_on=due_on,
        books_currency=document.entity.currency if in_books is not None else "",
        tax_in_books=in_books,
        note=" ".join(note.split()),
        terms=" ".join(terms.split()),
        buyer_reference=writer.buyer.buyer_reference,
        purchase_order=document.purchase_order,
        cost_centre=cost_centre,
        service_from=begins,
        service_until=ends,
        preceding=preceding,
        payment=payment,
    )


def _tax_in_books(document: Document) -> Decimal | None:
    """The tax in the entity's currency, which the law asks for where another one is billed."""
    return document.base_tax if document.tax and document.currency != document.entity.currency else None


def seller_content(party: Party, trading_name: str, shows_tax_numbers: bool) -> PartyContent:
    """The seller, with whom to ask."""
    return _party(party, shows_tax_numbers, contact=trading_name, phone=party.phone, email=party.email)


def buyer_content(party: Party, shows_tax_numbers: bool) -> PartyContent:
    """The buyer."""
    return _party(party, shows_tax_numbers)


def _party(party: Party, shows_tax_numbers: bool, **contact: str) -> PartyContent:
    """What is outside the scope of VAT names no VAT number of either side (BR-O-02)."""
    is_vat = has_country(party.tax_number)
    town = town_of(party)
    scheme, address = party.electronic_scheme, party.electronic_address
    if not address:
        scheme, address = address_from_tax_number(party.tax_number)
    return PartyContent(
        name=party.name,
        code=party.code,
        tax_number=party.tax_number if is_vat and shows_tax_numbers else "",
        tax_registration="" if is_vat else party.tax_number,
        registration_number=party.registration_number,
        registration_scheme=registration_scheme(party.country, party.registration_number),
        streets=_three(town.streets),
        postcode=town.postcode,
        city=town.city,
        region=town.region,
        country=party.country,
        electronic_scheme=scheme,
        electronic_address=address,
        **contact,
    )


def _three(streets: Sequence[str]) -> tuple[str, ...]:
    """There is room for three lines of an address; what is more stands in the third."""
    return (*streets[:2], ", ".join(streets[2:])) if len(streets) > 3 else tuple(streets)


def _line(line: DocumentLine, currency: str, product: str = "") -> LineContent:
    """With a discount, the line's full amount is its net and the discount, so that it adds up to the cent."""
    full = round_to_currency(line.quantity * line.unit_price, currency)
    discount = full - line.net if line.discount_percent else ZERO
    return LineContent(
        position=str(line.position),
        name=line.description,
        description=" ".join(line.detail.split()),
        product=product,
        quantity=line.quantity,
        unit=line.unit,
        price=_price(line, full),
        discount=discount,
        discount_percent=_percent(line, full, discount),
        net=line.net,
        category=line.tax_rate.category,
        percent=line.tax_rate.percent,
        service_from=getattr(line, "service_from", None),
        service_until=getattr(line, "service_until", None),
    )


def _price(line: DocumentLine, full: Decimal) -> Decimal:
    """The unit price; where a currency without cents rounds by more than a cent, the one that leads to the amount."""
    if abs(line.quantity * line.unit_price - full) <= CENT:
        return line.unit_price
    return (full / line.quantity).quantize(EXACT)


def _percent(line: DocumentLine, full: Decimal, discount: Decimal) -> Decimal:
    """The discount's percentage, where it leads to the discount to the cent (PEPPOL-EN16931-R040)."""
    exact = full * line.discount_percent / HUNDRED
    return line.discount_percent if discount and abs(exact - discount) <= CENT else ZERO


def _taxes(taxes: Iterable[DocumentTax], writer: Writer) -> tuple[TaxContent, ...]:
    """One row a category and percentage, in the order of the document."""
    rows: dict[tuple[str, Decimal], TaxContent] = {}
    for part in taxes:
        category, percent = part.tax_rate.category, part.tax_rate.percent
        known = rows.get((category, percent))
        rows[category, percent] = TaxContent(
            category=category,
            percent=percent,
            net=part.net + (known.net if known else ZERO),
            tax=part.tax + (known.tax if known else ZERO),
            reason=known.reason if known else writer.tax_reason(part.tax_rate),
            reason_code=REASON_CODES.get(TaxCategory(category), ""),
        )
    return tuple(rows.values())


def _around(period: tuple[date | None, date | None], lines: Sequence[LineContent]) -> tuple[date | None, date | None]:
    """The document's period holds those of all its lines (PEPPOL-EN16931-R110)."""
    begins = [day for day in (period[0], *(line.service_from for line in lines)) if day]
    if not begins:
        return None, None
    ends = [day for day in (period[1], *(line.service_until for line in lines), max(begins)) if day]
    return min(begins), max(ends)


def _payment(invoice: Invoice, account: BankAccount | None) -> PaymentContent:
    if account is None or not (account.iban or account.account_number):
        return PaymentContent(means=NOT_AGREED, reference=invoice.reference)
    iban = account.iban.replace(" ", "")
    return PaymentContent(
        means=SEPA_TRANSFER if iban and invoice.currency == "EUR" else CREDIT_TRANSFER,
        account=iban or account.account_number,
        is_iban=bool(iban),
        holder=invoice.entity.legal_name,
        bic=account.bic,
        reference=invoice.reference,
    )
