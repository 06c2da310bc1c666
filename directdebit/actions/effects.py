"""What a return does: the receipt is undone, fees are booked, the mandate is stopped or paused, somebody is told."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cashapp.actions.ending import return_receipt
from core.calendars import calendar_of
from core.models import User
from core.money import ZERO
from core.series import take_numbers
from directdebit.following import open_follow_up
from directdebit.models import Collection, Mandate, MandateEvent, ReturnedDebit, ReturnPolicy
from directdebit.queries.representing import first_day_of, presented_again
from directdebit.returns import Kind
from directdebit.returns.reasons import FollowUpKind, MandateEffect, Reason
from directdebit.returns.representing import may_represent
from directdebit.steps import step_collections, step_mandate
from ledger.models import Account, DayLock, JournalEntry, OpenItem
from ledger.periods import is_open
from ledger.posting import EntryDraft, ItemDraft, LineDraft, post

NOT_SENT = (Collection.State.PLANNED, Collection.State.NOTIFIED)
NEVER_TOOK = (Mandate.State.PENDING_LODGEMENT, Mandate.State.LODGED)
WHERE_MONEY_LIES = (Account.Role.BANK, Account.Role.DIRECT_DEBIT_CLEARING)


@dataclass(frozen=True, slots=True)
class Effects:
    """Who books which return for which reason, and the day on which it is done."""

    by: User
    returned: ReturnedDebit
    reason: Reason
    on: date

    @property
    def sentence(self) -> str:
        """Why, as every document that it touches says it."""
        return f"{self.reason.codes} {self.reason.code}: {self.reason.meaning}"[:200]

    # Money

    def take_back(self, collection: Collection, state: str) -> None:
        """Undo the receipt, so that its documents are open again at their old due dates, and step the collection."""
        receipt = collection.receipt
        day = self._posting_day(collection)
        if receipt is not None and receipt.is_live:
            return_receipt(by=self.by, receipt=receipt, returned_on=day, reason=self.sentence)
        step_collections(self.by, [collection], state, day, code=self.reason.code[:12], reason=self.reason.meaning)
        self.returned.receipt = receipt

    def charge_fees(self, collection: Collection) -> None:
        """What the bank takes for the return, and what the customer is charged for it where that is our policy."""
        policy = ReturnPolicy.objects.filter(creditor=collection.mandate.creditor).first()
        fee = self.returned.fee or (policy.bank_fee if policy else ZERO)
        entries = post(by=self.by, entries=list(self._fees(collection, fee, policy)))
        self.returned.fee_entry = entries[0] if entries else None

    def _fees(self, collection: Collection, fee: Decimal, policy: ReturnPolicy | None) -> Iterator[EntryDraft]:
        day = self._posting_day(collection)
        if fee:
            lines = [LineDraft(Account.Role.BANK_CHARGES, debit=fee), LineDraft(_account(collection), credit=fee)]
            yield self._entry(collection, JournalEntry.Kind.ADJUSTMENT, lines, "fee", day)
        recharge = policy.recharge if policy and self._is_the_payers_doing else ZERO
        if recharge:
            (number,) = take_numbers(collection.entity, "debit_note", day)
            item = ItemDraft(number, OpenItem.Kind.DEBIT_NOTE, day, day, reference=collection.reference)
            lines = [
                LineDraft(Account.Role.RECEIVABLES, debit=recharge, customer=collection.customer, item=item),
                LineDraft(Account.Role.BANK_CHARGES, credit=recharge),
            ]
            yield self._entry(collection, JournalEntry.Kind.DEBIT_NOTE, lines, "recharge", day)

    @property
    def _is_the_payers_doing(self) -> bool:
        """Nobody pays for our own mistakes, nor for a claim that they may be right about."""
        return self.returned.kind == Kind.UNPAID and self.reason.follow_up not in {None, FollowUpKind.INVESTIGATE}

    def _entry(self, collection: Collection, kind: str, lines: list[LineDraft], what: str, day: date) -> EntryDraft:
        return EntryDraft(
            entity=collection.entity,
            kind=kind,
            posted_on=day,
            currency=collection.currency,
            lines=lines,
            key=f"return-{what}:{self.returned.pk}",
            text=f"Direct debit {collection.reference} returned, {self.sentence}"[:200],
        )

    def _posting_day(self, collection: Collection) -> date:
        """The day from which the bank counts it; today where that day takes nothing more."""
        wanted = min(self.returned.effective_on or self.on, self.on)
        account = _account(collection)
        locked = (
            isinstance(account, Account)
            and DayLock.objects.filter(
                account=account, lifted_at=None, first_on__lte=wanted, last_on__gte=wanted
            ).exists()
        )
        return self.on if locked or not is_open(collection.entity, wanted) else wanted

    # The mandate

    def change_mandate(self, mandate: Mandate) -> None:
        """Stop, pause or revive it, as the reason says; one that ended before stays as it is."""
        effect = self.reason.mandate
        if effect == MandateEffect.STOP and not mandate.is_ended:
            self._stop(mandate)
        elif effect in {MandateEffect.SUSPEND, MandateEffect.AMEND} and not (mandate.is_ended or mandate.is_paused):
            mandate.paused_reason = self.sentence
            mandate.save(update_fields=["paused_reason"])
        elif effect == MandateEffect.RESUME:
            self._resume(mandate)

    def _stop(self, mandate: Mandate) -> None:
        refused = self.returned.kind == Kind.MANDATE_REFUSED and mandate.state in NEVER_TOOK
        state = Mandate.State.FAILED if refused else Mandate.State.CANCELLED
        step_mandate(self.by, mandate, state, self._day_of_change, reason=self.sentence, source=self._source)
        planned = list(mandate.collections.filter(state__in=NOT_SENT))
        step_collections(
            self.by, planned, Collection.State.CANCELLED, self.on, code=self.reason.code[:12], reason=self.sentence
        )

    def _resume(self, mandate: Mandate) -> None:
        if mandate.is_paused:
            mandate.paused_reason = ""
            mandate.save(update_fields=["paused_reason"])
        if mandate.state == Mandate.State.CANCELLED:
            step_mandate(
                self.by, mandate, Mandate.State.ACTIVE, self._day_of_change, reason=self.sentence, source=self._source
            )

    @property
    def _day_of_change(self) -> date:
        return min(self.returned.effective_on or self.on, self.on)

    @property
    def _source(self) -> str:
        is_file = self.returned.source == ReturnedDebit.Source.FILE
        return MandateEvent.Source.BANK if is_file else MandateEvent.Source.PROVIDER

    # People

    def tell_people(self, mandate: Mandate, collection: Collection | None) -> None:
        """Open the follow-up of the reason; what may not be presented again is for somebody to speak about."""
        kind, until = self.reason.follow_up, None
        if kind is None:
            return
        if kind == FollowUpKind.RE_PRESENT and collection is not None:
            answer = may_represent(
                self.reason,
                collected_on=first_day_of(collection),
                returned_on=self._day_of_change,
                attempts=presented_again(collection),
                on=self.on,
            )
            until = answer.until if answer.is_allowed else None
            kind = kind if answer.is_allowed and mandate.is_live else FollowUpKind.CUSTOMER_SUCCESS
        open_follow_up(self.returned, mandate.customer, kind, self.on, calendar_of(mandate.entity), until)


def _account(collection: Collection) -> Account | Account.Role:
    """Where the money lay: the account that the receipt was posted to, else the creditor's account at its bank."""
    if collection.receipt is not None:
        lines = collection.receipt.item.line.entry.lines.select_related("account")
        found = lines.filter(account__role__in=WHERE_MONEY_LIES, debit__gt=0).first()
        if found is not None:
            return found.account
    own = Account.objects.filter(bank_account=collection.mandate.creditor.bank_account).first()
    return own or Account.Role.BANK
