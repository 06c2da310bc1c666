"""Reading Cross Industry Invoices, those of Factur-X and ZUGFeRD 2 among them. Pure."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from lxml import etree

from core.money import ZERO
from invoicing.einvoices.cii import PREFIXES
from invoicing.einvoices.content import (
    ONE,
    InvoiceContent,
    LineContent,
    PartyContent,
    PaymentContent,
    Preceding,
    TaxContent,
)
from invoicing.einvoices.fields import Fields, UnreadableInvoice, number_in
from invoicing.einvoices.kinds import kind_of

NAMES = {prefix: uri for prefix, uri in PREFIXES.items() if prefix}
DEAL = "rsm:SupplyChainTradeTransaction/ram:"
PERIOD = "ram:BillingSpecifiedPeriod/ram:"
MOMENT = "/udt:DateTimeString"
SUMS = "ram:SpecifiedTradeSettlementHeaderMonetarySummation/ram:"


def read_cii(root: etree._Element) -> InvoiceContent:
    """The content of a document; raises UnreadableInvoice with a sentence."""
    all_of, head = Fields(root, NAMES), Fields(root, NAMES).first("rsm:ExchangedDocument")
    agreed, settled = all_of.first(f"{DEAL}ApplicableHeaderTradeAgreement"), _settlement(all_of)
    if head is None or agreed is None:
        raise UnreadableInvoice("The invoice has no head.")
    currency = settled.needed("currency", "ram:InvoiceCurrencyCode")
    issued_on = head.day(f"ram:IssueDateTime{MOMENT}")
    if issued_on is None:
        raise UnreadableInvoice("The invoice has no date.")
    return InvoiceContent(
        kind=kind_of(head.text("ram:TypeCode")),
        number=head.needed("number", "ram:ID"),
        issued_on=issued_on,
        currency=currency,
        seller=_party(agreed, "seller", "ram:SellerTradeParty"),
        buyer=_party(agreed, "buyer", "ram:BuyerTradeParty"),
        lines=tuple(_line(line) for line in all_of.each(f"{DEAL}IncludedSupplyChainTradeLineItem")),
        taxes=tuple(_tax(tax) for tax in settled.each("ram:ApplicableTradeTax")),
        note="\n".join(note.own_text for note in head.each("ram:IncludedNote/ram:Content") if note.own_text),
        buyer_reference=agreed.text("ram:BuyerReference"),
        purchase_order=agreed.text("ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID"),
        due_on=settled.day(f"ram:SpecifiedTradePaymentTerms/ram:DueDateDateTime{MOMENT}"),
        terms=settled.text("ram:SpecifiedTradePaymentTerms/ram:Description"),
        cost_centre=settled.text("ram:ReceivableSpecifiedTradeAccountingAccount/ram:ID"),
        service_from=settled.day(f"{PERIOD}StartDateTime{MOMENT}"),
        service_until=settled.day(f"{PERIOD}EndDateTime{MOMENT}"),
        preceding=tuple(_preceding(settled)),
        payment=_payment(settled),
        **_sums(settled, currency),
    )


def _settlement(all_of: Fields) -> Fields:
    found = all_of.first(f"{DEAL}ApplicableHeaderTradeSettlement")
    if found is None:
        raise UnreadableInvoice("The invoice says nothing about what is to be paid.")
    return found


def _party(agreed: Fields, what: str, path: str) -> PartyContent:
    party = agreed.first(path)
    if party is None:
        raise UnreadableInvoice(f"The invoice names no {what}.")
    place, company = "ram:PostalTradeAddress/ram:", party.first("ram:SpecifiedLegalOrganization/ram:ID")
    contact, reached = "ram:DefinedTradeContact/ram:", party.first("ram:URIUniversalCommunication/ram:URIID")
    streets = (party.text(f"{place}Line{one}") for one in ("One", "Two", "Three"))
    return PartyContent(
        name=party.needed(f"name of the {what}", "ram:Name"),
        code=party.text("ram:ID", "ram:GlobalID"),
        tax_number=_registered(party, "VA"),
        tax_registration=_registered(party, "FC"),
        registration_number=company.own_text if company else "",
        registration_scheme=company.attribute("schemeID") if company else "",
        streets=tuple(street for street in streets if street),
        postcode=party.text(f"{place}PostcodeCode"),
        city=party.text(f"{place}CityName"),
        region=party.text(f"{place}CountrySubDivisionName"),
        country=party.text(f"{place}CountryID"),
        contact=party.text(f"{contact}PersonName"),
        phone=party.text(f"{contact}TelephoneUniversalCommunication/ram:CompleteNumber"),
        email=party.text(f"{contact}EmailURIUniversalCommunication/ram:URIID"),
        electronic_address=reached.own_text if reached else "",
        electronic_scheme=reached.attribute("schemeID") if reached else "",
    )


def _registered(party: Fields, scheme: str) -> str:
    return party.text(f"ram:SpecifiedTaxRegistration/ram:ID[@schemeID='{scheme}']")


def _line(line: Fields) -> LineContent:
    settled, price = "ram:SpecifiedLineTradeSettlement/ram:", "ram:SpecifiedLineTradeAgreement/ram:"
    delivered = line.first("ram:SpecifiedLineTradeDelivery/ram:BilledQuantity")
    if delivered is None:
        raise UnreadableInvoice("A line of the invoice has no quantity.")
    period = f"{settled}{PERIOD.removeprefix('ram:')}"
    changes = list(line.each(f"{settled}SpecifiedTradeAllowanceCharge"))
    return LineContent(
        position=line.text("ram:AssociatedDocumentLineDocument/ram:LineID"),
        name=line.needed("name on one of its lines", "ram:SpecifiedTradeProduct/ram:Name"),
        description=line.text("ram:SpecifiedTradeProduct/ram:Description"),
        product=line.text("ram:SpecifiedTradeProduct/ram:SellerAssignedID"),
        quantity=line.needed_amount("quantity on a line", "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity"),
        unit=delivered.attribute("unitCode"),
        price=line.needed_amount("price on a line", f"{price}NetPriceProductTradePrice/ram:ChargeAmount"),
        per=line.amount(f"{price}NetPriceProductTradePrice/ram:BasisQuantity", ONE),
        net=line.needed_amount(
            "amount on a line", f"{settled}SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount"
        ),
        discount=sum((_change(one) for one in changes), ZERO),
        discount_percent=changes[0].amount("ram:CalculationPercent") if len(changes) == 1 else ZERO,
        category=line.text(f"{settled}ApplicableTradeTax/ram:CategoryCode"),
        percent=line.amount(f"{settled}ApplicableTradeTax/ram:RateApplicablePercent"),
        service_from=line.day(f"{period}StartDateTime{MOMENT}"),
        service_until=line.day(f"{period}EndDateTime{MOMENT}"),
    )


def _change(change: Fields) -> Decimal:
    """What an allowance takes off; a charge takes off less than nothing."""
    amount = change.amount("ram:ActualAmount")
    return -amount if change.text("ram:ChargeIndicator/udt:Indicator") == "true" else amount


def _tax(tax: Fields) -> TaxContent:
    return TaxContent(
        category=tax.text("ram:CategoryCode"),
        percent=tax.amount("ram:RateApplicablePercent"),
        net=tax.amount("ram:BasisAmount"),
        tax=tax.amount("ram:CalculatedAmount"),
        reason=tax.text("ram:ExemptionReason"),
        reason_code=tax.text("ram:ExemptionReasonCode"),
    )


def _preceding(settled: Fields) -> Iterator[Preceding]:
    for one in settled.each("ram:InvoiceReferencedDocument"):
        day = one.day("ram:FormattedIssueDateTime/qdt:DateTimeString")
        yield Preceding(one.needed("number of the invoice that it corrects", "ram:IssuerAssignedID"), day)


def _payment(settled: Fields) -> PaymentContent | None:
    means = settled.first("ram:SpecifiedTradeSettlementPaymentMeans")
    if means is None:
        return None
    account = "ram:PayeePartyCreditorFinancialAccount/ram:"
    other = means.text(f"{account}ProprietaryID")
    iban = means.text(f"{account}IBANID")
    return PaymentContent(
        means=means.text("ram:TypeCode"),
        account=iban or other,
        is_iban=bool(iban) or not other,
        holder=means.text(f"{account}AccountName"),
        bic=means.text("ram:PayeeSpecifiedCreditorFinancialInstitution/ram:BICID"),
        reference=settled.text("ram:PaymentReference"),
    )


def _sums(settled: Fields, currency: str) -> dict[str, Any]:
    books = settled.text("ram:TaxCurrencyCode")
    taxes = {one.attribute("currencyID") or currency: one for one in settled.each(f"{SUMS}TaxTotalAmount")}
    net = settled.needed_amount("total without tax", f"{SUMS}TaxBasisTotalAmount")
    gross = settled.needed_amount("total", f"{SUMS}GrandTotalAmount")
    in_books = taxes.get(books) if books != currency else None
    return {
        "lines_net": settled.amount(f"{SUMS}LineTotalAmount", net),
        "allowances": settled.amount(f"{SUMS}AllowanceTotalAmount"),
        "charges": settled.amount(f"{SUMS}ChargeTotalAmount"),
        "net": net,
        "tax": number_in(taxes[currency].own_text) if currency in taxes else ZERO,
        "gross": gross,
        "prepaid": settled.amount(f"{SUMS}TotalPrepaidAmount"),
        "rounding": settled.amount(f"{SUMS}RoundingAmount"),
        "payable": settled.amount(f"{SUMS}DuePayableAmount", gross),
        "books_currency": books if in_books else "",
        "tax_in_books": number_in(in_books.own_text) if in_books else None,
    }
