"""Changing the rules of promises, calls and the worklist."""

from dataclasses import asdict

from django.db import transaction

from ar_collections.models import CollectionRules
from ar_collections.queries.rules import rules_of
from ar_collections.rules import Rules
from core.audit import audit
from core.errors import Refused
from core.models import LegalEntity, User
from core.permissions import require


class NotAChange(Refused):
    """The rules can't be changed so."""

    code = "not_a_change"


@transaction.atomic
def change_rules(*, by: User, entity: LegalEntity, rules: Rules, reason: str) -> CollectionRules:
    """Settle new figures for a company. Promises that were given before keep the tolerance under which they were."""
    require(by, "collections.change_rules", entity)
    LegalEntity.objects.select_for_update(no_key=True).get(pk=entity.pk)
    before = rules_of(entity)
    latest = CollectionRules.objects.filter(entity=entity).first()
    if latest is not None and before == rules:
        return latest
    if before == rules:
        raise NotAChange("These are the figures that count already.")
    if not reason.strip():
        raise NotAChange("Write why the rules change.")
    if list(rules.risks) != sorted(rules.risks):
        raise NotAChange("What is older is not less at risk: let the shares rise with the age.")
    row = CollectionRules(entity=entity, reason=reason.strip()[:300], changed_by=by, **asdict(rules))
    row.full_clean(exclude=("changed_by", "entity"))
    row.save()

    was, now = asdict(before), asdict(rules)
    changed = [name for name in now if was[name] != now[name]]
    audit(
        by,
        "rules.changed",
        row,
        entity=entity,
        before={name: was[name] for name in changed},
        after={name: now[name] for name in changed},
        reason=row.reason,
    )
    return row
