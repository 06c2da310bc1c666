"""Money that leaves a clearing account for the bank: one entry for a bank line. Part of the actions that tie them."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from cashapp.actions.clearing_lines import FromClearing
from cashapp.actions.drafts import BankAccounts
from cashapp.errors import AlreadyPosted, PayoutRefused
from cashapp.models import BankStatementLine, ClearingCredit, DepositSlip, Payout
from cashapp.open_days import OpenDays
from cashapp.queries.money import live_receipts, waiting_in_suspense
from cashapp.taskbook import Entry, Outcome, Reasons, State, take_tasks, write_down
from core.models import LegalEntity, User
from core.money import ZERO, Money
from ledger.models import Account, JournalEntry
from ledger.posting import EntryDraft, post, reverse_entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """What a bank line is said to hold: a payout with its fee, or the cheques of a slip."""

    label: str
    key: str
    clearing: Account | Account.Role
    net: Money
    fee: Decimal = ZERO
    payout: Payout | None = None
    slip: DepositSlip | None = None

    def credits(self) -> QuerySet[ClearingCredit]:
        """Where it arrived, now or before."""
        return ClearingCredit.objects.filter(payout=self.payout, slip=self.slip)


@dataclass(frozen=True, slots=True)
class Booking:
    """Who ties a bank line to what arrived with it, or takes it off again."""

    by: User
    entity: LegalEntity

    def book(self, line: BankStatementLine, arrival: Arrival) -> tuple[ClearingCredit, bool]:
        """Debit the bank and the charges, credit clearing; returns the credit and whether it is new."""
        BankStatementLine.objects.select_for_update(no_key=True).get(pk=line.pk)
        task = take_tasks([line]).get(line.pk)
        live = arrival.credits().filter(ended_on=None).select_related("line").first()
        if live is not None:
            if live.line_id == line.pk:
                return live, False
            raise PayoutRefused(f"{arrival.label} arrived with {live.line} already.")
        _refuse_other_line(self.entity, line, arrival)
        if task is not None and task.state == State.MATCHED:
            raise AlreadyPosted(f"{line} is posted already. Undo that first.")

        key = f"{arrival.key}:{arrival.credits().count()}"
        (entry,) = post(by=self.by, entries=[_entry(self.entity, line, arrival, key)])
        credit = ClearingCredit(
            entity=self.entity,
            payout=arrival.payout,
            slip=arrival.slip,
            line=line,
            entry=entry,
            recorded_by=self.by,
        )
        credit.save(force_insert=True)
        write_down(self.by, [Entry(line, Outcome.CLEARED, State.MATCHED, Reasons(note=arrival.label))])
        return credit, True

    def end(self, credit: ClearingCredit, on: date, reason: str) -> None:
        """Put the money back on the clearing account; its bank line waits to be matched."""
        day = max(on, credit.entry.posted_on)
        mirror = reverse_entry(by=self.by, entry=credit.entry, posted_on=day, reason=reason)
        credit.ended_on, credit.end_entry = day, mirror
        credit.save(update_fields=["ended_on", "end_entry"])
        write_down(self.by, [Entry(credit.line, Outcome.REVERSED, State.TO_MATCH, Reasons(note=reason))])


def _refuse_other_line(entity: LegalEntity, line: BankStatementLine, arrival: Arrival) -> None:
    if line.bank_account.entity_id != entity.pk:
        raise PayoutRefused(f"{line} is on an account of another company.")
    arrived = Money(line.amount, line.currency)
    if arrived != arrival.net:
        raise PayoutRefused(f"{arrival.label} is {arrival.net}, but the bank line holds {arrived}.")
    if receipts := live_receipts(line):
        raise AlreadyPosted(f"{line} is posted already: {receipts[0]}. Undo that first.")
    if waiting_in_suspense(line):
        raise AlreadyPosted(f"{line} is booked as unidentified. Undo that first.")
    if tie := line.postings.filter(ended_at=None).select_related("entry").first():
        raise AlreadyPosted(f"{line} is the money of {tie.entry} already.")
    if cleared := ClearingCredit.objects.filter(line=line, ended_on=None).first():
        raise AlreadyPosted(f"{line} holds {cleared.payout or cleared.slip} already.")


def _entry(entity: LegalEntity, line: BankStatementLine, arrival: Arrival, key: str) -> EntryDraft:
    day = OpenDays(entity).from_day(line.bank_account, line.booked_on)
    leaving = FromClearing(entity, arrival.clearing, arrival.net, day, arrival.fee)
    return EntryDraft(
        entity=entity,
        kind=JournalEntry.Kind.TRANSFER,
        posted_on=day,
        currency=arrival.net.currency,
        lines=leaving.lines(BankAccounts(entity).of(line.bank_account)),
        key=key,
        text=arrival.label[:200],
    )
