"""The picture on a company's documents."""

from django.db import transaction

from core.audit import audit
from core.errors import Refused
from core.files import MEGABYTE, store_file
from core.models import LegalEntity, User
from core.permissions import require

PICTURES = frozenset({"image/png", "image/jpeg"})


class NoPicture(Refused):
    """The file is no picture that a document can carry."""

    code = "no_picture"


@transaction.atomic
def change_logo(*, by: User, entity: LegalEntity, name: str, content: bytes) -> LegalEntity:
    """Print another logo on the company's documents from now on; sent documents keep theirs."""
    require(by, "core.change_entity", entity)
    entity = LegalEntity.objects.select_for_update(no_key=True, of=("self",)).select_related("logo").get(pk=entity.pk)
    stored = store_file(by, entity, name, content, max_bytes=MEGABYTE)
    if entity.logo and entity.logo.sha256 == stored.sha256:
        return entity
    if stored.content_type not in PICTURES:
        raise NoPicture(f"{stored.name} is no PNG or JPEG picture.")

    before = entity.logo.name if entity.logo else ""
    entity.logo = stored
    entity.save(update_fields=["logo"])

    audit(by, "logo.changed", entity, entity=entity, before={"logo": before}, after={"logo": stored.name})
    return entity


@transaction.atomic
def drop_logo(*, by: User, entity: LegalEntity) -> LegalEntity:
    """Print the company's name alone from now on."""
    require(by, "core.change_entity", entity)
    entity = LegalEntity.objects.select_for_update(no_key=True, of=("self",)).select_related("logo").get(pk=entity.pk)
    if entity.logo is None:
        return entity

    before = entity.logo.name
    entity.logo = None
    entity.save(update_fields=["logo"])

    audit(by, "logo.dropped", entity, entity=entity, before={"logo": before})
    return entity
