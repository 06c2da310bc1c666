"""What a mail that carries a pro-forma says."""

from typing import ClassVar

from core.money import money
from invoicing.models import Invoice
from messaging.kinds import Context, Kind
from messaging.models import Message


class ProFormaMessage(Kind):
    """A pro-forma on its way to the customer; its PDF was queued with it."""

    label = "Pro-forma"
    sample: ClassVar[Context] = {
        "customer": "Brightwater Hotels",
        "contact": "Priya Nair",
        "amount": money("1,200.00 GBP"),
        "purchase_order": "PO 88213",
    }

    def still_true(self, message: Message) -> str | None:
        """A pro-forma of what was issued or discarded meanwhile isn't sent."""
        draft = Invoice.objects.filter(pk=message.context["pk"], entity=message.entity_id).first()
        if draft is None:
            return "The draft was discarded meanwhile."
        return f"The invoice was issued meanwhile as {draft.number}." if draft.is_issued else None

    def context(self, message: Message) -> Context:
        """The figures as they stood when it was sent."""
        said = message.context
        return {"amount": money(said["amount"]), "purchase_order": said["purchase_order"]}
