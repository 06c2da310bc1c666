"""From a message to what it says: values in the reader's language, the wording around them, the frame around that."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel import Locale
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from core.locales import day_in, locale_of, money_in
from core.models import LegalEntity
from core.money import Money
from messaging.kinds import Context
from messaging.sandbox import MARKS, one_line, render_html, render_plain

NO_MARKS = {ord(mark): None for mark in MARKS}
EMPTY = {"link": "", "contact": "", "document": ""}


@dataclass(frozen=True)
class Wording:
    """Subject, text and HTML of a template, or what they have become for one message."""

    subject: str
    text: str
    html: str


def values_for(entity: LegalEntity, language: str, context: Context) -> dict[str, Any]:
    """What the wording may use: the kind's values and the sender's, money and dates written for the reader."""
    locale = locale_of(language, entity.country)
    ours = {
        "seller": entity.name,
        "seller_legal_name": entity.legal_name,
        "seller_email": entity.email,
        "seller_phone": entity.phone,
    }
    return {name: _written(locale, value) for name, value in {**EMPTY, **ours, **context}.items()}


def render(wording: Wording, entity: LegalEntity, language: str, context: Context) -> Wording:
    """The message as it will leave."""
    values = values_for(entity, language, context)
    subject = one_line(render_plain(wording.subject, values))
    return Wording(
        subject=subject,
        text=_tidy(render_plain(wording.text, values)),
        html=framed(render_html(wording.html, values), subject, entity, language),
    )


def framed(body: str, subject: str, entity: LegalEntity, language: str) -> str:
    """The body inside the frame that every e-mail of a company has: 600 px, no pictures, readable without styles."""
    parts = {"body": mark_safe(body), "subject": subject, "entity": entity, "language": language}  # noqa: S308
    return render_to_string("messaging/mail/frame.html", parts)


def _written(locale: Locale, value: Any) -> Any:
    if isinstance(value, Money):
        return money_in(locale, value)
    if isinstance(value, date):
        return day_in(locale, value)
    if isinstance(value, str):
        return value.translate(NO_MARKS)
    if isinstance(value, Mapping):
        return {name: _written(locale, part) for name, part in value.items()}
    return [_written(locale, part) for part in value] if isinstance(value, list | tuple) else value


def _tidy(text: str) -> str:
    """No more than one empty line in a row, whatever an unused part of the wording left behind."""
    lines: list[str] = []
    for line in (line.rstrip() for line in text.replace("\r\n", "\n").split("\n")):
        if line or (lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines).strip() + "\n"
