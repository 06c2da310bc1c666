"""What a credit note takes from deferred income, and what from revenue."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from invoicing.credit_shares import LinePart, LinesLeft, unearned_part
from invoicing.crediting import OverCredited
from invoicing.cycles import ONE_DAY
from invoicing.deferrals import NOTHING, Worth
from invoicing.models import CreditNote, CreditNoteLine, Invoice, InvoiceLine
from invoicing.queries.unearned import Schedule, schedules_of_lines
from invoicing.releases import Unearned, worth_of


@dataclass(frozen=True, slots=True)
class TakenPart:
    """What one schedule gives up, and the last day that is still earned where days are credited."""

    schedule: int
    worth: Worth
    ends_on: date | None


@dataclass(slots=True)
class Taken:
    """What a credit note takes from deferred income per schedule and per tax rate, and which lines it uses up."""

    parts: list[TakenPart] = field(default_factory=list)
    by_rate: dict[int, Worth] = field(default_factory=dict)
    used_up: list[int] = field(default_factory=list)
    days_from: dict[int, date] = field(default_factory=dict)


def lines_left(invoice: Invoice, lines: Sequence[InvoiceLine]) -> LinesLeft:
    """What issued credit notes have left of each line of an invoice."""
    left = LinesLeft((LinePart(line.pk, line.tax_rate_id, line.net) for line in lines), invoice.currency)
    issued = CreditNoteLine.objects.filter(credit_note__invoice=invoice, credit_note__number__isnull=False)
    for row in issued.order_by("credit_note__entry_id", "position"):
        left.take(_part(row))
    return left


def taken_by(credit_note: CreditNote) -> Taken:
    """What the draft of a credit note takes if it is issued now; ask with the customer's lock."""
    invoice = credit_note.invoice
    lines = list(invoice.lines.all())
    left = lines_left(invoice, lines)
    schedules = schedules_of_lines([line.pk for line in lines], credit_note.entity.currency)
    states = {line: schedule.left for line, schedule in schedules.items()}
    rates = {line.pk: line.tax_rate_id for line in lines}
    taken = Taken()
    for row in credit_note.lines.order_by("position"):
        _refuse_days_gone(credit_note, row, left)
        before = dict(left.left)
        for line, share in left.take(_part(row)).items():
            if not left.left[line]:
                taken.used_up.append(line)
            if line in schedules:
                _take(taken, schedules[line], states, row, share, before[line], rates[line])
        if row.credited_from is not None and row.invoice_line_id is not None:
            taken.days_from[row.invoice_line_id] = row.credited_from
    if not any(left.left.values()):
        taken.used_up += [line.pk for line in lines if not line.net]
    return taken


def _take(
    taken: Taken,
    schedule: Schedule,
    states: dict[int, Unearned],
    row: CreditNoteLine,
    share: Decimal,
    left: Decimal,
    rate: int,
) -> None:
    state = states[schedule.invoice_line]
    of_days = row.credited_from is not None
    amount = unearned_part(share, left, state.balance, state.currency, of_days=of_days)
    if not amount:
        return
    kept = state.balance - amount
    base_kept = worth_of(kept, state.balance, state.base_balance, state.base_currency)
    worth = Worth(amount, state.base_balance - base_kept)
    ends_on = row.credited_from - ONE_DAY if row.credited_from is not None else None
    taken.parts.append(TakenPart(schedule.pk, worth, ends_on))
    taken.by_rate[rate] = taken.by_rate.get(rate, NOTHING) + worth
    states[schedule.invoice_line] = replace(state, balance=kept, base_balance=base_kept)


def _refuse_days_gone(credit_note: CreditNote, row: CreditNoteLine, left: LinesLeft) -> None:
    """Days are credited with what the line still has; where others credited it meanwhile, the days cost less."""
    if row.credited_from is None or row.invoice_line_id is None:
        return
    if abs(row.net) > abs(left.left[row.invoice_line_id]):
        raise OverCredited(
            f"“{row.description}” of {credit_note.invoice} was credited meanwhile. Draft the credit note anew."
        )


def _part(row: CreditNoteLine) -> LinePart:
    return LinePart(row.invoice_line_id, row.tax_rate_id, row.net)
