"""Telling payers before they are debited. Only actions call this."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from django.urls import reverse

from core.models import User
from directdebit.models import Collection
from directdebit.steps import step_collections
from messaging.actions.queueing import Draft, queue_messages
from messaging.models import Message
from messaging.recipients import STATEMENTS, Recipients, recipients_of


def announce(by: User, collections: Sequence[Collection]) -> list[Message]:
    """Queue the notice of each collection, by e-mail or, where nobody has an address, as a letter."""
    recipients = recipients_of({each.customer_id: each.customer for each in collections}.values(), STATEMENTS)
    drafts = [
        Draft(
            kind="advance_notice",
            key=collection.reference,
            customer=collection.customer,
            recipients=_by_post_without_address(recipients[collection.customer_id]),
            document=collection.reference,
            document_url=reverse("directdebit:collection", args=[collection.pk]),
            context={"collection": collection.pk},
        )
        for collection in collections
    ]
    messages = queue_messages(by=by, drafts=drafts)
    for collection, message in zip(collections, messages, strict=True):
        collection.notice = message
    Collection.objects.bulk_update(collections, ["notice"], batch_size=500)
    return messages


def _by_post_without_address(recipients: Recipients) -> Recipients:
    return recipients if recipients.to else replace(recipients, channel=Message.Channel.PRINT)


def note_notices(by: User, collections: Sequence[Collection], on: date) -> list[Collection]:
    """Those of the planned collections whose notice has left are announced from the day on which it did."""
    told = []
    for collection in collections:
        notice = collection.notice
        if collection.state == Collection.State.PLANNED and notice is not None and notice.sent_at is not None:
            collection.notified_on = min(notice.sent_at.astimezone(collection.entity.zone).date(), on)
            collection.save(update_fields=["notified_on"])
            step_collections(by, [collection], Collection.State.NOTIFIED, collection.notified_on)
            told.append(collection)
    return told
