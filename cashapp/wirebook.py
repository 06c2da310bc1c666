"""The book of wires that were told ahead: each is closed by the receipt of its bank line. Only actions call this."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.db.models import Exists, OuterRef

from cashapp.models import ElectronicPayment, PaymentFact, Receipt
from core import clock
from core.audit import audit
from core.models import LegalEntity, User

BEFORE = timedelta(days=5)
AFTER = timedelta(days=30)
Kind = PaymentFact.Kind
OVER = (Kind.FAILED, Kind.REFUNDED, Kind.DISPUTED)


def close_wires(by: User, entity: LegalEntity, receipts: Sequence[Receipt]) -> None:
    """Note on wires that were told ahead that their money is here.

    A receipt of a bank line closes a wire of its customer over the same sum, told at most thirty days before the money
    came and five days after; among several the one that the line's text names, else the oldest. Once the receipt is
    undone, the wire is expected again.
    """
    of_lines = [receipt for receipt in receipts if receipt.line_id]
    expected = list(_expected(entity, of_lines)) if of_lines else []
    for receipt in of_lines:
        if wire := _wire_of(receipt, expected):
            expected.remove(wire)
            PaymentFact.objects.create(
                payment=wire, kind=Kind.POSTED, at=clock.now(), reference=str(receipt), receipt=receipt, recorded_by=by
            )
            audit(by, "payment.arrived", wire, entity=entity, after={"receipt": str(receipt)})


def _expected(entity: LegalEntity, receipts: Sequence[Receipt]) -> Iterable[ElectronicPayment]:
    facts = PaymentFact.objects.filter(payment=OuterRef("pk"))
    return (
        ElectronicPayment.objects.filter(
            ~Exists(facts.filter(kind=Kind.POSTED, receipt__ended_on=None)),
            ~Exists(facts.filter(kind__in=OVER)),
            entity=entity,
            provider=None,
            amount__in={receipt.amount for receipt in receipts},
            customer__in={receipt.item.customer_id for receipt in receipts},
        )
        .select_related("entity")
        .order_by("received_at", "pk")
    )


def _wire_of(receipt: Receipt, expected: Sequence[ElectronicPayment]) -> ElectronicPayment | None:
    fitting = [wire for wire in expected if _may_be(wire, receipt)]
    named = [wire for wire in fitting if wire.reference.casefold() in receipt.text.casefold()]
    return next(iter([*named, *fitting]), None)


def _may_be(wire: ElectronicPayment, receipt: Receipt) -> bool:
    told_on = wire.received_at.astimezone(wire.entity.zone).date()
    return (
        wire.customer_id == receipt.item.customer_id
        and wire.money == receipt.money
        and receipt.received_on - AFTER <= told_on <= receipt.received_on + BEFORE
    )
