"""Wordings: shipped ones are complete, people write their own, and nothing that they write can do harm."""

from collections.abc import Callable
from datetime import date

import pytest
from django.conf import settings as project
from django.db import DatabaseError, transaction

from core.errors import NotAllowed
from core.models import AuditEvent, LegalEntity, User
from core.money import money
from messaging.actions import change_template, take_up_wording
from messaging.models import Message, TemplateVersion
from messaging.rendering import Wording, render
from messaging.sandbox import WordingRefused, one_line, render_html, render_plain
from messaging.sender import Tally
from messaging.shipped import shipped_languages, shipped_wording

OURS = Wording(
    "Your invoice {{ document }}", "Dear {{ contact }},\n\npay {{ amount }}.\n", "<p>Pay {{ amount }}.</p>\n"
)
FULL = {
    "customer": "Acme <Ltd> & Co",
    "contact": "Jane",
    "document": "INV-1",
    "amount": money("1200.00 GBP"),
    "due_on": date(2026, 5, 31),
    "issued_on": date(2026, 5, 1),
    "as_of": date(2026, 5, 31),
    "reference": "RF18539007547034",
    "purchase_order": "PO 1",
    "invoice": "INV-1",
    "link": "https://pay.example/1",
    "balances": [
        {"balance": money("1200.00 GBP"), "overdue": money("200.00 GBP")},
        {"balance": money("5.00 EUR"), "overdue": ""},
    ],
}
BARE = {**FULL, "contact": "", "reference": "", "purchase_order": "", "invoice": "", "link": ""}
SHIPPED = [(kind, language) for kind in ("invoice", "credit_note", "statement") for language in shipped_languages(kind)]


def test_every_kind_is_shipped_in_four_languages() -> None:
    assert len(SHIPPED) == 12
    assert {language for _, language in SHIPPED} == {"de", "en", "es", "fr"}


@pytest.mark.parametrize(("kind", "language"), SHIPPED)
@pytest.mark.parametrize("values", [FULL, BARE], ids=["full", "bare"])
def test_a_shipped_wording_is_whole(uk: LegalEntity, kind: str, language: str, values: dict[str, object]) -> None:
    wording = shipped_wording(kind, language)
    assert wording is not None
    written = render(wording, uk, language, values)  # type: ignore[arg-type]

    assert "Brightwater" in written.subject
    assert "Acme <Ltd> & Co" in written.text
    assert "Acme &lt;Ltd&gt; &amp; Co" in written.html
    assert ("pay.example" in written.text) == ("pay.example" in written.html) == bool(values["link"])
    assert "\n\n\n" not in written.text
    assert 'width="600"' in written.html and "<img" not in written.html
    assert " ," not in written.text


def test_a_shipped_wording_becomes_a_version_when_it_is_first_used(
    uk: LegalEntity, queued: Callable[..., Message], send: Callable[[], Tally]
) -> None:
    queued("INV-1"), queued("INV-2")
    send()

    version = TemplateVersion.objects.get()
    assert (version.number, version.changed_by.is_system, version.template.language) == (1, True, "en")
    assert Message.objects.filter(template_version=version).count() == 2


def test_people_write_their_own_and_messages_keep_the_version_they_left_with(
    uk: LegalEntity, administrator: User, queued: Callable[..., Message], send: Callable[[], Tally]
) -> None:
    first, second = queued("INV-1"), None
    send()
    change_template(by=administrator, entity=uk, kind="invoice", language="en", wording=OURS)
    again = change_template(by=administrator, entity=uk, kind="invoice", language="en", wording=OURS)
    second = queued("INV-2")
    send()

    first.refresh_from_db()
    second.refresh_from_db()
    assert again.number == 2
    assert first.template_version is not None and first.template_version.number == 1
    assert second.text == "Dear Jane Doe,\n\npay £1,200.00.\n"
    assert AuditEvent.objects.filter(event="template.changed").count() == 1


def test_a_shipped_wording_that_changes_with_a_release_is_taken_up_and_peoples_own_is_not(
    uk: LegalEntity, system: User, administrator: User
) -> None:
    old = take_up_wording(by=system, entity=uk, kind="invoice", language="en")
    TemplateVersion.objects.create(
        template=old.template, number=2, subject="Older", text="Older", html="Older", changed_by=system
    )
    assert take_up_wording(by=system, entity=uk, kind="invoice", language="en").number == 3

    own = change_template(by=administrator, entity=uk, kind="invoice", language="en", wording=OURS)
    assert take_up_wording(by=system, entity=uk, kind="invoice", language="en") == own


@pytest.mark.parametrize(
    ("wording", "sentence"),
    [
        ("{{ amonut }}", "“amonut”"),
        ("{{ document.__class__ }}", "underscores"),
        ("{% include 'core/audit.html' %}", "include"),
        ("{% extends 'base.html' %}", "extends"),
        ("{% load static %}", "load"),
        ("{% url 'core:me' %}", "url"),
        ("{% debug %}", "debug"),
        ("{% autoescape off %}{{ contact }}{% endautoescape %}", "autoescape"),
        ("{{ contact|safe }}", "safe"),
        ("{{ contact|ljust:'99999999' }}", "ljust"),
        ("{% for a in contact %}{% for b in contact %}{% endfor %}{% endfor %}", "loop inside a loop"),
        ("{{ contact", "curly bracket"),
        ("{% if contact %}", "endif"),
        ("  ", "empty"),
    ],
)
def test_a_wording_that_can_not_be_used_is_refused(
    uk: LegalEntity, administrator: User, wording: str, sentence: str
) -> None:
    for broken in (
        Wording(wording, OURS.text, OURS.html),
        Wording(OURS.subject, wording, OURS.html),
        Wording(OURS.subject, OURS.text, wording),
    ):
        with pytest.raises(WordingRefused, match=sentence):
            change_template(by=administrator, entity=uk, kind="invoice", language="en", wording=broken)
    assert not TemplateVersion.objects.exists()


def test_a_value_is_never_read_as_a_template() -> None:
    assert render_plain("{{ name }}", {"name": "{{ secret }}{% debug %}"}) == "{{ secret }}{% debug %}"
    assert render_html("{{ name }}", {"name": "<script>"}) == "&lt;script&gt;"


def test_nothing_of_the_settings_is_in_reach() -> None:
    assert project.SECRET_KEY
    for word in ("settings.SECRET_KEY", "request.user", "perms"):
        with pytest.raises(WordingRefused):
            render_plain("{{ " + word + " }}", {})


def test_a_subject_is_one_line() -> None:
    assert one_line("Invoice\r\nBcc: spy@evil.example\x00 7") == "Invoice Bcc: spy@evil.example 7"
    assert len(one_line("long " * 100)) <= 150


def test_who_may_not_change_a_template(uk: LegalEntity, clerk: User, auditor: User, stranger: User) -> None:
    for person in (clerk, auditor, stranger):
        with pytest.raises(NotAllowed):
            change_template(by=person, entity=uk, kind="invoice", language="en", wording=OURS)


def test_versions_only_grow(uk: LegalEntity, administrator: User) -> None:
    version = change_template(by=administrator, entity=uk, kind="invoice", language="en", wording=OURS)

    with pytest.raises(DatabaseError), transaction.atomic():
        TemplateVersion.objects.filter(pk=version.pk).update(text="We always said that.")
