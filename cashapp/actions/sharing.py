"""One payment for several customers of a declared group: each gets its part. Part of the actions that match."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from cashapp.actions.applying import Use, apply_receipts
from cashapp.actions.ending import move_receipt
from cashapp.errors import NotInTheGroup
from cashapp.models import Receipt
from cashapp.money_in import Payment, total_of
from cashapp.queries.payer_groups import paid_for_with
from cashapp.taskbook import Reasons
from core.models import User
from customers.models import Customer


@dataclass(frozen=True, slots=True)
class Sharing:
    """Who shares a payment out, from which day on it counts, and by which evidence."""

    by: User
    on: date
    reasons: Reasons

    def out(self, receipt: Receipt, pays: Sequence[Payment]) -> dict[int, Receipt]:
        """Move to the other customers what pays their documents, and pay them; returns the receipt of each customer."""
        payer = receipt.item.customer
        receipts, on = {payer.pk: receipt}, max(self.on, receipt.received_on)
        for customer in _others(payer, pays, receipt.received_on):
            own = [payment for payment in pays if payment.item.customer_id == customer.pk]
            reason, amount = f"{payer.name} pays for {customer.name}", total_of(own)
            share = move_receipt(
                by=self.by, receipt=receipt, customer=customer, moved_on=on, reason=reason, amount=amount
            )
            apply_receipts(by=self.by, entity=receipt.entity, uses=[Use(share, own, on, self.reasons)])
            receipts[customer.pk] = share
        return receipts


def _others(payer: Customer, pays: Iterable[Payment], paid_on: date) -> list[Customer]:
    """Whose documents are paid besides the payer's own: only where somebody declared so."""
    found = {payment.item.customer_id: payment.item.customer for payment in pays}
    others = [customer for pk, customer in found.items() if pk != payer.pk]
    declared = paid_for_with(payer, on=paid_on) if others else set()
    for customer in others:
        if customer.pk not in declared:
            raise NotInTheGroup(
                f"{payer.name} was not declared to pay for {customer.name} on {paid_on:%d %b %Y}. "
                "Declare a payer group first, or move that part to them."
            )
    return others
