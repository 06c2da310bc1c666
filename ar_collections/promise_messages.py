"""The mail that reminds of a promise, the day before it falls due."""

from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from ar_collections.models import PromiseInstalment
from ar_collections.promises import Outcome
from ar_collections.queries.asked import expected_of
from ar_collections.queries.case_facts import why_not_written_to
from ar_collections.queries.promises import judgements
from core import clock
from core.models import StoredFile
from core.money import Money, money
from core.papers import in_groups
from messaging.kinds import Context, Kind
from messaging.models import Message
from messaging.papers import letter_of

PROMISE_REMINDER = "promise_reminder"


class PromiseReminder(Kind):
    """What was promised for tomorrow, with the documents and how to pay."""

    label = "Promise, the day before"
    sample: ClassVar[Context] = {
        "customer": "Brightwater Hotels",
        "contact": "Priya Nair",
        "document": "",
        "amount": money("8,400.00 GBP"),
        "due_on": date(2026, 11, 27),
        "items": [{"number": "INV-24119", "amount": money("7,890.00 GBP")}],
        "reference": "RF41 C104 20",
    }

    def still_true(self, message: Message) -> str | None:
        """Only while it is open, its day isn't over, nothing is held, and the money hasn't come."""
        instalment = _instalment(message)
        promise, today = instalment.promise, clock.today(message.entity)
        if promise.outcome != Outcome.OPEN:
            return f"The promise is {promise.get_outcome_display().lower()}."
        if today > instalment.due_on:
            return f"{instalment.due_on:%d %b %Y} is over; nobody is reminded of it any more."
        if held := why_not_written_to(promise.customer_id, message.channel, today):
            return held
        judged = judgements([promise], as_of=today)[promise.pk]
        if judged.instalments[instalment.number - 1] != Outcome.OPEN:
            return "The money has come."
        expected = expected_of(instalment, today)
        if expected.amount:
            return None
        return "What is left of it is disputed." if expected.is_contested else "The money has come."

    def context(self, message: Message) -> Context:
        """What is still awaited for the day, and the documents that it is for."""
        instalment = _instalment(message)
        expected, currency = expected_of(instalment, clock.today(message.entity)), instalment.promise.currency
        return {
            "amount": Money(expected.amount, currency),
            "due_on": instalment.due_on,
            "items": [
                {"number": part.item.number, "amount": Money(amount, currency)} for part, amount in expected.parts
            ],
            "reference": in_groups(message.about.payment_reference),
        }

    def attachments(self, message: Message) -> Sequence[StoredFile]:
        """The letter itself, where it goes by post."""
        return letter_of(message, self.context(message))


def _instalment(message: Message) -> PromiseInstalment:
    rows = PromiseInstalment.objects.filter(promise__entity=message.entity_id).select_related("promise__customer")
    return rows.get(pk=message.context["instalment"])
