"""The advance notice: what will be drawn, when, for what, and by whom, before it happens."""

from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from core.models import StoredFile
from core.money import Money, money
from directdebit.models import Collection
from messaging.kinds import Context, Kind, Value
from messaging.models import Message
from messaging.papers import letter_of

Part = dict[str, str | int | date | Money]


class AdvanceNoticeMessage(Kind):
    """The warning to a payer before a direct debit."""

    label = "Advance notice of a direct debit"
    sample: ClassVar[Context] = {
        "customer": "Brightwater Hotels",
        "contact": "Priya Nair",
        "document": "DD2026-000123",
        "amount": money("2499.00 GBP"),
        "collect_on": date(2026, 12, 7),
        "parts": [{"number": "INV-2026-000118", "amount": money("2499.00 GBP"), "due_on": date(2026, 12, 1)}],
        "mandate": "BRIGHT-C-10420",
        "account": "…5555",
        "creditor": "BRIGHTWATER",
        "identifier": "123456",
        "phone": "+44 117 496 0100",
        "email": "accounts@brightwater.example",
        "notice_days": 10,
        "is_first": True,
        "once": False,
        "bacs": True,
    }

    def still_true(self, message: Message) -> str | None:
        """Nobody is told of a debit that will not happen."""
        collection = _collection(message)
        if collection.state != Collection.State.PLANNED:
            return f"{collection} is {collection.get_state_display().lower()}."
        paid = [part.item.number for part in collection.parts.all() if part.item.open_amount < part.amount]
        return f"{', '.join(paid)} was settled meanwhile." if paid else None

    def context(self, message: Message) -> Context:
        """The amount with its parts, the day, and who draws it by which mandate."""
        return notice_of(_collection(message))

    def attachments(self, message: Message) -> Sequence[StoredFile]:
        """The letter itself, where it goes by post."""
        return letter_of(message, self.context(message))


def _collection(message: Message) -> Collection:
    rows = Collection.objects.select_related("entity", "mandate__creditor", "mandate__bank_account")
    return rows.prefetch_related("parts__item").get(pk=message.context["collection"], entity=message.entity_id)


def notice_of(collection: Collection) -> dict[str, Value]:
    """Everything that a payer has to be told."""
    mandate = collection.mandate
    creditor = mandate.creditor
    parts: list[Part] = [
        {"number": part.item.number, "amount": part.money, "due_on": part.item.due_on}
        for part in collection.parts.all()
    ]
    return {
        "amount": collection.money,
        "collect_on": collection.collect_on,
        "parts": parts,
        "mandate": mandate.reference,
        "account": str(mandate.bank_account),
        "creditor": creditor.name,
        "identifier": creditor.identifier,
        "phone": collection.entity.phone,
        "email": collection.entity.email,
        "notice_days": creditor.notice_days,
        "is_first": collection.sequence == Collection.Sequence.FIRST,
        "once": collection.sequence == Collection.Sequence.ONE_OFF,
        "bacs": creditor.scheme == "bacs",
    }
