"""What a mail that carries a statement of account says, and the files that go along."""

from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from ar_collections.papers.rendering import file_name, pdf_of_statement, workbook_of_statement
from ar_collections.queries import customer_statement
from ar_collections.statements import CustomerStatement
from core.files import store_file
from core.models import StoredFile
from core.money import Money, money
from core.papers import in_groups
from core.permissions import system_user
from messaging.kinds import Context, Kind
from messaging.models import Message


class StatementMessage(Kind):
    """A statement of account on its way to the customer, made at the second of sending."""

    label = "Statement"
    sample: ClassVar[Context] = {
        "customer": "Brightwater Hotels",
        "contact": "Priya Nair",
        "document": "",
        "as_of": date(2026, 5, 31),
        "balances": [{"balance": money("45,147.00 GBP"), "overdue": money("32,271.40 GBP")}],
        "reference": "RF41 C104 20",
    }

    def still_true(self, message: Message) -> str | None:
        """A statement without anything on it isn't sent."""
        return "Nothing is open on the account any more." if _statement(message).is_empty else None

    def context(self, message: Message) -> Context:
        """The balance of each currency and what of it is overdue."""
        statement = _statement(message)
        return {
            "as_of": statement.as_of,
            "balances": [
                {
                    "balance": Money(part.balance, part.currency),
                    "overdue": part.to_pay if part.overdue and part.to_pay else "",
                }
                for part in statement.parts
            ],
            "reference": in_groups(message.about.payment_reference),
        }

    def attachments(self, message: Message) -> Sequence[StoredFile]:
        """The PDF, and the same as a workbook."""
        statement, by = _statement(message), system_user()
        files = {"pdf": pdf_of_statement, "xlsx": workbook_of_statement}
        return [
            store_file(by, message.entity, file_name(statement, ending), make(statement))
            for ending, make in files.items()
        ]


def _statement(message: Message) -> CustomerStatement:
    starts_on = message.context.get("starts_on")
    return customer_statement(
        customer=message.about,
        as_of=date.fromisoformat(message.context["as_of"]),
        starts_on=date.fromisoformat(starts_on) if starts_on else None,
    )
