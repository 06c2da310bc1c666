"""Terms of late payment, reference rates, and what was charged, waived and credited."""

from decimal import Decimal

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.operations
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.datetime
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

import core.fields
import core.migration_operations


class Migration(migrations.Migration):
    dependencies = [
        ("collections", "0005_calls_and_the_worklist"),
        ("controls", "0003_late_interest"),
        ("core", "0004_sealed_files"),
        ("core", "__first__"),
        ("customers", "0001_tables"),
        ("ledger", "0001_tables"),
    ]

    operations = [
        django.contrib.postgres.operations.BtreeGistExtension(),
        core.migration_operations.CreateTables(
            tables=[
                migrations.CreateModel(
                    name="LateCharge",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(choices=[("charged", "Charged"), ("waived", "Waived")], max_length=7),
                        ),
                        ("currency", core.fields.CurrencyField()),
                        ("interest", core.fields.AmountField()),
                        ("compensation", core.fields.AmountField()),
                        ("until_on", models.DateField(help_text="The last day that it counts.")),
                        ("reason", models.CharField(blank=True, max_length=400)),
                        ("asked_on", models.DateField()),
                        (
                            "asked_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("decided_on", models.DateField(null=True)),
                        ("taken_back_on", models.DateField(null=True)),
                        ("back_reason", models.CharField(blank=True, max_length=400)),
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
                                related_name="late_charges",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "decided_by",
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
                                related_name="late_charge",
                                to="ledger.openitem",
                            ),
                        ),
                        (
                            "paper",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.storedfile",
                            ),
                        ),
                        (
                            "taken_back_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-pk",),
                        "indexes": [
                            models.Index(fields=["entity", "kind", "-id"], name="late_charges_by_kind"),
                            models.Index(fields=["customer", "-id"], name="late_charges_of_a_customer"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("compensation__gte", 0),
                                    ("interest__gte", 0),
                                    models.Q(("interest__gt", 0), ("compensation__gt", 0), _connector="OR"),
                                ),
                                name="a_late_charge_has_an_amount",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("decided_on__isnull", False), ("item__isnull", False), ("kind", "charged")
                                    ),
                                    models.Q(("item", None), ("kind", "waived")),
                                    _connector="OR",
                                ),
                                name="what_is_charged_is_an_item",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("kind", "charged"), models.Q(("reason", ""), _negated=True), _connector="OR"
                                ),
                                name="a_waiver_has_its_reason",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("decided_by", None), ("decided_on", None)),
                                    models.Q(("decided_by__isnull", False), ("decided_on__isnull", False)),
                                    _connector="OR",
                                ),
                                name="the_decision_on_late_interest_is_whole",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("back_reason", ""), ("taken_back_by", None), ("taken_back_on", None)),
                                    models.Q(
                                        ("taken_back_by__isnull", False),
                                        ("taken_back_on__isnull", False),
                                        models.Q(("back_reason", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="the_end_of_a_late_charge_is_whole",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LateChargeLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("first_on", models.DateField()),
                        ("last_on", models.DateField()),
                        ("interest", core.fields.AmountField()),
                        ("compensation", core.fields.AmountField()),
                        (
                            "working",
                            models.JSONField(
                                default=list, help_text="First day, last day, amount, rate and interest of each span."
                            ),
                        ),
                        (
                            "counts",
                            models.BooleanField(
                                help_text="False while it waits for approval, and once it was taken back."
                            ),
                        ),
                        (
                            "charge",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lines",
                                to="collections.latecharge",
                            ),
                        ),
                        (
                            "item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="late_lines",
                                to="ledger.openitem",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("first_on", "pk"),
                    },
                ),
                migrations.CreateModel(
                    name="LateCredit",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("on", models.DateField()),
                        ("interest", core.fields.AmountField()),
                        ("compensation", core.fields.AmountField()),
                        ("reason", models.CharField(max_length=400)),
                        (
                            "credited_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "credited_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="late_credits",
                                to="ledger.openitem",
                            ),
                        ),
                        (
                            "line",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="credits",
                                to="collections.latechargeline",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("pk",),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("compensation__gte", 0),
                                    ("interest__gte", 0),
                                    models.Q(("interest__gt", 0), ("compensation__gt", 0), _connector="OR"),
                                ),
                                name="a_late_credit_has_an_amount",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LateTerms",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "place",
                            models.CharField(
                                blank=True,
                                help_text="A country such as GB, EU (other members), or empty: everywhere else.",
                                max_length=2,
                            ),
                        ),
                        (
                            "method",
                            models.CharField(
                                choices=[
                                    ("frozen", "Reference rate of the half-year in which it became late, for its life"),
                                    ("half_yearly", "Reference rate of each half-year"),
                                    ("on_payment", "Reference rate on the day of payment"),
                                    ("fixed", "A fixed rate by contract"),
                                    ("none", "No interest"),
                                ],
                                max_length=12,
                            ),
                        ),
                        (
                            "reference",
                            models.CharField(
                                blank=True,
                                choices=[("bank_of_england", "Bank of England"), ("ecb", "European Central Bank")],
                                max_length=16,
                            ),
                        ),
                        (
                            "percent",
                            models.DecimalField(
                                decimal_places=3,
                                default=0,
                                help_text="A year: points above the reference rate, or the whole rate where there is none.",
                                max_digits=6,
                                validators=[
                                    django.core.validators.MinValueValidator(0),
                                    django.core.validators.MaxValueValidator(100),
                                ],
                            ),
                        ),
                        ("currency", core.fields.CurrencyField(help_text="Of the compensation.")),
                        (
                            "tiers",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=django.contrib.postgres.fields.ArrayField(
                                    base_field=core.fields.AmountField(), size=2
                                ),
                                blank=True,
                                default=list,
                                help_text="Compensation by the amount from which it holds.",
                                size=None,
                            ),
                        ),
                        ("basis", models.CharField(help_text="The law or the clause of the contract.", max_length=300)),
                        ("valid_from", models.DateField(help_text="For debts that become late from this day on.")),
                        ("valid_until", models.DateField(blank=True, null=True)),
                        (
                            "set_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="late_terms",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "entity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="late_terms",
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
                        "ordering": ("customer__name", "-place", "-valid_from"),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("customer", None), ("place", ""), _connector="OR"),
                                name="late_terms_are_a_places_or_a_customers",
                                violation_error_message="Choose a place or a customer, not both.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("method__in", frozenset(["frozen", "half_yearly", "on_payment"])),
                                        models.Q(("reference", ""), _negated=True),
                                    ),
                                    models.Q(("method", "fixed"), ("percent__gt", 0), ("reference", "")),
                                    models.Q(("method", "none"), ("percent", 0), ("reference", "")),
                                    _connector="OR",
                                ),
                                name="late_terms_say_their_rate",
                                violation_error_message="A reference rate names its bank, a fixed rate is above zero, none is 0.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_until", None), ("valid_until__gte", models.F("valid_from")), _connector="OR"
                                ),
                                name="late_terms_end_after_they_begin",
                                violation_error_message="The terms can't end before they begin.",
                            ),
                            django.contrib.postgres.constraints.ExclusionConstraint(
                                expressions=[
                                    ("entity", "="),
                                    ("place", "="),
                                    (
                                        django.db.models.functions.comparison.Coalesce(
                                            models.F("customer"), models.Value(0)
                                        ),
                                        "=",
                                    ),
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
                                name="one_late_terms_a_day",
                                violation_error_message="Other terms hold for the same on one of these days. End them first.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReferenceRate",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "reference",
                            models.CharField(
                                choices=[("bank_of_england", "Bank of England"), ("ecb", "European Central Bank")],
                                max_length=16,
                            ),
                        ),
                        (
                            "starts_on",
                            models.DateField(
                                help_text="The first of January or of July.", verbose_name="half-year from"
                            ),
                        ),
                        (
                            "percent",
                            models.DecimalField(
                                decimal_places=3,
                                max_digits=6,
                                validators=[
                                    django.core.validators.MinValueValidator(Decimal("-5")),
                                    django.core.validators.MaxValueValidator(Decimal("100")),
                                ],
                            ),
                        ),
                        ("source", models.CharField(help_text="Who says so.", max_length=200)),
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
                        "ordering": ("reference", "-starts_on", "-pk"),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("starts_on__day", 1), ("starts_on__month__in", (1, 7))),
                                name="a_half_year_starts_in_january_or_july",
                                violation_error_message="A half-year starts on the first of January or of July.",
                            )
                        ],
                    },
                ),
            ],
        ),
        migrations.AddField(
            model_name="latechargeline",
            name="terms",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="collections.lateterms"
            ),
        ),
        migrations.AddConstraint(
            model_name="latechargeline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("compensation__gte", 0), ("interest__gte", 0), ("last_on__gte", models.F("first_on"))
                ),
                name="days_of_delay_run_forwards",
            ),
        ),
        migrations.AddConstraint(
            model_name="latechargeline",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("counts", True)),
                expressions=[
                    ("item", "="),
                    (
                        models.Func(
                            models.F("first_on"),
                            models.F("last_on"),
                            models.Value("[]"),
                            function="daterange",
                            output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="a_day_of_delay_is_charged_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="latechargeline",
            constraint=models.UniqueConstraint(
                condition=models.Q(("compensation__gt", 0), ("counts", True)),
                fields=("item",),
                name="a_debt_is_compensated_once",
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="latecharge",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.entity_id IS DISTINCT FROM OLD.entity_id OR NEW.customer_id IS DISTINCT FROM OLD.customer_id OR NEW.kind IS DISTINCT FROM OLD.kind OR NEW.currency IS DISTINCT FROM OLD.currency OR NEW.interest IS DISTINCT FROM OLD.interest OR NEW.compensation IS DISTINCT FROM OLD.compensation OR NEW.until_on IS DISTINCT FROM OLD.until_on OR NEW.reason IS DISTINCT FROM OLD.reason OR NEW.asked_by_id IS DISTINCT FROM OLD.asked_by_id OR NEW.asked_on IS DISTINCT FROM OLD.asked_on OR NEW.asked_at IS DISTINCT FROM OLD.asked_at THEN\n                RAISE EXCEPTION 'o2c: charges of late interest keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="0440f142cbb4a73b3fb08d46d905fbc02996b975",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_08caa",
                    table="collections_latecharge",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="latecharge",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: charges of late interest are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="da9a05a1b43133c8a5f4fc440b1e905be8c2112f",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_905bd",
                    table="collections_latecharge",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="latecharge",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: charges of late interest are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="35db73595f7e3bc8a13019e65e16941b643b39ec",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_40500",
                    table="collections_latecharge",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="latecharge",
            trigger=pgtrigger.compiler.Trigger(
                name="taken_back_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."taken_back_on" IS NOT NULL)',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="a3fadcf1d9b1439a523c061cc3f4abd0225bcb27",
                    operation="UPDATE",
                    pgid="pgtrigger_taken_back_once_438f6",
                    table="collections_latecharge",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="latecredit",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: credits of late interest are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="618964dea4fbe22a45208fc15d9fb78fa79d1377",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_ca4db",
                    table="collections_latecredit",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="latecredit",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: credits of late interest are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="29a2ea5496888983abed0af63a146809e6283177",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_1de27",
                    table="collections_latecredit",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="lateterms",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.entity_id IS DISTINCT FROM OLD.entity_id OR NEW.place IS DISTINCT FROM OLD.place OR NEW.customer_id IS DISTINCT FROM OLD.customer_id OR NEW.method IS DISTINCT FROM OLD.method OR NEW.reference IS DISTINCT FROM OLD.reference OR NEW.percent IS DISTINCT FROM OLD.percent OR NEW.currency IS DISTINCT FROM OLD.currency OR NEW.tiers IS DISTINCT FROM OLD.tiers OR NEW.basis IS DISTINCT FROM OLD.basis OR NEW.valid_from IS DISTINCT FROM OLD.valid_from OR NEW.set_by_id IS DISTINCT FROM OLD.set_by_id OR NEW.set_at IS DISTINCT FROM OLD.set_at THEN\n                RAISE EXCEPTION 'o2c: terms of late payment keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="81b4db20603199009138708c0526b01f29339d6e",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_7b681",
                    table="collections_lateterms",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="lateterms",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: terms of late payment are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="f9a5da7629339c288f0ab6555377b52d6240c48d",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_767a1",
                    table="collections_lateterms",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="lateterms",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: terms of late payment are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="c36ef2b0b4ed26c046743d4e029eaf2c1e9bc6c6",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_2ee2f",
                    table="collections_lateterms",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="latechargeline",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.charge_id IS DISTINCT FROM OLD.charge_id OR NEW.item_id IS DISTINCT FROM OLD.item_id OR NEW.terms_id IS DISTINCT FROM OLD.terms_id OR NEW.first_on IS DISTINCT FROM OLD.first_on OR NEW.last_on IS DISTINCT FROM OLD.last_on OR NEW.interest IS DISTINCT FROM OLD.interest OR NEW.compensation IS DISTINCT FROM OLD.compensation OR NEW.working IS DISTINCT FROM OLD.working THEN\n                RAISE EXCEPTION 'o2c: lines of late interest keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="caf18051e07468f0e05a08d60d23be55029167a1",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_2c647",
                    table="collections_latechargeline",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="latechargeline",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: lines of late interest are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="c99dcc4e9c84505b5ab182eb80d1175b99a7cd96",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_c488a",
                    table="collections_latechargeline",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="latechargeline",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: lines of late interest are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="39d70aabd33d3d497ea66af6d6e23fba93487282",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_74889",
                    table="collections_latechargeline",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="referencerate",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: reference rates are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="6531d297d65adbe7152afbdf52e80a0e1edb4657",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_6e17b",
                    table="collections_referencerate",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="referencerate",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: reference rates are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="41682dc78291c64d705222584d22d105d7228142",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_be040",
                    table="collections_referencerate",
                    when="BEFORE",
                ),
            ),
        ),
    ]
