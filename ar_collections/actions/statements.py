"""Sending statements of account."""

from datetime import date

from django.db import transaction
from django.urls import reverse

from ar_collections.queries import STATEMENT, customer_statement
from core.audit import audit
from core.errors import Refused
from core.models import User
from core.permissions import require
from customers.models import Customer, lock
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
