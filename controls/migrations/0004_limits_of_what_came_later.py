"""Adjustments and waivers came after the first companies had their limits. They get the standard ones, as new ones do."""

from decimal import Decimal
from typing import Any

from django.db import migrations

CAME_LATER = [
    ("adjustment", "ar_manager", Decimal(1_000)),
    ("adjustment", "finance_manager", None),
    ("surcharge_waiver", "ar_manager", Decimal(500)),
    ("surcharge_waiver", "finance_manager", None),
]


def add_limits(apps: Any, schema_editor: Any) -> None:
    """Only where limits of other kinds are set, and none of this kind ever was: what was ended stays ended."""
    limit = apps.get_model("controls", "AuthorityLimit")
    entity = apps.get_model("core", "LegalEntity")
    system = apps.get_model("core", "User").objects.filter(is_system=True).first()
    if system is None:
        return
    known = set(limit.objects.values_list("entity_id", "kind").distinct())
    with_limits = {entity_id for entity_id, _ in known}
    limit.objects.bulk_create(
        limit(entity=row, kind=kind, role=role, currency=row.currency, amount=amount, set_by=system)
        for row in entity.objects.filter(pk__in=with_limits).order_by("pk")
        for kind, role, amount in CAME_LATER
        if (row.pk, kind) not in known
    )


class Migration(migrations.Migration):
    dependencies = [
        ("controls", "0003_surcharges_are_waived_within_limits"),
    ]

    operations = [migrations.RunPython(add_limits, migrations.RunPython.noop)]
