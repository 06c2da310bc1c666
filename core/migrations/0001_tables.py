"""The tables of this room as they stood when its first steps were folded into one."""

import django.core.serializers.json
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

import core.fields
import core.models.entities
from core.migration_operations import AddTrigger, CreateTables


class Migration(migrations.Migration):
    replaces = [("core", "0001_initial"), ("core", "0003_modulus_rules_of_bank_accounts")]

    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        CreateTables(
            tables=[
                migrations.CreateModel(
                    name="ExchangeRate",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("from_currency", core.fields.CurrencyField()),
                        ("to_currency", core.fields.CurrencyField()),
                        ("on", models.DateField()),
                        ("rate", models.DecimalField(decimal_places=8, max_digits=18)),
                        (
                            "source",
                            models.CharField(help_text="Who says so, such as “ECB reference rate”.", max_length=60),
                        ),
                        (
                            "recorded_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                    ],
                    options={
                        "ordering": ("-on", "from_currency", "to_currency"),
                        "indexes": [
                            models.Index(
                                fields=["from_currency", "to_currency", "-on", "-recorded_at"], name="rate_of_a_day"
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(condition=models.Q(("rate__gt", 0)), name="a_rate_is_positive"),
                            models.CheckConstraint(
                                condition=models.Q(("from_currency", models.F("to_currency")), _negated=True),
                                name="a_rate_is_between_two_currencies",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="User",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("password", models.CharField(max_length=128, verbose_name="password")),
                        ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                        (
                            "is_superuser",
                            models.BooleanField(
                                default=False,
                                help_text="Designates that this user has all permissions without explicitly assigning them.",
                                verbose_name="superuser status",
                            ),
                        ),
                        ("email", models.EmailField(max_length=254, unique=True)),
                        ("name", models.CharField(max_length=120)),
                        ("job_title", models.CharField(blank=True, max_length=120)),
                        ("is_active", models.BooleanField(default=True)),
                        ("is_staff", models.BooleanField(default=False)),
                        ("is_system", models.BooleanField(default=False, editable=False)),
                        (
                            "theme",
                            models.CharField(
                                choices=[("system", "As the computer"), ("light", "Light"), ("dark", "Dark")],
                                default="system",
                                max_length=10,
                            ),
                        ),
                        (
                            "density",
                            models.CharField(
                                choices=[
                                    ("comfortable", "Comfortable, two lines a row"),
                                    ("compact", "Compact, one line a row"),
                                ],
                                default="comfortable",
                                max_length=12,
                            ),
                        ),
                        (
                            "single_keys",
                            models.BooleanField(default=True, help_text="Work with single keys such as J and K."),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "groups",
                            models.ManyToManyField(
                                blank=True,
                                help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                                related_name="user_set",
                                related_query_name="user",
                                to="auth.group",
                                verbose_name="groups",
                            ),
                        ),
                        (
                            "user_permissions",
                            models.ManyToManyField(
                                blank=True,
                                help_text="Specific permissions for this user.",
                                related_name="user_set",
                                related_query_name="user",
                                to="auth.permission",
                                verbose_name="user permissions",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("name",),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("is_system", True)), fields=("is_system",), name="one_system_user"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ApiToken",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(help_text="What uses it, such as “Nightly export”.", max_length=80)),
                        ("digest", models.CharField(editable=False, max_length=64, unique=True)),
                        (
                            "hint",
                            models.CharField(
                                editable=False, help_text="Its last letters, to tell tokens apart.", max_length=8
                            ),
                        ),
                        ("scopes", models.JSONField(default=list, help_text="Such as customers:read, invoices:write.")),
                        (
                            "created_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("expires_at", models.DateTimeField(blank=True, null=True)),
                        ("last_used_at", models.DateTimeField(editable=False, null=True)),
                        ("revoked_at", models.DateTimeField(editable=False, null=True)),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="api_tokens",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-created_at",),
                    },
                ),
                migrations.CreateModel(
                    name="IdempotencyRecord",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.CharField(max_length=128)),
                        ("content_hash", models.CharField(max_length=64)),
                        ("status", models.PositiveSmallIntegerField(null=True)),
                        ("answer", models.JSONField(null=True)),
                        (
                            "created_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("user", "key"), name="an_idempotency_key_is_used_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ModulusIssue",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("valid_from", models.DateField(unique=True)),
                        ("weights", models.TextField()),
                        ("substitutes", models.TextField(blank=True)),
                        (
                            "loaded_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "loaded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-valid_from",),
                    },
                ),
                migrations.CreateModel(
                    name="SavedView",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("page", models.CharField(help_text="URL name of the list.", max_length=60)),
                        ("name", models.CharField(max_length=60)),
                        ("query", models.CharField(max_length=500)),
                        ("is_shared", models.BooleanField(default=False)),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="saved_views",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("page", "name"),
                        "constraints": [
                            models.UniqueConstraint(fields=("user", "page", "name"), name="one_saved_view_of_a_name")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AuditEvent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "event",
                            models.CharField(
                                help_text="Past tense with its noun first, such as receipt.posted.", max_length=60
                            ),
                        ),
                        ("object_type", models.CharField(max_length=60)),
                        ("object_id", models.CharField(max_length=40)),
                        ("object_label", models.CharField(max_length=200)),
                        ("before", models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder, null=True)),
                        ("after", models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder, null=True)),
                        ("reason", models.TextField(blank=True)),
                        ("request_id", models.CharField(blank=True, max_length=36)),
                        (
                            "at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-pk",),
                        "indexes": [models.Index(fields=["object_type", "object_id"], name="audit_of_an_object")],
                    },
                ),
                migrations.CreateModel(
                    name="BankAccount",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "name",
                            models.CharField(
                                help_text="What people here call it, such as “Barclays current”.", max_length=80
                            ),
                        ),
                        ("currency", core.fields.CurrencyField()),
                        ("bank_name", models.CharField(blank=True, max_length=120)),
                        ("iban", models.CharField(blank=True, max_length=34)),
                        ("account_number", models.CharField(blank=True, max_length=34)),
                        ("sort_code", models.CharField(blank=True, max_length=12)),
                        ("bic", models.CharField(blank=True, max_length=11)),
                        (
                            "is_default",
                            models.BooleanField(default=False, help_text="Printed on invoices in its currency."),
                        ),
                        ("is_active", models.BooleanField(default=True)),
                    ],
                    options={
                        "ordering": ("entity", "name"),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("iban", ""), _negated=True),
                                fields=("iban",),
                                name="one_bank_account_an_iban",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LegalEntity",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "code",
                            models.SlugField(
                                help_text="Short name in addresses and commands, such as UK.",
                                max_length=20,
                                unique=True,
                            ),
                        ),
                        ("name", models.CharField(help_text="Trading name, as customers know it.", max_length=120)),
                        ("legal_name", models.CharField(max_length=200)),
                        ("currency", core.fields.CurrencyField(help_text="Currency of its books.")),
                        (
                            "time_zone",
                            models.CharField(
                                default="Europe/London",
                                max_length=60,
                                validators=[core.models.entities.validate_time_zone],
                            ),
                        ),
                        (
                            "country",
                            models.CharField(
                                help_text="ISO 3166 code; its public holidays are the calendar's.", max_length=2
                            ),
                        ),
                        (
                            "subdivision",
                            models.CharField(
                                blank=True, help_text="Region for holidays, such as ENG or BY.", max_length=6
                            ),
                        ),
                        ("language", models.CharField(default="en", max_length=8)),
                        ("tax_number", models.CharField(blank=True, max_length=30)),
                        ("registration_number", models.CharField(blank=True, max_length=60)),
                        (
                            "address_lines",
                            models.TextField(blank=True, help_text="One line each, as printed on invoices."),
                        ),
                        ("email", models.EmailField(blank=True, max_length=254)),
                        ("phone", models.CharField(blank=True, max_length=40)),
                        ("website", models.CharField(blank=True, max_length=120)),
                        (
                            "accent_colour",
                            models.CharField(
                                default="#0b5f7a",
                                max_length=7,
                                validators=[
                                    django.core.validators.RegexValidator(
                                        "^#[0-9a-fA-F]{6}$", "Write the colour as #0b5f7a."
                                    )
                                ],
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True)),
                        (
                            "created_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "legal entities",
                        "ordering": ("code",),
                    },
                ),
                migrations.CreateModel(
                    name="NonWorkingDay",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("on", models.DateField()),
                        ("name", models.CharField(max_length=80)),
                        (
                            "is_working",
                            models.BooleanField(
                                default=False, help_text="Work on this day although it is a public holiday."
                            ),
                        ),
                        (
                            "entity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="own_days",
                                to="core.legalentity",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("on",),
                        "constraints": [models.UniqueConstraint(fields=("entity", "on"), name="one_rule_a_day")],
                    },
                ),
                migrations.CreateModel(
                    name="NumberSeries",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("kind", models.CharField(help_text="Such as invoice or credit_note.", max_length=20)),
                        (
                            "year",
                            models.PositiveSmallIntegerField(
                                default=0, help_text="0 for a series that runs through the years."
                            ),
                        ),
                        ("pattern", models.CharField(help_text="Such as INV-{year}-{number:06d}.", max_length=40)),
                        ("next_number", models.PositiveBigIntegerField(default=1)),
                        (
                            "entity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="number_series",
                                to="core.legalentity",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "number series",
                        "ordering": ("entity", "kind", "-year"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("entity", "kind", "year"), name="one_series_a_kind_and_year"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RoleGrant",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("ar_specialist", "AR specialist"),
                                    ("collector", "Collector"),
                                    ("ar_manager", "AR manager"),
                                    ("finance_manager", "Finance manager"),
                                    ("auditor", "Auditor"),
                                    ("administrator", "Administrator"),
                                    ("system", "System"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "granted_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("ended_at", models.DateTimeField(null=True)),
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
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="role_grants",
                                to="core.legalentity",
                            ),
                        ),
                        (
                            "granted_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="role_grants",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("entity", "user", "role"),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at", None)),
                                fields=("user", "entity", "role"),
                                name="a_role_is_held_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("role", "system"), _negated=True),
                                name="the_system_role_is_not_granted",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Run",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(help_text="Such as issue_invoices or match_statement.", max_length=40),
                        ),
                        ("business_date", models.DateField()),
                        (
                            "part",
                            models.CharField(
                                blank=True, help_text="What tells runs of a kind and day apart.", max_length=80
                            ),
                        ),
                        ("title", models.CharField(max_length=160)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "Waiting"),
                                    ("running", "Running"),
                                    ("done", "Done"),
                                    ("failed", "Stopped by an error"),
                                    ("cancelled", "Cancelled"),
                                ],
                                default="waiting",
                                max_length=10,
                            ),
                        ),
                        ("parameters", models.JSONField(default=dict)),
                        ("total", models.PositiveIntegerField(default=0)),
                        ("done", models.PositiveIntegerField(default=0)),
                        ("failed", models.PositiveIntegerField(default=0)),
                        ("result", models.JSONField(default=dict, help_text="Figures that the finished run shows.")),
                        ("message", models.TextField(blank=True)),
                        (
                            "link",
                            models.CharField(blank=True, help_text="Where the result is to be seen.", max_length=200),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("last_seen_at", models.DateTimeField(null=True)),
                        ("finished_at", models.DateTimeField(null=True)),
                        (
                            "entity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="runs", to="core.legalentity"
                            ),
                        ),
                        (
                            "started_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-pk",),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("entity", "kind", "business_date", "part"), name="a_run_is_done_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RunError",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("label", models.CharField(max_length=120)),
                        ("message", models.TextField()),
                        (
                            "at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "run",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="errors", to="core.run"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("pk",),
                        "constraints": [
                            models.UniqueConstraint(fields=("run", "label"), name="one_error_a_label_and_run")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StoredFile",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=200)),
                        ("sha256", models.CharField(max_length=64)),
                        ("size", models.PositiveBigIntegerField()),
                        ("content_type", models.CharField(max_length=100)),
                        (
                            "stored_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "entity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.legalentity"
                            ),
                        ),
                        (
                            "stored_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-pk",),
                        "indexes": [models.Index(fields=["entity", "sha256"], name="file_by_content")],
                    },
                ),
            ],
        ),
        migrations.AddField(
            model_name="AuditEvent",
            name="entity",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.legalentity"
            ),
        ),
        migrations.AddIndex(
            model_name="AuditEvent",
            index=models.Index(fields=["entity", "-at"], name="audit_of_an_entity"),
        ),
        migrations.AddField(
            model_name="BankAccount",
            name="entity",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="bank_accounts", to="core.legalentity"
            ),
        ),
        migrations.AddConstraint(
            model_name="BankAccount",
            constraint=models.UniqueConstraint(fields=("entity", "name"), name="one_bank_account_of_a_name"),
        ),
        migrations.AddConstraint(
            model_name="BankAccount",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_default", True)),
                fields=("entity", "currency"),
                name="one_default_account_a_currency",
            ),
        ),
        migrations.AddField(
            model_name="LegalEntity",
            name="logo",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="core.storedfile",
            ),
        ),
        AddTrigger(
            model_name="exchangerate",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: exchange rates are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="153c12bdf3693d55bcc27d592b525437452cc931",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_b885a",
                    table="core_exchangerate",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="exchangerate",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: exchange rates are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="46f31e7aa781dba2d3d9d06e1fd0875dcabe75da",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_5c563",
                    table="core_exchangerate",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="auditevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: audit events are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="c88c987b3dafea7bd6ffdb15c8f4329ff3e54aca",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_6d6e0",
                    table="core_auditevent",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="auditevent",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: audit events are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="ae6443a4803e0480fe855c7e9a2ac257f31ea696",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_64d40",
                    table="core_auditevent",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="modulusissue",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: issues of modulus rules are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="8b4f12459703227732ec657713aa39fe0817d28f",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_daba2",
                    table="core_modulusissue",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="modulusissue",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: issues of modulus rules are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="6aa51b57ff97ec5d592c901db2d598789dcdc493",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_32885",
                    table="core_modulusissue",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="storedfile",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: stored files are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="91d390ed5dbfac44c3dce9d26767439295627773",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_315b1",
                    table="core_storedfile",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="storedfile",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: stored files are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="b0fb81a9c3b278c9677e5558828a84154d2d33ff",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_e84cc",
                    table="core_storedfile",
                    when="BEFORE",
                ),
            ),
        ),
    ]
