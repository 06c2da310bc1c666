"""Late interest is waived within limits. Companies that have limits already get the standard ones, as new ones do."""

from typing import Any

from django.db import migrations, models


def add_limits(apps: Any, schema_editor: Any) -> None:
    """Only where limits of other kinds are set, and none of this kind ever was."""
    limit = apps.get_model("controls", "AuthorityLimit")
    system = apps.get_model("core", "User").objects.filter(is_system=True).first()
    if system is None:
        return
    known = set(limit.objects.values_list("entity_id", "kind").distinct())
    with_limits = {entity_id for entity_id, _ in known}
    limit.objects.bulk_create(
        limit(entity=row, kind="late_interest", role=role, amount=amount, currency=row.currency, set_by=system)
        for row in apps.get_model("core", "LegalEntity").objects.filter(pk__in=with_limits).order_by("pk")
        if (row.pk, "late_interest") not in known
        for role, amount in (("ar_manager", 1000), ("finance_manager", None))
    )


class Migration(migrations.Migration):
    dependencies = [
        ("controls", "0002_payment_plans_are_approved"),
    ]

    operations = [
        migrations.AlterField(
            model_name="approvalrequest",
            name="kind",
            field=models.CharField(
                choices=[
                    ("credit_note", "Credit note"),
                    ("small_difference", "Small difference written off"),
                    ("write_off", "Bad debt written off"),
                    ("refund", "Refund"),
                    ("adjustment", "Adjustment of a receivable"),
                    ("surcharge_waiver", "Card surcharge waived"),
                    ("payment_plan", "Payment plan"),
                    ("late_interest", "Late interest waived"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="authoritylimit",
            name="kind",
            field=models.CharField(
                choices=[
                    ("credit_note", "Credit note"),
                    ("small_difference", "Small difference written off"),
                    ("write_off", "Bad debt written off"),
                    ("refund", "Refund"),
                    ("adjustment", "Adjustment of a receivable"),
                    ("surcharge_waiver", "Card surcharge waived"),
                    ("payment_plan", "Payment plan"),
                    ("late_interest", "Late interest waived"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="authorityuse",
            name="kind",
            field=models.CharField(
                choices=[
                    ("credit_note", "Credit note"),
                    ("small_difference", "Small difference written off"),
                    ("write_off", "Bad debt written off"),
                    ("refund", "Refund"),
                    ("adjustment", "Adjustment of a receivable"),
                    ("surcharge_waiver", "Card surcharge waived"),
                    ("payment_plan", "Payment plan"),
                    ("late_interest", "Late interest waived"),
                ],
                max_length=20,
            ),
        ),
        migrations.RunPython(add_limits, migrations.RunPython.noop),
    ]
