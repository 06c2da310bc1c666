"""What a message says, or will say when it leaves."""

import logging
from dataclasses import dataclass

from core.errors import Refused
from messaging.kinds import context_of, kind_named
from messaging.models import Message
from messaging.rendering import Wording, render
from messaging.templates import in_force

logger = logging.getLogger(__name__)
NOTHING = Wording("", "", "")


@dataclass(frozen=True)
class Preview:
    """The wording of one message. It is final once the message has been written."""

    wording: Wording
    is_final: bool
    trouble: str = ""

    @property
    def title(self) -> str:
        """How the page calls it."""
        return "What it says" if self.is_final else "What it will say"


def preview_of(message: Message) -> Preview:
    """As it was written; before that, as it would be written now, or why it can't be."""
    if message.template_version_id:
        return Preview(Wording(message.subject, message.text, message.html), is_final=True)
    try:
        worded_at = kind_named(message.kind).worded_at(message)
        found = in_force(message.entity, message.kind, message.language, worded_at)
        written = render(found.wording, message.entity, found.language, context_of(message))
    except Refused as refusal:
        return Preview(NOTHING, is_final=False, trouble=refusal.message)
    except Exception as error:
        logger.exception("Message %s can't be written.", message.pk)
        return Preview(NOTHING, is_final=False, trouble=f"{type(error).__name__}: {error}")
    return Preview(written, is_final=False)
