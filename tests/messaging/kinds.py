"""A kind of message for the tests: an invoice that may be paid meanwhile, and whose sender may be stopped at it."""

import os
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from core.files import store_file
from core.models import StoredFile
from core.money import money
from core.permissions import system_user
from messaging.kinds import Context, Kind
from messaging.models import Message


class InvoiceMessage(Kind):
    label = "Invoice"
    sample = {
        "customer": "Acme Ltd",
        "contact": "Jane Doe",
        "document": "INV-2026-000001",
        "amount": money("1200.00 GBP"),
        "due_on": date(2026, 5, 31),
        "reference": "RF18539007547034",
        "purchase_order": "PO 1",
        "link": "",
    }

    def still_true(self, message: Message) -> str | None:
        wait_here("truth")
        return "It was paid meanwhile." if message.context.get("paid") else None

    def context(self, message: Message) -> Context:
        if message.context.get("broken"):
            raise RuntimeError("the invoice can't be read")
        return {
            "amount": money(message.context.get("amount", "1200.00 GBP")),
            "due_on": date(2026, 5, 31),
            "reference": message.context.get("reference", "RF18539007547034"),
            "purchase_order": "",
        }

    def attachments(self, message: Message) -> Sequence[StoredFile]:
        if not message.context.get("pdf"):
            return ()
        content = b"%PDF-1.7 " + message.context["pdf"].encode()
        return [store_file(system_user(), message.entity, f"{message.document}.pdf", content)]


def wait_here(point: str) -> None:
    """In a subprocess that is to be killed: say that the point is reached, and wait for the end."""
    if os.environ.get("O2C_TEST_STOP_AT") == point:
        Path(os.environ["O2C_TEST_REACHED"]).touch()
        time.sleep(60)
