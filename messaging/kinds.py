"""Kinds of messages: what each room has to say about the messages that it queues.

The outbox sends for every room above it without knowing any of them. A room names its class in the setting
MESSAGE_KINDS, and the sender asks that class at the second of sending.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import ClassVar, cast

from django.conf import settings
from django.utils.module_loading import import_string

from core.errors import Refused
from core.models import StoredFile
from core.money import Money
from messaging.models import Message

Value = str | int | bool | date | Money | list[dict[str, "str | int | date | Money"]]
Context = Mapping[str, Value]


class UnknownKind(Refused):
    """The setting MESSAGE_KINDS names no such kind."""

    code = "unknown_message_kind"


class Kind:
    """One kind of message. A room subclasses it and knows its own objects."""

    label: ClassVar[str]
    sample: ClassVar[Context] = {}
    """Every word that templates of this kind may use, with an example."""
    note: ClassVar[str] = ""
    """What whoever changes its wording has to know, in a sentence."""

    def still_true(self, message: Message) -> str | None:
        """Why the message must not leave any more, in a sentence; None while it is as true as when it was queued."""
        return None

    def still_true_on_paper(self, message: Message) -> str | None:
        """Why a letter that waits to be printed must not be posted any more; None while what it says is right."""
        return self.still_true(message)

    def may_leave_from(self, message: Message, at: datetime) -> datetime:
        """From when a copy that somebody asks for at a moment may leave."""
        return at

    def worded_at(self, message: Message) -> datetime | None:
        """The moment whose wording holds, where a later one must not; None for what is in force."""
        return None

    def context(self, message: Message) -> Context:
        """The values for the template; money and dates are written in the message's language afterwards."""
        return cast(Context, message.context)

    def secrets(self, message: Message) -> Sequence[str]:
        """Keys in the text that only its reader may have; the copy that is kept here leaves them out."""
        return ()

    def attachments(self, message: Message) -> Sequence[StoredFile]:
        """The files that go along, besides those that it was queued with."""
        return ()


def kind_named(name: str) -> Kind:
    """The kind of a message."""
    try:
        return _kind_at(settings.MESSAGE_KINDS[name])
    except KeyError:
        raise UnknownKind(f"There is no kind of message called “{name}”.") from None


def context_of(message: Message) -> Context:
    """The values that every message has, and those of its kind."""
    customer = message.customer.name if message.customer else ""
    known = {"customer": customer, "contact": message.to_name, "document": message.document}
    return {**known, **kind_named(message.kind).context(message)}


def kinds() -> dict[str, Kind]:
    """Every kind by its name."""
    return {name: kind_named(name) for name in settings.MESSAGE_KINDS}


@cache
def _kind_at(path: str) -> Kind:
    kind: Kind = import_string(path)()
    return kind
