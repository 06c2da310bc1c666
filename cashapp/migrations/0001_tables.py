"""The tables of this room as they stood when its first steps were folded into one."""

import datetime

import django.core.serializers.json
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

import core.fields
import core.models.entities
from core.migration_operations import AddTrigger, CreateTables


class Migration(migrations.Migration):
    replaces = [
        ("cashapp", "0001_initial"),
        ("cashapp", "0002_receipts"),
        ("cashapp", "0003_what_applied_holds"),
        ("cashapp", "0004_payments_cheques_and_searches"),
        ("cashapp", "0005_daily_reconciliation"),
        ("cashapp", "0006_rules_that_people_write"),
        ("cashapp", "0007_remittances"),
        ("cashapp", "0008_statement_files"),
    ]

    initial = True

    dependencies = [
        ("collections", "0001_tables"),
        ("controls", "0001_tables"),
        ("core", "0001_tables"),
        ("customers", "0001_tables"),
        ("ledger", "0001_tables"),
        ("messaging", "0001_tables"),
    ]

    operations = [
        CreateTables(
            tables=[
                migrations.CreateModel(
                    name="Acceptance",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("request_id", models.UUIDField(unique=True)),
                        (
                            "accepted_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "accepted_by",
                            models.ForeignKey(
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
                            "run",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT, related_name="acceptance", to="core.run"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-pk",),
                    },
                ),
                migrations.CreateModel(
                    name="BankReconciliation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("first_on", models.DateField()),
                        ("day", models.DateField()),
                        ("currency", core.fields.CurrencyField()),
                        ("statement_opening", core.fields.AmountField()),
                        ("statement_closing", core.fields.AmountField()),
                        ("ledger_opening", core.fields.AmountField()),
                        ("receipts", core.fields.AmountField()),
                        ("other", core.fields.AmountField()),
                        ("ledger_closing", core.fields.AmountField()),
                        ("standing", core.fields.AmountField()),
                        ("in_transit", core.fields.AmountField()),
                        ("note", models.CharField(blank=True, max_length=300)),
                        (
                            "prepared_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("signed_at", models.DateTimeField(null=True)),
                        ("ended_at", models.DateTimeField(null=True)),
                        ("end_reason", models.CharField(blank=True, max_length=300)),
                        (
                            "bank_account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reconciliations",
                                to="core.bankaccount",
                            ),
                        ),
                        (
                            "day_lock",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ledger.daylock",
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
                            "prepared_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "signed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("bank_account", "-day", "-pk"),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at", None)),
                                fields=("bank_account", "day"),
                                name="a_day_is_reconciled_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("first_on__lte", models.F("day"))),
                                name="a_reconciliation_ends_after_it_begins",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("signed_by", None),
                                    models.Q(("signed_by", models.F("prepared_by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="whoever_prepared_a_day_does_not_sign_it",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("day_lock", None), ("signed_at", None), ("signed_by", None)),
                                    models.Q(
                                        ("day_lock__isnull", False),
                                        ("signed_at__isnull", False),
                                        ("signed_by__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="a_day_is_signed_whole",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("ended_at", None), ("ended_by", None)),
                                    models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="a_reconciliation_ends_whole",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "ledger_closing",
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                models.F("ledger_opening"), "+", models.F("receipts")
                                            ),
                                            "+",
                                            models.F("other"),
                                        ),
                                    )
                                ),
                                name="a_reconciled_ledger_adds_up",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "statement_closing",
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                models.F("ledger_closing"), "+", models.F("standing")
                                            ),
                                            "+",
                                            models.F("in_transit"),
                                        ),
                                    )
                                ),
                                name="a_reconciliation_leaves_nothing_unnamed",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BankStatement",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("booked", "Statement"),
                                    ("intraday", "Intraday report"),
                                    ("notification", "Notification"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("file_format", models.CharField(max_length=20)),
                        ("identifier", models.CharField(blank=True, max_length=80)),
                        ("sequence", models.CharField(blank=True, max_length=40)),
                        ("currency", core.fields.CurrencyField()),
                        ("opening", core.fields.AmountField(null=True)),
                        ("opening_on", models.DateField(null=True)),
                        ("closing", core.fields.AmountField(null=True)),
                        ("closing_on", models.DateField(null=True)),
                        ("from_on", models.DateField(null=True)),
                        ("to_on", models.DateField(null=True)),
                        ("content_hash", models.CharField(max_length=64)),
                        (
                            "findings",
                            models.JSONField(default=list, help_text="What was noticed at the import, in sentences."),
                        ),
                        (
                            "imported_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "bank_account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="statements",
                                to="core.bankaccount",
                            ),
                        ),
                        (
                            "file",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="statements",
                                to="core.storedfile",
                            ),
                        ),
                        (
                            "imported_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-closing_on", "-id"),
                        "indexes": [models.Index(fields=["bank_account", "closing_on"], name="statement_account_day")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("bank_account", "content_hash"), name="a_statement_is_imported_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("opening", None), ("opening_on", None)),
                                    models.Q(("opening__isnull", False), ("opening_on__isnull", False)),
                                    _connector="OR",
                                ),
                                name="an_opening_balance_has_its_day",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("closing", None), ("closing_on", None)),
                                    models.Q(("closing__isnull", False), ("closing_on__isnull", False)),
                                    _connector="OR",
                                ),
                                name="a_closing_balance_has_its_day",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BankStatementLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("line_key", models.CharField(max_length=160)),
                        ("booking_key", models.CharField(max_length=150)),
                        ("booked_on", models.DateField()),
                        ("value_on", models.DateField()),
                        (
                            "amount",
                            core.fields.AmountField(
                                help_text="With its sign on the account: what came in is positive."
                            ),
                        ),
                        ("currency", core.fields.CurrencyField()),
                        ("payer", models.CharField(blank=True, help_text="Who is on the other side.", max_length=200)),
                        ("payer_account", models.CharField(blank=True, max_length=64)),
                        ("ultimate_payer", models.CharField(blank=True, max_length=200)),
                        ("references", models.JSONField(default=dict)),
                        ("text", models.TextField(blank=True)),
                        ("posting_text", models.TextField(blank=True)),
                        (
                            "charges",
                            models.JSONField(default=list, encoder=django.core.serializers.json.DjangoJSONEncoder),
                        ),
                        (
                            "documents",
                            models.JSONField(default=list, encoder=django.core.serializers.json.DjangoJSONEncoder),
                        ),
                        ("is_reversal", models.BooleanField(default=False)),
                        ("return_reason", models.CharField(blank=True, max_length=40)),
                        ("transaction_code", models.CharField(blank=True, max_length=80)),
                        ("original_amount", core.fields.AmountField(null=True)),
                        ("original_currency", models.CharField(blank=True, max_length=3)),
                        ("place", models.CharField(blank=True, max_length=80)),
                        ("raw", models.TextField(blank=True)),
                        (
                            "bank_account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="statement_lines",
                                to="core.bankaccount",
                            ),
                        ),
                        (
                            "statement",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lines",
                                to="cashapp.bankstatement",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("booked_on", "id"),
                        "indexes": [
                            models.Index(fields=["bank_account", "booking_key"], name="line_booking"),
                            models.Index(fields=["bank_account", "booked_on"], name="bank_line_account_day"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("bank_account", "line_key"), name="a_bank_line_is_stored_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DepositSlip",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.CharField(max_length=30)),
                        ("deposited_on", models.DateField(null=True)),
                        (
                            "made_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "bank_account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="deposit_slips",
                                to="core.bankaccount",
                            ),
                        ),
                        (
                            "entity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="deposit_slips",
                                to="core.legalentity",
                            ),
                        ),
                        (
                            "file",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.storedfile",
                            ),
                        ),
                        (
                            "made_by",
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
                            models.UniqueConstraint(fields=("entity", "number"), name="a_slip_has_its_own_number")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LinePosting",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "tied_at",
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
                            "entry",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="line_postings",
                                to="ledger.journalentry",
                            ),
                        ),
                        (
                            "line",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="postings",
                                to="cashapp.bankstatementline",
                            ),
                        ),
                        (
                            "tied_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("pk",),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at", None)),
                                fields=("entry",),
                                name="an_entry_is_about_one_bank_line",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("ended_at", None), ("ended_by", None)),
                                    models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="a_tie_to_a_bank_line_ends_whole",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PayerAlias",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("account", models.CharField(blank=True, help_text="Letters and digits only.", max_length=64)),
                        (
                            "name",
                            models.CharField(
                                blank=True, help_text="Letters and digits only, in capitals.", max_length=200
                            ),
                        ),
                        ("written", models.CharField(help_text="As the bank wrote it.", max_length=200)),
                        ("confirmations", models.PositiveIntegerField(default=1)),
                        ("in_use", models.BooleanField(default=False)),
                        (
                            "first_seen_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("decided_at", models.DateTimeField(null=True)),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="payer_aliases",
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
                    ],
                    options={
                        "verbose_name_plural": "payer aliases",
                        "ordering": ("customer", "pk"),
                        "indexes": [models.Index(fields=["account"], name="payer_alias_account")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("customer", "account", "name"), name="a_payer_is_learnt_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("account", ""), models.Q(("name", ""), _negated=True)),
                                    models.Q(models.Q(("account", ""), _negated=True), ("name", "")),
                                    _connector="OR",
                                ),
                                name="a_payer_is_an_account_or_a_name",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("in_use", False),
                                    models.Q(("confirmations__gte", 2), ("decided_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="a_payer_is_used_after_two_confirmations",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PayerConfirmation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "confirmed_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "alias",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="seen",
                                to="cashapp.payeralias",
                            ),
                        ),
                        (
                            "confirmed_by",
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
                                related_name="+",
                                to="cashapp.bankstatementline",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("pk",),
                        "constraints": [
                            models.UniqueConstraint(fields=("alias", "line"), name="a_line_confirms_a_payer_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PayerGroup",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("agent", "Agent"),
                                    ("factor", "Factor"),
                                    ("parent", "Parent company"),
                                    ("buying_group", "Buying group"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("name", models.CharField(help_text="As the bank writes it.", max_length=200)),
                        (
                            "account",
                            models.CharField(
                                blank=True, help_text="IBAN or account number the money comes from.", max_length=64
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=400)),
                        (
                            "declared_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "declared_by",
                            models.ForeignKey(
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
                            "payer",
                            models.ForeignKey(
                                blank=True,
                                help_text="Where the payer is a customer too.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="payer_groups",
                                to="customers.customer",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("name", "pk"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("entity", "name", "account"), name="a_payer_group_is_declared_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PayerGroupMember",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("from_on", models.DateField()),
                        ("until_on", models.DateField(blank=True, null=True)),
                        (
                            "added_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "added_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="paid_for_by",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "ended_by",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "group",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="members",
                                to="cashapp.payergroup",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("customer__name", "pk"),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("until_on", None)),
                                fields=("group", "customer"),
                                name="a_customer_is_in_a_payer_group_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("until_on", None), ("until_on__gte", models.F("from_on")), _connector="OR"
                                ),
                                name="a_membership_ends_after_it_began",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PaymentProvider",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "code",
                            models.SlugField(help_text="As files and the API name it, such as stripe.", max_length=20),
                        ),
                        ("name", models.CharField(max_length=80)),
                        ("is_active", models.BooleanField(default=True)),
                        (
                            "clearing",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="payment_provider",
                                to="ledger.account",
                            ),
                        ),
                        (
                            "entity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="payment_providers",
                                to="core.legalentity",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("entity", "name"),
                        "constraints": [
                            models.UniqueConstraint(fields=("entity", "code"), name="one_provider_of_a_code")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ElectronicPayment",
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
                                help_text="Its id at the provider, or what the payer calls it.", max_length=80
                            ),
                        ),
                        (
                            "method",
                            models.CharField(
                                choices=[
                                    ("card", "Card"),
                                    ("portal", "Customer portal"),
                                    ("ach", "ACH"),
                                    ("wire", "Wire reported ahead"),
                                ],
                                max_length=6,
                            ),
                        ),
                        (
                            "source",
                            models.CharField(
                                choices=[("form", "By hand"), ("file", "File"), ("api", "API")], max_length=4
                            ),
                        ),
                        ("amount", core.fields.AmountField(help_text="What pays documents, without the surcharge.")),
                        (
                            "surcharge",
                            core.fields.AmountField(
                                default=0, help_text="What was collected on top for paying by card."
                            ),
                        ),
                        ("currency", core.fields.CurrencyField()),
                        (
                            "documents",
                            models.JSONField(
                                default=list, help_text="What the payer names: number, and amount where one is told."
                            ),
                        ),
                        ("payer", models.CharField(blank=True, max_length=200)),
                        ("payer_email", models.EmailField(blank=True, max_length=254)),
                        ("text", models.CharField(blank=True, max_length=200)),
                        ("funding", models.CharField(blank=True, max_length=8)),
                        ("product", models.CharField(blank=True, max_length=10)),
                        ("brand", models.CharField(blank=True, max_length=12)),
                        ("received_at", models.DateTimeField()),
                        (
                            "recorded_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="electronic_payments",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "entity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="electronic_payments",
                                to="core.legalentity",
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "provider",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="payments",
                                to="cashapp.paymentprovider",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("received_at", "pk"),
                        "indexes": [models.Index(fields=["entity", "received_at"], name="payments_by_moment")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("entity", "provider", "reference"),
                                name="a_payment_is_taken_in_once",
                                nulls_distinct=False,
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("amount__gt", 0), ("surcharge__gte", 0)),
                                name="an_electronic_payment_has_an_amount",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("method__in", ("ach", "wire")), ("provider__isnull", False), _connector="OR"
                                ),
                                name="cards_and_the_portal_have_a_provider",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("method", "card"), ("surcharge", 0), _connector="OR"),
                                name="only_cards_carry_a_surcharge",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Payout",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("reference", models.CharField(max_length=80)),
                        ("paid_on", models.DateField()),
                        ("gross", core.fields.AmountField()),
                        ("fee", core.fields.AmountField(default=0)),
                        ("net", core.fields.AmountField()),
                        ("currency", core.fields.CurrencyField()),
                        (
                            "recorded_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "entity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="payouts",
                                to="core.legalentity",
                            ),
                        ),
                        (
                            "provider",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="payouts",
                                to="cashapp.paymentprovider",
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-paid_on", "-pk"),
                        "constraints": [
                            models.UniqueConstraint(fields=("provider", "reference"), name="a_payout_is_recorded_once"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("fee__gte", 0),
                                    (
                                        "gross",
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("net"), "+", models.F("fee")
                                        ),
                                    ),
                                    ("net__gt", 0),
                                ),
                                name="a_payout_adds_up",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ClearingCredit",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "recorded_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("ended_on", models.DateField(editable=False, null=True)),
                        (
                            "end_entry",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ledger.journalentry",
                            ),
                        ),
                        (
                            "entity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.legalentity"
                            ),
                        ),
                        (
                            "entry",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="clearing_credit",
                                to="ledger.journalentry",
                            ),
                        ),
                        (
                            "line",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="clearing_credits",
                                to="cashapp.bankstatementline",
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "slip",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="credits",
                                to="cashapp.depositslip",
                            ),
                        ),
                        (
                            "payout",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="credits",
                                to="cashapp.payout",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("pk",),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ended_on", None)), fields=("payout",), name="a_payout_arrives_once"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("ended_on", None)), fields=("slip",), name="a_slip_is_credited_once"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("ended_on", None)), fields=("line",), name="a_line_clears_one_thing"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("payout", None), ("slip__isnull", False)),
                                    models.Q(("payout__isnull", False), ("slip", None)),
                                    _connector="OR",
                                ),
                                name="a_payout_or_a_slip_is_cleared",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ProcessingHours",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "time_zone",
                            models.CharField(max_length=60, validators=[core.models.entities.validate_time_zone]),
                        ),
                        ("opens_at", models.TimeField(default=datetime.time(9, 0))),
                        (
                            "closes_at",
                            models.TimeField(
                                default=datetime.time(17, 0),
                                help_text="Close of business: by then every payment is posted.",
                            ),
                        ),
                        (
                            "entity",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="processing_hours",
                                to="core.legalentity",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "processing hours",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("closes_at__gt", models.F("opens_at"))),
                                name="business_closes_after_it_opens",
                                violation_error_message="Business closes after it opens.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReconciledItem",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("arose_on", models.DateField()),
                        (
                            "amount",
                            core.fields.AmountField(help_text="What it adds to the statement beyond the ledger."),
                        ),
                        ("sentence", models.CharField(max_length=400)),
                        ("reason", models.CharField(max_length=200)),
                        ("due_on", models.DateField()),
                        (
                            "entry",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="%(class)ss",
                                to="ledger.journalentry",
                            ),
                        ),
                        (
                            "line",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="%(class)ss",
                                to="cashapp.bankstatementline",
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "reconciliation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="items",
                                to="cashapp.bankreconciliation",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("pk",),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("entry__isnull", False), ("line", None)),
                                    models.Q(("entry", None), ("line__isnull", False)),
                                    _connector="OR",
                                ),
                                name="an_item_in_transit_is_about_one_thing",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Remittance",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "content_hash",
                            models.CharField(help_text="Of what it says, so that it is taken in once.", max_length=64),
                        ),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("uploaded", "Uploaded"),
                                    ("pasted", "Pasted"),
                                    ("api", "API"),
                                    ("folder", "Drop folder"),
                                    ("command", "Command"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("file_format", models.CharField(max_length=40)),
                        (
                            "reference",
                            models.CharField(blank=True, help_text="The payer's name for the advice.", max_length=80),
                        ),
                        (
                            "trace",
                            models.CharField(blank=True, help_text="The payment's number at the bank.", max_length=80),
                        ),
                        ("payer", models.CharField(blank=True, max_length=200)),
                        (
                            "payer_code",
                            models.CharField(
                                blank=True, help_text="Our number of the customer, as the payer says.", max_length=60
                            ),
                        ),
                        ("payer_account", models.CharField(blank=True, max_length=64)),
                        ("payee", models.CharField(blank=True, max_length=200)),
                        ("paid_on", models.DateField()),
                        ("currency", core.fields.CurrencyField()),
                        ("total", core.fields.AmountField(null=True)),
                        ("memo", models.CharField(blank=True, max_length=400)),
                        (
                            "findings",
                            models.JSONField(
                                default=list, help_text="What was noticed when it was read, in sentences."
                            ),
                        ),
                        (
                            "is_certain",
                            models.BooleanField(default=False, help_text="The customer is told by our own number."),
                        ),
                        (
                            "taken_in_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("given_up_at", models.DateTimeField(editable=False, null=True)),
                        ("given_up_reason", models.CharField(blank=True, editable=False, max_length=200)),
                        (
                            "customer",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="remittances",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "entity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.legalentity"
                            ),
                        ),
                        (
                            "file",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.storedfile"
                            ),
                        ),
                        (
                            "given_up_by",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "taken_in_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-paid_on", "-pk"),
                        "indexes": [
                            models.Index(fields=["entity", "-paid_on"], name="remittances_by_day"),
                            models.Index(fields=["entity", "currency", "total"], name="remittances_by_sum"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("entity", "content_hash"), name="a_remittance_is_taken_in_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("given_up_at", None), ("given_up_by", None), ("given_up_reason", "")),
                                    models.Q(
                                        ("given_up_at__isnull", False),
                                        ("given_up_by__isnull", False),
                                        models.Q(("given_up_reason", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="the_end_of_a_remittance_is_whole",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RemittanceLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("position", models.PositiveIntegerField()),
                        ("number", models.CharField(blank=True, max_length=60)),
                        ("purchase_order", models.CharField(blank=True, max_length=60)),
                        ("is_credit", models.BooleanField(default=False)),
                        ("dated_on", models.DateField(null=True)),
                        ("gross", core.fields.AmountField(null=True)),
                        ("discount", core.fields.AmountField(null=True)),
                        ("paid", core.fields.AmountField(null=True)),
                        (
                            "deductions",
                            models.JSONField(
                                default=list,
                                encoder=django.core.serializers.json.DjangoJSONEncoder,
                                help_text="Per deduction: amount, code, code_list, words and reason.",
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=400)),
                        (
                            "item",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="remittance_lines",
                                to="ledger.openitem",
                            ),
                        ),
                        (
                            "remittance",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lines",
                                to="cashapp.remittance",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("remittance", "position"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("remittance", "position"), name="a_remittance_line_has_a_place"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RemittanceTie",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("words", models.CharField(help_text="Why the two belong together.", max_length=200)),
                        (
                            "tied_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("ended_at", models.DateTimeField(editable=False, null=True)),
                        ("end_reason", models.CharField(blank=True, editable=False, max_length=200)),
                        (
                            "ended_by",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "line",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="remittance_ties",
                                to="cashapp.bankstatementline",
                            ),
                        ),
                        (
                            "remittance",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="ties",
                                to="cashapp.remittance",
                            ),
                        ),
                        (
                            "tied_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("pk",),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at", None)),
                                fields=("remittance",),
                                name="a_remittance_is_about_one_bank_line",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at", None)),
                                fields=("line",),
                                name="a_bank_line_has_one_remittance",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StatementFile",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("origin", models.CharField(choices=[("folder", "Drop folder"), ("api", "API")], max_length=6)),
                        ("name", models.CharField(max_length=200)),
                        ("sha256", models.CharField(max_length=64)),
                        ("mapping_name", models.CharField(blank=True, max_length=80)),
                        ("attempts", models.PositiveSmallIntegerField(default=1)),
                        (
                            "state",
                            models.CharField(
                                choices=[("waiting", "Waiting"), ("taken", "Taken in"), ("refused", "Refused")],
                                default="waiting",
                                max_length=7,
                            ),
                        ),
                        ("message", models.TextField(blank=True, help_text="Why it was refused, or what it brought.")),
                        ("new_lines", models.PositiveIntegerField(default=0)),
                        ("known_lines", models.PositiveIntegerField(default=0)),
                        (
                            "received_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("decided_at", models.DateTimeField(null=True)),
                        (
                            "bank_account",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.bankaccount",
                            ),
                        ),
                        (
                            "entity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.legalentity"
                            ),
                        ),
                        (
                            "file",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.storedfile",
                            ),
                        ),
                        (
                            "received_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "run",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.run"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-received_at", "-pk"),
                        "constraints": [
                            models.UniqueConstraint(fields=("entity", "sha256"), name="a_statement_file_comes_in_once"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("decided_at", None), ("state", "waiting")),
                                    ("decided_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="a_decided_statement_file_has_its_moment",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "refused"), _negated=True),
                                    models.Q(("message", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="a_refused_statement_file_says_why",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StatementListing",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("position", models.PositiveIntegerField()),
                        (
                            "line",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="listings",
                                to="cashapp.bankstatementline",
                            ),
                        ),
                        (
                            "statement",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="listings",
                                to="cashapp.bankstatement",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("statement", "position"),
                        "constraints": [
                            models.UniqueConstraint(fields=("statement", "line"), name="a_statement_lists_a_line_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StatementMapping",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=80)),
                        (
                            "columns",
                            models.JSONField(
                                help_text="What cashapp.statements.mapping.ColumnMapping.as_dict() gives."
                            ),
                        ),
                        ("saved_at", models.DateTimeField(auto_now=True)),
                        (
                            "bank_account",
                            models.ForeignKey(
                                help_text="Whose files these are, where they don't say so themselves.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.bankaccount",
                            ),
                        ),
                        (
                            "entity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.legalentity"
                            ),
                        ),
                        (
                            "saved_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("name",),
                        "constraints": [
                            models.UniqueConstraint(fields=("entity", "name"), name="one_mapping_of_a_name")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Tolerance",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "set_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("ended_at", models.DateTimeField(editable=False, null=True)),
                        ("currency", core.fields.CurrencyField()),
                        ("segment", models.CharField(blank=True, max_length=60, verbose_name="class of customers")),
                        ("amount", core.fields.AmountField(help_text="At most this much of a document.")),
                        (
                            "percent",
                            models.DecimalField(
                                decimal_places=2,
                                help_text="And of its amount.",
                                max_digits=5,
                                validators=[
                                    django.core.validators.MinValueValidator(0),
                                    django.core.validators.MaxValueValidator(100),
                                ],
                            ),
                        ),
                        ("monthly_cap", core.fields.AmountField(help_text="For one customer in one month.")),
                        (
                            "settles_by_itself",
                            models.BooleanField(default=False, help_text="The matcher settles it without asking."),
                        ),
                        (
                            "ended_by",
                            models.ForeignKey(
                                editable=False,
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
                            "set_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("currency", "segment"),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at", None)),
                                fields=("entity", "currency", "segment"),
                                name="one_tolerance_a_currency_and_class",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("amount__gt", 0), ("monthly_cap__gt", 0), ("percent__gt", 0)),
                                name="a_tolerance_allows_something",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="UnidentifiedReceipt",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "key",
                            models.CharField(help_text="Names the event, so that it is posted once.", max_length=80),
                        ),
                        ("amount", core.fields.AmountField()),
                        ("currency", core.fields.CurrencyField()),
                        ("received_on", models.DateField()),
                        ("payer", models.CharField(blank=True, max_length=200)),
                        ("payer_account", models.CharField(blank=True, max_length=64)),
                        ("text", models.TextField(blank=True)),
                        (
                            "recorded_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("ended_on", models.DateField(editable=False, null=True)),
                        (
                            "ending",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("reversed", "Reversed"),
                                    ("returned", "Returned by the bank"),
                                    ("identified", "Identified"),
                                ],
                                editable=False,
                                max_length=10,
                            ),
                        ),
                        ("end_reason", models.CharField(blank=True, editable=False, max_length=200)),
                        (
                            "bank_account",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.bankaccount",
                            ),
                        ),
                        (
                            "end_entry",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ledger.journalentry",
                            ),
                        ),
                        (
                            "ended_by",
                            models.ForeignKey(
                                editable=False,
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
                            "entry",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="unidentified_receipt",
                                to="ledger.journalentry",
                            ),
                        ),
                        (
                            "line",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="%(class)ss",
                                to="cashapp.bankstatementline",
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("received_on", "pk"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("entity", "key"), name="an_unidentified_receipt_is_posted_once"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("ended_on", None)),
                                fields=("line",),
                                name="one_live_unidentified_receipt_a_bank_line",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("ended_by", None), ("ended_on", None), ("ending", "")),
                                    models.Q(
                                        ("ended_by__isnull", False),
                                        ("ended_on__isnull", False),
                                        models.Q(("ending", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="the_end_of_an_unidentified_receipt_is_whole",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("amount__gt", 0)), name="an_unidentified_receipt_has_an_amount"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Receipt",
                    fields=[
                        (
                            "key",
                            models.CharField(help_text="Names the event, so that it is posted once.", max_length=80),
                        ),
                        ("amount", core.fields.AmountField()),
                        ("currency", core.fields.CurrencyField()),
                        ("received_on", models.DateField()),
                        ("payer", models.CharField(blank=True, max_length=200)),
                        ("payer_account", models.CharField(blank=True, max_length=64)),
                        ("text", models.TextField(blank=True)),
                        (
                            "recorded_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("ended_on", models.DateField(editable=False, null=True)),
                        (
                            "ending",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("reversed", "Reversed"),
                                    ("returned", "Returned by the bank"),
                                    ("identified", "Identified"),
                                ],
                                editable=False,
                                max_length=10,
                            ),
                        ),
                        ("end_reason", models.CharField(blank=True, editable=False, max_length=200)),
                        (
                            "item",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                primary_key=True,
                                related_name="receipt",
                                serialize=False,
                                to="ledger.openitem",
                            ),
                        ),
                        (
                            "bank_account",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.bankaccount",
                            ),
                        ),
                        (
                            "end_entry",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ledger.journalentry",
                            ),
                        ),
                        (
                            "ended_by",
                            models.ForeignKey(
                                editable=False,
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
                            "line",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="%(class)ss",
                                to="cashapp.bankstatementline",
                            ),
                        ),
                        (
                            "moved_from",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="moved_to",
                                to="cashapp.receipt",
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "identified_from",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="receipts",
                                to="cashapp.unidentifiedreceipt",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-received_on", "-pk"),
                        "indexes": [models.Index(fields=["entity", "-received_on"], name="receipts_by_day")],
                        "constraints": [
                            models.UniqueConstraint(fields=("entity", "key"), name="a_receipt_is_posted_once"),
                            models.UniqueConstraint(
                                condition=models.Q(("ended_on", None), ("identified_from", None), ("moved_from", None)),
                                fields=("line",),
                                name="one_live_receipt_a_bank_line",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("ended_by", None), ("ended_on", None), ("ending", "")),
                                    models.Q(
                                        ("ended_by__isnull", False),
                                        ("ended_on__isnull", False),
                                        models.Q(("ending", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="the_end_of_a_receipt_is_whole",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("amount__gt", 0)), name="a_receipt_has_an_amount"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CashSearch",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("next_step_on", models.DateField(null=True)),
                        (
                            "reviewed_on",
                            models.DateField(
                                help_text="When somebody last looked at money that waits for 90 days.", null=True
                            ),
                        ),
                        (
                            "entity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.legalentity"
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "receipt",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="search",
                                to="cashapp.receipt",
                            ),
                        ),
                        (
                            "unidentified",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="search",
                                to="cashapp.unidentifiedreceipt",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "cash searches",
                        "ordering": ("pk",),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("receipt", None), ("unidentified__isnull", False)),
                                    models.Q(("receipt__isnull", False), ("unidentified", None)),
                                    _connector="OR",
                                ),
                                name="a_search_is_about_one_sum",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Cheque",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.CharField(max_length=20)),
                        (
                            "drawer",
                            models.CharField(help_text="Whose account it is drawn on, as printed.", max_length=200),
                        ),
                        (
                            "drawn_on",
                            models.CharField(
                                help_text="The bank that pays it, with branch or sort code.",
                                max_length=120,
                                verbose_name="bank",
                            ),
                        ),
                        ("amount", core.fields.AmountField()),
                        ("currency", core.fields.CurrencyField()),
                        ("received_on", models.DateField()),
                        (
                            "payable_from",
                            models.DateField(help_text="The date written on it; a later one makes it post-dated."),
                        ),
                        (
                            "documents",
                            models.JSONField(
                                default=list, help_text="What it is for: number, and amount where one is told."
                            ),
                        ),
                        (
                            "recorded_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="cheques",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "entity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="cheques",
                                to="core.legalentity",
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "slip",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="cheques",
                                to="cashapp.depositslip",
                            ),
                        ),
                        (
                            "receipt",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="cheque",
                                to="cashapp.receipt",
                            ),
                        ),
                        (
                            "unidentified",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="cheque",
                                to="cashapp.unidentifiedreceipt",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("payable_from", "pk"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("entity", "drawn_on", "drawer", "number"), name="a_cheque_is_recorded_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("amount__gt", 0)), name="a_cheque_has_an_amount"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("receipt", None), ("unidentified", None), _connector="OR"),
                                name="a_cheque_is_posted_in_one_way",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ChequeReturn",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("returned_on", models.DateField()),
                        ("reason", models.CharField(max_length=200)),
                        ("fee", core.fields.AmountField(default=0)),
                        (
                            "recorded_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "cheque",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT, related_name="bounce", to="cashapp.cheque"
                            ),
                        ),
                        (
                            "entry",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ledger.journalentry",
                            ),
                        ),
                        (
                            "line",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="bounced_cheques",
                                to="cashapp.bankstatementline",
                            ),
                        ),
                        (
                            "recorded_by",
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
                            models.CheckConstraint(condition=models.Q(("fee__gte", 0)), name="a_fee_is_not_negative")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Correction",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("before", models.JSONField(default=dict)),
                        ("after", models.JSONField(default=dict)),
                        ("reason", models.CharField(max_length=200)),
                        ("corrected_on", models.DateField()),
                        (
                            "corrected_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("undone_on", models.DateField(editable=False, null=True)),
                        ("undone_at", models.DateTimeField(editable=False, null=True)),
                        ("undo_reason", models.CharField(blank=True, editable=False, max_length=200)),
                        (
                            "corrected_by",
                            models.ForeignKey(
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
                            "undone_by",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "moved",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="corrected_by",
                                to="cashapp.receipt",
                            ),
                        ),
                        (
                            "receipt",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="corrections",
                                to="cashapp.receipt",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-pk",),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("undone_at", None), ("undone_by", None), ("undone_on", None)),
                                    models.Q(
                                        ("undone_at__isnull", False),
                                        ("undone_by__isnull", False),
                                        ("undone_on__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="the_undoing_of_a_correction_is_whole",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Deduction",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "reason",
                            models.CharField(
                                choices=[
                                    ("settlement_discount", "Settlement discount"),
                                    ("bank_charge", "Bank charge"),
                                    ("withholding_tax", "Withholding tax"),
                                    ("small_difference", "Small difference"),
                                    ("price", "Price differs"),
                                    ("quantity", "Quantity contested"),
                                    ("service", "Service not delivered"),
                                    ("purchase_order", "Purchase order or paper missing"),
                                    ("duplicate", "Billed twice"),
                                    ("tax", "Tax questioned"),
                                    ("discount_unearned", "Discount not earned"),
                                    ("freight", "Delivery charge questioned"),
                                    ("contract", "Contract questioned"),
                                    ("credit_taken", "Credit taken that was not issued"),
                                    ("unknown", "No reason given"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=200)),
                        ("amount", core.fields.AmountField()),
                        ("currency", core.fields.CurrencyField()),
                        (
                            "recorded_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("ended_on", models.DateField(editable=False, help_text="When it was taken back.", null=True)),
                        (
                            "authority_use",
                            models.OneToOneField(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="deduction",
                                to="controls.authorityuse",
                            ),
                        ),
                        (
                            "dispute",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="deductions",
                                to="collections.dispute",
                            ),
                        ),
                        (
                            "entity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.legalentity"
                            ),
                        ),
                        (
                            "entry",
                            models.OneToOneField(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="deduction",
                                to="ledger.journalentry",
                            ),
                        ),
                        (
                            "item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="deductions",
                                to="ledger.openitem",
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "receipt",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="deductions",
                                to="cashapp.receipt",
                            ),
                        ),
                        (
                            "tolerance",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="deductions",
                                to="cashapp.tolerance",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("pk",),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("amount__gt", 0)), name="a_deduction_has_an_amount"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PaymentFact",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("received", "Received"),
                                    ("authorised", "Authorised"),
                                    ("captured", "Captured"),
                                    ("posted", "Posted"),
                                    ("settled", "Paid out by the provider"),
                                    ("reconciled", "On our bank account"),
                                    ("failed", "Failed"),
                                    ("refunded", "Refunded"),
                                    ("disputed", "Disputed"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        (
                            "reference",
                            models.CharField(
                                blank=True, help_text="The provider's id of what happened.", max_length=80
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=200)),
                        (
                            "recorded_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "credit",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="facts",
                                to="cashapp.clearingcredit",
                            ),
                        ),
                        (
                            "entry",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ledger.journalentry",
                            ),
                        ),
                        (
                            "payment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="facts",
                                to="cashapp.electronicpayment",
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "payout",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="facts",
                                to="cashapp.payout",
                            ),
                        ),
                        (
                            "receipt",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="payment_facts",
                                to="cashapp.receipt",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("pk",),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("payment", "kind", "reference"), name="a_fact_is_told_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind", "posted"), _negated=True),
                                    ("receipt__isnull", False),
                                    _connector="OR",
                                ),
                                name="what_is_posted_has_a_receipt",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind", "settled"), _negated=True),
                                    ("payout__isnull", False),
                                    _connector="OR",
                                ),
                                name="what_is_settled_has_a_payout",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SearchStep",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("note", "Note"),
                                    ("called", "Called the payer"),
                                    ("wrote", "Wrote to the payer"),
                                    ("asked_bank", "Asked the bank"),
                                    ("asked_colleague", "Asked a colleague"),
                                    ("reminded", "Reminder sent"),
                                    ("assigned", "Given to somebody"),
                                    ("reviewed", "Reviewed after 90 days"),
                                ],
                                max_length=16,
                            ),
                        ),
                        ("text", models.CharField(blank=True, max_length=400)),
                        ("next_step_on", models.DateField(null=True)),
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
                        (
                            "message",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="messaging.message",
                            ),
                        ),
                        (
                            "search",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="steps",
                                to="cashapp.cashsearch",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-pk",),
                    },
                ),
                migrations.CreateModel(
                    name="UsedCredit",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "allocation",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="used_with",
                                to="ledger.allocation",
                            ),
                        ),
                        (
                            "receipt",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="used_credits",
                                to="cashapp.receipt",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("pk",),
                    },
                ),
                migrations.CreateModel(
                    name="Variance",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("reason", models.CharField(max_length=200)),
                        ("due_on", models.DateField()),
                        ("named_at", models.DateTimeField(auto_now=True)),
                        (
                            "bank_account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="variances",
                                to="core.bankaccount",
                            ),
                        ),
                        (
                            "entry",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="%(class)ss",
                                to="ledger.journalentry",
                            ),
                        ),
                        (
                            "line",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="%(class)ss",
                                to="cashapp.bankstatementline",
                            ),
                        ),
                        (
                            "named_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="bank_variances",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("due_on", "pk"),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("entry__isnull", False), ("line", None)),
                                    models.Q(("entry", None), ("line__isnull", False)),
                                    _connector="OR",
                                ),
                                name="a_variance_is_about_one_thing",
                            ),
                            models.UniqueConstraint(fields=("line",), name="a_bank_line_has_one_variance"),
                            models.UniqueConstraint(
                                fields=("bank_account", "entry"), name="an_entry_has_one_variance_an_account"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WithholdingPattern",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "set_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("ended_at", models.DateTimeField(editable=False, null=True)),
                        ("name", models.CharField(max_length=80)),
                        ("country", models.CharField(blank=True, max_length=2)),
                        (
                            "percent",
                            models.DecimalField(
                                decimal_places=2,
                                max_digits=5,
                                validators=[
                                    django.core.validators.MinValueValidator(0),
                                    django.core.validators.MaxValueValidator(100),
                                ],
                            ),
                        ),
                        (
                            "base",
                            models.CharField(
                                choices=[("gross", "The whole amount"), ("net", "The amount without tax")],
                                default="net",
                                max_length=5,
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="withholding_patterns",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "ended_by",
                            models.ForeignKey(
                                editable=False,
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
                            "set_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("country", "name"),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("percent__gt", 0),
                                    models.Q(
                                        models.Q(models.Q(("country", ""), _negated=True), ("customer", None)),
                                        models.Q(("country", ""), ("customer__isnull", False)),
                                        _connector="OR",
                                    ),
                                ),
                                name="a_withholding_is_a_countrys_or_a_customers",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WrittenRule",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=80)),
                        (
                            "made_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "entity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.legalentity"
                            ),
                        ),
                        (
                            "made_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("name",),
                        "constraints": [models.UniqueConstraint(fields=("entity", "name"), name="one_rule_of_a_name")],
                    },
                ),
                migrations.CreateModel(
                    name="RuleVersion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.PositiveIntegerField()),
                        (
                            "payer",
                            models.CharField(
                                blank=True,
                                help_text="Words of the payer’s name; * stands for anything.",
                                max_length=120,
                            ),
                        ),
                        (
                            "text",
                            models.CharField(
                                blank=True, help_text="Words of the text; * stands for anything.", max_length=200
                            ),
                        ),
                        (
                            "account",
                            models.CharField(
                                blank=True, help_text="The account that the money comes from.", max_length=64
                            ),
                        ),
                        ("amount_from", core.fields.AmountField(blank=True, null=True)),
                        ("amount_to", core.fields.AmountField(blank=True, null=True)),
                        (
                            "effect",
                            models.CharField(
                                choices=[
                                    ("identifies", "It is this customer’s money"),
                                    ("on_account", "Keep it on this customer’s account"),
                                    ("explains", "What is missing has this reason"),
                                ],
                                max_length=10,
                            ),
                        ),
                        (
                            "reason",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("settlement_discount", "Settlement discount"),
                                    ("bank_charge", "Bank charge"),
                                    ("withholding_tax", "Withholding tax"),
                                    ("small_difference", "Small difference"),
                                    ("price", "Price differs"),
                                    ("quantity", "Quantity contested"),
                                    ("service", "Service not delivered"),
                                    ("purchase_order", "Purchase order or paper missing"),
                                    ("duplicate", "Billed twice"),
                                    ("tax", "Tax questioned"),
                                    ("discount_unearned", "Discount not earned"),
                                    ("freight", "Delivery charge questioned"),
                                    ("contract", "Contract questioned"),
                                    ("credit_taken", "Credit taken that was not issued"),
                                    ("unknown", "No reason given"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "written_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("switched_on_at", models.DateTimeField(null=True)),
                        ("switched_off_at", models.DateTimeField(null=True)),
                        ("off_reason", models.CharField(blank=True, max_length=200)),
                        (
                            "bank_account",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.bankaccount",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "switched_off_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "switched_on_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "written_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "rule",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="versions",
                                to="cashapp.writtenrule",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("rule", "-number"),
                        "constraints": [
                            models.UniqueConstraint(fields=("rule", "number"), name="one_version_a_number"),
                            models.UniqueConstraint(
                                condition=models.Q(("switched_off_at", None), ("switched_on_at__isnull", False)),
                                fields=("rule",),
                                name="one_version_is_switched_on",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("payer", ""), _negated=True),
                                    models.Q(("text", ""), _negated=True),
                                    models.Q(("account", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="a_rule_has_a_condition",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("effect", "explains"), models.Q(("reason", ""), _negated=True)),
                                    models.Q(
                                        models.Q(("effect", "explains"), _negated=True), ("customer__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="a_rule_says_something",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("amount_from", None),
                                    ("amount_to", None),
                                    ("amount_from__lte", models.F("amount_to")),
                                    _connector="OR",
                                ),
                                name="amounts_of_a_rule_are_in_order",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MatchDecision",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "outcome",
                            models.CharField(
                                choices=[
                                    ("posted", "Matched"),
                                    ("on_account", "Kept on account"),
                                    ("unidentified", "Booked as unidentified"),
                                    ("identified", "Identified"),
                                    ("asked", "Asked about"),
                                    ("reversed", "Reversed"),
                                    ("moved", "Moved to another customer"),
                                    ("cleared", "Taken from a clearing account"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("as_proposed", models.BooleanField(default=False)),
                        ("rule", models.CharField(blank=True, max_length=40)),
                        ("rules_version", models.CharField(blank=True, max_length=20)),
                        ("evidence", models.JSONField(default=list)),
                        ("note", models.CharField(blank=True, max_length=400)),
                        (
                            "decided_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "decided_by",
                            models.ForeignKey(
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
                            "line",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="decisions",
                                to="cashapp.bankstatementline",
                            ),
                        ),
                        (
                            "receipt",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="decisions",
                                to="cashapp.receipt",
                            ),
                        ),
                        (
                            "written_rule",
                            models.ForeignKey(
                                help_text="One that somebody wrote.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="cashapp.ruleversion",
                            ),
                        ),
                        (
                            "unidentified_receipt",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="decisions",
                                to="cashapp.unidentifiedreceipt",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("pk",),
                    },
                ),
                migrations.CreateModel(
                    name="MatchTask",
                    fields=[
                        (
                            "line",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                primary_key=True,
                                related_name="task",
                                serialize=False,
                                to="cashapp.bankstatementline",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[("to_match", "To match"), ("check", "Check"), ("matched", "Matched")],
                                default="to_match",
                                max_length=8,
                            ),
                        ),
                        (
                            "decision",
                            models.CharField(blank=True, help_text="What the matcher said of the line.", max_length=12),
                        ),
                        ("rule", models.CharField(blank=True, max_length=40)),
                        ("rules_version", models.CharField(blank=True, max_length=20)),
                        ("sureness", models.PositiveSmallIntegerField(default=0, help_text="Only an order.")),
                        (
                            "applied",
                            models.JSONField(
                                default=list, help_text="Per document: item, number, amount and open, in minor units."
                            ),
                        ),
                        (
                            "evidence",
                            models.JSONField(
                                default=list, help_text="Per reason: kind, words and the item it is about, if any."
                            ),
                        ),
                        ("alternatives", models.JSONField(default=list, help_text="Other answers, in the same form.")),
                        (
                            "question",
                            models.CharField(
                                blank=True, help_text="What somebody asked about the line.", max_length=400
                            ),
                        ),
                        ("proposed_at", models.DateTimeField(editable=False, null=True)),
                        (
                            "version",
                            models.PositiveIntegerField(default=0, help_text="Counts what happened to the line."),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "entity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.legalentity"
                            ),
                        ),
                        (
                            "written_rule",
                            models.ForeignKey(
                                help_text="One that somebody wrote.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="cashapp.ruleversion",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("line__booked_on", "line_id"),
                        "indexes": [models.Index(fields=["entity", "state"], name="match_tasks_by_state")],
                    },
                ),
                migrations.CreateModel(
                    name="AcceptedLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("seen", models.PositiveIntegerField(help_text="The version of the line that the person saw.")),
                        (
                            "proposed_at",
                            models.DateTimeField(help_text="When the proposal was made that the person saw."),
                        ),
                        ("done_at", models.DateTimeField(editable=False, null=True)),
                        ("refusal", models.CharField(blank=True, editable=False, max_length=400)),
                        (
                            "acceptance",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lines",
                                to="cashapp.acceptance",
                            ),
                        ),
                        (
                            "task",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="acceptances",
                                to="cashapp.matchtask",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("pk",),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("acceptance", "task"), name="a_line_is_accepted_once_a_list"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RuleTrial",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("from_on", models.DateField()),
                        ("until_on", models.DateField()),
                        ("looked_at", models.PositiveIntegerField(help_text="Lines of the period.")),
                        ("agreed", models.PositiveIntegerField(help_text="Lines on which people decided the same.")),
                        ("differed", models.PositiveIntegerField(help_text="Lines on which people decided otherwise.")),
                        ("undecided", models.PositiveIntegerField(help_text="Lines on which nobody decided yet.")),
                        (
                            "spared",
                            models.PositiveIntegerField(
                                help_text="Of those that agree: lines on which a person had to decide."
                            ),
                        ),
                        (
                            "lines",
                            models.JSONField(default=list, help_text="Per line: line, would, decided and agrees."),
                        ),
                        (
                            "tried_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "tried_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="trials",
                                to="cashapp.ruleversion",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-pk",),
                    },
                ),
            ],
        ),
        AddTrigger(
            model_name="acceptance",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: acceptances are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="31342e7aff86dedc4b4a95512a0e9229c26c1752",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_d7b7a",
                    table="cashapp_acceptance",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="acceptance",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: acceptances are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="246acea3f1a1c6f52f05f46d99556c7f0effe02c",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_8b828",
                    table="cashapp_acceptance",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="bankreconciliation",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.bank_account_id IS DISTINCT FROM OLD.bank_account_id OR NEW.first_on IS DISTINCT FROM OLD.first_on OR NEW.day IS DISTINCT FROM OLD.day OR NEW.statement_opening IS DISTINCT FROM OLD.statement_opening OR NEW.statement_closing IS DISTINCT FROM OLD.statement_closing OR NEW.ledger_opening IS DISTINCT FROM OLD.ledger_opening OR NEW.receipts IS DISTINCT FROM OLD.receipts OR NEW.other IS DISTINCT FROM OLD.other OR NEW.ledger_closing IS DISTINCT FROM OLD.ledger_closing OR NEW.standing IS DISTINCT FROM OLD.standing OR NEW.in_transit IS DISTINCT FROM OLD.in_transit OR NEW.prepared_by_id IS DISTINCT FROM OLD.prepared_by_id THEN\n                RAISE EXCEPTION 'o2c: reconciliations keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="c826a1abcd593290d39dd9fa7d248682bdf07dff",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_d557d",
                    table="cashapp_bankreconciliation",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="bankreconciliation",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: reconciliations are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="061279780bdc19007016f29489cf67eef03aed73",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_7e9eb",
                    table="cashapp_bankreconciliation",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="bankreconciliation",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: reconciliations are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="b81b541cdbc0a953da9248fd84d1ea5770903515",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_22441",
                    table="cashapp_bankreconciliation",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="bankstatement",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: bank statements are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="e1a536667f286c6bee4a1e9121dc0ffdede940aa",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_c66c9",
                    table="cashapp_bankstatement",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="bankstatement",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: bank statements are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="0acd3bfde4dcc954516a35befb680594088b67bf",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_2ec00",
                    table="cashapp_bankstatement",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="bankstatementline",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: bank statement lines are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="d6907f2b291886384b84db966f57591536360993",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_6f3c6",
                    table="cashapp_bankstatementline",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="bankstatementline",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: bank statement lines are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="552f0f2334557362b03c22f6ac8b719ae33c3246",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_ce3df",
                    table="cashapp_bankstatementline",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="chequereturn",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: returns of cheques are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="78f8aca24dfc4280b47c33a5fb9ba2eadea7e590",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_86be0",
                    table="cashapp_chequereturn",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="chequereturn",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: returns of cheques are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="20c14ffd841f5d23ac3b5ff50d3f6d43e402dccf",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_df4b8",
                    table="cashapp_chequereturn",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="depositslip",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.entity_id IS DISTINCT FROM OLD.entity_id OR NEW.number IS DISTINCT FROM OLD.number OR NEW.bank_account_id IS DISTINCT FROM OLD.bank_account_id OR NEW.made_by_id IS DISTINCT FROM OLD.made_by_id THEN\n                RAISE EXCEPTION 'o2c: deposit slips keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="c06894b7733dcf9a6ff2c14400b41c8f1d6a3062",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_667aa",
                    table="cashapp_depositslip",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="depositslip",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: deposit slips are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="1989a300e32413708557a11bb81d49be3176bd20",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_1d251",
                    table="cashapp_depositslip",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="depositslip",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: deposit slips are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="51fba10ddf12f136eb1b2df1988ad3223150ad8b",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_2a855",
                    table="cashapp_depositslip",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="lineposting",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.line_id IS DISTINCT FROM OLD.line_id OR NEW.entry_id IS DISTINCT FROM OLD.entry_id OR NEW.tied_by_id IS DISTINCT FROM OLD.tied_by_id THEN\n                RAISE EXCEPTION 'o2c: ties of entries to bank lines keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="dc7116e5d3034336f7169d86edf2825cb75225d7",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_75eb2",
                    table="cashapp_lineposting",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="lineposting",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: ties of entries to bank lines are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="0eb48acbf9c51c2d451947dce1bfe171d0434149",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_ae593",
                    table="cashapp_lineposting",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="lineposting",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: ties of entries to bank lines are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="e87314fe1eb6f67068660abc7209444975542723",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_6e4ae",
                    table="cashapp_lineposting",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="payerconfirmation",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: confirmations of payers are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="1e2fb481d60beae519c6626d81644831a7f81caf",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_ffd37",
                    table="cashapp_payerconfirmation",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="payerconfirmation",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: confirmations of payers are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="5053a32c3931d472abda2f0ba36a79152cb1aaba",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_a7d9c",
                    table="cashapp_payerconfirmation",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="payergroup",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.entity_id IS DISTINCT FROM OLD.entity_id OR NEW.kind IS DISTINCT FROM OLD.kind OR NEW.name IS DISTINCT FROM OLD.name OR NEW.account IS DISTINCT FROM OLD.account OR NEW.payer_id IS DISTINCT FROM OLD.payer_id OR NEW.declared_by_id IS DISTINCT FROM OLD.declared_by_id OR NEW.declared_at IS DISTINCT FROM OLD.declared_at THEN\n                RAISE EXCEPTION 'o2c: payer groups keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="119d5d6a67d34f5b2e7d7cf4cc80d77cc842e1f2",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_72bda",
                    table="cashapp_payergroup",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="payergroup",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: payer groups are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="b607c52eb49f06940e9d14407baf2ed2e5644434",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_a6495",
                    table="cashapp_payergroup",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="payergroup",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: payer groups are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="12eb35cda3da46ddb14fe4e9c13aa90f2e8ce997",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_80341",
                    table="cashapp_payergroup",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="payergroupmember",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.group_id IS DISTINCT FROM OLD.group_id OR NEW.customer_id IS DISTINCT FROM OLD.customer_id OR NEW.from_on IS DISTINCT FROM OLD.from_on OR NEW.added_by_id IS DISTINCT FROM OLD.added_by_id OR NEW.added_at IS DISTINCT FROM OLD.added_at THEN\n                RAISE EXCEPTION 'o2c: members of payer groups keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="ec785c1314999a82afdb3e44d3f9f9fb0d4a5be2",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_9eb0d",
                    table="cashapp_payergroupmember",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="payergroupmember",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: members of payer groups are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="0277a98f67744b73c25a113044c519bb097f6e24",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_b1af2",
                    table="cashapp_payergroupmember",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="payergroupmember",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: members of payer groups are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="bb89532f25e87397211981ca58ac948cfe0f1b05",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_aa883",
                    table="cashapp_payergroupmember",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="electronicpayment",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.entity_id IS DISTINCT FROM OLD.entity_id OR NEW.provider_id IS DISTINCT FROM OLD.provider_id OR NEW.reference IS DISTINCT FROM OLD.reference OR NEW.method IS DISTINCT FROM OLD.method OR NEW.source IS DISTINCT FROM OLD.source OR NEW.amount IS DISTINCT FROM OLD.amount OR NEW.surcharge IS DISTINCT FROM OLD.surcharge OR NEW.currency IS DISTINCT FROM OLD.currency OR NEW.documents IS DISTINCT FROM OLD.documents OR NEW.received_at IS DISTINCT FROM OLD.received_at OR NEW.recorded_by_id IS DISTINCT FROM OLD.recorded_by_id THEN\n                RAISE EXCEPTION 'o2c: electronic payments keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="c87391d10279ae328fd881670956a3f68e79dc77",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_59e80",
                    table="cashapp_electronicpayment",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="electronicpayment",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: electronic payments are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="c6fc9f37b69d972ff244213d6bff6a86189a5091",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_4aef3",
                    table="cashapp_electronicpayment",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="electronicpayment",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: electronic payments are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="38a857b94159db6893fe894f9e35d27d3bf2b9a7",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_20f61",
                    table="cashapp_electronicpayment",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="payout",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: payouts are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="8fb73e061955bfa9b08fab1458520cd8be3b3052",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_77e61",
                    table="cashapp_payout",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="payout",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: payouts are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="5b2d345e62a3f32f697598963c5609a7600c2847",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_e7cbc",
                    table="cashapp_payout",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="clearingcredit",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.entity_id IS DISTINCT FROM OLD.entity_id OR NEW.payout_id IS DISTINCT FROM OLD.payout_id OR NEW.slip_id IS DISTINCT FROM OLD.slip_id OR NEW.line_id IS DISTINCT FROM OLD.line_id OR NEW.entry_id IS DISTINCT FROM OLD.entry_id OR NEW.recorded_by_id IS DISTINCT FROM OLD.recorded_by_id THEN\n                RAISE EXCEPTION 'o2c: credits from clearing keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="9324020e3eaefdbda71ac0043c8d3d40d0c28db3",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_56d0d",
                    table="cashapp_clearingcredit",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="clearingcredit",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: credits from clearing are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="350693e85727df4319e635a065bd996abcb99656",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_fd454",
                    table="cashapp_clearingcredit",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="clearingcredit",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: credits from clearing are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="ceb6b0c40190b11cbc6344c70f1ede48784176c7",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_12263",
                    table="cashapp_clearingcredit",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="paymentfact",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: facts about payments are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="fe849fe8d8131605cc0b0e77bb2a5b1a36074fba",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_cdffa",
                    table="cashapp_paymentfact",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="paymentfact",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: facts about payments are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="706395cfdec8a8d84674b472ad93ad6494bc0647",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_0cf37",
                    table="cashapp_paymentfact",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="correction",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.entity_id IS DISTINCT FROM OLD.entity_id OR NEW.receipt_id IS DISTINCT FROM OLD.receipt_id OR NEW.moved_id IS DISTINCT FROM OLD.moved_id OR NEW.before IS DISTINCT FROM OLD.before OR NEW.after IS DISTINCT FROM OLD.after OR NEW.reason IS DISTINCT FROM OLD.reason OR NEW.corrected_on IS DISTINCT FROM OLD.corrected_on OR NEW.corrected_by_id IS DISTINCT FROM OLD.corrected_by_id THEN\n                RAISE EXCEPTION 'o2c: corrections keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="7e0c4f7640e52e7e1876d9a0995c8518962e3226",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_64208",
                    table="cashapp_correction",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="correction",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: corrections are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="9fccdaef5cb7c257b1bd4cdf847f5a59e13bcb0b",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_d9191",
                    table="cashapp_correction",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="correction",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: corrections are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="b0f9ea32e1fe90acdcb87eb66e307e0c4b9fa6aa",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_23a8b",
                    table="cashapp_correction",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="reconcileditem",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: items of reconciliations are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="8967440c1d9f85b4d1c67b2426e94808d58aec2f",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_a85ce",
                    table="cashapp_reconcileditem",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="reconcileditem",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: items of reconciliations are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="43a4855bfa0adab96b3819e4f429a65c5e12ef55",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_4e192",
                    table="cashapp_reconcileditem",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="remittance",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.entity_id IS DISTINCT FROM OLD.entity_id OR NEW.file_id IS DISTINCT FROM OLD.file_id OR NEW.content_hash IS DISTINCT FROM OLD.content_hash OR NEW.source IS DISTINCT FROM OLD.source OR NEW.file_format IS DISTINCT FROM OLD.file_format OR NEW.reference IS DISTINCT FROM OLD.reference OR NEW.trace IS DISTINCT FROM OLD.trace OR NEW.payer IS DISTINCT FROM OLD.payer OR NEW.payer_code IS DISTINCT FROM OLD.payer_code OR NEW.payer_account IS DISTINCT FROM OLD.payer_account OR NEW.payee IS DISTINCT FROM OLD.payee OR NEW.paid_on IS DISTINCT FROM OLD.paid_on OR NEW.currency IS DISTINCT FROM OLD.currency OR NEW.total IS DISTINCT FROM OLD.total OR NEW.memo IS DISTINCT FROM OLD.memo OR NEW.taken_in_by_id IS DISTINCT FROM OLD.taken_in_by_id OR NEW.taken_in_at IS DISTINCT FROM OLD.taken_in_at THEN\n                RAISE EXCEPTION 'o2c: remittances keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="9ab227ff553ab84327915b8aafaa642ca429da41",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_8751c",
                    table="cashapp_remittance",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="remittance",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: remittances are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="a6eeee9abf16792f68b52a0760455288364d444b",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_8620d",
                    table="cashapp_remittance",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="remittance",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: remittances are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="e7a664f041f0f867e9a67c250be0558ae46a2bf2",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_bba93",
                    table="cashapp_remittance",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="remittanceline",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.remittance_id IS DISTINCT FROM OLD.remittance_id OR NEW.position IS DISTINCT FROM OLD.position OR NEW.number IS DISTINCT FROM OLD.number OR NEW.purchase_order IS DISTINCT FROM OLD.purchase_order OR NEW.is_credit IS DISTINCT FROM OLD.is_credit OR NEW.dated_on IS DISTINCT FROM OLD.dated_on OR NEW.gross IS DISTINCT FROM OLD.gross OR NEW.discount IS DISTINCT FROM OLD.discount OR NEW.paid IS DISTINCT FROM OLD.paid OR NEW.deductions IS DISTINCT FROM OLD.deductions OR NEW.note IS DISTINCT FROM OLD.note THEN\n                RAISE EXCEPTION 'o2c: remittance lines keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="ff9c2185e51ad2b1249be4ba49cc1997d1cbaaaa",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_50a19",
                    table="cashapp_remittanceline",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="remittanceline",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: remittance lines are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="064531e6e30e4bd5eb7923fc96e45ffba3732097",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_80cb7",
                    table="cashapp_remittanceline",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="remittanceline",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: remittance lines are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="d97b105e74506525fd63660ac6981c2f092a2859",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_91b0e",
                    table="cashapp_remittanceline",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="remittancetie",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.remittance_id IS DISTINCT FROM OLD.remittance_id OR NEW.line_id IS DISTINCT FROM OLD.line_id OR NEW.words IS DISTINCT FROM OLD.words OR NEW.tied_by_id IS DISTINCT FROM OLD.tied_by_id THEN\n                RAISE EXCEPTION 'o2c: ties of remittances keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="1800a911415e3bf689faf72c2ac268776a4fb1d4",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_76e23",
                    table="cashapp_remittancetie",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="remittancetie",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: ties of remittances are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="3612f8a737b390ecaf63a11e6c94ac7018f4b231",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_6eb2a",
                    table="cashapp_remittancetie",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="remittancetie",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: ties of remittances are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="83072240ca93ff1375c0e29524472efa5942e8e0",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_db271",
                    table="cashapp_remittancetie",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="ruletrial",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: trials of rules are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="c094b87387660e875aa8239ad2810858d2109463",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_83fd9",
                    table="cashapp_ruletrial",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="ruletrial",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: trials of rules are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="cb4f97d1ceebb8ba2315b436ac96006fa83f90b0",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_c24ab",
                    table="cashapp_ruletrial",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="searchstep",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: steps of a search are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="207d1a305768235ee98b50f18e8f1f35deb67a1a",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_42ff4",
                    table="cashapp_searchstep",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="searchstep",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: steps of a search are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="dbf1898f0ede877bfbb593f979168e6e13b93743",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_7402c",
                    table="cashapp_searchstep",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="statementfile",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.entity_id IS DISTINCT FROM OLD.entity_id OR NEW.origin IS DISTINCT FROM OLD.origin OR NEW.name IS DISTINCT FROM OLD.name OR NEW.sha256 IS DISTINCT FROM OLD.sha256 OR NEW.received_by_id IS DISTINCT FROM OLD.received_by_id THEN\n                RAISE EXCEPTION 'o2c: statement files keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="17f69afacc65e1ce4171b5738845203c54aaaf4c",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_f47c8",
                    table="cashapp_statementfile",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="statementfile",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: statement files are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="a296e666dc5ef796cca89337a368b5d22b2ed98d",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_1a35e",
                    table="cashapp_statementfile",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="statementfile",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: statement files are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="c20d40546db396b4a106d2c7ec544c399c4ae407",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_8ba27",
                    table="cashapp_statementfile",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="statementlisting",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: bank statement listings are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="c6e55dacf157876d11c2cb04ca1785b4fbf6b412",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_8fe3a",
                    table="cashapp_statementlisting",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="statementlisting",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: bank statement listings are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="1ba63c3286b46def32eafb117ba99c40e38359c7",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_a1266",
                    table="cashapp_statementlisting",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="tolerance",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.entity_id IS DISTINCT FROM OLD.entity_id OR NEW.currency IS DISTINCT FROM OLD.currency OR NEW.segment IS DISTINCT FROM OLD.segment OR NEW.amount IS DISTINCT FROM OLD.amount OR NEW.percent IS DISTINCT FROM OLD.percent OR NEW.monthly_cap IS DISTINCT FROM OLD.monthly_cap OR NEW.settles_by_itself IS DISTINCT FROM OLD.settles_by_itself OR NEW.set_by_id IS DISTINCT FROM OLD.set_by_id OR NEW.set_at IS DISTINCT FROM OLD.set_at THEN\n                RAISE EXCEPTION 'o2c: tolerances keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="cd8894b561e69a432f2fc49cb828a0f2e4fa5803",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_ccbbc",
                    table="cashapp_tolerance",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="tolerance",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: tolerances are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="0cd99f71ebcbc18a9312007f5dfd39ef91576330",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_ebb12",
                    table="cashapp_tolerance",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="tolerance",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: tolerances are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="b3445934c23dcf7d5ae8419374ece32c319bcbd8",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_8b032",
                    table="cashapp_tolerance",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="deduction",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.entity_id IS DISTINCT FROM OLD.entity_id OR NEW.receipt_id IS DISTINCT FROM OLD.receipt_id OR NEW.item_id IS DISTINCT FROM OLD.item_id OR NEW.reason IS DISTINCT FROM OLD.reason OR NEW.amount IS DISTINCT FROM OLD.amount OR NEW.entry_id IS DISTINCT FROM OLD.entry_id OR NEW.authority_use_id IS DISTINCT FROM OLD.authority_use_id OR NEW.tolerance_id IS DISTINCT FROM OLD.tolerance_id OR NEW.dispute_id IS DISTINCT FROM OLD.dispute_id THEN\n                RAISE EXCEPTION 'o2c: deductions keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="e338df3e799fad41099e8d685fe14a355aa9f58c",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_4c41c",
                    table="cashapp_deduction",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="deduction",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: deductions are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="abdb808ce1ffd9aca1a4532b8c958ec4274fa84a",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_6e773",
                    table="cashapp_deduction",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="deduction",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: deductions are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="dec958238e012d31087d2bbe6750e25a889ec472",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_fdce1",
                    table="cashapp_deduction",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="unidentifiedreceipt",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.entry_id IS DISTINCT FROM OLD.entry_id OR NEW.entity_id IS DISTINCT FROM OLD.entity_id OR NEW.key IS DISTINCT FROM OLD.key OR NEW.line_id IS DISTINCT FROM OLD.line_id OR NEW.bank_account_id IS DISTINCT FROM OLD.bank_account_id OR NEW.amount IS DISTINCT FROM OLD.amount OR NEW.currency IS DISTINCT FROM OLD.currency OR NEW.received_on IS DISTINCT FROM OLD.received_on OR NEW.recorded_by_id IS DISTINCT FROM OLD.recorded_by_id THEN\n                RAISE EXCEPTION 'o2c: unidentified receipts keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="244a169789259f0e83614dc64b535a3b2267c748",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_438ff",
                    table="cashapp_unidentifiedreceipt",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="unidentifiedreceipt",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: unidentified receipts are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="1cf9c3e643b28048808f61e138f3e946d71f8610",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_14b30",
                    table="cashapp_unidentifiedreceipt",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="unidentifiedreceipt",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: unidentified receipts are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="21b61efe097c5d1a4c1398c7a7b3463317229c74",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_179ba",
                    table="cashapp_unidentifiedreceipt",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="receipt",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.item_id IS DISTINCT FROM OLD.item_id OR NEW.moved_from_id IS DISTINCT FROM OLD.moved_from_id OR NEW.identified_from_id IS DISTINCT FROM OLD.identified_from_id OR NEW.entity_id IS DISTINCT FROM OLD.entity_id OR NEW.key IS DISTINCT FROM OLD.key OR NEW.line_id IS DISTINCT FROM OLD.line_id OR NEW.bank_account_id IS DISTINCT FROM OLD.bank_account_id OR NEW.amount IS DISTINCT FROM OLD.amount OR NEW.currency IS DISTINCT FROM OLD.currency OR NEW.received_on IS DISTINCT FROM OLD.received_on OR NEW.recorded_by_id IS DISTINCT FROM OLD.recorded_by_id THEN\n                RAISE EXCEPTION 'o2c: receipts keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="a1180184d9dd616008b5a9522c535650e358a3d8",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_c8375",
                    table="cashapp_receipt",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="receipt",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: receipts are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="81b386355fa614986b7f6dbe44502f685e97f203",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_11eac",
                    table="cashapp_receipt",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="receipt",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: receipts are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="a25c7d007a329da629019db2e6fd5339d1f36fd8",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_04da5",
                    table="cashapp_receipt",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="matchdecision",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: decisions about bank lines are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="ab98f3c0d37f707033183b05ca2a0fc4285fe84c",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_8489e",
                    table="cashapp_matchdecision",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="matchdecision",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: decisions about bank lines are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="ac5a5486fdae89346e902c470fc88eb23acac477",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_b41f3",
                    table="cashapp_matchdecision",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="cheque",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.entity_id IS DISTINCT FROM OLD.entity_id OR NEW.number IS DISTINCT FROM OLD.number OR NEW.drawer IS DISTINCT FROM OLD.drawer OR NEW.drawn_on IS DISTINCT FROM OLD.drawn_on OR NEW.amount IS DISTINCT FROM OLD.amount OR NEW.currency IS DISTINCT FROM OLD.currency OR NEW.received_on IS DISTINCT FROM OLD.received_on OR NEW.payable_from IS DISTINCT FROM OLD.payable_from THEN\n                RAISE EXCEPTION 'o2c: cheques keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="0d9e1e2f6365664d5389ae1b154918a60f946328",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_627f8",
                    table="cashapp_cheque",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="cheque",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: cheques are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="b858d57c7af50b06c0fc30fa46f66280559bb505",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_16d89",
                    table="cashapp_cheque",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="cheque",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: cheques are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="ce64baac1b163c88a895d592735a804a949f62e5",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_4879e",
                    table="cashapp_cheque",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="cashsearch",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.entity_id IS DISTINCT FROM OLD.entity_id OR NEW.receipt_id IS DISTINCT FROM OLD.receipt_id OR NEW.unidentified_id IS DISTINCT FROM OLD.unidentified_id THEN\n                RAISE EXCEPTION 'o2c: searches keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="a15fb0d277ebcdd99b07212d14b60d3b6dca84d1",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_3e41d",
                    table="cashapp_cashsearch",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="cashsearch",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: searches are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="03d70b9789ad030c09571bc3ce866b17e544451e",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_8cf2f",
                    table="cashapp_cashsearch",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="cashsearch",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: searches are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="2e183686dbe0a9c2e5b7fea84503675290b9020d",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_4f888",
                    table="cashapp_cashsearch",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="usedcredit",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: credits used with receipts are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="3800c83a9735c451359d8b05b097238725aa4761",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_ffc8f",
                    table="cashapp_usedcredit",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="usedcredit",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: credits used with receipts are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="85339fe35011e1c89bba09f6bdeb551f05bf5c21",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_59de6",
                    table="cashapp_usedcredit",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="variance",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: variances are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="4dfb417c189701440d56947acd1fbee8f5ea58b0",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_e1487",
                    table="cashapp_variance",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="variance",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: variances are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="27a3eb1374eb5dcc6ac47dc64d81c5a70f7c5ce9",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_56926",
                    table="cashapp_variance",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="withholdingpattern",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.entity_id IS DISTINCT FROM OLD.entity_id OR NEW.name IS DISTINCT FROM OLD.name OR NEW.country IS DISTINCT FROM OLD.country OR NEW.customer_id IS DISTINCT FROM OLD.customer_id OR NEW.percent IS DISTINCT FROM OLD.percent OR NEW.base IS DISTINCT FROM OLD.base OR NEW.set_by_id IS DISTINCT FROM OLD.set_by_id OR NEW.set_at IS DISTINCT FROM OLD.set_at THEN\n                RAISE EXCEPTION 'o2c: withholding patterns keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="b5fc9ada838539dc6e204c11fd5ed460f1d0244d",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_bf336",
                    table="cashapp_withholdingpattern",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="withholdingpattern",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: withholding patterns are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="d08ce2737e6a1d38dc8d7d270da3258266261718",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_0087f",
                    table="cashapp_withholdingpattern",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="withholdingpattern",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: withholding patterns are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="8048bafb186675824aa06aa39a6a6ecbf80d6295",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_ffb55",
                    table="cashapp_withholdingpattern",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="writtenrule",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.entity_id IS DISTINCT FROM OLD.entity_id OR NEW.name IS DISTINCT FROM OLD.name THEN\n                RAISE EXCEPTION 'o2c: rules keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="f34baa04deb83dd16fd308b6d63e01794aa7c95a",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_3612f",
                    table="cashapp_writtenrule",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="writtenrule",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: rules are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="4a214cbf2232d12c6f395a9b701093fa53b89eab",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_a331a",
                    table="cashapp_writtenrule",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="writtenrule",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: rules are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="4dbed0c8574bbeabc8bd02b670d265b9f81d6a11",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_ac859",
                    table="cashapp_writtenrule",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="ruleversion",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.rule_id IS DISTINCT FROM OLD.rule_id OR NEW.number IS DISTINCT FROM OLD.number OR NEW.payer IS DISTINCT FROM OLD.payer OR NEW.text IS DISTINCT FROM OLD.text OR NEW.account IS DISTINCT FROM OLD.account OR NEW.bank_account_id IS DISTINCT FROM OLD.bank_account_id OR NEW.amount_from IS DISTINCT FROM OLD.amount_from OR NEW.amount_to IS DISTINCT FROM OLD.amount_to OR NEW.effect IS DISTINCT FROM OLD.effect OR NEW.customer_id IS DISTINCT FROM OLD.customer_id OR NEW.reason IS DISTINCT FROM OLD.reason OR NEW.written_by_id IS DISTINCT FROM OLD.written_by_id OR NEW.written_at IS DISTINCT FROM OLD.written_at THEN\n                RAISE EXCEPTION 'o2c: versions of rules keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="a3362d583256565163bb3d338d4258ff14caecf0",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_a5e15",
                    table="cashapp_ruleversion",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="ruleversion",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: versions of rules are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="ce99498fb8a70fae6c8a6706aa554523359a7d3b",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_aa313",
                    table="cashapp_ruleversion",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="ruleversion",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: versions of rules are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="5409d0badde48d69909748c5ea039b6744e49981",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_0ba85",
                    table="cashapp_ruleversion",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="ruleversion",
            trigger=pgtrigger.compiler.Trigger(
                name="switched_off_for_good",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."switched_off_at" IS NOT NULL)',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="68608e4c8b259f8cbb19eba8674e526fd0ed4646",
                    operation="UPDATE",
                    pgid="pgtrigger_switched_off_for_good_ec5a9",
                    table="cashapp_ruleversion",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="acceptedline",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.acceptance_id IS DISTINCT FROM OLD.acceptance_id OR NEW.task_id IS DISTINCT FROM OLD.task_id OR NEW.seen IS DISTINCT FROM OLD.seen OR NEW.proposed_at IS DISTINCT FROM OLD.proposed_at THEN\n                RAISE EXCEPTION 'o2c: accepted lines keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="338f9f34267f69879fe9777e1327e02d3bfad2ab",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_6cd02",
                    table="cashapp_acceptedline",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="acceptedline",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: accepted lines are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="ee5ad5c6998f282372a1bc48b70a894f86cc0a26",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_00dab",
                    table="cashapp_acceptedline",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="acceptedline",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: accepted lines are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="9d2bd5d0d161eba8b4d6a6bd86f60f6f72cce812",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_3ff24",
                    table="cashapp_acceptedline",
                    when="BEFORE",
                ),
            ),
        ),
    ]
