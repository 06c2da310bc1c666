"""Sending statements of account: one on request, everybody's by the rule, and the rule itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.urls import reverse

from ar_collections.models import StatementRule
from ar_collections.queries import STATEMENT, customer_statement
from ar_collections.queries.statement_runs import GROUP_STATEMENT, Addressee, addressees, rule_of, whole_group
from ar_collections.statement_days import DayRule
from core.audit import audit, audit_many
from core.errors import Refused
from core.models import LegalEntity, Run, User
from core.permissions import require
from customers.models import Customer, lock, take_turns
from messaging.actions import Draft, queue_messages
from messaging.models import Message
from messaging.queries import message_queued
from messaging.recipients import STATEMENTS, recipients_of


class NothingToState(Refused):
    """The account holds nothing that a statement could list."""

    code = "nothing_to_state"


@transaction.atomic
def send_statement(*, by: User, customer: Customer, as_of: date, starts_on: date | None = None) -> Message:
    """Send a customer their statement of account, once for a day and period."""
    require(by, "collections.send_statement", customer.entity)
    customer = lock(customer)
    key = f"{as_of}:{starts_on or 'open'}"
    if sent := message_queued(customer, STATEMENT, key):
        return sent
    statement = customer_statement(customer=customer, as_of=as_of, starts_on=starts_on)
    if statement.is_empty:
        raise NothingToState(f"Nothing is open on the account of {customer.name} as at {as_of:%d %B %Y}.")

    draft = Draft(
        kind=STATEMENT,
        key=key,
        customer=customer,
        recipients=recipients_of([customer], STATEMENTS)[customer.pk],
        document=str(as_of),
        document_url=f"{reverse('collections:statement', args=[customer.pk])}?as_at={as_of}",
        context={
            "as_of": as_of,
            "starts_on": starts_on,
            "balances": {part.currency: str(part.balance) for part in statement.parts},
        },
    )
    [message] = queue_messages(by=by, drafts=[draft])

    audit(by, "statement.sent", message, entity=customer.entity, after={"as_of": as_of, "to": message.to_addresses})
    return message


@transaction.atomic
def send_statements(*, by: User, run: Run, customers: Sequence[int], today: date) -> int:
    """Put the statements of some customers of a run into the outbox, each once for a day; returns how many are new."""
    require(by, "collections.send_statements", run.entity)
    take_turns(Customer.objects.filter(pk__in=customers).only("pk"))
    as_of, told = run.business_date, run.parameters
    starts_on = date.fromisoformat(told["starts_on"]) if told.get("starts_on") else None
    found = addressees(run.entity, customers, as_of, today=today, by_group=bool(told.get("by_group")))
    due = [each for each in found if not each.why_not]

    messages = queue_messages(by=by, drafts=[_draft(each, as_of, starts_on, run) for each in due]) if due else []

    audit_many(by, "statement.sent", messages, entity=run.entity, after_each=lambda sent: {"as_of": sent.document})
    return len(messages)


@transaction.atomic
def send_group_statement(*, by: User, customer: Customer, as_of: date) -> Message:
    """Send the parent of a group one statement for all of its members, at once."""
    require(by, "collections.send_statement", customer.entity)
    customer = lock(customer)
    found = whole_group(customer, as_of)
    if len(found.members) < 2:
        raise NothingToState(f"{customer.name} is the parent of no group.")
    draft = _draft(found, as_of, None)
    if sent := message_queued(customer, draft.kind, draft.key):
        return sent
    if not found.balances:
        raise NothingToState(f"Nothing is open in the group of {customer.name} as at {as_of:%d %B %Y}.")

    [message] = queue_messages(by=by, drafts=[draft])

    audit(by, "statement.sent", message, entity=customer.entity, after={"as_of": as_of, "to": message.to_addresses})
    return message


def _draft(found: Addressee, as_of: date, starts_on: date | None, run: Run | None = None) -> Draft:
    """What a run decided says so: it is asked about holds once more before it leaves."""
    is_group = len(found.members) > 1
    context: dict[str, object] = {
        "as_of": as_of,
        "starts_on": starts_on,
        "balances": {currency: str(balance) for currency, balance in found.balances.items()},
    }
    if run is not None:
        context["run"] = run.pk
    return Draft(
        kind=GROUP_STATEMENT if is_group else STATEMENT,
        key=f"{as_of}:{starts_on or 'open'}",
        customer=found.customer,
        recipients=found.recipients,
        document=str(as_of),
        document_url=f"{reverse('collections:statement', args=[found.customer.pk])}?as_at={as_of}",
        context={**context, "members": list(found.members)} if is_group else context,
    )


# The rule ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFacts:
    """What a rule of statements says."""

    days: DayRule
    style: StatementRule.Style
    by_group: bool
    is_on: bool


@transaction.atomic
def change_statement_rule(*, by: User, entity: LegalEntity, facts: RuleFacts, changed_on: date) -> StatementRule:
    """Settle when statements go out from a day on, and what they list."""
    require(by, "collections.change_statement_rule", entity)
    LegalEntity.objects.select_for_update(no_key=True).get(pk=entity.pk)
    before = rule_of(entity)
    if before is not None and _facts_of(before) == facts:
        return before
    if not 1 <= facts.days.day <= 31:
        raise Refused(f"No month has a day {facts.days.day}.")
    rule = StatementRule.objects.create(
        entity=entity,
        is_on=facts.is_on,
        day=facts.days.day,
        saturday=facts.days.saturday,
        sunday=facts.days.sunday,
        holiday=facts.days.holiday,
        style=facts.style,
        by_group=facts.by_group,
        changed_by=by,
        changed_on=changed_on,
    )

    audit(by, "statement_rule.changed", rule, entity=entity, before=_told(before), after=_told(rule))
    return rule


def _facts_of(rule: StatementRule) -> RuleFacts:
    return RuleFacts(days=rule.days, style=StatementRule.Style(rule.style), by_group=rule.by_group, is_on=rule.is_on)


def _told(rule: StatementRule | None) -> dict[str, object] | None:
    names = ("is_on", "day", "saturday", "sunday", "holiday", "style", "by_group")
    return None if rule is None else {name: getattr(rule, name) for name in names}
