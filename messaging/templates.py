"""Which wording is in force for a kind of message and a language."""

from dataclasses import dataclass
from datetime import datetime

from core.models import LegalEntity
from messaging.kinds import UnknownKind
from messaging.models import TemplateVersion
from messaging.rendering import Wording
from messaging.shipped import shipped_wording

LANGUAGE_OF_LAST_RESORT = "en"


@dataclass(frozen=True)
class InForce:
    """A wording and the language it is in; without a version while nobody has used this shipped wording yet."""

    wording: Wording
    language: str
    version: TemplateVersion | None


def wording_of(version: TemplateVersion) -> Wording:
    """The wording that a version holds."""
    return Wording(version.subject, version.text, version.html)


def latest_version(entity: LegalEntity, kind: str, language: str, at: datetime | None = None) -> TemplateVersion | None:
    """The newest version of a wording, now or at a moment, if anybody had used or written one."""
    versions = TemplateVersion.objects.filter(template__entity=entity, template__kind=kind, template__language=language)
    if at is not None:
        versions = versions.filter(changed_at__lte=at)
    return versions.select_related("template", "changed_by").order_by("-number").first()


def in_force(entity: LegalEntity, kind: str, language: str, at: datetime | None = None) -> InForce:
    """The wording for a reader: in their language, else in the company's, else in English; as it was at a moment."""
    for spoken in dict.fromkeys((language, entity.language, LANGUAGE_OF_LAST_RESORT)):
        if wording := wording_in(entity, kind, spoken, at):
            return wording
    raise UnknownKind(f"There is no wording for {kind.replace('_', ' ')} messages. Write one in the settings.")


def wording_in(entity: LegalEntity, kind: str, language: str, at: datetime | None = None) -> InForce | None:
    """The wording in one language: that of the moment, else what people wrote, else what we ship at present."""
    if at is not None and (kept := latest_version(entity, kind, language, at)):
        return InForce(wording_of(kept), language, kept)
    latest = latest_version(entity, kind, language)
    shipped = shipped_wording(kind, language)
    if latest and (shipped is None or not latest.changed_by.is_system or wording_of(latest) == shipped):
        return InForce(wording_of(latest), language, latest)
    return InForce(shipped, language, None) if shipped else None
