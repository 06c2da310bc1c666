"""Remittances by e-mail: what is attached when that tells of a payment, else what is written."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser

from cashapp.remittances.model import Advice, RemittanceRefused
from cashapp.remittances.text import read_words
from core.errors import Refused

HEADERS = re.compile(
    rb"(?:(?:From|To|Subject|Date|Received|Return-Path|Delivered-To|Message-ID|MIME-Version|X-[\w-]+):[^\n]*\r?\n"
    rb"(?:[ \t][^\n]*\r?\n)*){2}",
    re.IGNORECASE,
)
MOST_PARTS = 60
LARGEST_PART = 10 * 1024 * 1024
ReadPart = Callable[[bytes, str], list[Advice]]
BLOCKS = frozenset("p div br tr table li h1 h2 h3 ul ol".split())


def is_mail(content: bytes) -> bool:
    """Whether it begins with headers of a mail, one of them From."""
    head = content[:8000]
    return HEADERS.match(head) is not None and re.search(rb"^From:", head, re.MULTILINE | re.IGNORECASE) is not None


def read_mail(content: bytes, name: str, read_part: ReadPart) -> list[Advice]:
    """The payments of the attachments; where there are none, the one that the mail itself explains."""
    message = message_from_bytes(content, policy=policy.default)
    found: list[Advice] = []
    bodies: list[str] = []
    problems: list[str] = []
    for part in _parts(message):
        told = _text_of(part)
        if told is not None:
            bodies.append(told)
            continue
        try:
            found += read_part(_bytes_of(part), part.get_filename() or "attachment")
        except Refused as refusal:
            problems.append(refusal.message)
    if not found:
        found = [_from_body(bodies, name, problems)]
    return [_signed(advice, message) for advice in found]


def _from_body(bodies: list[str], name: str, problems: list[str]) -> Advice:
    try:
        return read_words("\n".join(bodies), name, "E-mail")
    except RemittanceRefused as refusal:
        raise RemittanceRefused(" ".join([refusal.message, *problems])) from None


def _signed(advice: Advice, message: EmailMessage) -> Advice:
    """Who sent it and when, where the advice doesn't say."""
    sender = str(message.get("From", ""))
    name = re.sub(r"<[^>]*>", "", sender).strip(' "')
    try:
        sent_on = parsedate_to_datetime(str(message["Date"])).date()
    except (TypeError, ValueError, IndexError):
        sent_on = None
    subject = " ".join(str(message.get("Subject", "")).split())
    return replace(
        advice,
        payer=advice.payer or name[:200],
        paid_on=advice.paid_on or sent_on,
        memo=advice.memo or subject[:400],
    )


def _parts(message: EmailMessage) -> Iterator[EmailMessage]:
    for number, part in enumerate(message.walk()):
        if number > MOST_PARTS:
            raise RemittanceRefused(f"The mail has more than {MOST_PARTS} parts. Save the attachment and bring it in.")
        if not part.is_multipart() and isinstance(part, EmailMessage):
            yield part


def _text_of(part: EmailMessage) -> str | None:
    """The words of a part that is shown; None for an attachment."""
    kind = part.get_content_type()
    if part.get_content_disposition() == "attachment" or kind not in ("text/plain", "text/html"):
        return None
    content = _bytes_of(part)
    charset = part.get_content_charset() or "utf-8"
    try:
        text = content.decode(charset, errors="replace")
    except LookupError:
        text = content.decode("utf-8", errors="replace")
    return words_of_html(text) if kind == "text/html" else text


def _bytes_of(part: EmailMessage) -> bytes:
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    if len(content) > LARGEST_PART:
        raise RemittanceRefused(f"{part.get_filename() or 'A part'} of the mail has more than 10 MB.")
    return content


class Words(HTMLParser):
    """The words of a page: blocks on lines of their own, cells parted by bars."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style"):
            self._hidden += 1
        elif tag in BLOCKS:
            self.found.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self._hidden = max(self._hidden - 1, 0)
        elif tag in ("td", "th"):
            self.found.append(" | ")
        elif tag in BLOCKS:
            self.found.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.found.append(" ".join(data.split()) if data.strip() else " ")


def words_of_html(text: str) -> str:
    """HTML as lines of words."""
    words = Words()
    words.feed(text)
    words.close()
    return "".join(words.found)
