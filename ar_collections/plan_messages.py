"""What customers are told of their payment plan: the letter to sign, and that an instalment is in default."""

from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from ar_collections.models import PaymentPlan, PlanInstalment
from ar_collections.plans import Standing, State
from ar_collections.queries.case_facts import why_not_written_to
from ar_collections.queries.plans import plan_judgements
from core import clock
from core.models import StoredFile
from core.money import Money, money
from core.papers import in_groups
from messaging.kinds import Context, Kind
from messaging.models import Message
from messaging.papers import letter_of

PLAN_LETTER = "plan_letter"
PLAN_NOTICE = "plan_notice"


class PlanLetter(Kind):
    """The approved plan on its way to the customer, with the acknowledgement to sign."""

    label = "Payment plan agreed"
    sample: ClassVar[Context] = {
        "customer": "Brightwater Hotels",
        "contact": "Priya Nair",
        "document": "",
        "amount": money("12,000.00 GBP"),
        "count": 4,
        "first_on": date(2026, 12, 1),
        "last_on": date(2027, 3, 1),
        "reference": "RF41 C104 20",
    }

    def still_true(self, message: Message) -> str | None:
        """Only while the plan runs."""
        plan = PaymentPlan.objects.get(pk=message.context["plan"], entity=message.entity_id)
        return None if plan.state == State.ACTIVE else f"The plan is {plan.get_state_display().lower()}."

    def context(self, message: Message) -> Context:
        """The amount and how it is split."""
        plan = PaymentPlan.objects.get(pk=message.context["plan"], entity=message.entity_id)
        days = list(plan.instalments.order_by("number").values_list("due_on", flat=True))
        return {
            "amount": plan.money,
            "count": len(days),
            "first_on": days[0],
            "last_on": days[-1],
            "reference": in_groups(message.about.payment_reference),
        }


class PlanNotice(Kind):
    """That an instalment wasn't paid, and until when the plan can be kept."""

    label = "Instalment in default"
    sample: ClassVar[Context] = {
        "customer": "Brightwater Hotels",
        "contact": "Priya Nair",
        "document": "",
        "amount": money("3,000.00 GBP"),
        "due_on": date(2026, 12, 1),
        "cure_until": date(2026, 12, 15),
        "left": money("9,000.00 GBP"),
        "reference": "RF41 C104 20",
    }

    def still_true(self, message: Message) -> str | None:
        """Only while it can be cured and isn't, and nothing is held."""
        instalment = _instalment(message)
        plan, today = instalment.plan, clock.today(message.entity)
        if plan.state != State.ACTIVE:
            return f"The plan is {plan.get_state_display().lower()}."
        if held := why_not_written_to(plan.customer_id, message.channel, today):
            return held
        standing = plan_judgements([plan], as_of=today)[plan.pk].steps[instalment.number - 1]
        return None if standing == Standing.CURE else f"The instalment is {standing.label.lower()}."

    def context(self, message: Message) -> Context:
        """The instalment, the last day, and what would be due."""
        instalment = _instalment(message)
        plan = instalment.plan
        return {
            "amount": Money(instalment.amount, plan.currency),
            "due_on": instalment.due_on,
            "cure_until": instalment.cure_until,
            "left": Money(plan.amount - plan.received, plan.currency),
            "reference": in_groups(message.about.payment_reference),
        }

    def attachments(self, message: Message) -> Sequence[StoredFile]:
        """The letter itself, where it goes by post."""
        return letter_of(message, self.context(message))


def _instalment(message: Message) -> PlanInstalment:
    rows = PlanInstalment.objects.filter(plan__entity=message.entity_id).select_related("plan__customer")
    return rows.get(pk=message.context["instalment"])
