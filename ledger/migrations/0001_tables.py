"""The tables of this room as they stood when its first steps were folded into one."""

from decimal import Decimal

import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

import core.fields
from core.migration_operations import AddTrigger, CreateTables


class Migration(migrations.Migration):
    replaces = [
        ("ledger", "0001_initial"),
        ("ledger", "0002_latest_allocations"),
        ("ledger", "0003_items_by_amount"),
        ("ledger", "0004_clearing_accounts_of_providers"),
        ("ledger", "0005_day_locks_claims_and_revaluations"),
        ("ledger", "0006_cheques_to_be_credited"),
    ]

    initial = True

    dependencies = [
        ("core", "0001_tables"),
        ("customers", "0001_tables"),
    ]

    operations = [
        CreateTables(
            tables=[
                migrations.CreateModel(
                    name="Account",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=20)),
                        ("name", models.CharField(max_length=80)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("asset", "Asset"),
                                    ("liability", "Liability"),
                                    ("equity", "Equity"),
                                    ("income", "Income"),
                                    ("expense", "Expense"),
                                ],
                                max_length=10,
                            ),
                        ),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("receivables", "Trade receivables (control account)"),
                                    ("receivables_revaluation", "Trade receivables, revaluation"),
                                    ("unidentified_receipts", "Unidentified receipts"),
                                    ("allowance", "Allowance for doubtful accounts"),
                                    ("bank", "Bank"),
                                    ("direct_debit_clearing", "Direct debit clearing"),
                                    ("card_clearing", "Card clearing"),
                                    ("cheque_clearing", "Cheques to be credited"),
                                    ("payments_under_way", "Payments under way"),
                                    ("accrued_income", "Accrued income"),
                                    ("withholding_tax", "Withholding tax recoverable"),
                                    ("deferred_income", "Deferred income"),
                                    ("output_tax", "Output tax"),
                                    ("bad_debt_tax_relief", "Bad-debt tax relief"),
                                    ("refunds_payable", "Refunds payable"),
                                    ("opening_balances", "Opening balances"),
                                    ("revenue", "Revenue"),
                                    ("discounts_allowed", "Settlement discounts allowed"),
                                    ("interest_income", "Late-payment interest"),
                                    ("surcharge_income", "Surcharges"),
                                    ("bad_debt", "Bad debt"),
                                    ("bad_debt_recovered", "Bad debt recovered"),
                                    ("bank_charges", "Bank charges"),
                                    ("exchange_differences", "Exchange differences, realised"),
                                    ("unrealised_exchange", "Exchange differences, unrealised"),
                                    ("small_differences", "Small differences"),
                                    ("rounding", "Rounding"),
                                ],
                                max_length=24,
                            ),
                        ),
                        (
                            "bank_account",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="ledger_account",
                                to="core.bankaccount",
                            ),
                        ),
                        (
                            "entity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="accounts",
                                to="core.legalentity",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("entity", "code"),
                        "constraints": [
                            models.UniqueConstraint(fields=("entity", "code"), name="an_account_code_is_taken_once"),
                            models.UniqueConstraint(
                                condition=models.Q(("role__in", ("bank", "card_clearing")), _negated=True),
                                fields=("entity", "role"),
                                name="one_account_a_role",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("bank_account", None), ("role", "bank"), _connector="OR"),
                                name="only_bank_accounts_have_an_account_at_a_bank",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AccountingPeriod",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("starts_on", models.DateField(help_text="The first of the month.")),
                        (
                            "state",
                            models.CharField(
                                choices=[("open", "Open"), ("soft_locked", "Soft-locked"), ("closed", "Closed")],
                                default="open",
                                max_length=12,
                            ),
                        ),
                        (
                            "entity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="periods",
                                to="core.legalentity",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("entity", "-starts_on"),
                        "constraints": [
                            models.UniqueConstraint(fields=("entity", "starts_on"), name="one_period_a_month"),
                            models.CheckConstraint(
                                condition=models.Q(("starts_on__day", 1)), name="a_period_starts_on_the_first"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DayLock",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("first_on", models.DateField()),
                        ("last_on", models.DateField()),
                        (
                            "locked_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("lifted_at", models.DateTimeField(null=True)),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="day_locks",
                                to="ledger.account",
                            ),
                        ),
                        (
                            "lifted_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "locked_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("account", "-last_on"),
                        "indexes": [
                            models.Index(
                                condition=models.Q(("lifted_at", None)),
                                fields=["account", "first_on"],
                                name="day_locks_in_force",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("first_on__lte", models.F("last_on"))),
                                name="locked_days_end_after_they_begin",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("lifted_at", None), ("lifted_by", None)),
                                    models.Q(("lifted_at__isnull", False), ("lifted_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="a_day_lock_is_lifted_whole",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("lifted_at", None)),
                                fields=("account", "last_on"),
                                name="a_day_is_locked_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="JournalEntry",
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
                                    ("invoice", "Invoice"),
                                    ("credit_note", "Credit note"),
                                    ("debit_note", "Debit note"),
                                    ("receipt", "Receipt"),
                                    ("adjustment", "Adjustment"),
                                    ("transfer", "Transfer"),
                                    ("opening", "Opening balance"),
                                    ("exchange", "Exchange difference"),
                                    ("revaluation", "Revaluation"),
                                    ("reversal", "Reversal"),
                                ],
                                max_length=16,
                            ),
                        ),
                        ("posted_on", models.DateField()),
                        ("currency", core.fields.CurrencyField()),
                        (
                            "rate",
                            models.DecimalField(
                                decimal_places=8, help_text="To the entity's currency.", max_digits=18, null=True
                            ),
                        ),
                        ("text", models.CharField(blank=True, max_length=200)),
                        ("key", models.CharField(max_length=120, null=True)),
                        ("content_hash", models.BinaryField(null=True)),
                        (
                            "late_reason",
                            models.CharField(
                                blank=True, help_text="Why it was posted into a soft-locked month.", max_length=200
                            ),
                        ),
                        (
                            "recorded_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "entity",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.legalentity",
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "reverses",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reversed_by",
                                to="ledger.journalentry",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "journal entries",
                        "ordering": ("posted_on", "id"),
                        "indexes": [
                            django.contrib.postgres.indexes.BrinIndex(
                                autosummarize=True, fields=["posted_on"], name="entry_posted_on"
                            ),
                            django.contrib.postgres.indexes.BrinIndex(
                                autosummarize=True, fields=["recorded_at"], name="entry_recorded_at"
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("entity", "key"), name="an_event_is_posted_once"),
                            models.CheckConstraint(
                                condition=models.Q(("key", None), ("content_hash__isnull", False), _connector="OR"),
                                name="a_key_has_its_content",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="JournalLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "posted_on",
                            models.DateField(
                                help_text="The entry's, repeated so that an account can be added up from its index."
                            ),
                        ),
                        ("currency", core.fields.CurrencyField(help_text="The entry's, repeated beside the amounts.")),
                        ("debit", core.fields.AmountField(default=Decimal("0"))),
                        ("credit", core.fields.AmountField(default=Decimal("0"))),
                        ("base_debit", core.fields.AmountField(default=Decimal("0"))),
                        ("base_credit", core.fields.AmountField(default=Decimal("0"))),
                        ("tax_code", models.CharField(blank=True, max_length=20)),
                        ("text", models.CharField(blank=True, max_length=200)),
                        (
                            "account",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ledger.account",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "entry",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lines",
                                to="ledger.journalentry",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("id",),
                        "indexes": [
                            models.Index(
                                fields=["account", "posted_on"],
                                include=("currency", "debit", "credit", "base_debit", "base_credit"),
                                name="line_account_day",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("base_credit__gte", 0),
                                    ("base_debit__gte", 0),
                                    ("credit__gte", 0),
                                    ("debit__gte", 0),
                                ),
                                name="amounts_are_not_negative",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("base_debit", 0), ("debit", 0)),
                                    models.Q(("base_credit", 0), ("credit", 0)),
                                    _connector="OR",
                                ),
                                name="a_line_is_debit_or_credit",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("base_credit", 0), ("base_debit", 0), ("credit", 0), ("debit", 0), _negated=True
                                ),
                                name="a_line_has_an_amount",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OpenItem",
                    fields=[
                        (
                            "line",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                primary_key=True,
                                related_name="item",
                                serialize=False,
                                to="ledger.journalline",
                            ),
                        ),
                        ("number", models.CharField(max_length=60)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("invoice", "Invoice"),
                                    ("credit_note", "Credit note"),
                                    ("debit_note", "Debit note"),
                                    ("receipt", "Receipt"),
                                    ("adjustment", "Adjustment"),
                                    ("opening", "Opening balance"),
                                ],
                                max_length=16,
                            ),
                        ),
                        ("side", models.CharField(choices=[("debit", "Debit"), ("credit", "Credit")], max_length=6)),
                        ("document_on", models.DateField()),
                        ("due_on", models.DateField()),
                        ("posted_on", models.DateField()),
                        (
                            "recorded_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("currency", core.fields.CurrencyField()),
                        ("amount", core.fields.AmountField()),
                        (
                            "base_amount",
                            core.fields.AmountField(help_text="In the entity's currency, at the rate of the entry."),
                        ),
                        ("open_amount", core.fields.AmountField(editable=False)),
                        (
                            "settled_on",
                            models.DateField(
                                editable=False, help_text="The day from which nothing was left open.", null=True
                            ),
                        ),
                        ("settled_recorded_at", models.DateTimeField(editable=False, null=True)),
                        ("purchase_order", models.CharField(blank=True, max_length=60)),
                        (
                            "reference",
                            models.CharField(
                                blank=True, help_text="Structured reference, such as RF18….", max_length=40
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="open_items",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "entity",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.legalentity",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("due_on", "number"),
                        "indexes": [
                            models.Index(
                                condition=models.Q(("open_amount", 0), _negated=True),
                                fields=["entity", "customer"],
                                include=(
                                    "line",
                                    "currency",
                                    "side",
                                    "kind",
                                    "document_on",
                                    "due_on",
                                    "posted_on",
                                    "recorded_at",
                                    "amount",
                                    "open_amount",
                                ),
                                name="item_open_now",
                            ),
                            models.Index(
                                condition=models.Q(("settled_on__isnull", False)),
                                fields=["entity", "settled_on", "posted_on", "settled_recorded_at"],
                                name="item_settled",
                            ),
                            models.Index(fields=["customer", "posted_on"], name="item_customer_day"),
                            models.Index(fields=["entity", "amount"], name="item_amount"),
                            models.Index(
                                condition=models.Q(
                                    models.Q(("reference", ""), _negated=True),
                                    models.Q(("open_amount", 0), _negated=True),
                                ),
                                fields=["entity", "reference"],
                                name="item_reference",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("entity", "number", "kind"), name="a_document_number_is_taken_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("amount__gt", 0), ("base_amount__gte", 0)),
                                name="an_item_has_an_amount",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("open_amount__gte", 0), ("open_amount__lte", models.F("amount"))),
                                name="never_allocated_beyond_its_amount",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("open_amount", 0),
                                        ("settled_on__isnull", False),
                                        ("settled_recorded_at__isnull", False),
                                    ),
                                    models.Q(
                                        ("open_amount__gt", 0), ("settled_on", None), ("settled_recorded_at", None)
                                    ),
                                    _connector="OR",
                                ),
                                name="settled_when_nothing_is_open",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Allocation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("amount", core.fields.AmountField(help_text="Negative when it undoes another.")),
                        ("debit_base", core.fields.AmountField()),
                        ("credit_base", core.fields.AmountField()),
                        ("allocated_on", models.DateField()),
                        (
                            "late_reason",
                            models.CharField(
                                blank=True, help_text="Why it was dated into a soft-locked month.", max_length=200
                            ),
                        ),
                        ("reason", models.CharField(blank=True, help_text="Why another was undone.", max_length=200)),
                        (
                            "recorded_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "reverses",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reversed_by",
                                to="ledger.allocation",
                            ),
                        ),
                        (
                            "exchange_entry",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="allocations",
                                to="ledger.journalentry",
                            ),
                        ),
                        (
                            "credit_item",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="credit_allocations",
                                to="ledger.openitem",
                            ),
                        ),
                        (
                            "debit_item",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="debit_allocations",
                                to="ledger.openitem",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("allocated_on", "id"),
                        "indexes": [
                            models.Index(
                                fields=["debit_item"],
                                include=("allocated_on", "recorded_at", "amount"),
                                name="debit_allocated",
                            ),
                            models.Index(
                                fields=["credit_item"],
                                include=("allocated_on", "recorded_at", "amount"),
                                name="credit_allocated",
                            ),
                            models.Index(fields=["allocated_on"], name="allocation_day"),
                            models.Index(fields=["recorded_at"], name="allocation_moment"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("amount__gt", 0),
                                        ("credit_base__gte", 0),
                                        ("debit_base__gte", 0),
                                        ("reverses", None),
                                    ),
                                    models.Q(
                                        ("amount__lt", 0),
                                        ("credit_base__lte", 0),
                                        ("debit_base__lte", 0),
                                        ("reverses__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="only_reversals_are_negative",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("exchange_entry__isnull", False)),
                                fields=("exchange_entry",),
                                name="an_exchange_difference_has_one_allocation",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("exchange_entry__isnull", False),
                                    ("debit_base", models.F("credit_base")),
                                    _connector="OR",
                                ),
                                name="a_difference_in_value_is_posted",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BankClaim",
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
                                help_text="The bank's own name of the claim; it comes in once.", max_length=60
                            ),
                        ),
                        ("reason", models.CharField(max_length=200)),
                        ("claimed_on", models.DateField()),
                        (
                            "opened_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "ended_on",
                            models.DateField(
                                help_text="When the money went back, or the claim was dropped.", null=True
                            ),
                        ),
                        ("outcome", models.CharField(blank=True, max_length=200)),
                        (
                            "opened_by",
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
                                related_name="bank_claims",
                                to="ledger.openitem",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-claimed_on", "-pk"),
                        "constraints": [
                            models.UniqueConstraint(fields=("item", "reference"), name="a_claim_comes_in_once"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("ended_on", None), ("outcome", "")),
                                    models.Q(("ended_on__isnull", False), models.Q(("outcome", ""), _negated=True)),
                                    _connector="OR",
                                ),
                                name="the_end_of_a_claim_is_whole",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Revaluation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("month_end", models.DateField()),
                        ("currency", core.fields.CurrencyField()),
                        (
                            "rate",
                            models.DecimalField(
                                decimal_places=8, help_text="The closing rate, to the books' currency.", max_digits=18
                            ),
                        ),
                        (
                            "recorded_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
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
                                related_name="revaluation",
                                to="ledger.journalentry",
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
                            "reversal",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="ended_revaluation",
                                to="ledger.journalentry",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-month_end", "currency", "pk"),
                        "indexes": [models.Index(fields=["entity", "-month_end"], name="revaluations_by_month")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("entry", models.F("reversal")), _negated=True),
                                name="a_revaluation_is_reversed_by_another",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RevaluedItem",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("open_amount", core.fields.AmountField(help_text="In the item's currency.")),
                        ("carried", core.fields.AmountField(help_text="Its value in the books.")),
                        ("worth", core.fields.AmountField(help_text="Its value at the closing rate.")),
                        ("posted", core.fields.AmountField()),
                        (
                            "revaluation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="items",
                                to="ledger.revaluation",
                            ),
                        ),
                        (
                            "item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="revaluations",
                                to="ledger.openitem",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("pk",),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("revaluation", "item"), name="an_item_is_revalued_once_an_entry"
                            )
                        ],
                    },
                ),
            ],
        ),
        AddTrigger(
            model_name="account",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.entity_id IS DISTINCT FROM OLD.entity_id OR NEW.kind IS DISTINCT FROM OLD.kind OR NEW.role IS DISTINCT FROM OLD.role THEN\n                RAISE EXCEPTION 'o2c: accounts keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="26a64e504980d5a4cee5c70d6a3423592d2f5536",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_e5802",
                    table="ledger_account",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="account",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: accounts are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="d4d8b3ab089bc7fdd6752454314473b0a0a98fde",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_d9133",
                    table="ledger_account",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="account",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: accounts are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="3df2b157285e68df0334b0a65dd8aa1553f1930b",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_d99aa",
                    table="ledger_account",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="accountingperiod",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.entity_id IS DISTINCT FROM OLD.entity_id OR NEW.starts_on IS DISTINCT FROM OLD.starts_on THEN\n                RAISE EXCEPTION 'o2c: accounting periods keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="fd7877b2149f6a486c5f36c490834b4a88a74307",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_33227",
                    table="ledger_accountingperiod",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="accountingperiod",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: accounting periods are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="79ff880f4726ed40b052e1d58f7a4c6d2652170e",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_2ee08",
                    table="ledger_accountingperiod",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="accountingperiod",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: accounting periods are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="5d1bf29afa949e0b53c40d9d8c50d1a97b1be69e",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_77654",
                    table="ledger_accountingperiod",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="daylock",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.account_id IS DISTINCT FROM OLD.account_id OR NEW.first_on IS DISTINCT FROM OLD.first_on OR NEW.last_on IS DISTINCT FROM OLD.last_on OR NEW.locked_by_id IS DISTINCT FROM OLD.locked_by_id THEN\n                RAISE EXCEPTION 'o2c: locked days keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="bd76355f7d1de94ab324619af64b4aee0c93f61c",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_28b68",
                    table="ledger_daylock",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="daylock",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: locked days are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="a8e1f1190ed5f6d9f3205d3c404745c0c100ea2b",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_dbcf3",
                    table="ledger_daylock",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="daylock",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: locked days are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="60ea355c56f0424ee6343f990ddc23d087a3543b",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_f8902",
                    table="ledger_daylock",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="journalentry",
            trigger=pgtrigger.compiler.Trigger(
                name="is_whole",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE refused record; touched record; kept_settings text[];",
                    func="-- An entry comes with all of its lines in one statement, at the database's own time.\nSELECT n.id INTO refused FROM new_rows n\nLEFT JOIN LATERAL (SELECT TRUE AS found FROM ledger_journalline WHERE entry_id = n.id LIMIT 1) line ON TRUE\nWHERE line.found IS NULL OR n.recorded_at <> statement_timestamp()\nLIMIT 1;\nIF FOUND THEN\n    RAISE EXCEPTION 'o2c: entry % does not come with its lines, at the time of the database', refused.id\n        USING CONSTRAINT = 'entry_is_whole', ERRCODE = 'check_violation';\nEND IF;\n\nRETURN NULL;",
                    hash="ee8187c469855ce384aafcc26573a4e887a14496",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_is_whole_b0ff3",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="ledger_journalentry",
                    when="AFTER",
                ),
            ),
        ),
        AddTrigger(
            model_name="journalentry",
            trigger=pgtrigger.compiler.Trigger(
                name="in_open_period",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE refused record; touched record; kept_settings text[];",
                    func="-- Nothing is dated into a month that is closed or not there, and into a soft-locked one only with a reason.\n-- The months stay share-locked until the transaction ends: closing one waits for what is being posted into it.\nPERFORM 1 FROM ledger_accountingperiod p\nWHERE (p.entity_id, p.starts_on) IN (\n    SELECT d.entity_id, date_trunc('month', d.day)::date FROM (\n        SELECT DISTINCT entity_id, posted_on AS day, late_reason <> '' AS explained FROM new_rows\n    ) d\n)\nORDER BY p.id FOR SHARE;\n\nSELECT d.day, replace(coalesce(p.state, 'missing'), '_', '-') AS state INTO refused FROM (\n    SELECT DISTINCT entity_id, posted_on AS day, late_reason <> '' AS explained FROM new_rows\n) d\nLEFT JOIN ledger_accountingperiod p ON p.entity_id = d.entity_id AND p.starts_on = date_trunc('month', d.day)::date\nWHERE p.id IS NULL OR p.state = 'closed' OR (p.state = 'soft_locked' AND NOT d.explained)\nLIMIT 1;\nIF FOUND THEN\n    RAISE EXCEPTION 'o2c: % lies in a month that is %', refused.day, refused.state\n        USING CONSTRAINT = 'in_open_period', ERRCODE = 'check_violation';\nEND IF;\n\nRETURN NULL;",
                    hash="1e949829f23beba2561d9a234e194913246a4ee4",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_in_open_period_fb167",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="ledger_journalentry",
                    when="AFTER",
                ),
            ),
        ),
        AddTrigger(
            model_name="journalentry",
            trigger=pgtrigger.compiler.Trigger(
                name="never_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: journal entries are never changed; reverse them instead' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="9947936b9a8b6a801e1bef4a21e0e985d5e9c29f",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_never_changed_1ce4b",
                    table="ledger_journalentry",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="journalentry",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: journal entries are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="b4b3b94e9c135107b6df1ef771357cfeb58c56ce",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_abe31",
                    table="ledger_journalentry",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="journalentry",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: journal entries are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="fed18001729d081548d831101c983dc0d2927b15",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_37a3d",
                    table="ledger_journalentry",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="journalline",
            trigger=pgtrigger.compiler.Trigger(
                name="balanced",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE refused record; touched record; kept_settings text[];",
                    func="-- The lines of an entry arrive together, with its date and currency, on accounts of its entity, and balance.\nSELECT s.entry_id, s.difference, s.base_difference INTO refused FROM (\n    SELECT\n        n.entry_id,\n        sum(n.debit) - sum(n.credit) AS difference,\n        sum(n.base_debit) - sum(n.base_credit) AS base_difference,\n        min(n.posted_on) AS first_on, max(n.posted_on) AS last_on,\n        min(n.currency) AS first_currency, max(n.currency) AS last_currency,\n        min(a.entity_id) AS first_entity, max(a.entity_id) AS last_entity\n    FROM new_rows n JOIN ledger_account a ON a.id = n.account_id\n    GROUP BY n.entry_id\n) s\nLEFT JOIN LATERAL (SELECT * FROM ledger_journalentry WHERE id = s.entry_id OFFSET 0) e ON TRUE\nWHERE s.difference <> 0 OR s.base_difference <> 0 OR e.id IS NULL OR e.recorded_at <> statement_timestamp()\n    OR s.first_on <> e.posted_on OR s.last_on <> e.posted_on\n    OR s.first_currency <> e.currency OR s.last_currency <> e.currency\n    OR s.first_entity <> e.entity_id OR s.last_entity <> e.entity_id\nLIMIT 1;\nIF FOUND AND (refused.difference <> 0 OR refused.base_difference <> 0) THEN\n    RAISE EXCEPTION 'o2c: entry % is out of balance by % (% in the currency of the books)',\n        refused.entry_id, refused.difference, refused.base_difference\n        USING CONSTRAINT = 'debits_equal_credits', ERRCODE = 'check_violation';\nELSIF FOUND THEN\n    RAISE EXCEPTION 'o2c: a line of entry % comes late, or has another date, currency or entity', refused.entry_id\n        USING CONSTRAINT = 'lines_fit_their_entry', ERRCODE = 'check_violation';\nEND IF;\n\nRETURN NULL;",
                    hash="408e3f86158ce0d654553132e7c2042270d65d99",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_balanced_21f56",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="ledger_journalline",
                    when="AFTER",
                ),
            ),
        ),
        AddTrigger(
            model_name="journalline",
            trigger=pgtrigger.compiler.Trigger(
                name="in_open_days",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE refused record; touched record; kept_settings text[];",
                    func="-- Nothing is posted to an account at a bank on a day whose reconciliation is signed.\n-- The accounts stay share-locked until the transaction ends: signing a day waits for what is being posted into it.\nPERFORM 1 FROM ledger_account a\nWHERE a.role = 'bank' AND a.id IN (SELECT account_id FROM new_rows)\nORDER BY a.id FOR SHARE;\n\nSELECT to_char(n.posted_on, 'FMDD Mon YYYY') AS day, a.code || ' ' || a.name AS account INTO refused\nFROM new_rows n\nJOIN ledger_account a ON a.id = n.account_id AND a.role = 'bank'\nJOIN ledger_daylock l ON l.account_id = n.account_id AND l.lifted_at IS NULL\n    AND n.posted_on BETWEEN l.first_on AND l.last_on\nLIMIT 1;\nIF FOUND THEN\n    RAISE EXCEPTION 'o2c: the reconciliation of % is signed for %; date it later, or have that day opened again',\n        refused.account, refused.day\n        USING CONSTRAINT = 'in_open_days', ERRCODE = 'check_violation';\nEND IF;\n\nRETURN NULL;",
                    hash="7879d7cee59e515c5d75050644361bf0784daddf",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_in_open_days_a3137",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="ledger_journalline",
                    when="AFTER",
                ),
            ),
        ),
        AddTrigger(
            model_name="journalline",
            trigger=pgtrigger.compiler.Trigger(
                name="receivables_are_items",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE refused record; touched record; kept_settings text[];",
                    func="-- A line on the receivables account belongs to a customer and is an open item, so that the items are the account.\n-- Only an exchange difference, which has no amount in the document's currency, is a line without an item.\nSELECT n.id INTO refused FROM new_rows n\nJOIN ledger_account a ON a.id = n.account_id AND a.role = 'receivables'\nLEFT JOIN LATERAL (SELECT line_id FROM ledger_openitem WHERE line_id = n.id OFFSET 0) i ON TRUE\nWHERE n.customer_id IS NULL OR (i.line_id IS NULL AND n.debit + n.credit > 0)\nLIMIT 1;\nIF FOUND THEN\n    RAISE EXCEPTION 'o2c: receivables line % has no customer or no open item', refused.id\n        USING CONSTRAINT = 'receivables_are_items', ERRCODE = 'check_violation';\nEND IF;\n\nRETURN NULL;",
                    hash="cbdece9423e13ecbbe9b0a599c2d614a20f6a3cd",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_receivables_are_items_ca2fb",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="ledger_journalline",
                    when="AFTER",
                ),
            ),
        ),
        AddTrigger(
            model_name="journalline",
            trigger=pgtrigger.compiler.Trigger(
                name="never_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: journal lines are never changed; reverse them instead' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="cf57499ec4567ec9769696d3097e7ee1f71af261",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_never_changed_e0c87",
                    table="ledger_journalline",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="journalline",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: journal lines are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="fe6f2901159fa5ebc37e91f7fba07e3365487eb5",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_5153d",
                    table="ledger_journalline",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="journalline",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: journal lines are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="55d64289335e9d8f9fa2f3261df81c37e4581f6b",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_4068b",
                    table="ledger_journalline",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="revaluation",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: revaluations are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="35e2682a79839830c9dc5cb420811efd682aaa5a",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_c4b3c",
                    table="ledger_revaluation",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="revaluation",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: revaluations are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="09535a1cea2a44f815af0c503f385e6dd4ccfaad",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_74d79",
                    table="ledger_revaluation",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="revalueditem",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: revalued items are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="8ad908576a6ff23981fa9b7d87803bbfddf3d2f4",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_bdce0",
                    table="ledger_revalueditem",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="revalueditem",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: revalued items are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="5f2e65198e0b0b983f2379f3e80ec11c7e79b937",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_e9f20",
                    table="ledger_revalueditem",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="openitem",
            trigger=pgtrigger.compiler.Trigger(
                name="is_its_line",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE refused record; touched record; kept_settings text[];",
                    func="-- An open item repeats its journal line and starts wholly open.\nSELECT n.number INTO refused FROM new_rows n\nLEFT JOIN LATERAL (SELECT * FROM ledger_journalline WHERE id = n.line_id OFFSET 0) l ON TRUE\nLEFT JOIN LATERAL (SELECT * FROM ledger_journalentry WHERE id = l.entry_id OFFSET 0) e ON TRUE\nLEFT JOIN LATERAL (SELECT entity_id FROM customers_customer WHERE id = n.customer_id OFFSET 0) c ON TRUE\nLEFT JOIN ledger_account a ON a.id = l.account_id\nWHERE NOT coalesce(\n    a.role = 'receivables'\n    AND n.entity_id = e.entity_id AND n.entity_id = c.entity_id AND n.customer_id = l.customer_id\n    AND n.posted_on = l.posted_on AND n.recorded_at = e.recorded_at AND n.currency = e.currency\n    AND n.amount = CASE n.side WHEN 'debit' THEN l.debit ELSE l.credit END\n    AND n.base_amount = CASE n.side WHEN 'debit' THEN l.base_debit ELSE l.base_credit END\n    AND n.open_amount = n.amount,\n    FALSE\n)\nLIMIT 1;\nIF FOUND THEN\n    RAISE EXCEPTION 'o2c: open item % differs from its receivables line', refused.number\n        USING CONSTRAINT = 'item_is_its_line', ERRCODE = 'check_violation';\nEND IF;\n\nRETURN NULL;",
                    hash="5e51123b34e89f9b715f5dbeeac5caa18384a4f5",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_is_its_line_fbb88",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="ledger_openitem",
                    when="AFTER",
                ),
            ),
        ),
        AddTrigger(
            model_name="openitem",
            trigger=pgtrigger.compiler.Trigger(
                name="never_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: open items are never changed; reverse them instead' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="092f275c32a142f305d7d6e17814f116525208d8",
                    level="STATEMENT",
                    operation='UPDATE OF "line_id", "entity_id", "customer_id", "number", "kind", "side", "document_on", "due_on", "posted_on", "recorded_at", "currency", "amount", "base_amount", "purchase_order", "reference"',
                    pgid="pgtrigger_never_changed_ea622",
                    table="ledger_openitem",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="openitem",
            trigger=pgtrigger.compiler.Trigger(
                name="open_amount_by_allocation",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (pg_trigger_depth() = 0)",
                    func="RAISE EXCEPTION 'o2c: open amounts change by allocation only' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="0e306837766591da789d29445e4ccc60ea327f49",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_open_amount_by_allocation_67f7a",
                    table="ledger_openitem",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="openitem",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: open items are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="00af6a198e474a88f4f1497b5d527c2042c91cad",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_e9c89",
                    table="ledger_openitem",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="openitem",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: open items are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="f7835a0042fe97b02b2dd2f593fa0b61e6f1bd29",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_a13eb",
                    table="ledger_openitem",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="bankclaim",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.item_id IS DISTINCT FROM OLD.item_id OR NEW.reference IS DISTINCT FROM OLD.reference OR NEW.reason IS DISTINCT FROM OLD.reason OR NEW.claimed_on IS DISTINCT FROM OLD.claimed_on OR NEW.opened_by_id IS DISTINCT FROM OLD.opened_by_id THEN\n                RAISE EXCEPTION 'o2c: claims at banks keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="f73d11394167e307026f4eca1b6e30a61c67ce9d",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_f718c",
                    table="ledger_bankclaim",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="bankclaim",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: claims at banks are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="4169aa737aacb19fad6f5c3ff328ebf6bba25d33",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_ec00b",
                    table="ledger_bankclaim",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="bankclaim",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: claims at banks are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="31253927bc568b8712f4a3455dc10d3e4f04738c",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_81aca",
                    table="ledger_bankclaim",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="allocation",
            trigger=pgtrigger.compiler.Trigger(
                name="a_fits_its_items",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE refused record; touched record; kept_settings text[];",
                    func="-- A credit settles a debit of the same customer, entity and currency, and not before both were there.\nSELECT d.number AS debit, c.number AS credit INTO refused FROM new_rows n\nLEFT JOIN LATERAL (SELECT * FROM ledger_openitem WHERE line_id = n.debit_item_id OFFSET 0) d ON TRUE\nLEFT JOIN LATERAL (SELECT * FROM ledger_openitem WHERE line_id = n.credit_item_id OFFSET 0) c ON TRUE\nWHERE NOT coalesce(\n    d.side = 'debit' AND c.side = 'credit'\n    AND d.customer_id = c.customer_id AND d.entity_id = c.entity_id AND d.currency = c.currency\n    AND n.allocated_on >= d.posted_on AND n.allocated_on >= c.posted_on\n    AND n.recorded_at = statement_timestamp(),\n    FALSE\n)\nLIMIT 1;\nIF FOUND THEN\n    RAISE EXCEPTION 'o2c: % cannot settle %: customer, currency, side or date differ', refused.credit, refused.debit\n        USING CONSTRAINT = 'allocation_fits_its_items', ERRCODE = 'check_violation';\nEND IF;\n\n-- What undoes an allocation mirrors it, and comes no earlier.\nSELECT n.reverses_id INTO refused FROM new_rows n\nLEFT JOIN LATERAL (SELECT * FROM ledger_allocation WHERE id = n.reverses_id OFFSET 0) r ON TRUE\nWHERE n.reverses_id IS NOT NULL AND NOT coalesce(\n    r.reverses_id IS NULL AND r.amount = -n.amount\n    AND r.debit_item_id = n.debit_item_id AND r.credit_item_id = n.credit_item_id\n    AND r.debit_base = -n.debit_base AND r.credit_base = -n.credit_base\n    AND r.allocated_on <= n.allocated_on,\n    FALSE\n)\nLIMIT 1;\nIF FOUND THEN\n    RAISE EXCEPTION 'o2c: the reversal of allocation % does not mirror it', refused.reverses_id\n        USING CONSTRAINT = 'reversal_mirrors_its_allocation', ERRCODE = 'check_violation';\nEND IF;\n\n-- A difference in value is posted: the same day, to the same receivables account, for the same customer.\nSELECT n.exchange_entry_id AS entry_id INTO refused FROM new_rows n\nLEFT JOIN LATERAL (\n    SELECT l.base_debit - l.base_credit AS gain\n    FROM ledger_openitem d\n    JOIN ledger_journalline own ON own.id = d.line_id\n    JOIN ledger_journalentry e ON e.id = n.exchange_entry_id\n    JOIN ledger_journalline l ON l.entry_id = e.id\n    WHERE d.line_id = n.debit_item_id AND e.currency = d.currency AND e.posted_on = n.allocated_on\n        AND l.account_id = own.account_id AND l.customer_id = d.customer_id AND l.debit + l.credit = 0\n    OFFSET 0\n) posted ON TRUE\nWHERE n.exchange_entry_id IS NOT NULL AND posted.gain IS DISTINCT FROM n.credit_base - n.debit_base\nLIMIT 1;\nIF FOUND THEN\n    RAISE EXCEPTION 'o2c: entry % is not the exchange difference of its allocation', refused.entry_id\n        USING CONSTRAINT = 'difference_fits_its_allocation', ERRCODE = 'check_violation';\nEND IF;\n\nRETURN NULL;",
                    hash="4cdd922ea4537b48d74f1c802cfee201ed3a39fd",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_a_fits_its_items_b6bff",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="ledger_allocation",
                    when="AFTER",
                ),
            ),
        ),
        AddTrigger(
            model_name="allocation",
            trigger=pgtrigger.compiler.Trigger(
                name="b_in_open_period",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE refused record; touched record; kept_settings text[];",
                    func="-- Nothing is dated into a month that is closed or not there, and into a soft-locked one only with a reason.\n-- The months stay share-locked until the transaction ends: closing one waits for what is being posted into it.\nPERFORM 1 FROM ledger_accountingperiod p\nWHERE (p.entity_id, p.starts_on) IN (\n    SELECT d.entity_id, date_trunc('month', d.day)::date FROM (\n        SELECT DISTINCT i.entity_id, n.allocated_on AS day, n.late_reason <> '' AS explained\n        FROM new_rows n JOIN ledger_openitem i ON i.line_id = n.debit_item_id\n    ) d\n)\nORDER BY p.id FOR SHARE;\n\nSELECT d.day, replace(coalesce(p.state, 'missing'), '_', '-') AS state INTO refused FROM (\n    SELECT DISTINCT i.entity_id, n.allocated_on AS day, n.late_reason <> '' AS explained\n        FROM new_rows n JOIN ledger_openitem i ON i.line_id = n.debit_item_id\n) d\nLEFT JOIN ledger_accountingperiod p ON p.entity_id = d.entity_id AND p.starts_on = date_trunc('month', d.day)::date\nWHERE p.id IS NULL OR p.state = 'closed' OR (p.state = 'soft_locked' AND NOT d.explained)\nLIMIT 1;\nIF FOUND THEN\n    RAISE EXCEPTION 'o2c: % lies in a month that is %', refused.day, refused.state\n        USING CONSTRAINT = 'in_open_period', ERRCODE = 'check_violation';\nEND IF;\n\nRETURN NULL;",
                    hash="b62c9a81a7f7d6db38ab21c447cbed189e1d39e7",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_b_in_open_period_cf786",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="ledger_allocation",
                    when="AFTER",
                ),
            ),
        ),
        AddTrigger(
            model_name="allocation",
            trigger=pgtrigger.compiler.Trigger(
                name="c_keeps_open_amounts",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE refused record; touched record; kept_settings text[];",
                    func="-- The one place where the open amount of an item changes. A CHECK on the item refuses less than nothing.\n-- Whoever comes second waits here, and then sees what the first one did.\nPERFORM 1 FROM (\n    SELECT debit_item_id AS id FROM new_rows UNION SELECT credit_item_id FROM new_rows ORDER BY id\n) wanted,\nLATERAL (SELECT 1 FROM ledger_openitem WHERE line_id = wanted.id FOR NO KEY UPDATE) locked;\n\n-- An UPDATE has no LATERAL: the planner is told to find the items by index, also while the table is still small.\nkept_settings := ARRAY[\n    current_setting('enable_seqscan'), current_setting('enable_hashjoin'), current_setting('enable_mergejoin')\n];\nPERFORM set_config('enable_seqscan', 'off', TRUE), set_config('enable_hashjoin', 'off', TRUE),\n    set_config('enable_mergejoin', 'off', TRUE);\nWITH touched AS MATERIALIZED (\n    SELECT s.item_id, s.amount, t.* FROM (\n        SELECT debit_item_id AS item_id, sum(amount) AS amount FROM new_rows GROUP BY debit_item_id\n    ) s,\n    LATERAL (\n        SELECT max(allocated_on) AS last_on, max(recorded_at) AS last_at, bool_or(amount < 0) AS has_reversal\n        FROM ledger_allocation WHERE debit_item_id = s.item_id\n    ) t\n    UNION ALL\n    SELECT s.item_id, s.amount, t.* FROM (\n        SELECT credit_item_id AS item_id, sum(amount) AS amount FROM new_rows GROUP BY credit_item_id\n    ) s,\n    LATERAL (\n        SELECT max(allocated_on) AS last_on, max(recorded_at) AS last_at, bool_or(amount < 0) AS has_reversal\n        FROM ledger_allocation WHERE credit_item_id = s.item_id\n    ) t\n), updated AS (\n    UPDATE ledger_openitem i SET\n        open_amount = i.open_amount - t.amount,\n        settled_on = CASE WHEN i.open_amount = t.amount THEN t.last_on END,\n        settled_recorded_at = CASE WHEN i.open_amount = t.amount THEN t.last_at END\n    FROM touched t WHERE i.line_id = t.item_id\n)\nSELECT bool_or(has_reversal) AS have_reversal, max(last_at) AS last_at INTO touched FROM touched;\nPERFORM set_config('enable_seqscan', kept_settings[1], TRUE), set_config('enable_hashjoin', kept_settings[2], TRUE),\n    set_config('enable_mergejoin', kept_settings[3], TRUE);\n\n-- Whoever waited recorded an earlier time than the one that went first; `known_at` needs them in order.\nIF touched.last_at > statement_timestamp() THEN\n    RAISE EXCEPTION 'o2c: the same item was allocated in this moment; try again'\n        USING CONSTRAINT = 'recorded_in_order', ERRCODE = 'serialization_failure';\nEND IF;\n\n-- An item that a reversal has touched can be over-allocated on a day in the past although it isn't at the end.\nIF touched.have_reversal THEN\n    SELECT i.number, r.allocated_on INTO refused FROM (\n        SELECT debit_item_id AS item_id, allocated_on,\n            sum(amount) OVER (PARTITION BY debit_item_id ORDER BY allocated_on) AS allocated\n        FROM ledger_allocation WHERE debit_item_id IN (SELECT debit_item_id FROM new_rows)\n        UNION ALL\n        SELECT credit_item_id, allocated_on,\n            sum(amount) OVER (PARTITION BY credit_item_id ORDER BY allocated_on)\n        FROM ledger_allocation WHERE credit_item_id IN (SELECT credit_item_id FROM new_rows)\n    ) r\n    JOIN ledger_openitem i ON i.line_id = r.item_id\n    WHERE r.allocated < 0 OR r.allocated > i.amount\n    LIMIT 1;\n    IF FOUND THEN\n        RAISE EXCEPTION 'o2c: on % more than all of % would be allocated', refused.allocated_on, refused.number\n            USING CONSTRAINT = 'never_allocated_beyond_its_amount', ERRCODE = 'check_violation';\n    END IF;\nEND IF;\n\nRETURN NULL;",
                    hash="caa3b83b940f81303de52dceb2582ee8f4d85319",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_c_keeps_open_amounts_c11c3",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="ledger_allocation",
                    when="AFTER",
                ),
            ),
        ),
        AddTrigger(
            model_name="allocation",
            trigger=pgtrigger.compiler.Trigger(
                name="never_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: allocations are never changed; reverse them instead' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="571b500135a1015e2d57202a6643d926d4848d46",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_never_changed_123c3",
                    table="ledger_allocation",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="allocation",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: allocations are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="7e50e12a2d7d5dc7d16618f192f4b600458d8ddc",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_9cb56",
                    table="ledger_allocation",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="allocation",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: allocations are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="2f0025de95caf5c5b9773dc83b4eede295763808",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_94f11",
                    table="ledger_allocation",
                    when="BEFORE",
                ),
            ),
        ),
    ]
