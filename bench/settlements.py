"""A large settlement file: each payment into the queue and posted where it is beyond doubt, beside reading it alone."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from bench.measures import Measure, seconds
from cashapp.actions.matching import match_statement
from cashapp.actions.payments import add_provider
from cashapp.actions.statements import import_statement
from cashapp.matching_runs import carry_out
from cashapp.models import PaymentFact
from cashapp.statements import read_file
from core import clock
from core.actions import add_bank_account
from core.models import LegalEntity
from core.permissions import system_user
from ledger.models import OpenItem

PAYMENTS, IN_A_PAYOUT = 1000, 250
SLOWEST = 15
TITLES = (
    "automatic_payout_id,automatic_payout_effective_at,balance_transaction_id,created_utc,available_on_utc,currency,"
    "gross,fee,net,reporting_category,payment_intent_id,invoice_number"
)


def measure_settlements(entity: LegalEntity) -> Iterator[Measure]:
    """Payments a second, from the file to the ledger."""
    by = system_user()
    add_provider(by=by, entity=entity, code="stripe", name="Stripe")
    add_bank_account(by=by, entity=entity, name="Stripe balance", currency=entity.currency, bank_name="Stripe")
    items = list(OpenItem.objects.filter(entity=entity, side="debit", open_amount__gt=0).order_by("pk")[:PAYMENTS])
    content = settlement_file(items, clock.today(entity) - timedelta(days=1))
    alone = seconds(lambda: read_file(content, "stripe.csv"))
    taken = seconds(lambda: _take_in(entity, content))
    posted = PaymentFact.objects.filter(kind=PaymentFact.Kind.POSTED, payment__entity=entity).count()
    rate, goal = len(items) / taken, f"≥ {SLOWEST}/s"
    work = f"settlement of {len(items):,} payments, {posted:,} posted by themselves"
    yield Measure(work, "/s", rate, len(items) / alone, "reading it", goal, rate >= SLOWEST)


def _take_in(entity: LegalEntity, content: bytes) -> None:
    by = system_user()
    for imported in import_statement(by=by, entity=entity, name="stripe.csv", content=content):
        carry_out(match_statement(by=by, statement=imported.statement))


def settlement_file(items: Sequence[OpenItem], on: object) -> bytes:
    """A payment of each document in full, less one in a hundred as the fee."""
    rows = [TITLES]
    for number, item in enumerate(items):
        fee = round(item.open_amount / 100, 2)
        told = (f"po_{number // IN_A_PAYOUT}", on, f"txn_{number}", on, on, item.currency.lower(), item.open_amount)
        rows.append(",".join(map(str, (*told, fee, item.open_amount - fee, "charge", f"pi_{number}", item.number))))
    return "\n".join(rows).encode()
