"""Handing a message to a mail server, step by step, so that it is always known whether it left.

Until the server has been given the message's text, nothing can have left: an error there is a postponement or a
refusal. Once it has the text, only its answer tells. When the connection breaks in between, the honest verdict is that
nobody knows.
"""

import smtplib
import ssl
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from django.conf import settings

from messaging.outcomes import Outcome, Verdict

SMTP_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
BROKEN = (smtplib.SMTPServerDisconnected, OSError)


class NoMailServer(Exception):
    """The mail server can't be reached, or doesn't let us in. Nothing was handed over."""


class Transport(Protocol):
    """A way out of the house."""

    def open(self) -> None:
        """Connect; raises NoMailServer."""

    def hand_over(self, sender: str, recipients: Sequence[str], content: bytes, message_id: str) -> Outcome:
        """Try to deliver one message."""

    def close(self) -> None:
        """Say goodbye."""


def transport_from_settings() -> Transport:
    """The mail server of EMAIL_URL; without one, the folder for mails."""
    if settings.EMAIL_BACKEND != SMTP_BACKEND:
        return FolderTransport(Path(settings.MAIL_DIR))
    return SmtpTransport()


class FolderTransport:
    """Writes each mail as a file that any mail program opens. The same message is the same file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def open(self) -> None:
        """Make the folder."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise NoMailServer(f"The folder for mails can't be made: {error}.") from None

    def hand_over(self, sender: str, recipients: Sequence[str], content: bytes, message_id: str) -> Outcome:
        """Write the file in one step."""
        name = "".join(letter for letter in message_id if letter.isalnum() or letter in "-.@")
        path = self.folder / f"{name}.eml"
        draft = path.with_suffix(".new")
        draft.write_bytes(content)
        draft.replace(path)
        return Outcome(Verdict.TAKEN, f"Written to {path.name}.")

    def close(self) -> None:
        """Nothing to close."""


class SmtpTransport:
    """One connection to the mail server, used for many messages."""

    def __init__(self) -> None:
        self._smtp: smtplib.SMTP | None = None

    def open(self) -> None:
        """Connect, with TLS and login where the settings say so."""
        if self._smtp is not None:
            return
        try:
            self._smtp = _connected()
        except (smtplib.SMTPException, OSError) as error:
            raise NoMailServer(f"{settings.EMAIL_HOST} can't be reached: {error}") from error

    def hand_over(self, sender: str, recipients: Sequence[str], content: bytes, message_id: str) -> Outcome:
        """Sender, recipients, text; after the text only the server's answer counts."""
        try:
            smtp = self._begin(sender, len(content))
            refused, may_come_later = _announce(smtp, recipients)
        except NoMailServer as error:
            return Outcome(Verdict.POSTPONED, str(error))
        except smtplib.SMTPResponseException as error:
            self._forget()
            return _said_no(error.smtp_code, error.smtp_error)
        except (smtplib.SMTPException, OSError) as error:
            self._forget()
            return Outcome(Verdict.POSTPONED, f"The connection broke before the message was given: {error}")
        if len(refused) == len(set(recipients)):
            self._reset()
            return Outcome(Verdict.POSTPONED if may_come_later else Verdict.REFUSED, _joined(refused), refused)
        return self._give(smtp, content, refused)

    def close(self) -> None:
        """Say goodbye; a server that doesn't listen any more is no trouble."""
        if self._smtp is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._smtp.quit()
        self._forget()

    def _begin(self, sender: str, size: int) -> smtplib.SMTP:
        """MAIL FROM; once more on a new connection when the server has hung up since the last message."""
        for is_last in (False, True):
            self.open()
            smtp = self._smtp
            assert smtp is not None  # noqa: S101 - open() made it
            options = [f"size={size}"] if smtp.has_extn("size") else []
            try:
                code, answer = smtp.mail(sender, options)
            except BROKEN:
                self._forget()
                if is_last:
                    raise
                continue
            if code != 250:
                raise smtplib.SMTPSenderRefused(code, answer, sender)
            return smtp
        raise AssertionError("the loop returns or raises")

    def _give(self, smtp: smtplib.SMTP, content: bytes, refused: dict[str, str]) -> Outcome:
        try:
            code, answer = smtp.data(content)
        except smtplib.SMTPDataError as error:
            self._reset()
            return _said_no(error.smtp_code, error.smtp_error)
        except (smtplib.SMTPException, OSError) as error:
            self._forget()
            return Outcome(Verdict.UNKNOWN, f"The connection broke while the server was taking the message: {error}")
        if code != 250:
            self._reset()
            return _said_no(code, answer)
        return Outcome(Verdict.TAKEN, _words(code, answer), refused)

    def _reset(self) -> None:
        try:
            if self._smtp is not None:
                self._smtp.rset()
        except (smtplib.SMTPException, OSError):
            self._forget()

    def _forget(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
        self._smtp = None


def _connected() -> smtplib.SMTP:
    host, port, patience = settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT
    smtp: smtplib.SMTP
    if settings.EMAIL_USE_SSL:
        smtp = smtplib.SMTP_SSL(host, port, timeout=patience, context=ssl.create_default_context())
    else:
        smtp = smtplib.SMTP(host, port, timeout=patience)
    if settings.EMAIL_USE_TLS:
        smtp.starttls(context=ssl.create_default_context())
    smtp.ehlo_or_helo_if_needed()
    if settings.EMAIL_HOST_USER:
        smtp.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
    return smtp


def _announce(smtp: smtplib.SMTP, recipients: Sequence[str]) -> tuple[dict[str, str], bool]:
    """RCPT TO for each address: what was said to the refused ones, and whether one of them may be taken later."""
    refused, may_come_later = {}, False
    for address in dict.fromkeys(recipients):
        code, answer = smtp.rcpt(address)
        if code == 421:
            raise smtplib.SMTPServerDisconnected(_words(code, answer))
        if code not in (250, 251):
            refused[address] = _words(code, answer)
            may_come_later |= 400 <= code < 500
    return refused, may_come_later


def _said_no(code: int, answer: bytes | str) -> Outcome:
    return Outcome(Verdict.POSTPONED if 400 <= code < 500 else Verdict.FAILED, _words(code, answer))


def _words(code: int, answer: bytes | str) -> str:
    text = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
    return f"{code} {' '.join(text.split())}"[:500]


def _joined(refused: dict[str, str]) -> str:
    return "; ".join(f"{address}: {answer}" for address, answer in refused.items())
