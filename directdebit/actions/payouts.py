"""Payouts of providers: kept with their parts, their fees booked, and tied to the bank line that brought them."""

from django.db import transaction

from cashapp.actions.clearing_lines import FromClearing
from cashapp.actions.drafts import BankAccounts
from cashapp.actions.reconciling import tie_posting
from cashapp.errors import AlreadyPosted
from cashapp.models import BankStatementLine
from cashapp.open_days import OpenDays
from cashapp.queries.money import live_receipts, waiting_in_suspense
from cashapp.taskbook import Entry, Outcome, Reasons, State, take_tasks, write_down
from core.audit import audit
from core.models import LegalEntity, User
from core.money import Money
from core.permissions import require
from directdebit.errors import PayoutRefused
from directdebit.models import Collection, Creditor, PayoutArrival, PayoutItem, ProviderPayout
from directdebit.providers.protocol import Payout
from directdebit.queries.payouts import proof_of
from ledger.models import Account, JournalEntry
from ledger.posting import EntryDraft, LineDraft, post

RULE = "direct_debit_payout"


@transaction.atomic
def record_payout(*, by: User, creditor: Creditor, payout: Payout) -> ProviderPayout:
    """Keep a payout with its parts and book what the provider kept: its fees leave clearing, the rest arrives later."""
    require(by, "directdebit.record_payout", creditor.entity)
    LegalEntity.objects.select_for_update(no_key=True).get(pk=creditor.entity_id)
    known = ProviderPayout.objects.filter(creditor=creditor, identifier=payout.identifier).first()
    if known:
        return known

    entry = post(by=by, entries=[_fees(creditor, payout)])[0] if payout.fees else None
    kept = ProviderPayout.objects.create(
        creditor=creditor,
        identifier=payout.identifier,
        reference=payout.reference[:80],
        net=payout.net.amount,
        fees=payout.fees,
        currency=payout.net.currency,
        arrives_on=payout.arrives_on,
        entry=entry,
    )
    PayoutItem.objects.bulk_create(_items(kept, payout))

    after = {"net": payout.net.amount, "fees": payout.fees, "gross": payout.gross.amount}
    audit(by, "payout.recorded", kept, entity=creditor.entity, after=after)
    return kept


@transaction.atomic
def settle_payout(
    *, by: User, payout: ProviderPayout, line: BankStatementLine, evidence: str = "Chosen by hand."
) -> PayoutArrival:
    """Tie a payout to the bank line on which it arrived: clearing is emptied to the bank by what it pays."""
    entity = payout.creditor.entity
    require(by, "directdebit.settle_payout", entity)
    task = take_tasks([line])[line.pk]
    payout = ProviderPayout.objects.select_for_update(of=("self",), no_key=True).get(pk=payout.pk)
    known = PayoutArrival.objects.filter(payout=payout).select_related("line").first()
    if known is not None and known.line_id == line.pk:
        return known
    if known is not None:
        raise PayoutRefused(f"Payout {payout} arrived with {known.line} already.")
    _refuse_line(entity, payout, line)
    if task.state == State.MATCHED:
        raise AlreadyPosted(f"{line} is posted already. Undo that first.")

    (entry,) = post(by=by, entries=[_arrival(entity, payout, line)])
    tie_posting(by=by, line=line, entry=entry)
    arrival = PayoutArrival.objects.create(payout=payout, line=line, entry=entry, evidence=evidence, recorded_by=by)
    note = f"Payout {payout}. {evidence}"
    write_down(by, [Entry(line, Outcome.CLEARED, State.MATCHED, Reasons(rule=RULE, note=note))])

    after = {"line": str(line), "evidence": evidence, "differences": proof_of(payout).differences}
    audit(by, "payout.settled", payout, entity=entity, after=after)
    return arrival


def _refuse_line(entity: LegalEntity, payout: ProviderPayout, line: BankStatementLine) -> None:
    if line.bank_account.entity_id != entity.pk:
        raise PayoutRefused(f"{line} is on an account of another company.")
    arrived, expected = Money(line.amount, line.currency), Money(payout.net, payout.currency)
    if arrived != expected:
        raise PayoutRefused(f"Payout {payout} pays {expected}, but the bank line holds {arrived}.")
    if live_receipts(line) or waiting_in_suspense(line):
        raise AlreadyPosted(f"{line} is posted already. Undo that first.")


def _items(kept: ProviderPayout, payout: Payout) -> list[PayoutItem]:
    """Its parts, each with the collection that the provider names."""
    wanted = {item.payment for item in payout.items} - {""}
    rows = Collection.objects.filter(entity=kept.creditor.entity_id, provider_identifier__in=wanted)
    by_identifier = {row.provider_identifier: row for row in rows}
    return [
        PayoutItem(
            payout=kept,
            kind=item.kind[:40],
            identifier=item.payment[:80],
            amount=item.amount,
            collection=by_identifier.get(item.payment),
        )
        for item in payout.items
    ]


def _fees(creditor: Creditor, payout: Payout) -> EntryDraft:
    return EntryDraft(
        entity=creditor.entity,
        kind=JournalEntry.Kind.ADJUSTMENT,
        posted_on=payout.arrives_on,
        currency=payout.net.currency,
        lines=[
            LineDraft(Account.Role.BANK_CHARGES, debit=payout.fees),
            LineDraft(Account.Role.DIRECT_DEBIT_CLEARING, credit=payout.fees),
        ],
        key=f"payout-fees:{creditor.pk}:{payout.identifier}",
        text=f"Fees of {creditor.name}, payout {payout.reference or payout.identifier}"[:200],
    )


def _arrival(entity: LegalEntity, payout: ProviderPayout, line: BankStatementLine) -> EntryDraft:
    day = OpenDays(entity).from_day(line.bank_account, line.booked_on)
    leaving = FromClearing(entity, Account.Role.DIRECT_DEBIT_CLEARING, Money(line.amount, line.currency), day)
    return EntryDraft(
        entity=entity,
        kind=JournalEntry.Kind.TRANSFER,
        posted_on=day,
        currency=line.currency,
        lines=leaving.lines(BankAccounts(entity).of(line.bank_account)),
        key=f"debit-payout:{payout.pk}:{line.pk}",
        text=f"Payout {payout}"[:200],
    )
