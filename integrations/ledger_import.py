"""Bringing in a whole ledger, batch by batch.

Every batch is a transaction of its own with all guards on. A folder that stopped half way is given again: what is here
already is passed over by its number or key.

A large ledger is shared out among processes by customer: while PostgreSQL works for one, another reads and drafts.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic

from core.copying import tell_the_planner
from core.models import LegalEntity, User
from integrations.actions import bring_in_credit_notes, bring_in_customers, bring_in_invoices, bring_in_receipts
from integrations.intake import WHOLE, Intake, Share
from integrations.ledger_folder import Folder, batches

BATCH = 2000
GROWING = (
    "customers_customer", "invoicing_invoice", "invoicing_invoiceline", "invoicing_creditnote", "ledger_journalentry",
    "ledger_journalline", "ledger_openitem", "ledger_allocation", "cashapp_receipt",
)  # fmt: skip


@dataclass
class Timing:
    """How many of a kind came in, and how long it took."""

    count: int = 0
    seconds: float = 0.0


def import_customers_of(*, by: User, entity: LegalEntity, folder: Folder) -> Timing:
    """Bring in the customers alone, before shares of the documents follow."""
    return _take(by, Intake(entity, folder), "customers.csv", bring_in_customers)


def import_ledger(
    *, by: User, entity: LegalEntity, folder: Folder, with_receipts: bool, share: Share = WHOLE
) -> dict[str, Timing]:
    """Bring in a folder, or a share of its documents; `with_receipts` off leaves its receipts to arrive by the bank."""
    folder.check(with_receipts=with_receipts)
    intake = Intake(entity, folder, share)
    timings = {
        "customers": _take(by, intake, "customers.csv", bring_in_customers),
        "invoices": _take(by, intake, "invoices.csv", bring_in_invoices),
    }
    intake.lines.refuse_rest()
    timings["credit_notes"] = _take(by, intake, "credit_notes.csv", bring_in_credit_notes)
    intake.credited.refuse_rest()
    if with_receipts:
        timings["receipts"] = _take(by, intake, "receipts.csv", bring_in_receipts)
        intake.paid.refuse_rest()
    return timings


def _take(by: User, intake: Intake, name: str, bring_in: Callable[..., None]) -> Timing:
    timing, start = Timing(), monotonic()
    with _collecting_seldom():
        for number, batch in enumerate(batches(intake.rows(name), BATCH), start=1):
            bring_in(by=by, intake=intake, batch=batch)
            timing.count += len(batch)
            if number.bit_count() == 1:
                tell_the_planner(GROWING)
    timing.seconds = round(monotonic() - start, 2)
    return timing


@contextmanager
def _collecting_seldom() -> Iterator[None]:
    """A batch makes many rows and few cycles; looking for these as often as usual costs a tenth of the time."""
    usual = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()
