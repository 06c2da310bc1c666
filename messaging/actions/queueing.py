"""Putting messages into the outbox, in the transaction that decided to send them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from core import clock
from core.models import LegalEntity, StoredFile, User
from core.permissions import require
from customers.models import Customer
from messaging.addresses import checked, new_message_id
from messaging.kinds import kind_named
from messaging.models import Message, MessageAttachment
from messaging.models.messages import key_of
from messaging.recipients import Recipients

OUTBOX_DELAY = timedelta(seconds=10)
NO_ADDRESS = "Nobody at {customer} has an e-mail address for this. Add one to a contact, then send it again."


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A message that a room has decided to send.

    The key tells it from all others of the kind and customer: an item, a stage, a date. The files given here leave
    with it; a kind that makes its files at the second of sending gives none.
    """

    kind: str
    key: str
    customer: Customer | None
    recipients: Recipients
    entity: LegalEntity | None = None
    """Whose message it is, told where no customer says so."""
    document: str = ""
    document_url: str = ""
    context: dict[str, Any] = field(default_factory=dict)
    files: Sequence[StoredFile] = ()
    not_before: datetime | None = None

    @property
    def company(self) -> LegalEntity:
        """Whose message it is."""
        entity = self.customer.entity if self.customer else self.entity
        if entity is None:
            raise ValueError(f"A {self.kind} about no customer names its company.")
        return entity


@transaction.atomic
def queue_messages(*, by: User, drafts: Sequence[Draft]) -> list[Message]:
    """Put messages into the outbox, each once: a key that is there already gives the first message again."""
    for entity in {draft.company for draft in drafts}:
        require(by, "messaging.queue_message", entity)

    rows = [_row(by, draft) for draft in drafts]
    Message.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
    kept = _kept(rows)
    new = [
        (message, draft)
        for row, draft in zip(rows, drafts, strict=True)
        if (message := kept[row.entity_id, row.key]).message_id == row.message_id
    ]
    MessageAttachment.objects.bulk_create(
        [MessageAttachment(message=message, file=file) for message, draft in new for file in draft.files],
        batch_size=2000,
    )
    return [kept[row.entity_id, row.key] for row in rows]


def _row(by: User, draft: Draft) -> Message:
    kind_named(draft.kind)
    customer, entity, recipients = draft.customer, draft.company, draft.recipients
    message = Message(
        entity=entity,
        kind=draft.kind,
        key=key_of(customer, draft.kind, draft.key),
        customer=customer,
        channel=recipients.channel,
        language=recipients.language,
        to_addresses=checked(recipients.to),
        cc_addresses=checked(recipients.cc),
        to_name=recipients.name,
        reply_to=entity.email,
        document=draft.document,
        document_url=draft.document_url,
        context=draft.context,
        queued_by=by,
        not_before=draft.not_before or clock.now() + OUTBOX_DELAY,
        message_id=new_message_id(),
    )
    if message.channel == Message.Channel.EMAIL and not message.to_addresses:
        message.state = Message.State.FAILED
        message.reason = NO_ADDRESS.format(customer=message.addressee)
    return message


def _kept(rows: Sequence[Message]) -> dict[tuple[int, str], Message]:
    found = Message.objects.filter(entity__in={row.entity_id for row in rows}, key__in=[row.key for row in rows])
    return {(message.entity_id, message.key): message for message in found}
