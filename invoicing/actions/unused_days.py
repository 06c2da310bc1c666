"""Crediting days that were billed beyond the end of a contract line."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.db import transaction

from core.models import User
from core.money import Money, split_money
from core.permissions import require
from customers.models import lock
from invoicing.actions.credit_notes import draft_credit_note
from invoicing.actions.errors import CreditRefused
from invoicing.credits import LineCredit, SomeLines
from invoicing.models import BilledPeriod, Contract, CreditNote, CreditNoteLine, Invoice, InvoiceLine
from invoicing.queries.creditable import creditable
from invoicing.unused_days import Unused, still_billed, unused_of


@transaction.atomic
def credit_unused_days(*, by: User, contract: Contract, reason_code: str, reason: str) -> list[CreditNote]:
    """Draft a credit note for each invoice that bills days beyond the end of a contract's lines.

    What waits in a draft already is not drafted twice: that draft is given back with the new ones.
    """
    require(by, "invoicing.draft_credit_note", contract.entity)
    lock(contract.customer)
    periods = list(_beyond_their_end(contract))
    _refuse_drafts(period for period in periods if not period.invoice_line.invoice.is_issued)

    waiting = {row.invoice_line_id: row.credit_note for row in _waiting(periods)}
    by_invoice: dict[Invoice, list[BilledPeriod]] = defaultdict(list)
    for period in periods:
        if period.invoice_line_id not in waiting:
            by_invoice[period.invoice_line.invoice].append(period)
    drafted = [
        draft_credit_note(by=by, invoice=invoice, credit=SomeLines(lines), reason_code=reason_code, reason=reason)
        for invoice, found in by_invoice.items()
        if (lines := _lines(invoice, found))
    ]
    return [*dict.fromkeys(waiting.values()), *drafted]


def _beyond_their_end(contract: Contract) -> Iterable[BilledPeriod]:
    """Billed days of lines that have ended or are agreed to end before them, the earliest invoice first."""
    rows = BilledPeriod.objects.filter(line__contract=contract, line__ends_on__isnull=False)
    related = rows.select_related("line", "invoice_line__invoice__entity", "invoice_line__invoice__customer")
    for period in related.order_by("invoice_line__invoice_id", "invoice_line__position", "first_on"):
        billed = still_billed(period)
        if billed is not None and period.line.ends_on is not None and billed.last_on > period.line.ends_on:
            yield period


def _refuse_drafts(periods: Iterable[BilledPeriod]) -> None:
    for period in periods:
        draft = period.invoice_line.invoice
        raise CreditRefused(
            f"{draft} bills “{period.line.description}” beyond {period.line.ends_on:%d %b %Y}. Discard it first."
        )


def _waiting(periods: Iterable[BilledPeriod]) -> Iterable[CreditNoteLine]:
    """Drafts that credit days of these lines already."""
    lines = [period.invoice_line_id for period in periods]
    rows = CreditNoteLine.objects.filter(invoice_line__in=lines, credit_note__number=None, credited_from__isnull=False)
    return rows.select_related("credit_note__entity", "credit_note__customer", "credit_note__invoice")


def _lines(invoice: Invoice, periods: list[BilledPeriod]) -> list[LineCredit]:
    left = creditable(invoice).left_of_lines
    shares = _shares(invoice, periods, left)
    found = [
        (period, unused)
        for period in periods
        if period.line.ends_on is not None
        and (unused := unused_of(period, period.line.ends_on, shares[period.pk], invoice.currency))
    ]
    return [_line(period.invoice_line, unused) for period, unused in found]


def _line(line: InvoiceLine, unused: Unused) -> LineCredit:
    return LineCredit(line, net=unused.surplus.net, credited_from=unused.credited_from, working=unused.surplus.working)


def _shares(invoice: Invoice, periods: list[BilledPeriod], left: Mapping[int, Decimal]) -> dict[int, Decimal]:
    """What is left of an invoice line for each stretch of days that it bills: mostly it bills one."""
    by_line: dict[int, list[BilledPeriod]] = defaultdict(list)
    for period in BilledPeriod.objects.filter(invoice_line__in={one.invoice_line_id for one in periods}):
        by_line[period.invoice_line_id].append(period)
    shares: dict[int, Decimal] = {}
    for line, stretches in by_line.items():
        weights = [Decimal((one.last_on - one.first_on).days + 1) for one in stretches]
        parts = split_money(Money(abs(left[line]), invoice.currency), weights)
        shares |= {one.pk: part.amount.copy_sign(left[line]) for one, part in zip(stretches, parts, strict=True)}
    return shares
