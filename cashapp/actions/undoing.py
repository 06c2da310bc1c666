"""Taking a receipt off what it settled. Part of every action that undoes one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ar_collections.actions import Closing, close_dispute
from ar_collections.actions.recoveries import undo_recovery
from ar_collections.models import Dispute
from ar_collections.queries.write_offs import recoveries_settled_as
from cashapp.models import Deduction, Receipt, ReceiptExchange
from controls.actions import return_authority
from controls.models import AuthorityUse
from core.audit import audit
from core.models import User
from ledger.models import Allocation, JournalEntry, OpenItem
from ledger.posting import reverse_allocations, reverse_entry


@dataclass(frozen=True, slots=True)
class Undoing:
    """Who takes which receipt off, from which day, and why."""

    by: User
    receipt: Receipt
    on: date
    reason: str
    keeps_disputes: bool = False
    """What the customer contests stays contested: the money went back, but nobody made a mistake."""

    def undo(self, items: Sequence[OpenItem] = ()) -> list[Allocation]:
        """Undo what was settled on some documents or all: by the receipt, by credit notes beside it, by deductions.

        A debt that was written off and recovered with the money is written off again.
        """
        wanted = {item.pk for item in items}
        own = self.receipt.item.credit_allocations.filter(amount__gt=0, reversed_by=None)
        beside = Allocation.objects.filter(used_with__receipt=self.receipt, reversed_by=None)
        documents = own.exclude(debit_item__kind=OpenItem.Kind.RECEIPT)
        found = [each for each in (*documents, *beside) if not wanted or each.debit_item_id in wanted]
        self._undo_deductions(wanted)
        undone = [*self._reverse(found), *self._undo_exchanges(wanted)]
        for recovery in recoveries_settled_as(each.debit_item_id for each in found):
            undo_recovery(by=self.by, recovery=recovery, reason=self.reason, undone_on=self.on)
        return undone

    def _reverse(self, allocations: Sequence[Allocation]) -> list[Allocation]:
        day = max([self.on, *(allocation.allocated_on for allocation in allocations)])
        return reverse_allocations(by=self.by, allocations=allocations, allocated_on=day, reason=self.reason)

    def _undo_exchanges(self, wanted: set[int]) -> list[Allocation]:
        """Change money back that had settled documents of another currency, at the value at which it left."""
        undone: list[Allocation] = []
        for exchange in self.receipt.exchanges.filter(ended_on=None).select_related(
            "out_entry", "in_entry", "authority_use__person", "authority_use__entity"
        ):
            if wanted and exchange.item_id not in wanted:
                continue
            undone += self._undo_entry(exchange.in_entry)
            self._undo_entry(exchange.out_entry)
            self._give_back(exchange.authority_use)
            ReceiptExchange.objects.filter(pk=exchange.pk).update(ended_on=self.on)
            audit(self.by, "exchange.taken_back", self.receipt, entity=self.receipt.entity, reason=self.reason)
        return undone

    def _undo_deductions(self, wanted: set[int]) -> None:
        for deduction in self.receipt.deductions.filter(ended_on=None).select_related(
            "entry", "authority_use__person", "authority_use__entity", "dispute"
        ):
            if wanted and deduction.item_id not in wanted:
                continue
            if deduction.entry is not None:
                self._undo_entry(deduction.entry)
            self._give_back(deduction.authority_use)
            if deduction.dispute is not None and deduction.dispute.is_open and not self.keeps_disputes:
                self._withdraw(deduction.dispute)
            Deduction.objects.filter(pk=deduction.pk).update(ended_on=self.on)
            audit(self.by, "deduction.taken_back", deduction, entity=deduction.entity, reason=self.reason)

    def _give_back(self, use: AuthorityUse | None) -> None:
        if use is not None:
            return_authority(by=self.by, use=use, returned_on=self.on, reason=self.reason)

    def _withdraw(self, dispute: Dispute) -> None:
        closing = Closing(Dispute.Outcome.WITHDRAWN, f"{self.receipt} was taken off: {self.reason}")
        close_dispute(by=self.by, dispute=dispute, closing=closing, closed_on=max(self.on, dispute.opened_on))

    def _undo_entry(self, entry: JournalEntry) -> list[Allocation]:
        """Reverse an entry after what its one item settled, or was settled by."""
        item = OpenItem.objects.get(line__entry=entry)
        own = item.credit_allocations if item.side == OpenItem.Side.CREDIT else item.debit_allocations
        settled = list(own.filter(amount__gt=0, reversed_by=None))
        undone = self._reverse(settled)
        day = max([self.on, entry.posted_on, *(each.allocated_on for each in settled)])
        reverse_entry(by=self.by, entry=entry, posted_on=day, reason=self.reason)
        return undone
