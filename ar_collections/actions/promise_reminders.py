"""Reminding of promises the day before."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse

from ar_collections.models import PromiseInstalment
from ar_collections.promise_messages import PROMISE_REMINDER
from ar_collections.promises import Outcome
from ar_collections.queries.hours import hours_by_customer
from core import clock
from core.audit import audit_many
from core.models import LegalEntity, User
from core.permissions import require
from messaging.actions import Draft, queue_messages
from messaging.actions.queueing import OUTBOX_DELAY
from messaging.models import Message
from messaging.recipients import STATEMENTS, Recipients, recipients_of


@transaction.atomic
def remind_of_promises(*, by: User, entity: LegalEntity, today: date) -> list[Message]:
    """Remind of what is promised for the days ahead whose eve has come; of each instalment once."""
    require(by, "collections.remind_of_promises", entity)
    rows = PromiseInstalment.objects.filter(
        promise__entity=entity, promise__outcome=Outcome.OPEN, outcome=Outcome.OPEN, remind_on__lte=today
    )
    due = list(rows.filter(due_on__gte=today).select_related("promise__customer__entity", "promise__contact"))
    if not due:
        return []
    hours = hours_by_customer(entity, [each.promise.customer for each in due])
    usual = recipients_of({each.promise.customer for each in due}, STATEMENTS)
    told = set(
        Message.objects.filter(entity=entity, key__in=[_key(each) for each in due]).values_list("key", flat=True)
    )
    earliest = clock.now() + OUTBOX_DELAY
    drafts = [
        _draft(each, usual[each.promise.customer_id], hours[each.promise.customer_id].next_working(earliest))
        for each in due
        if _key(each) not in told
    ]
    sent: Sequence[Message] = queue_messages(by=by, drafts=drafts) if drafts else []
    audit_many(by, "promise.reminded", sent, entity=entity)
    return list(sent)


def _key(instalment: PromiseInstalment) -> str:
    return f"{PROMISE_REMINDER}:{instalment.promise.customer_id}:{instalment.pk}"


def _draft(instalment: PromiseInstalment, usual: Recipients, not_before: datetime) -> Draft:
    promise, contact = instalment.promise, instalment.promise.contact
    own = contact is not None and contact.is_active and contact.email and usual.channel == Message.Channel.EMAIL
    recipients = usual
    if own and contact is not None:
        language = contact.language or promise.customer.language
        recipients = Recipients(to=(contact.email,), name=contact.name, language=language)
    return Draft(
        kind=PROMISE_REMINDER,
        key=str(instalment.pk),
        customer=promise.customer,
        recipients=recipients,
        document_url=reverse("collections:promise", args=[promise.pk]),
        context={"instalment": instalment.pk},
        not_before=not_before,
    )
