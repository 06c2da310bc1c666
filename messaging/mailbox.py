"""Mail that came back, out of a mailbox, a folder or files: read, recorded, put aside so as not to be read again."""

import hashlib
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from imap_tools import AND, BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted

from core import clock
from core.models import User
from messaging.actions import Report, record_report
from messaging.bounces import bounces_in
from messaging.models import MailReport

logger = logging.getLogger(__name__)
LARGEST = 10 * 1024 * 1024
MOST_AT_ONCE = 200
SECONDS = 30
READ = "read"
SCHEMES: dict[str, Callable[..., BaseMailBox]] = {
    "imaps": MailBox,
    "imap+tls": MailBoxStartTls,
    "imap": MailBoxUnencrypted,
}


@dataclass
class Tally:
    """What some mails came to: how many were read, told of a bounce, and told of one of our messages."""

    mails: int = 0
    bounces: int = 0
    ours: int = 0


def take_in(by: User, content: bytes, tally: Tally) -> None:
    """Record what one mail tells."""
    tally.mails += 1
    digest = hashlib.sha256(content).hexdigest()[:60]
    for position, bounce in enumerate(bounces_in(content)):
        tally.bounces += 1
        report = Report(
            source="mailbox",
            key=f"{digest}:{position}",
            kind=MailReport.Kind.BOUNCED if bounce.is_permanent else MailReport.Kind.DELAYED,
            message_id=bounce.message_id,
            address=bounce.address,
            detail=bounce.detail,
            happened_at=clock.now(),
        )
        tally.ours += record_report(by=by, report=report).message_id is not None


def read_folder(by: User, folder: Path) -> Tally:
    """Take in every mail of a folder and move it into the folder `read` below it."""
    tally = Tally()
    done = folder / READ
    done.mkdir(exist_ok=True)
    for path in sorted(folder.glob("*.eml"))[:MOST_AT_ONCE]:
        if path.stat().st_size <= LARGEST:
            take_in(by, path.read_bytes(), tally)
        path.rename(done / path.name)
    return tally


def read_mailbox(by: User, url: str) -> Tally:
    """Take in the unread mails of a mailbox, each marked as read once it is recorded. The largest stay for a person."""
    tally = Tally()
    with _opened(url) as box:
        for mail in box.fetch(AND(seen=False, size_lt=LARGEST), mark_seen=False, limit=MOST_AT_ONCE, bulk=False):
            take_in(by, mail.obj.as_bytes(), tally)
            if mail.uid:
                box.flag(mail.uid, ["\\Seen"], True)
    return tally


@contextmanager
def _opened(url: str) -> Iterator[BaseMailBox]:
    """imaps://user:password@host:993/INBOX as an open mailbox."""
    parts = urlsplit(url)
    kind = SCHEMES[parts.scheme]
    host, port = parts.hostname or "", parts.port or (993 if kind is MailBox else 143)
    box = kind(host, port, timeout=SECONDS)
    name, password = unquote(parts.username or ""), unquote(parts.password or "")
    with box.login(name, password, initial_folder=unquote(parts.path.strip("/")) or "INBOX"):
        yield box
