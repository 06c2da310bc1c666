"""Reading mail that comes back: RFC 3464 reports, and the plain forms that older mail servers write. Pure.

A bounce is only believed together with the Message-ID of what came back: anybody can write to the mailbox, and nobody
may keep a customer from getting invoices by a forged bounce.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default
from typing import cast

ADDRESS = r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+\.[A-Za-z0-9-]+"
MESSAGE_ID = re.compile(r"^[ >\t]*Message-ID:\s*(<[^<>\s]{3,200}>)", re.IGNORECASE | re.MULTILINE)
STATUS = re.compile(r"\b([245])\.\d{1,3}\.\d{1,3}\b")
REPLY_CODE = re.compile(r"(?<![\d.])([45])\d\d[ -]")
# qmail writes “<a@b>:”, Exim “  a@b” on a line of its own, Exchange “a@b (a@b)”, sendmail “<a@b>... User unknown”.
NAMED = re.compile(rf"^[ \t]*<?({ADDRESS})>?(?: \(.*\)|:|\.\.\. .*)?[ \t]*$", re.MULTILINE)
COPY_BEGINS = re.compile(
    r"^(?:-{2,}.*(?:copy of|original message|returned message|message header|below this line).*|"
    r"(?:Return-Path|Received|From|Message-ID): .*)$",
    re.IGNORECASE | re.MULTILINE,
)
RETURNED = re.compile(
    r"undeliver|delivery (?:status|failure|has failed)|failure notice|returned (?:mail|to sender)|mail delivery|"
    r"could not be delivered|unzustellbar|nicht zugestellt|non remis|no entregado",
    re.IGNORECASE,
)
DAEMON = re.compile(r"mailer-daemon|postmaster|mail delivery (?:sub)?system", re.IGNORECASE)
LONGEST_TEXT = 200_000


@dataclass(frozen=True)
class Bounce:
    """One address that a message did not reach, as another mail server tells it."""

    message_id: str
    address: str
    status: str
    is_permanent: bool
    detail: str


def bounces_in(content: bytes) -> list[Bounce]:
    """What a mail says came back; nothing for an ordinary mail or an automatic reply."""
    mail = message_from_bytes(content, policy=default)
    if mail.get_content_type() == "multipart/report" and mail.get_param("report-type", "") == "delivery-status":
        return list(_of_report(mail))
    if _is_returned(mail):
        return list(_of_text(mail))
    return []


def _of_report(mail: EmailMessage) -> Iterator[Bounce]:
    message_id = _returned_id(mail)
    for part in mail.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        blocks = part.get_payload()
        for block in blocks if isinstance(blocks, list) else []:
            found = _of_block(cast(Message, block), message_id)
            if found:
                yield found


def _of_block(block: Message, message_id: str) -> Bounce | None:
    """One recipient of a report. Blocks without one tell of the reporting server."""
    action = str(block.get("Action", "")).strip().lower()
    named = str(block.get("Original-Recipient") or block.get("Final-Recipient") or "")
    address = named.rpartition(";")[2].strip().strip("<>").lower()
    if not address or action not in {"failed", "delayed"}:
        return None
    status = (match := STATUS.search(str(block.get("Status", "")))) and match.group() or ""
    said = str(block.get("Diagnostic-Code", "")).partition(";")
    detail = " ".join((said[2] or said[0] or f"Status {status}").split())
    return Bounce(message_id, address, status, action == "failed" and not status.startswith("4"), detail[:500])


def _is_returned(mail: EmailMessage) -> bool:
    sender = str(mail.get("From", ""))
    return bool(mail.get("X-Failed-Recipients") or DAEMON.search(sender)) and bool(
        mail.get("X-Failed-Recipients") or RETURNED.search(str(mail.get("Subject", "")))
    )


def _of_text(mail: EmailMessage) -> Iterator[Bounce]:
    text = _text_of(mail)
    words = COPY_BEGINS.split(text, maxsplit=1)[0]
    listed = [part.strip() for part in str(mail.get("X-Failed-Recipients", "")).split(",") if part.strip()]
    addresses = listed or NAMED.findall(words)
    message_id = _returned_id(mail)
    for address in dict.fromkeys(one.lower() for one in addresses):
        said = _said_about(words, address)
        status = (match := STATUS.search(said)) and match.group() or ""
        codes = REPLY_CODE.search(said)
        is_temporary = status.startswith("4") or (not status and codes is not None and codes.group(1) == "4")
        yield Bounce(message_id, address, status, not is_temporary, said[:500])


def _said_about(text: str, address: str) -> str:
    """The lines that follow an address, up to the next empty one."""
    after = text.lower().find(address)
    told = text[after + len(address) :].lstrip(">:) \t") if after >= 0 else text
    paragraph = told.strip().split("\n\n")[0]
    return " ".join(paragraph.split()) or "It came back."


def _returned_id(mail: EmailMessage) -> str:
    """The Message-ID of what was sent, out of the copy that came back."""
    for part in mail.walk():
        if part is mail:
            continue
        if part.get_content_type() == "message/rfc822":
            copies = part.get_payload()
            inner = copies[0] if isinstance(copies, list) and copies else None
            if isinstance(inner, Message) and inner.get("Message-ID"):
                return str(inner["Message-ID"]).strip()
        elif part.get_content_type() in {"text/rfc822-headers", "text/plain"}:
            if match := MESSAGE_ID.search(_decoded(part)):
                return match.group(1)
    match = MESSAGE_ID.search(_text_of(mail))
    return match.group(1) if match else ""


def _text_of(mail: EmailMessage) -> str:
    parts = [_decoded(part) for part in mail.walk() if part.get_content_type() == "text/plain"]
    return "\n".join(parts)[:LONGEST_TEXT].replace("\r\n", "\n")


def _decoded(part: Message) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    try:
        return payload.decode(str(part.get_content_charset() or "utf-8"), "replace")
    except LookupError:
        return payload.decode("utf-8", "replace")
