"""When statements go out, and in which form."""

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

from core.migration_operations import AddTrigger


class Migration(migrations.Migration):
    dependencies = [
        ("collections", "0007_rules_of_collection"),
        ("core", "0004_sealed_files"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="StatementRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_on", models.BooleanField(default=True)),
                (
                    "day",
                    models.PositiveSmallIntegerField(
                        default=15,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(31),
                        ],
                    ),
                ),
                (
                    "saturday",
                    models.CharField(
                        choices=[("before", "The day before"), ("stay", "It stays"), ("after", "The day after")],
                        default="before",
                        max_length=6,
                    ),
                ),
                (
                    "sunday",
                    models.CharField(
                        choices=[("before", "The day before"), ("stay", "It stays"), ("after", "The day after")],
                        default="after",
                        max_length=6,
                    ),
                ),
                (
                    "holiday",
                    models.CharField(
                        choices=[("before", "The day before"), ("stay", "It stays"), ("after", "The day after")],
                        default="after",
                        max_length=6,
                    ),
                ),
                (
                    "style",
                    models.CharField(
                        choices=[
                            ("open_item", "What is open"),
                            (
                                "balance_forward",
                                "Balance brought forward, movements since the last one, and what is open",
                            ),
                        ],
                        default="open_item",
                        max_length=16,
                    ),
                ),
                (
                    "by_group",
                    models.BooleanField(
                        default=False, help_text="Members of a group get one together, sent to its parent."
                    ),
                ),
                ("changed_on", models.DateField(help_text="The company's day from which it counts.")),
                (
                    "changed_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "entity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statement_rules",
                        to="core.legalentity",
                    ),
                ),
            ],
            options={
                "ordering": ("-pk",),
                "indexes": [models.Index(fields=["entity", "-id"], name="rules_of_statements")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("day__range", (1, 31))), name="statements_have_a_day")
                ],
            },
        ),
        AddTrigger(
            model_name="statementrule",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: rules of statements are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="7ada229bf7508d96d3343b9ae42f2590304d1570",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_89708",
                    table="collections_statementrule",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="statementrule",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: rules of statements are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="9885980f85a8ac51f489c9cc4567f874071f83ce",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_eb444",
                    table="collections_statementrule",
                    when="BEFORE",
                ),
            ),
        ),
    ]
