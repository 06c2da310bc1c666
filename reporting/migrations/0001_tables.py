"""The tables of this room as they stood when its first steps were folded into one."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from core.migration_operations import CreateTables


class Migration(migrations.Migration):
    replaces = [("reporting", "0001_initial")]

    initial = True

    dependencies = [
        ("core", "0001_tables"),
    ]

    operations = [
        CreateTables(
            tables=[
                migrations.CreateModel(
                    name="MeasureLimit",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "measure",
                            models.CharField(
                                choices=[
                                    ("over_31_days", "Overdue by 31 days and more"),
                                    ("days_sales_outstanding", "Days sales outstanding"),
                                ],
                                max_length=24,
                            ),
                        ),
                        (
                            "limit",
                            models.DecimalField(
                                decimal_places=2, help_text="In the company's currency, or in days.", max_digits=18
                            ),
                        ),
                        ("from_on", models.DateField()),
                        (
                            "set_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "entity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="measure_limits",
                                to="core.legalentity",
                            ),
                        ),
                        (
                            "set_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("entity", "measure", "-from_on", "-pk"),
                        "constraints": [
                            models.CheckConstraint(condition=models.Q(("limit__gt", 0)), name="a_limit_is_positive")
                        ],
                    },
                ),
            ],
        ),
    ]
