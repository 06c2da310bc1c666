"""Revaluing what is open in foreign currency at the end of a month, as a run that can be killed and started again.

Receivables are monetary items, so they stand in the books at the closing rate (IAS 21.23). The difference is posted at
the month's end against account 6310 and taken back on the first day of the next month: what is gained or lost in the
end is realised when a receipt settles the document. What a month's runs posted already is not posted again, so a run
after a late posting, or after a corrected rate, posts only what that changes.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby

from django.db import transaction

from core.audit import audit
from core.errors import Refused
from core.models import LegalEntity, Run, User
from core.money import ZERO
from core.permissions import require
from core.rates import rate_on
from core.runs import start_run
from customers.models import Customer, take_turns
from ledger.actions.months import set_up_ledger
from ledger.models import Account, JournalEntry, Revaluation, RevaluedItem
from ledger.periods import is_soft_locked, last_of_month, refuse_closed
from ledger.posting import EntryDraft, LineDraft, post, reverse_entry
from ledger.revaluing import Unrealised, customers_in_foreign_currency, preview, unrealised

KIND = "revalue_items"
ITEMS_AT_ONCE = 2_000
ONE_DAY = timedelta(days=1)


class RevaluationRefused(Refused):
    """The month isn't over, or one of its rates is missing."""

    code = "revaluation_refused"


@transaction.atomic
def start_revaluation(
    *, by: User, entity: LegalEntity, month_on: date, asked_on: date, late_reason: str = ""
) -> tuple[Run, bool]:
    """Lay down the revaluation of a month; what changed after its run was over is posted by another run."""
    require(by, "ledger.revalue_items", entity)
    LegalEntity.objects.select_for_update(no_key=True).get(pk=entity.pk)
    month_end, late = last_of_month(month_on), late_reason.strip()
    if month_end >= asked_on:
        raise RevaluationRefused(f"{month_end:%B %Y} isn't over before {month_end + ONE_DAY:%d %B %Y}.")
    refuse_closed(by, entity, [(month_end, late), (month_end + ONE_DAY, late)])
    _refuse_missing_rates(entity, month_end)

    runs = Run.objects.filter(entity=entity, kind=KIND, business_date=month_end)
    latest = runs.order_by("-pk").first()
    if latest is not None and not (latest.is_over and _anything_to_post(entity, month_end)):
        return latest, False
    set_up_ledger(by=by, entity=entity)
    run, is_new = start_run(
        by,
        entity,
        KIND,
        month_end,
        title=f"Revalue foreign currency at {month_end:%d %B %Y}",
        part=str(runs.count()) if latest is not None else "",
        parameters={"late_reason": late},
        link=f"/ledger/revaluation/?month_on={month_end}",
    )
    if is_new:
        audit(by, "run.started", run, entity=entity, after={"month": month_end}, reason=late)
    return run, is_new


@transaction.atomic
def revalue_items(
    *, by: User, entity: LegalEntity, customers: Sequence[int], month_end: date, late_reason: str = ""
) -> int:
    """Bring these customers' items to the closing rate; returns how many items changed.

    There is an entry for each currency, and its reversal on the first of the next month. Doing it twice posts nothing.
    """
    require(by, "ledger.revalue_items", entity)
    take_turns(Customer(pk=pk) for pk in customers)
    found = [one for one in unrealised(entity=entity, customers=customers, month_end=month_end) if one.to_post]
    found.sort(key=lambda one: one.item.currency)
    for currency, rows in groupby(found, key=lambda one: one.item.currency):
        _post(by, entity, currency, list(rows), month_end, late_reason)
    return len(found)


def _refuse_missing_rates(entity: LegalEntity, month_end: date) -> None:
    missing = [row.refusal for row in preview(entity, month_end, ()) if row.refusal]
    if missing:
        raise RevaluationRefused(" ".join(missing))


def _anything_to_post(entity: LegalEntity, month_end: date) -> bool:
    groups = customers_in_foreign_currency(entity, month_end, ITEMS_AT_ONCE)
    return any(
        one.to_post
        for customers in groups
        for one in unrealised(entity=entity, customers=customers, month_end=month_end)
    )


def _post(
    by: User, entity: LegalEntity, currency: str, rows: list[Unrealised], month_end: date, late_reason: str
) -> None:
    """Gains and losses have an entry each: shown gross, and never an entry of nothing where they cancel out."""
    rate = rate_on(currency, entity.currency, month_end)
    for part in ([one for one in rows if one.to_post > 0], [one for one in rows if one.to_post < 0]):
        if part:
            _post_part(by, entity, currency, rate, part, month_end, late_reason)


def _post_part(
    by: User,
    entity: LegalEntity,
    currency: str,
    rate: Decimal,
    rows: list[Unrealised],
    month_end: date,
    late_reason: str,
) -> None:
    def late(day: date) -> str:
        return late_reason if is_soft_locked(entity, day) else ""

    first = month_end + ONE_DAY
    gain = sum((one.to_post for one in rows), ZERO)
    entry = post(by=by, entries=[_entry(entity, currency, rate, gain, month_end, late(month_end))])[0]
    reason = f"Revaluation of {month_end:%B %Y} taken back"
    reversal = reverse_entry(by=by, entry=entry, posted_on=first, reason=reason, late_reason=late(first))
    revaluation = Revaluation.objects.create(
        entity=entity, month_end=month_end, currency=currency, rate=rate, entry=entry, reversal=reversal, recorded_by=by
    )
    RevaluedItem.objects.bulk_create(
        RevaluedItem(
            revaluation=revaluation,
            item=one.item,
            open_amount=one.open_amount,
            carried=one.carried,
            worth=one.worth,
            posted=one.to_post,
        )
        for one in rows
    )
    audit(by, "items.revalued", revaluation, entity=entity, after={"gain": gain, "rate": rate, "items": len(rows)})


def _entry(entity: LegalEntity, currency: str, rate: Decimal, gain: Decimal, on: date, late_reason: str) -> EntryDraft:
    """Debit receivables' revaluation and credit 6310 for a gain; the other way round for a loss. Value only."""
    return EntryDraft(
        entity=entity,
        kind=JournalEntry.Kind.REVALUATION,
        posted_on=on,
        currency=currency,
        lines=(
            LineDraft(Account.Role.RECEIVABLES_REVALUATION, base=gain),
            LineDraft(Account.Role.UNREALISED_EXCHANGE, base=-gain),
        ),
        key=None,
        text=f"Open items in {currency} at {rate.normalize():f}",
        rate=rate,
        late_reason=late_reason,
    )
