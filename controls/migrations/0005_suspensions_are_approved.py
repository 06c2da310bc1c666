"""Suspensions need finance and the service owner. Companies that have limits already get the standard ones."""

from typing import Any

from django.db import migrations, models

STANDARD = (
    ("suspension_finance", "finance_manager"),
    ("suspension_service", "service_owner"),
    ("extension", "ar_manager"),
    ("extension", "finance_manager"),
)


def add_limits(apps: Any, schema_editor: Any) -> None:
    """Only where limits of other kinds are set, and none of these kinds ever was."""
    limit = apps.get_model("controls", "AuthorityLimit")
    system = apps.get_model("core", "User").objects.filter(is_system=True).first()
    if system is None:
        return
    known = set(limit.objects.values_list("entity_id", "kind").distinct())
    with_limits = {entity_id for entity_id, _ in known}
    limit.objects.bulk_create(
        limit(entity=row, kind=kind, role=role, currency=row.currency, set_by=system)
        for row in apps.get_model("core", "LegalEntity").objects.filter(pk__in=with_limits).order_by("pk")
        for kind, role in STANDARD
        if (row.pk, kind) not in known
    )


class Migration(migrations.Migration):
    dependencies = [
        ("controls", "0004_policies"),
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
                    ("suspension_finance", "Suspension, for finance"),
                    ("suspension_service", "Suspension, for the service"),
                    ("extension", "Suspension put off"),
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
                    ("suspension_finance", "Suspension, for finance"),
                    ("suspension_service", "Suspension, for the service"),
                    ("extension", "Suspension put off"),
                    ("late_interest", "Late interest waived"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="authoritylimit",
            name="role",
            field=models.CharField(
                blank=True,
                choices=[
                    ("ar_specialist", "AR specialist"),
                    ("collector", "Collector"),
                    ("ar_manager", "AR manager"),
                    ("finance_manager", "Finance manager"),
                    ("service_owner", "Service owner"),
                    ("auditor", "Auditor"),
                    ("administrator", "Administrator"),
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
                    ("suspension_finance", "Suspension, for finance"),
                    ("suspension_service", "Suspension, for the service"),
                    ("extension", "Suspension put off"),
                    ("late_interest", "Late interest waived"),
                ],
                max_length=20,
            ),
        ),
        migrations.RunPython(add_limits, migrations.RunPython.noop),
    ]
