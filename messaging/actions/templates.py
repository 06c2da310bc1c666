"""Wordings: the shipped ones are taken up when they are first needed; people write their own on top."""

from datetime import datetime

from django.db import transaction

from core.audit import audit
from core.models import LegalEntity, User
from core.permissions import require, system_user
from messaging.kinds import kind_named
from messaging.models import Template, TemplateVersion
from messaging.rendering import Wording, render
from messaging.sandbox import WordingRefused
from messaging.templates import in_force, latest_version, wording_of


@transaction.atomic
def take_up_wording(
    *, by: User, entity: LegalEntity, kind: str, language: str, at: datetime | None = None
) -> TemplateVersion:
    """The version to write with, now or as of a moment; a shipped wording becomes one when it is first used."""
    require(by, "messaging.view", entity)
    found = in_force(entity, kind, language, at)
    return found.version or _add_version(system_user(), entity, kind, found.language, found.wording)


@transaction.atomic
def change_template(*, by: User, entity: LegalEntity, kind: str, language: str, wording: Wording) -> TemplateVersion:
    """Write a new version of a wording; messages that left keep the version they were written with."""
    require(by, "messaging.change_template", entity)
    _refuse_unusable(entity, kind, language, wording)
    latest = latest_version(entity, kind, language)
    if latest and wording_of(latest) == wording:
        return latest

    version = _add_version(by, entity, kind, language, wording)

    audit(by, "template.changed", version, entity=entity, before=_facts(latest), after=_facts(version))
    return version


def _add_version(by: User, entity: LegalEntity, kind: str, language: str, wording: Wording) -> TemplateVersion:
    template, _ = Template.objects.get_or_create(entity=entity, kind=kind, language=language)
    template = Template.objects.select_for_update().get(pk=template.pk)
    latest = latest_version(entity, kind, language)
    if latest and wording_of(latest) == wording:
        return latest
    return TemplateVersion.objects.create(
        template=template,
        number=latest.number + 1 if latest else 1,
        subject=wording.subject,
        text=wording.text,
        html=wording.html,
        changed_by=by,
    )


def _refuse_unusable(entity: LegalEntity, kind: str, language: str, wording: Wording) -> None:
    for part, text in (("subject", wording.subject), ("text", wording.text), ("HTML", wording.html)):
        if not text.strip():
            raise WordingRefused(f"The {part} is empty.")
        if text.count("{{") != text.count("}}") or text.count("{%") != text.count("%}"):
            raise WordingRefused(f"The {part} opens a curly bracket that it doesn't close.")
    render(wording, entity, language, kind_named(kind).sample)


def _facts(version: TemplateVersion | None) -> dict[str, str] | None:
    if version is None:
        return None
    return {"subject": version.subject, "text": version.text, "html": version.html}
