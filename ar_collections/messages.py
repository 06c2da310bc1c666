"""What a mail that carries a statement of account says, and the files that go along."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import ClassVar

from ar_collections.papers.rendering import (
    file_name,
    pdf_of_group,
    pdf_of_statement,
    workbook_of_group,
    workbook_of_statement,
)
from ar_collections.queries import customer_statement
from ar_collections.queries.statement_runs import holds_of
from ar_collections.statements import CustomerStatement
from core import clock
from core.files import store_file
from core.models import StoredFile
from core.money import Money, money
from core.papers import in_groups
from core.permissions import system_user
from customers.models import Customer
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
        """A statement without anything on it isn't sent, nor a run's to whom is held meanwhile."""
        if held := _held(message).get(message.about.pk):
            return held
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

    def still_true_on_paper(self, message: Message) -> str | None:
        """A statement speaks for its day, so that what was printed stays right, unless its reader is held meanwhile."""
        return _held(message).get(message.about.pk)

    def attachments(self, message: Message) -> Sequence[StoredFile]:
        """The PDF, and the same as a workbook."""
        statement, by = _statement(message), system_user()
        files = {"pdf": pdf_of_statement, "xlsx": workbook_of_statement}
        return [
            store_file(by, message.entity, file_name(statement, ending), make(statement))
            for ending, make in files.items()
        ]


class GroupStatementMessage(Kind):
    """The statements of all members of a group on their way to its parent, in one file."""

    label = "Group statement"
    sample: ClassVar[Context] = {
        "customer": "Brightwater Hotels",
        "contact": "Priya Nair",
        "document": "",
        "as_of": date(2026, 5, 31),
        "members": [{"name": "Brightwater Hotels Bath", "balance": money("45,147.00 GBP")}],
        "totals": [{"balance": money("45,147.00 GBP")}],
        "reference": "RF41 C104 20",
    }

    def still_true(self, message: Message) -> str | None:
        """Without anything open in the group nothing is sent, nor a run's to whom is held meanwhile.

        Of members that are held meanwhile it says nothing.
        """
        if held := _held(message).get(message.about.pk):
            return held
        return None if _statements(message) else "Nothing is open in the group any more."

    def still_true_on_paper(self, message: Message) -> str | None:
        """What was printed can't be shortened: it goes while nobody of whom it speaks is held."""
        return next(iter(_held(message).values()), None)

    def context(self, message: Message) -> Context:
        """The balance of each member and of all together, per currency."""
        parts = [(statement.customer.name, part) for statement in _statements(message) for part in statement.parts]
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for _, part in parts:
            sums[part.currency] += part.balance
        return {
            "as_of": date.fromisoformat(message.context["as_of"]),
            "members": [{"name": name, "balance": Money(part.balance, part.currency)} for name, part in parts],
            "totals": [{"balance": Money(total, currency)} for currency, total in sorted(sums.items())],
            "reference": in_groups(message.about.payment_reference),
        }

    def attachments(self, message: Message) -> Sequence[StoredFile]:
        """Every member's statement in one PDF, and in one workbook."""
        statements, by = _statements(message), system_user()
        name = f"group-{file_name(statements[0], '')}"
        files = {"pdf": pdf_of_group(statements), "xlsx": workbook_of_group(statements)}
        return [store_file(by, message.entity, f"{name}{ending}", content) for ending, content in files.items()]


def _held(message: Message) -> dict[int, str]:
    """Who of those that a run's statement speaks of is held today; what a person sends is theirs to decide."""
    if "run" not in message.context:
        return {}
    keys = {message.about.pk, *message.context.get("members", ())}
    return holds_of(dict.fromkeys(keys, message.channel), clock.today(message.entity))


def _statements(message: Message) -> list[CustomerStatement]:
    """Those of the members on which anything stands and that aren't held, the parent's first."""
    starts_on = message.context.get("starts_on")
    held = _held(message)
    wanted = [key for key in message.context["members"] if key not in held]
    rows = Customer.objects.filter(pk__in=wanted, entity=message.entity_id).select_related("entity__logo", "terms")
    found = (
        customer_statement(
            customer=customer,
            as_of=date.fromisoformat(message.context["as_of"]),
            starts_on=date.fromisoformat(starts_on) if starts_on else None,
        )
        for customer in sorted(rows, key=lambda customer: wanted.index(customer.pk))
    )
    return [statement for statement in found if not statement.is_empty]


def _statement(message: Message) -> CustomerStatement:
    starts_on = message.context.get("starts_on")
    return customer_statement(
        customer=message.about,
        as_of=date.fromisoformat(message.context["as_of"]),
        starts_on=date.fromisoformat(starts_on) if starts_on else None,
    )
