"""What a customer is told of a charge for late payment."""

from datetime import date
from typing import ClassVar

from ar_collections.models import LateCharge
from core.money import Money, money
from core.papers import in_groups
from messaging.kinds import Context, Kind
from messaging.models import Message

LATE_CHARGE = "late_charge"


class LateChargeMessage(Kind):
    """A debit note for late payment on its way to the customer."""

    label = "Late payment charge"
    sample: ClassVar[Context] = {
        "customer": "Brightwater Hotels",
        "contact": "Priya Nair",
        "document": "DN-2026-00012",
        "interest": money("529.23 GBP"),
        "compensation": money("100.00 GBP"),
        "amount": money("629.23 GBP"),
        "until": date(2026, 8, 15),
        "due_on": date(2026, 12, 20),
        "reference": "RF41 C104 20",
    }

    def still_true(self, message: Message) -> str | None:
        """Only while it wasn't taken back and is open."""
        charge = self._charge(message)
        if charge.taken_back_on is not None:
            return "The charge was taken back."
        return None if charge.item and charge.item.open_amount else "The charge is settled."

    def context(self, message: Message) -> Context:
        """The amounts and when they are due."""
        charge = self._charge(message)
        return {
            "interest": Money(charge.interest, charge.currency),
            "compensation": Money(charge.compensation, charge.currency),
            "amount": charge.money,
            "until": charge.until_on,
            "due_on": charge.item.due_on if charge.item else charge.until_on,
            "reference": in_groups(message.about.payment_reference),
        }

    def _charge(self, message: Message) -> LateCharge:
        rows = LateCharge.objects.filter(entity=message.entity_id).select_related("item")
        return rows.get(pk=message.context["charge"])
