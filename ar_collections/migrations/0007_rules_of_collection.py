"""What a company settles about promises, calls and what is at risk; promises keep the tolerance of their day."""

from decimal import Decimal

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from core.migration_operations import AddTrigger


class Migration(migrations.Migration):
    dependencies = [
        ("collections", "0006_late_interest"),
        ("core", "0004_sealed_files"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CollectionRules",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "grace_days",
                    models.PositiveSmallIntegerField(validators=[django.core.validators.MaxValueValidator(30)]),
                ),
                (
                    "kept_from",
                    models.DecimalField(
                        decimal_places=3,
                        max_digits=4,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0")),
                            django.core.validators.MaxValueValidator(Decimal("1")),
                        ],
                    ),
                ),
                (
                    "most_in_a_row",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(20),
                        ]
                    ),
                ),
                (
                    "latest_after_due",
                    models.PositiveSmallIntegerField(validators=[django.core.validators.MaxValueValidator(366)]),
                ),
                (
                    "soon_days",
                    models.PositiveSmallIntegerField(validators=[django.core.validators.MaxValueValidator(366)]),
                ),
                (
                    "daily_target",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(500),
                        ]
                    ),
                ),
                (
                    "risk_to_30",
                    models.DecimalField(
                        decimal_places=3,
                        max_digits=4,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0")),
                            django.core.validators.MaxValueValidator(Decimal("1")),
                        ],
                    ),
                ),
                (
                    "risk_to_60",
                    models.DecimalField(
                        decimal_places=3,
                        max_digits=4,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0")),
                            django.core.validators.MaxValueValidator(Decimal("1")),
                        ],
                    ),
                ),
                (
                    "risk_to_90",
                    models.DecimalField(
                        decimal_places=3,
                        max_digits=4,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0")),
                            django.core.validators.MaxValueValidator(Decimal("1")),
                        ],
                    ),
                ),
                (
                    "risk_beyond",
                    models.DecimalField(
                        decimal_places=3,
                        max_digits=4,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0")),
                            django.core.validators.MaxValueValidator(Decimal("1")),
                        ],
                    ),
                ),
                ("reason", models.CharField(max_length=300)),
                (
                    "changed_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
            ],
            options={
                "ordering": ("-pk",),
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="promise",
            name="frozen_columns",
        ),
        migrations.AddField(
            model_name="promise",
            name="kept_from",
            field=models.DecimalField(
                decimal_places=3, default=Decimal("0.99"), help_text="Share from which it counts as kept.", max_digits=4
            ),
        ),
        AddTrigger(
            model_name="promise",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.entity_id IS DISTINCT FROM OLD.entity_id OR NEW.customer_id IS DISTINCT FROM OLD.customer_id OR NEW.currency IS DISTINCT FROM OLD.currency OR NEW.amount IS DISTINCT FROM OLD.amount OR NEW.taken_on IS DISTINCT FROM OLD.taken_on OR NEW.taken_at IS DISTINCT FROM OLD.taken_at OR NEW.taken_by_id IS DISTINCT FROM OLD.taken_by_id OR NEW.contact_id IS DISTINCT FROM OLD.contact_id OR NEW.said_by IS DISTINCT FROM OLD.said_by OR NEW.channel IS DISTINCT FROM OLD.channel OR NEW.note IS DISTINCT FROM OLD.note OR NEW.replaces_id IS DISTINCT FROM OLD.replaces_id OR NEW.due_on IS DISTINCT FROM OLD.due_on OR NEW.until_on IS DISTINCT FROM OLD.until_on OR NEW.kept_from IS DISTINCT FROM OLD.kept_from OR NEW.request_id IS DISTINCT FROM OLD.request_id THEN\n                RAISE EXCEPTION 'o2c: promises keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="37318914bc3208ab8fe09ac87c156d342598f190",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_0327f",
                    table="collections_promise",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddField(
            model_name="collectionrules",
            name="changed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="collectionrules",
            name="entity",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="collection_rules", to="core.legalentity"
            ),
        ),
        migrations.AddIndex(
            model_name="collectionrules",
            index=models.Index(fields=["entity", "-id"], name="rules_of_collection"),
        ),
        migrations.AddConstraint(
            model_name="collectionrules",
            constraint=models.CheckConstraint(
                condition=models.Q(("kept_from__gt", 0), ("kept_from__lte", 1)), name="kept_from_is_a_share"
            ),
        ),
        migrations.AddConstraint(
            model_name="collectionrules",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("risk_to_30__range", (0, 1)),
                    ("risk_to_60__range", (0, 1)),
                    ("risk_beyond__range", (0, 1)),
                    ("risk_to_90__range", (0, 1)),
                ),
                name="risks_are_shares",
            ),
        ),
        migrations.AddConstraint(
            model_name="collectionrules",
            constraint=models.CheckConstraint(
                condition=models.Q(("daily_target__gte", 1), ("most_in_a_row__gte", 1)), name="targets_are_not_zero"
            ),
        ),
        AddTrigger(
            model_name="collectionrules",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: rules of collection are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="21e0aa40256f6a7f9920db21f29f180cefdfbfc5",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_25d5d",
                    table="collections_collectionrules",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="collectionrules",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: rules of collection are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="8a9cfba1dba214b32a5a831ea6e7de9b00e1140c",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_dae81",
                    table="collections_collectionrules",
                    when="BEFORE",
                ),
            ),
        ),
    ]
