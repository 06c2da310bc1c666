"""A message as a letter, for whoever gets everything by post: the mail's own wording on paper."""

from collections.abc import Sequence

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from core.files import store_file
from core.models import StoredFile
from core.papers import stylesheets_of
from core.pdf import render_pdf
from core.permissions import system_user
from customers.addresses import printed_lines
from customers.models import Address
from messaging.kinds import Context, kind_named
from messaging.models import Message
from messaging.rendering import values_for
from messaging.sandbox import one_line, render_html, render_plain
from messaging.templates import in_force

TEMPLATE = "messaging/pdf/letter.html"
STYLE = "messaging/pdf/letter.css"


def html_of_letter(message: Message, context: Context) -> str:
    """The page of the letter, in the reader's language where there is a wording in it."""
    entity, customer = message.entity, message.about
    worded_at = kind_named(message.kind).worded_at(message)
    found = in_force(entity, message.kind, message.language, worded_at)
    values = values_for(entity, found.language, {"customer": customer.name, "contact": message.to_name, **context})
    address = customer.addresses.filter(kind=Address.Kind.BILLING, is_active=True).first()
    paper = {
        "language": found.language,
        "entity": entity,
        "to": [customer.name, *(printed_lines(address) if address else [])],
        "subject": one_line(render_plain(found.wording.subject, values)),
        "body": mark_safe(render_html(found.wording.html, values)),  # noqa: S308 - the sandbox escapes every value
    }
    return render_to_string(TEMPLATE, paper)


def letter_of(message: Message, context: Context) -> Sequence[StoredFile]:
    """The letter as a file where the message goes by post, else nothing."""
    if message.channel != Message.Channel.PRINT:
        return []
    pdf = render_pdf(html_of_letter(message, context), *stylesheets_of(message.entity, STYLE))
    return [store_file(system_user(), message.entity, f"{message.kind}-{message.pk}.pdf".replace("_", "-"), pdf)]
