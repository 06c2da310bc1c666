"""The rows of a planned invoice, as they are examined and written. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from babel import Locale

from core.locales import locale_of
from core.models import LegalEntity
from core.reading import unsaved
from invoicing.billing.plans import PlannedInvoice, PlannedLine
from invoicing.charges import Charge
from invoicing.models import ContractLine, Invoice, InvoiceLine, InvoiceTax
from invoicing.papers.words import words_in
from invoicing.totals import totals_of


@dataclass(frozen=True, slots=True)
class Rows:
    """An invoice with its lines and tax, and the charge that each line bills. None of them has an id yet."""

    invoice: Invoice
    lines: Sequence[InvoiceLine]
    taxes: Sequence[InvoiceTax]
    charges: Sequence[Charge]


def rows_of(plan: PlannedInvoice, entity: LegalEntity) -> Rows:
    """Make the rows; every line has its price and its rate."""
    locale = locale_of(plan.language, entity.country)
    lines = [_line(plan, line, position, locale) for position, line in enumerate(plan.lines, start=1)]
    totals = totals_of(((line.tax_rate, line.net) for line in lines), plan.currency)
    invoice = unsaved(
        Invoice,
        currency=plan.currency,
        language=plan.language,
        purchase_order=plan.purchase_order,
        text=plan.text,
        kind=plan.kind,
        net=totals.net,
        tax=totals.tax,
        gross=totals.gross,
        service_from=plan.service_from,
        service_until=plan.service_until,
        cost_centre=plan.cost_centre,
        is_final=plan.is_final,
        is_consolidated=plan.is_consolidated,
    )
    invoice.entity, invoice.customer, invoice.terms = entity, plan.customer, plan.terms
    taxes = [unsaved(InvoiceTax, tax_rate_id=part.rate.pk, net=part.net, tax=part.tax) for part in totals.parts]
    return Rows(invoice, lines, taxes, [line.due.charge for line in plan.lines])


def _line(plan: PlannedInvoice, planned: PlannedLine, position: int, locale: Locale) -> InvoiceLine:
    charge, rate = planned.due.charge, planned.tax_rate
    if rate is None:
        raise AssertionError("What has no rate is left out before rows are made.")
    line = unsaved(
        InvoiceLine,
        position=position,
        description=charge.line.description,
        detail=_detail(plan, planned, locale),
        quantity=charge.quantity,
        unit=charge.line.product.unit,
        unit_price=charge.billed_price,
        discount_percent=charge.line.discount_percent,
        net=planned.net,
        product_id=charge.line.product_id,
        service_from=charge.days.first_on,
        service_until=charge.days.last_on,
    )
    line.tax_rate = rate
    return line


def _detail(plan: PlannedInvoice, planned: PlannedLine, locale: Locale) -> str:
    """The contract where the invoice bills several, and the share where it isn't a whole cycle."""
    words, charge = words_in(locale), planned.due.charge
    parts = [words.say("of_contract", number=planned.due.contract.number)] if plan.is_consolidated else []
    if _is_shared(charge):
        parts.append(words.say("of_cycle", days=str(len(charge.days)), cycle=str(len(charge.cycle))))
    return "\n".join(parts)


def _is_shared(charge: Charge) -> bool:
    return not charge.is_whole and charge.line.cycle != ContractLine.Cycle.USAGE
