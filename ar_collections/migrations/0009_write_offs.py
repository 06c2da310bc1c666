"""Write-offs with their documents, tax claimed back on them, and recoveries."""

from decimal import Decimal

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

import core.fields
import core.migration_operations


class Migration(migrations.Migration):
    dependencies = [
        ("collections", "0008_rules_of_statements"),
        ("controls", "0003_late_interest"),
        ("core", "0004_sealed_files"),
        ("core", "__first__"),
        ("customers", "0001_tables"),
        ("ledger", "0001_tables"),
    ]

    operations = [
        core.migration_operations.CreateTables(
            tables=[
                migrations.CreateModel(
                    name="WriteOff",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("currency", core.fields.CurrencyField()),
                        ("amount", core.fields.AmountField()),
                        (
                            "reason",
                            models.CharField(
                                choices=[
                                    ("insolvent", "Insolvent"),
                                    ("dissolved", "No longer exists"),
                                    ("untraceable", "Can’t be found"),
                                    ("uneconomic", "Pursuing it costs more"),
                                    ("time_barred", "Barred by time"),
                                    ("settlement", "Settled for less"),
                                    ("small_balance", "Small balance"),
                                    ("other", "Another reason"),
                                ],
                                max_length=14,
                            ),
                        ),
                        (
                            "note",
                            models.CharField(
                                help_text="What was done, and why nothing more is to be expected.", max_length=400
                            ),
                        ),
                        (
                            "against",
                            models.CharField(
                                choices=[
                                    ("bad_debt", "Bad debt: no allowance was made"),
                                    ("allowance", "The allowance that was made for it"),
                                ],
                                default="bad_debt",
                                max_length=10,
                            ),
                        ),
                        ("asked_on", models.DateField()),
                        (
                            "asked_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("posted_on", models.DateField(null=True)),
                        (
                            "ended_on",
                            models.DateField(
                                help_text="When it was reversed, or dropped before it was posted.", null=True
                            ),
                        ),
                        ("end_reason", models.CharField(blank=True, max_length=400)),
                        (
                            "approved_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "asked_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "authority_use",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="controls.authorityuse",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="write_offs",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "ended_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "entity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.legalentity"
                            ),
                        ),
                        (
                            "item",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="write_off",
                                to="ledger.openitem",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-pk",),
                        "indexes": [
                            models.Index(fields=["entity", "-id"], name="write_offs_of_an_entity"),
                            models.Index(fields=["customer", "-id"], name="write_offs_of_a_customer"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("amount__gt", 0), models.Q(("note", ""), _negated=True)),
                                name="a_write_off_says_how_much_and_why",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("authority_use", None), ("item", None), ("posted_on", None)),
                                    models.Q(
                                        ("authority_use__isnull", False),
                                        ("item__isnull", False),
                                        ("posted_on__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="a_posted_write_off_has_its_authority",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("approved_by", None),
                                    models.Q(("approved_by", models.F("asked_by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="a_write_off_is_approved_by_another",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("end_reason", ""), ("ended_by", None), ("ended_on", None)),
                                    models.Q(
                                        ("ended_by__isnull", False),
                                        ("ended_on__isnull", False),
                                        models.Q(("end_reason", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="the_end_of_a_write_off_is_whole",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WriteOffItem",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("amount", core.fields.AmountField()),
                        ("tax", core.fields.AmountField(default=Decimal("0"))),
                        ("relief_from_on", models.DateField(null=True)),
                        ("relief_until_on", models.DateField(null=True)),
                        (
                            "item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="write_off_lines",
                                to="ledger.openitem",
                            ),
                        ),
                        (
                            "write_off",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lines",
                                to="collections.writeoff",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("pk",),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("write_off", "item"), name="a_document_is_written_off_once_at_a_time"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("amount__gt", 0), ("tax__gte", 0), ("tax__lt", models.F("amount"))),
                                name="a_written_off_amount_holds_its_tax",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("relief_from_on", None), ("relief_until_on", None)),
                                    models.Q(
                                        ("relief_from_on__isnull", False),
                                        ("relief_until_on__gt", models.F("relief_from_on")),
                                    ),
                                    _connector="OR",
                                ),
                                name="days_of_relief_run_forwards",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TaxRelief",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("claimed_on", models.DateField()),
                        ("amount", core.fields.AmountField()),
                        (
                            "claimed_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "claimed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "entry",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.journalentry"
                            ),
                        ),
                        (
                            "line",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="relief",
                                to="collections.writeoffitem",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("pk",),
                        "constraints": [
                            models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="a_relief_has_an_amount")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Recovery",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("amount", core.fields.AmountField()),
                        (
                            "tax_repaid",
                            core.fields.AmountField(default=Decimal("0"), help_text="Of the relief that was claimed."),
                        ),
                        ("recovered_on", models.DateField()),
                        (
                            "recovered_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "item",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="recovery",
                                to="ledger.openitem",
                            ),
                        ),
                        (
                            "receipt",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="recovered_debts",
                                to="ledger.openitem",
                            ),
                        ),
                        (
                            "recovered_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "line",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="recoveries",
                                to="collections.writeoffitem",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "recoveries",
                        "ordering": ("pk",),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("amount__gt", 0), ("tax_repaid__gte", 0), ("tax_repaid__lt", models.F("amount"))
                                ),
                                name="a_recovery_has_an_amount",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReliefRule",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "wait_months",
                            models.PositiveSmallIntegerField(
                                help_text="Months after the later of due date and supply.",
                                validators=[django.core.validators.MaxValueValidator(120)],
                            ),
                        ),
                        (
                            "lapse_months",
                            models.PositiveSmallIntegerField(
                                help_text="Months after the same day until it lapses.",
                                validators=[django.core.validators.MaxValueValidator(240)],
                            ),
                        ),
                        ("basis", models.CharField(help_text="On what law it rests.", max_length=300)),
                        ("valid_from", models.DateField()),
                        ("valid_until", models.DateField(blank=True, null=True)),
                        (
                            "set_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "entity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.legalentity"
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
                        "ordering": ("-valid_from",),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("lapse_months__gt", models.F("wait_months"))),
                                name="relief_lapses_after_it_begins",
                                violation_error_message="It lapses after it may be claimed.",
                            ),
                            django.contrib.postgres.constraints.ExclusionConstraint(
                                expressions=[
                                    ("entity", "="),
                                    (
                                        models.Func(
                                            models.F("valid_from"),
                                            models.F("valid_until"),
                                            models.Value("[]"),
                                            function="daterange",
                                            output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                                        ),
                                        "&&",
                                    ),
                                ],
                                name="one_rule_of_relief_a_day",
                            ),
                        ],
                    },
                ),
            ],
        ),
        core.migration_operations.AddTrigger(
            model_name="reliefrule",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.entity_id IS DISTINCT FROM OLD.entity_id OR NEW.wait_months IS DISTINCT FROM OLD.wait_months OR NEW.lapse_months IS DISTINCT FROM OLD.lapse_months OR NEW.basis IS DISTINCT FROM OLD.basis OR NEW.valid_from IS DISTINCT FROM OLD.valid_from OR NEW.set_by_id IS DISTINCT FROM OLD.set_by_id THEN\n                RAISE EXCEPTION 'o2c: rules of relief keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="b62873b0a938cb1678b78eab67abfbc0e3a084d4",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_ba87f",
                    table="collections_reliefrule",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="reliefrule",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: rules of relief are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="1a9e9326a04c5df3194b1aa4b6e048efa465a4b5",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_0620d",
                    table="collections_reliefrule",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="reliefrule",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: rules of relief are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="80e5b14d8df60b85fb62b986e8471c2a6bfe1cca",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_84bd5",
                    table="collections_reliefrule",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="writeoff",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.entity_id IS DISTINCT FROM OLD.entity_id OR NEW.customer_id IS DISTINCT FROM OLD.customer_id OR NEW.currency IS DISTINCT FROM OLD.currency OR NEW.amount IS DISTINCT FROM OLD.amount OR NEW.reason IS DISTINCT FROM OLD.reason OR NEW.note IS DISTINCT FROM OLD.note OR NEW.against IS DISTINCT FROM OLD.against OR NEW.asked_by_id IS DISTINCT FROM OLD.asked_by_id OR NEW.asked_on IS DISTINCT FROM OLD.asked_on OR NEW.asked_at IS DISTINCT FROM OLD.asked_at THEN\n                RAISE EXCEPTION 'o2c: write-offs keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="cb9387ad929ff2b6d25bc68c5ac5eff48e0d34b5",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_2e5aa",
                    table="collections_writeoff",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="writeoff",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: write-offs are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="47f6653c68129e94ab4bb24115683b200b2f1ac5",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_e106e",
                    table="collections_writeoff",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="writeoff",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: write-offs are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="3ffea11cd44904e6cc4e1c0affc23dc7f688b757",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_8024c",
                    table="collections_writeoff",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="writeoff",
            trigger=pgtrigger.compiler.Trigger(
                name="ended_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."ended_on" IS NOT NULL)',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="8715d39608de9bf143f473b65d8a1c5b9456be10",
                    operation="UPDATE",
                    pgid="pgtrigger_ended_once_8dff5",
                    table="collections_writeoff",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="writeoff",
            trigger=pgtrigger.compiler.Trigger(
                name="posted_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.item_id IS NOT NULL AND NEW.item_id IS DISTINCT FROM OLD.item_id)",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="7f7aeccffb8382eb76e6c0cf5434569d516e670e",
                    operation="UPDATE",
                    pgid="pgtrigger_posted_once_d746d",
                    table="collections_writeoff",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="writeoffitem",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: lines of write-offs are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="ce9bb864d063df9c84e7b123f36916f3781b7628",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_57af4",
                    table="collections_writeoffitem",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="writeoffitem",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: lines of write-offs are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="4da75ea51ff0cf5ad1432ad176a5a101f1a1071f",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_2a517",
                    table="collections_writeoffitem",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="taxrelief",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: claims of relief are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="bf0cf216ec227f86dd2a305a2215b3486ff92d71",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_94365",
                    table="collections_taxrelief",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="taxrelief",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: claims of relief are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="df25e397f7a34210bf0b885fd10945cfc616f4e4",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_43559",
                    table="collections_taxrelief",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="recovery",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: recoveries are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="d987fe782165a7e13ccf34d712cca5efb06eca7d",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_8a2c1",
                    table="collections_recovery",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="recovery",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: recoveries are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="8d3b6242ce58b49792bfb0a4e5ea9ca62c7fddb2",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_74842",
                    table="collections_recovery",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="recovery",
            trigger=pgtrigger.compiler.Trigger(
                name="never_more_than_was_written_off",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF (SELECT sum(amount) FROM collections_recovery WHERE line_id = NEW.line_id)\n        > (SELECT amount FROM collections_writeoffitem WHERE id = NEW.line_id)\n    THEN\n        RAISE EXCEPTION 'o2c: no more is recovered than was written off' USING ERRCODE = 'restrict_violation';\n    END IF;\n    RETURN NULL;\n",
                    hash="92fe04668998e9a51894cbc6b42b34290a77feb7",
                    operation="INSERT",
                    pgid="pgtrigger_never_more_than_was_written_off_41f79",
                    table="collections_recovery",
                    when="AFTER",
                ),
            ),
        ),
    ]
