"""A mail server for tests: it keeps what it is given, and can refuse, hang or stop at any step of the conversation."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Sink:
    """Its answers can be set; what it took is in `mails`, also when it never said so."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.envelopes: list[tuple[str, list[str]]] = []
        self.stop_at = ""
        self.reached = threading.Event()
        self.answer_to: dict[str, str] = {}
        self.answer_to_text = "250 OK"
        self.hang_up_after_text = False
        self.after_text: Callable[[], None] = lambda: None
        self.delay = 0.0

    @property
    def message_ids(self) -> list[str]:
        return [str(mail["Message-ID"]) for mail in self.mails]

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's names
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        await self._stop("mail")
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.answer_to.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        await asyncio.sleep(self.delay)
        if self.answer_to_text.startswith("250"):
            content = envelope.content if isinstance(envelope.content, bytes) else b""
            self.mails.append(message_from_bytes(content, policy=default))
            self.envelopes.append((envelope.mail_from or "", list(envelope.rcpt_tos)))
        await self._stop("text")
        await asyncio.get_running_loop().run_in_executor(None, self.after_text)
        if self.hang_up_after_text:
            cast(asyncio.WriteTransport, server.transport).abort()
        return self.answer_to_text

    async def _stop(self, point: str) -> None:
        if self.stop_at == point:
            self.reached.set()
            await asyncio.sleep(60)


@contextmanager
def listening(sink: Sink) -> Iterator[tuple[str, int]]:
    """The sink on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    controller: Any = Controller(sink, hostname="127.0.0.1", port=port, ready_timeout=10)
    controller.start()
    try:
        yield "127.0.0.1", port
    finally:
        controller.stop(no_assert=True)
