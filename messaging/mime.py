"""A message as the bytes that travel: one text, one HTML, the files."""

from collections.abc import Sequence
from email.message import EmailMessage
from email.policy import SMTP

from django.conf import settings

from core.errors import Refused
from core.files import MEGABYTE
from core.models import StoredFile
from messaging.addresses import header, sender_address
from messaging.models import Message

# Seven bits and no long lines: what every mail server takes, however old.
POLICY = SMTP.clone(cte_type="7bit")


class TooLarge(Refused):
    """The message with its files is larger than mail servers take."""

    code = "message_too_large"


def compose(message: Message, files: Sequence[StoredFile]) -> bytes:
    """The whole message. Values never become headers of their own: the email package refuses line breaks in them."""
    mail = EmailMessage(policy=POLICY)
    mail["From"] = header(sender_address(), message.entity.name)
    mail["To"] = [header(address, message.to_name if only else "") for address, only in _named(message.to_addresses)]
    if message.cc_addresses:
        mail["Cc"] = [header(address) for address in message.cc_addresses]
    if message.reply_to:
        mail["Reply-To"] = [header(message.reply_to, message.entity.name)]
    mail["Subject"] = message.subject
    mail["Message-ID"] = message.message_id
    mail["Date"] = message.claimed_at
    mail["Auto-Submitted"] = "auto-generated"
    mail["Content-Language"] = message.language
    mail.set_content(message.text)
    mail.add_alternative(message.html, subtype="html")
    for file in files:
        _attach(mail, file)
    return _within_limit(mail.as_bytes(), message)


def _named(addresses: Sequence[str]) -> list[tuple[str, bool]]:
    return [(address, len(addresses) == 1) for address in addresses]


def _attach(mail: EmailMessage, file: StoredFile) -> None:
    kind, _, subtype = file.content_type.partition("/")
    mail.add_attachment(file.read(), maintype=kind, subtype=subtype or "octet-stream", filename=file.name)


def _within_limit(content: bytes, message: Message) -> bytes:
    if len(content) > settings.MAIL_MAX_BYTES:
        raise TooLarge(
            f"{message.document or message.subject} is {len(content) / MEGABYTE:.1f} MB with its files; "
            f"e-mails may have {settings.MAIL_MAX_BYTES / MEGABYTE:.0f} MB. Send it as a letter, or fewer files."
        )
    return content
