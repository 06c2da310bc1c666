"""The tables of this room as they stood when its first steps were folded into one."""

import uuid
from decimal import Decimal

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
import django.db.models.functions.datetime
import pgtrigger.compiler
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models

import core.fields
from core.migration_operations import AddTrigger, CreateTables

# How much of a schedule's time is left after a month, as invoicing/releases.py weighs months.
FUNCTION = """
CREATE FUNCTION invoicing_income_left(method text, first_on date, last_on date, month_on date) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    WITH months AS (
        SELECT extract(year FROM first_on)::int * 12 + extract(month FROM first_on)::int AS first,
            extract(year FROM last_on)::int * 12 + extract(month FROM last_on)::int AS last,
            coalesce(extract(year FROM month_on)::int * 12 + extract(month FROM month_on)::int, 0) AS done,
            (date_trunc('month', first_on) + interval '1 month')::date AS second_on
    ), begun AS (
        SELECT *, greatest(1, last - first
                + CASE WHEN first_on + make_interval(months => last - first) <= last_on THEN 1 ELSE 0 END) AS whole,
            CASE WHEN method = 'monthly_half' AND extract(day FROM first_on) > 15 AND last_on >= second_on
                THEN 1 ELSE 0 END AS later
        FROM months
    )
    SELECT CASE
        WHEN last_on < first_on THEN 0
        WHEN method = 'daily' THEN greatest(0, last_on - greatest(
            first_on - 1, coalesce((date_trunc('month', month_on) + interval '1 month')::date - 1, first_on - 1)
        ))::numeric
        WHEN method = 'monthly_prorata' THEN CASE
            WHEN done >= last THEN 0
            WHEN first = last THEN (last_on - first_on + 1)::numeric
                / (second_on - date_trunc('month', first_on)::date)
            ELSE extract(day FROM last_on)
                    / extract(day FROM date_trunc('month', last_on) + interval '1 month' - interval '1 day')
                + last - greatest(done, first) - 1
                + CASE WHEN done < first
                    THEN (second_on - first_on)::numeric / (second_on - date_trunc('month', first_on)::date)
                    ELSE 0 END
            END
        WHEN method = 'monthly_half' THEN greatest(0, least(
            least(whole, last - first - later + 1), first + later + least(whole, last - first - later + 1) - 1 - done
        ))::numeric
        ELSE greatest(0, least(whole, first + whole - 1 - done))::numeric
    END FROM begun
$$
"""


class Migration(migrations.Migration):
    replaces = [
        ("invoicing", "0001_initial"),
        ("invoicing", "0002_contracts_billed_days_and_deferrals"),
        ("invoicing", "0003_intake_of_contracts_and_their_papers"),
        ("invoicing", "0004_what_a_fixed_price_is_for"),
        ("invoicing", "0005_billing_runs_and_their_exceptions"),
        ("invoicing", "0006_corrections_and_signed_deferrals"),
        ("invoicing", "0007_parties_say_how_they_are_reached"),
        ("invoicing", "0008_tax_rules_and_structured_invoices"),
        ("invoicing", "0009_how_much_time_a_schedule_has_left"),
        ("invoicing", "0010_links_of_customers_and_uploads"),
        ("invoicing", "0011_refunds_and_what_shows_the_reason"),
        ("invoicing", "0012_card_surcharges"),
        ("invoicing", "0013_credit_notes_of_other_programs_are_not_billed_anew"),
        ("invoicing", "0014_amendments_keep_their_working"),
        ("invoicing", "0015_which_bills_were_final"),
        ("invoicing", "0016_links_open_credit_notes_too"),
    ]

    initial = True

    dependencies = [
        ("controls", "0001_tables"),
        ("core", "0001_tables"),
        ("customers", "0001_tables"),
        ("ledger", "0001_tables"),
    ]

    operations = [
        BtreeGistExtension(),
        CreateTables(
            tables=[
                migrations.CreateModel(
                    name="Adjustment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "side",
                            models.CharField(
                                choices=[("debit", "Debit"), ("credit", "Credit")],
                                help_text="Debit: the customer owes more.",
                                max_length=6,
                            ),
                        ),
                        ("currency", core.fields.CurrencyField()),
                        ("amount", core.fields.AmountField()),
                        ("reason", models.CharField(max_length=300)),
                        (
                            "number",
                            models.CharField(
                                editable=False, help_text="Given when it is posted.", max_length=60, null=True
                            ),
                        ),
                        ("posted_on", models.DateField(editable=False, null=True)),
                        (
                            "drafted_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("request_id", models.CharField(editable=False, max_length=64, null=True)),
                        ("request_hash", models.CharField(blank=True, editable=False, max_length=64)),
                        (
                            "reason_code",
                            models.CharField(
                                choices=[
                                    ("discount", "Discount agreed"),
                                    ("bank_charges", "Bank charges"),
                                    ("small_difference", "Small difference"),
                                    ("rounding", "Rounding"),
                                    ("interest", "Late-payment interest"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="%(class)ss",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "drafted_by",
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
                            "entry",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ledger.journalentry",
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
                            "item",
                            models.ForeignKey(
                                help_text="The item that it changes.",
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="%(class)ss",
                                to="ledger.openitem",
                            ),
                        ),
                        (
                            "own_item",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="%(class)s",
                                to="ledger.openitem",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-pk",),
                        "abstract": False,
                        "constraints": [
                            models.UniqueConstraint(fields=("entity", "number"), name="one_adjustment_a_number"),
                            models.UniqueConstraint(fields=("entity", "request_id"), name="one_adjustment_a_request"),
                            models.CheckConstraint(
                                condition=models.Q(("amount__gt", 0)), name="an_adjustment_has_an_amount"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("entry__isnull", False),
                                        ("number__isnull", False),
                                        ("own_item__isnull", False),
                                        ("posted_on__isnull", False),
                                    ),
                                    models.Q(
                                        ("entry", None), ("number", None), ("own_item", None), ("posted_on", None)
                                    ),
                                    _connector="OR",
                                ),
                                name="an_adjustment_is_posted_whole",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BillingChecks",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "amount_percent",
                            models.PositiveSmallIntegerField(
                                default=25,
                                help_text="Difference from the last period in per cent.",
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(1000),
                                ],
                            ),
                        ),
                        (
                            "quantity_percent",
                            models.PositiveSmallIntegerField(
                                default=25,
                                help_text="The same.",
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(1000),
                                ],
                            ),
                        ),
                        (
                            "least_amount",
                            core.fields.AmountField(
                                default=Decimal("50"),
                                help_text="Smaller differences are never asked about.",
                                validators=[django.core.validators.MinValueValidator(0)],
                            ),
                        ),
                        (
                            "duplicate_days",
                            models.PositiveSmallIntegerField(
                                default=20,
                                help_text="How far back an equal invoice is looked for.",
                                validators=[django.core.validators.MaxValueValidator(366)],
                            ),
                        ),
                        (
                            "entity",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="billing_checks",
                                to="core.legalentity",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "billing checks",
                    },
                ),
                migrations.CreateModel(
                    name="BillingRun",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "billed_through",
                            models.DateField(help_text="Everything that is due by the end of this day."),
                        ),
                        ("invoice_on", models.DateField(help_text="The day on the invoices.")),
                        (
                            "kinds",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("order", "New orders"),
                                        ("renewal", "Renewals"),
                                        ("added_users", "Added users"),
                                        ("recurring", "Recurring"),
                                        ("usage", "Usage"),
                                        ("final", "Finals of customers who leave"),
                                    ],
                                    max_length=12,
                                ),
                                size=None,
                            ),
                        ),
                        (
                            "figures",
                            models.JSONField(
                                default=dict, help_text="What the last check found, per kind and currency."
                            ),
                        ),
                        ("checked_at", models.DateTimeField(null=True)),
                        (
                            "prepared_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "request_id",
                            models.CharField(help_text="Of the form that asked; each prepares one run.", max_length=64),
                        ),
                        (
                            "entity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.legalentity"
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
                            "run",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="billing_run",
                                to="core.run",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-pk",),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("entity", "request_id"), name="a_billing_run_is_prepared_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("kinds__len__gt", 0)), name="a_billing_run_bills_something"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BulkCredit",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "reason_code",
                            models.CharField(
                                choices=[
                                    ("price", "Wrong price"),
                                    ("quantity", "Wrong quantity"),
                                    ("return", "Goods returned"),
                                    ("service", "Not or badly delivered"),
                                    ("cancellation", "Order or contract cancelled"),
                                    ("duplicate", "Invoiced twice"),
                                    ("tax", "Wrong tax"),
                                    ("goodwill", "Goodwill"),
                                    ("other", "Other"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("reason", models.CharField(help_text="Printed on each credit note.", max_length=300)),
                        ("total", core.fields.AmountField(help_text="In the entity's currency.")),
                        (
                            "issued_on",
                            models.DateField(editable=False, help_text="The day on its credit notes.", null=True),
                        ),
                        (
                            "drafted_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("request_id", models.CharField(editable=False, max_length=64, null=True)),
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
                            "drafted_by",
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
                            "file",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.storedfile",
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
                        "ordering": ("-pk",),
                        "constraints": [
                            models.UniqueConstraint(fields=("entity", "request_id"), name="one_bulk_credit_a_request"),
                            models.CheckConstraint(
                                condition=models.Q(("total__gt", 0)), name="a_bulk_credit_has_an_amount"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("decided_by", None), ("issued_on", None)),
                                    models.Q(("decided_by__isnull", False), ("issued_on__isnull", False)),
                                    _connector="OR",
                                ),
                                name="a_bulk_credit_is_decided_whole",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Contract",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.CharField(editable=False, max_length=60)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("subscription", "Subscription"),
                                    ("lease", "Lease"),
                                    ("service", "Recurring service"),
                                    ("order", "Order, billed once"),
                                ],
                                default="subscription",
                                max_length=12,
                            ),
                        ),
                        (
                            "source",
                            models.CharField(
                                default="form",
                                help_text="Where it came from: form, file, api, salesforce.",
                                max_length=30,
                            ),
                        ),
                        (
                            "source_id",
                            models.CharField(
                                blank=True,
                                help_text="The id in the system that it came from; each comes in once.",
                                max_length=120,
                                null=True,
                            ),
                        ),
                        (
                            "content_hash",
                            models.CharField(
                                blank=True,
                                default="",
                                editable=False,
                                help_text="Tells a repeated one from another.",
                                max_length=64,
                            ),
                        ),
                        ("currency", core.fields.CurrencyField()),
                        (
                            "language",
                            models.CharField(
                                blank=True,
                                choices=[("en", "English"), ("de", "Deutsch"), ("fr", "Français"), ("es", "Español")],
                                help_text="Left empty: the customer's.",
                                max_length=8,
                            ),
                        ),
                        ("purchase_order", models.CharField(blank=True, max_length=60)),
                        ("text", models.TextField(blank=True, help_text="Printed on every invoice.", max_length=2000)),
                        ("starts_on", models.DateField()),
                        (
                            "ends_on",
                            models.DateField(
                                blank=True, help_text="The last day; left empty, until it is ended.", null=True
                            ),
                        ),
                        ("notice_days", models.PositiveSmallIntegerField(default=0)),
                        (
                            "renews",
                            models.BooleanField(
                                default=False, help_text="Goes on for another term unless somebody gives notice."
                            ),
                        ),
                        ("renewal_months", models.PositiveSmallIntegerField(default=12)),
                        (
                            "indexation_percent",
                            models.DecimalField(
                                blank=True,
                                decimal_places=3,
                                help_text="How much prices rise when it is renewed.",
                                max_digits=6,
                                null=True,
                            ),
                        ),
                        ("notice_given_on", models.DateField(editable=False, null=True)),
                        (
                            "activated_at",
                            models.DateTimeField(
                                editable=False, help_text="Empty: a draft that bills nothing.", null=True
                            ),
                        ),
                        (
                            "drafted_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="contracts",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "drafted_by",
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
                            "terms",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="customers.paymentterms",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-pk",),
                        "indexes": [
                            models.Index(fields=["entity", "ends_on"], name="contracts_by_end"),
                            models.Index(fields=["customer", "-starts_on"], name="contracts_of_a_customer"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("entity", "number"), name="one_contract_a_number"),
                            models.UniqueConstraint(
                                fields=("entity", "source", "source_id"), name="a_contract_comes_in_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                                ),
                                name="a_contract_ends_after_it_begins",
                                violation_error_message="The contract can't end before it begins.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("renews", False),
                                    models.Q(("ends_on__isnull", False), ("renewal_months__gt", 0)),
                                    _connector="OR",
                                ),
                                name="what_renews_has_an_end",
                                violation_error_message="A contract that renews needs the last day of its term.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Amendment",
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
                                    ("add", "Added users or products"),
                                    ("remove", "Removed users or products"),
                                    ("price", "Price change"),
                                    ("upgrade", "Upgrade"),
                                    ("early_end", "Early end"),
                                    ("buy_out", "Lease buy-out"),
                                    ("renewal", "Renewal"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("effective_on", models.DateField(help_text="The first day on which it counts.")),
                        ("source", models.CharField(default="form", max_length=30)),
                        (
                            "source_id",
                            models.CharField(
                                blank=True,
                                help_text="The id in the system that it came from; each comes in once.",
                                max_length=120,
                                null=True,
                            ),
                        ),
                        (
                            "content_hash",
                            models.CharField(
                                editable=False, help_text="Tells a repeated one from another.", max_length=64
                            ),
                        ),
                        ("reason", models.CharField(blank=True, max_length=300)),
                        (
                            "recorded_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
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
                            "contract",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="amendments",
                                to="invoicing.contract",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("contract_id", "pk"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("contract", "source", "source_id"), name="an_amendment_comes_in_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BillingException",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("subject", models.CharField(help_text="Which invoice of the run.", max_length=64)),
                        (
                            "about",
                            models.CharField(help_text="Changes with what the invoice would bill.", max_length=64),
                        ),
                        ("code", models.CharField(max_length=30)),
                        ("message", models.TextField()),
                        ("currency", core.fields.CurrencyField()),
                        (
                            "net",
                            core.fields.AmountField(
                                help_text="What the invoice would come to before tax; empty without a price.", null=True
                            ),
                        ),
                        (
                            "found_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("accepted_at", models.DateTimeField(null=True)),
                        ("reason", models.CharField(blank=True, max_length=300)),
                        ("resolved_at", models.DateTimeField(help_text="When a check found it no more.", null=True)),
                        (
                            "accepted_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="customers.customer"
                            ),
                        ),
                        (
                            "billing_run",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="exceptions",
                                to="invoicing.billingrun",
                            ),
                        ),
                        (
                            "contract",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="invoicing.contract"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("pk",),
                        "indexes": [
                            models.Index(
                                condition=models.Q(("accepted_at", None), ("resolved_at", None)),
                                fields=["billing_run"],
                                name="exceptions_still_open",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("billing_run", "subject", "code", "about"), name="an_exception_is_raised_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("accepted_at", None), ("accepted_by", None), ("reason", "")),
                                    models.Q(
                                        ("accepted_at__isnull", False),
                                        ("accepted_by__isnull", False),
                                        models.Q(("reason", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="who_accepts_says_why",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ContractFile",
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
                                    ("signed", "Signed contract"),
                                    ("order_form", "Order form"),
                                    ("purchase_order", "Purchase order"),
                                    ("notice", "Notice"),
                                    ("other", "Other"),
                                ],
                                default="other",
                                max_length=16,
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=200)),
                        (
                            "attached_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "attached_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "contract",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="files",
                                to="invoicing.contract",
                            ),
                        ),
                        (
                            "file",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.storedfile"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-pk",),
                    },
                ),
                migrations.CreateModel(
                    name="ContractIntake",
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
                                    ("orders", "Orders: one row a line of a contract"),
                                    ("amendments", "Amendments and renewals"),
                                    ("usage", "Usage readings"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("columns", models.JSONField(default=dict, help_text="Our field by the file's heading.")),
                        (
                            "decimal_sign",
                            models.CharField(
                                choices=[(".", "A point: 1,234.50"), (",", "A comma: 1.234,50")],
                                default=".",
                                max_length=1,
                            ),
                        ),
                        (
                            "activates",
                            models.BooleanField(
                                default=False, help_text="Orders become active contracts where nothing is missing."
                            ),
                        ),
                        (
                            "uploaded_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
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
                            "run",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.run"
                            ),
                        ),
                        (
                            "uploaded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-pk",),
                    },
                ),
                migrations.CreateModel(
                    name="FinalsDeclaration",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("month_on", models.DateField(help_text="The first of the month.")),
                        (
                            "reason",
                            models.CharField(
                                blank=True, help_text="Why it was declared although something was open.", max_length=300
                            ),
                        ),
                        ("declared_on", models.DateField()),
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
                    ],
                    options={
                        "ordering": ("-month_on", "-pk"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("entity", "month_on"), name="a_months_finals_are_declared_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("month_on__day", 1)), name="finals_name_their_month"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="IntakeMapping",
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
                                    ("orders", "Orders: one row a line of a contract"),
                                    ("amendments", "Amendments and renewals"),
                                    ("usage", "Usage readings"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("name", models.CharField(max_length=60)),
                        ("columns", models.JSONField(help_text="Our field by the file's heading.")),
                        (
                            "decimal_sign",
                            models.CharField(
                                choices=[(".", "A point: 1,234.50"), (",", "A comma: 1.234,50")],
                                default=".",
                                max_length=1,
                            ),
                        ),
                        ("saved_at", models.DateTimeField(auto_now=True)),
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
                            models.UniqueConstraint(
                                fields=("entity", "kind", "name"), name="one_intake_mapping_of_a_name"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Party",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("digest", models.CharField(editable=False, max_length=64)),
                        ("code", models.CharField(max_length=30)),
                        ("name", models.CharField(max_length=200)),
                        ("address_lines", models.TextField(blank=True)),
                        ("country", models.CharField(blank=True, max_length=2)),
                        ("tax_number", models.CharField(blank=True, max_length=30)),
                        ("registration_number", models.CharField(blank=True, max_length=60)),
                        ("email", models.CharField(blank=True, max_length=254)),
                        ("phone", models.CharField(blank=True, db_default="", default="", max_length=40)),
                        ("postcode", models.CharField(blank=True, db_default="", default="", max_length=20)),
                        ("city", models.CharField(blank=True, db_default="", default="", max_length=80)),
                        ("region", models.CharField(blank=True, db_default="", default="", max_length=80)),
                        ("electronic_scheme", models.CharField(blank=True, db_default="", default="", max_length=4)),
                        ("electronic_address", models.CharField(blank=True, db_default="", default="", max_length=60)),
                        ("buyer_reference", models.CharField(blank=True, db_default="", default="", max_length=60)),
                        (
                            "entity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.legalentity"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "parties",
                        "constraints": [
                            models.UniqueConstraint(fields=("entity", "digest"), name="a_party_is_kept_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Invoice",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "number",
                            models.CharField(
                                editable=False, help_text="Given when it is issued.", max_length=60, null=True
                            ),
                        ),
                        ("issued_on", models.DateField(editable=False, null=True)),
                        ("currency", core.fields.CurrencyField()),
                        (
                            "language",
                            models.CharField(
                                choices=[("en", "English"), ("de", "Deutsch"), ("fr", "Français"), ("es", "Español")],
                                default="en",
                                max_length=8,
                            ),
                        ),
                        ("purchase_order", models.CharField(blank=True, max_length=60)),
                        ("text", models.TextField(blank=True, help_text="Printed above the lines.", max_length=2000)),
                        ("net", core.fields.AmountField(default=Decimal("0"), editable=False)),
                        ("tax", core.fields.AmountField(default=Decimal("0"), editable=False)),
                        ("gross", core.fields.AmountField(default=Decimal("0"), editable=False)),
                        (
                            "rate",
                            models.DecimalField(
                                decimal_places=8,
                                editable=False,
                                help_text="To the entity's currency.",
                                max_digits=18,
                                null=True,
                            ),
                        ),
                        (
                            "base_tax",
                            core.fields.AmountField(
                                editable=False, help_text="The tax in the entity's currency.", null=True
                            ),
                        ),
                        (
                            "is_imported",
                            models.BooleanField(default=False, editable=False, help_text="Issued by another program."),
                        ),
                        (
                            "drafted_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "version",
                            models.PositiveIntegerField(
                                default=1, editable=False, help_text="Counts the changes of a draft."
                            ),
                        ),
                        ("request_id", models.CharField(editable=False, max_length=64, null=True)),
                        ("request_hash", models.CharField(blank=True, editable=False, max_length=64)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("order", "New order"),
                                    ("renewal", "Renewal"),
                                    ("added_users", "Added users"),
                                    ("recurring", "Recurring"),
                                    ("usage", "Usage"),
                                    ("other", "Other"),
                                ],
                                default="order",
                                max_length=12,
                            ),
                        ),
                        ("due_on", models.DateField(editable=False, null=True)),
                        (
                            "reference",
                            models.CharField(
                                blank=True,
                                editable=False,
                                help_text="ISO 11649, made from the number: RF18…",
                                max_length=25,
                            ),
                        ),
                        ("service_from", models.DateField(blank=True, null=True)),
                        ("service_until", models.DateField(blank=True, null=True)),
                        ("cost_centre", models.CharField(blank=True, db_default="", default="", max_length=60)),
                        (
                            "is_final",
                            models.BooleanField(
                                db_default=False,
                                default=False,
                                help_text="The last invoice of a customer who leaves; collections follows it apart.",
                            ),
                        ),
                        (
                            "is_consolidated",
                            models.BooleanField(
                                db_default=False,
                                default=False,
                                help_text="Bills several contracts or orders of a customer together.",
                            ),
                        ),
                        (
                            "billing_run",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="invoices",
                                to="invoicing.billingrun",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "drafted_by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
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
                        (
                            "entry",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="%(class)s",
                                to="ledger.journalentry",
                            ),
                        ),
                        (
                            "item",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="%(class)s",
                                to="ledger.openitem",
                            ),
                        ),
                        (
                            "pdf",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.storedfile",
                            ),
                        ),
                        (
                            "terms",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="customers.paymentterms",
                            ),
                        ),
                        (
                            "buyer",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="invoicing.party",
                            ),
                        ),
                        (
                            "seller",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="invoicing.party",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-pk",),
                        "abstract": False,
                        "indexes": [
                            models.Index(
                                condition=models.Q(("billing_run__isnull", False)),
                                fields=["billing_run"],
                                name="invoices_of_a_billing_run",
                            ),
                            models.Index(fields=["entity", "-issued_on", "-id"], name="invoices_by_day"),
                            models.Index(fields=["customer", "-issued_on"], name="invoices_of_a_customer"),
                            models.Index(
                                condition=models.Q(("number", None)), fields=["entity", "-id"], name="invoice_drafts"
                            ),
                            models.Index(
                                condition=models.Q(("is_imported", False), ("number__isnull", False), ("pdf", None)),
                                fields=["id"],
                                name="invoices_to_print",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("entity", "number"), name="one_invoice_a_number"),
                            models.UniqueConstraint(fields=("entity", "request_id"), name="one_invoice_a_request"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "gross",
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("net"), "+", models.F("tax")
                                        ),
                                    )
                                ),
                                name="invoice_gross_is_net_and_tax",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("base_tax__isnull", False),
                                        ("buyer__isnull", False),
                                        ("entry__isnull", False),
                                        ("gross__gt", 0),
                                        ("issued_on__isnull", False),
                                        ("item__isnull", False),
                                        ("number__isnull", False),
                                        ("rate__isnull", False),
                                        ("seller__isnull", False),
                                    ),
                                    models.Q(
                                        ("base_tax", None),
                                        ("buyer", None),
                                        ("entry", None),
                                        ("issued_on", None),
                                        ("item", None),
                                        ("number", None),
                                        ("pdf", None),
                                        ("rate", None),
                                        ("seller", None),
                                    ),
                                    _connector="OR",
                                ),
                                name="invoice_is_issued_whole",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("due_on", None), ("number", None)),
                                    ("due_on__gte", models.F("issued_on")),
                                    _connector="OR",
                                ),
                                name="due_on_or_after_its_day",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("service_until", None),
                                    ("service_until__gte", models.F("service_from")),
                                    _connector="OR",
                                ),
                                name="invoice_service_ends_after_it_begins",
                                violation_error_message="The service period can't end before it begins.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CreditNote",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "number",
                            models.CharField(
                                editable=False, help_text="Given when it is issued.", max_length=60, null=True
                            ),
                        ),
                        ("issued_on", models.DateField(editable=False, null=True)),
                        ("currency", core.fields.CurrencyField()),
                        (
                            "language",
                            models.CharField(
                                choices=[("en", "English"), ("de", "Deutsch"), ("fr", "Français"), ("es", "Español")],
                                default="en",
                                max_length=8,
                            ),
                        ),
                        ("purchase_order", models.CharField(blank=True, max_length=60)),
                        ("text", models.TextField(blank=True, help_text="Printed above the lines.", max_length=2000)),
                        ("net", core.fields.AmountField(default=Decimal("0"), editable=False)),
                        ("tax", core.fields.AmountField(default=Decimal("0"), editable=False)),
                        ("gross", core.fields.AmountField(default=Decimal("0"), editable=False)),
                        (
                            "rate",
                            models.DecimalField(
                                decimal_places=8,
                                editable=False,
                                help_text="To the entity's currency.",
                                max_digits=18,
                                null=True,
                            ),
                        ),
                        (
                            "base_tax",
                            core.fields.AmountField(
                                editable=False, help_text="The tax in the entity's currency.", null=True
                            ),
                        ),
                        (
                            "is_imported",
                            models.BooleanField(default=False, editable=False, help_text="Issued by another program."),
                        ),
                        (
                            "drafted_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "version",
                            models.PositiveIntegerField(
                                default=1, editable=False, help_text="Counts the changes of a draft."
                            ),
                        ),
                        ("request_id", models.CharField(editable=False, max_length=64, null=True)),
                        ("request_hash", models.CharField(blank=True, editable=False, max_length=64)),
                        (
                            "reason_code",
                            models.CharField(
                                choices=[
                                    ("price", "Wrong price"),
                                    ("quantity", "Wrong quantity"),
                                    ("return", "Goods returned"),
                                    ("service", "Not or badly delivered"),
                                    ("cancellation", "Order or contract cancelled"),
                                    ("duplicate", "Invoiced twice"),
                                    ("tax", "Wrong tax"),
                                    ("goodwill", "Goodwill"),
                                    ("other", "Other"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("reason", models.CharField(help_text="Printed on the credit note.", max_length=300)),
                        (
                            "rebills",
                            models.BooleanField(
                                db_default=False,
                                default=False,
                                editable=False,
                                help_text="Issuing it writes a draft with the lines of its invoice.",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "drafted_by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
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
                        (
                            "entry",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="%(class)s",
                                to="ledger.journalentry",
                            ),
                        ),
                        (
                            "file",
                            models.ForeignKey(
                                db_index=False,
                                help_text="What shows that the reason is true.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.storedfile",
                            ),
                        ),
                        (
                            "item",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="%(class)s",
                                to="ledger.openitem",
                            ),
                        ),
                        (
                            "pdf",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.storedfile",
                            ),
                        ),
                        (
                            "invoice",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="credit_notes",
                                to="invoicing.invoice",
                            ),
                        ),
                        (
                            "buyer",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="invoicing.party",
                            ),
                        ),
                        (
                            "seller",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="invoicing.party",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-pk",),
                        "abstract": False,
                        "indexes": [
                            models.Index(fields=["entity", "-issued_on", "-id"], name="credit_notes_by_day"),
                            models.Index(fields=["customer", "-issued_on"], name="credit_notes_of_a_customer"),
                            models.Index(
                                condition=models.Q(("is_imported", False), ("number__isnull", False), ("pdf", None)),
                                fields=["id"],
                                name="credit_notes_to_print",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("entity", "number"), name="one_creditnote_a_number"),
                            models.UniqueConstraint(fields=("entity", "request_id"), name="one_creditnote_a_request"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "gross",
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("net"), "+", models.F("tax")
                                        ),
                                    )
                                ),
                                name="creditnote_gross_is_net_and_tax",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("base_tax__isnull", False),
                                        ("buyer__isnull", False),
                                        ("entry__isnull", False),
                                        ("gross__gt", 0),
                                        ("issued_on__isnull", False),
                                        ("item__isnull", False),
                                        ("number__isnull", False),
                                        ("rate__isnull", False),
                                        ("seller__isnull", False),
                                    ),
                                    models.Q(
                                        ("base_tax", None),
                                        ("buyer", None),
                                        ("entry", None),
                                        ("issued_on", None),
                                        ("item", None),
                                        ("number", None),
                                        ("pdf", None),
                                        ("rate", None),
                                        ("seller", None),
                                    ),
                                    _connector="OR",
                                ),
                                name="creditnote_is_issued_whole",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BulkCreditInvoice",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("gross", core.fields.AmountField()),
                        (
                            "bulk",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="invoices",
                                to="invoicing.bulkcredit",
                            ),
                        ),
                        (
                            "credit_note",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="bulk_credit",
                                to="invoicing.creditnote",
                            ),
                        ),
                        (
                            "invoice",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="invoicing.invoice"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("pk",),
                        "constraints": [
                            models.UniqueConstraint(fields=("bulk", "invoice"), name="an_invoice_is_chosen_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FinalBill",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("left_on", models.DateField(help_text="The last day of the customer's contracts.")),
                        (
                            "declaration",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="finals",
                                to="invoicing.finalsdeclaration",
                            ),
                        ),
                        (
                            "invoice",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="final_bill",
                                to="invoicing.invoice",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("declaration_id", "pk"),
                    },
                ),
                migrations.CreateModel(
                    name="InvoiceLink",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.UUIDField(default=uuid.uuid4, editable=False)),
                        ("key_hash", models.CharField(max_length=64, unique=True)),
                        (
                            "made_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("expires_at", models.DateTimeField()),
                        ("revoked_at", models.DateTimeField(null=True)),
                        (
                            "invoice",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links",
                                to="invoicing.invoice",
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
                        (
                            "revoked_by",
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
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("revoked_at", None)),
                                fields=("invoice",),
                                name="one_link_an_invoice",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LinkAccess",
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
                                    ("opened", "Opened"),
                                    ("pdf", "PDF downloaded"),
                                    ("xml", "Structured invoice downloaded"),
                                    ("refused", "Refused: expired or revoked"),
                                ],
                                max_length=8,
                            ),
                        ),
                        (
                            "network",
                            models.CharField(blank=True, help_text="The address without its last part.", max_length=50),
                        ),
                        ("user_agent", models.CharField(blank=True, max_length=200)),
                        (
                            "at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                help_text="A colleague.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "credit_note",
                            models.ForeignKey(
                                help_text="What was opened; empty: the invoice.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="accesses",
                                to="invoicing.creditnote",
                            ),
                        ),
                        (
                            "link",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="accesses",
                                to="invoicing.invoicelink",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("pk",),
                    },
                ),
                migrations.CreateModel(
                    name="Product",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=30)),
                        ("name", models.CharField(max_length=200)),
                        (
                            "unit",
                            models.CharField(
                                choices=[
                                    ("C62", "Pieces"),
                                    ("HUR", "Hours"),
                                    ("DAY", "Days"),
                                    ("MON", "Months"),
                                    ("ANN", "Years"),
                                    ("KGM", "Kilograms"),
                                    ("MTR", "Metres"),
                                    ("LTR", "Litres"),
                                ],
                                default="C62",
                                max_length=3,
                            ),
                        ),
                        (
                            "tax_class",
                            models.CharField(
                                choices=[
                                    ("standard", "Standard"),
                                    ("reduced", "Reduced"),
                                    ("zero", "Zero rated"),
                                    ("exempt", "Exempt"),
                                ],
                                default="standard",
                                max_length=10,
                            ),
                        ),
                        (
                            "release",
                            models.CharField(
                                choices=[
                                    ("immediate", "At once"),
                                    ("daily", "Day by day"),
                                    ("monthly_full", "Monthly, the first month in full"),
                                    ("monthly_half", "Monthly, from the month it begins in up to the 15th"),
                                    ("monthly_prorata", "Monthly, first and last month by days"),
                                ],
                                default="daily",
                                max_length=16,
                            ),
                        ),
                        (
                            "list_price",
                            core.fields.AmountField(
                                blank=True, help_text="For a year or a piece; contracts have their own.", null=True
                            ),
                        ),
                        ("currency", core.fields.CurrencyField(blank=True)),
                        ("is_active", models.BooleanField(default=True)),
                        (
                            "entity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.legalentity"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("name", "pk"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("entity", "code"),
                                name="one_product_a_code",
                                violation_error_message="Another product of this company has that code.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("list_price", None),
                                    models.Q(("list_price__gte", 0), models.Q(("currency", ""), _negated=True)),
                                    _connector="OR",
                                ),
                                name="a_list_price_has_its_currency",
                                violation_error_message="A list price is not negative and has a currency.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ContractLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField()),
                        ("description", models.CharField(max_length=300)),
                        (
                            "quantity",
                            models.DecimalField(
                                decimal_places=4,
                                default=Decimal("1"),
                                max_digits=14,
                                validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                            ),
                        ),
                        (
                            "unit_price",
                            models.DecimalField(
                                blank=True,
                                decimal_places=6,
                                help_text="For one unit and one cycle, before tax; empty while it is not agreed.",
                                max_digits=18,
                                null=True,
                                validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                            ),
                        ),
                        (
                            "discount_percent",
                            models.DecimalField(
                                decimal_places=2,
                                default=Decimal("0"),
                                max_digits=5,
                                validators=[
                                    django.core.validators.MinValueValidator(Decimal("0")),
                                    django.core.validators.MaxValueValidator(100),
                                ],
                            ),
                        ),
                        (
                            "tiering",
                            models.CharField(
                                choices=[
                                    ("none", "One price"),
                                    ("volume", "All units at the tier's price"),
                                    ("graduated", "Each unit at its own tier's price"),
                                ],
                                default="none",
                                max_length=10,
                            ),
                        ),
                        (
                            "cycle",
                            models.CharField(
                                choices=[
                                    ("monthly", "Monthly"),
                                    ("quarterly", "Quarterly"),
                                    ("annual", "Annually"),
                                    ("fixed", "Once for all its days"),
                                    ("usage", "Monthly by usage"),
                                ],
                                default="annual",
                                max_length=10,
                            ),
                        ),
                        (
                            "timing",
                            models.CharField(
                                choices=[("advance", "In advance"), ("arrears", "In arrears")],
                                default="advance",
                                max_length=8,
                            ),
                        ),
                        (
                            "anchor_on",
                            models.DateField(
                                help_text="A day on which a cycle begins; the contract's start unless agreed."
                            ),
                        ),
                        ("starts_on", models.DateField()),
                        ("ends_on", models.DateField(blank=True, help_text="The last day that is billed.", null=True)),
                        (
                            "priced_until",
                            models.DateField(
                                editable=False, help_text="The last day that a fixed price is for.", null=True
                            ),
                        ),
                        ("cost_centre", models.CharField(blank=True, max_length=60)),
                        (
                            "contract",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lines",
                                to="invoicing.contract",
                            ),
                        ),
                        (
                            "ended_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lines_ended",
                                to="invoicing.amendment",
                            ),
                        ),
                        (
                            "follows",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="followed_by",
                                to="invoicing.contractline",
                            ),
                        ),
                        (
                            "made_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lines_made",
                                to="invoicing.amendment",
                            ),
                        ),
                        (
                            "product",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="invoicing.product"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("contract_id", "position"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("contract", "position"), name="one_contract_line_a_position"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("quantity__gte", 0),
                                    models.Q(("unit_price", None), ("unit_price__gte", 0), _connector="OR"),
                                ),
                                name="contract_lines_are_not_negative",
                                violation_error_message="Quantity and price are not negative.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("discount_percent__gte", 0), ("discount_percent__lte", 100)),
                                name="contract_discount_is_a_part",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("cycle", "usage"), _negated=True), ("timing", "arrears"), _connector="OR"
                                ),
                                name="usage_is_billed_in_arrears",
                                violation_error_message="Usage is known only afterwards: bill it in arrears.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AmendmentEffect",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "amount",
                            core.fields.AmountField(
                                help_text="Before tax, in the contract's currency; negative where it is given back."
                            ),
                        ),
                        ("working", models.CharField(max_length=300)),
                        (
                            "document",
                            models.CharField(
                                blank=True, help_text="The invoice of which it is given back.", max_length=80
                            ),
                        ),
                        (
                            "amendment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="effects",
                                to="invoicing.amendment",
                            ),
                        ),
                        (
                            "line",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="invoicing.contractline",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("amendment_id", "pk"),
                    },
                ),
                migrations.CreateModel(
                    name="PriceTier",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "from_quantity",
                            models.DecimalField(
                                decimal_places=4, help_text="The first tier begins at 0.", max_digits=14
                            ),
                        ),
                        (
                            "unit_price",
                            models.DecimalField(
                                decimal_places=6,
                                max_digits=18,
                                validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                            ),
                        ),
                        (
                            "line",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="tiers",
                                to="invoicing.contractline",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("line_id", "from_quantity"),
                        "constraints": [
                            models.UniqueConstraint(fields=("line", "from_quantity"), name="one_price_a_tier")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Rebilling",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "credit_note",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rebilling",
                                to="invoicing.creditnote",
                            ),
                        ),
                        (
                            "invoice",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="rebilling",
                                to="invoicing.invoice",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Refund",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "side",
                            models.CharField(
                                choices=[("debit", "Debit"), ("credit", "Credit")],
                                help_text="Debit: the customer owes more.",
                                max_length=6,
                            ),
                        ),
                        ("currency", core.fields.CurrencyField()),
                        ("amount", core.fields.AmountField()),
                        ("reason", models.CharField(max_length=300)),
                        (
                            "number",
                            models.CharField(
                                editable=False, help_text="Given when it is posted.", max_length=60, null=True
                            ),
                        ),
                        ("posted_on", models.DateField(editable=False, null=True)),
                        (
                            "drafted_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("request_id", models.CharField(editable=False, max_length=64, null=True)),
                        ("request_hash", models.CharField(blank=True, editable=False, max_length=64)),
                        (
                            "bank_account",
                            models.ForeignKey(
                                blank=True,
                                help_text="Left empty: back to where the money came from.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="customers.customerbankaccount",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="%(class)ss",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "drafted_by",
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
                            "entry",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ledger.journalentry",
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
                            "item",
                            models.ForeignKey(
                                help_text="The item that it changes.",
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="%(class)ss",
                                to="ledger.openitem",
                            ),
                        ),
                        (
                            "own_item",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="%(class)s",
                                to="ledger.openitem",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-pk",),
                        "abstract": False,
                        "constraints": [
                            models.UniqueConstraint(fields=("entity", "number"), name="one_refund_a_number"),
                            models.UniqueConstraint(fields=("entity", "request_id"), name="one_refund_a_request"),
                            models.CheckConstraint(
                                condition=models.Q(("amount__gt", 0)), name="a_refund_has_an_amount"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("side", "debit")), name="a_refund_uses_credit_up"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("entry__isnull", False),
                                        ("number__isnull", False),
                                        ("own_item__isnull", False),
                                        ("posted_on__isnull", False),
                                    ),
                                    models.Q(
                                        ("entry", None), ("number", None), ("own_item", None), ("posted_on", None)
                                    ),
                                    _connector="OR",
                                ),
                                name="a_refund_is_posted_whole",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RenewalQuote",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("starts_on", models.DateField()),
                        ("ends_on", models.DateField()),
                        ("valid_until", models.DateField()),
                        (
                            "percent",
                            models.DecimalField(decimal_places=3, help_text="How much prices rise.", max_digits=6),
                        ),
                        (
                            "net",
                            core.fields.AmountField(
                                help_text="For the whole term before tax, in the contract's currency, without usage."
                            ),
                        ),
                        ("quoted_on", models.DateField()),
                        (
                            "request_id",
                            models.CharField(help_text="Of the form that asked; each makes one quote.", max_length=64),
                        ),
                        (
                            "quoted_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "contract",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="quotes",
                                to="invoicing.contract",
                            ),
                        ),
                        (
                            "file",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.storedfile"
                            ),
                        ),
                        (
                            "quoted_by",
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
                            models.CheckConstraint(
                                condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                                name="a_quoted_term_runs_forwards",
                            ),
                            models.UniqueConstraint(fields=("contract", "request_id"), name="a_quote_is_made_once"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StructuredInvoice",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "profile",
                            models.CharField(
                                choices=[
                                    ("cii", "CII, as in Factur-X and ZUGFeRD"),
                                    ("peppol", "UBL, as in Peppol BIS 3"),
                                    ("xrechnung", "UBL, as in XRechnung"),
                                ],
                                max_length=10,
                            ),
                        ),
                        (
                            "written_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "credit_note",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="structured",
                                to="invoicing.creditnote",
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
                        (
                            "file",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.storedfile",
                            ),
                        ),
                        (
                            "invoice",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="structured",
                                to="invoicing.invoice",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("pk",),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("invoice", "profile"), name="an_invoice_is_written_once_a_profile"
                            ),
                            models.UniqueConstraint(
                                fields=("credit_note", "profile"), name="a_credit_note_is_written_once_a_profile"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("credit_note__isnull", False), ("invoice", None)),
                                    models.Q(("credit_note", None), ("invoice__isnull", False)),
                                    _connector="OR",
                                ),
                                name="a_structured_invoice_is_of_one_document",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SurchargeRule",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "country",
                            models.CharField(
                                help_text="Where the customer is billed.",
                                max_length=2,
                                validators=[
                                    django.core.validators.RegexValidator(
                                        "^[A-Z]{2}$", "Use two capital letters, such as GB or TX."
                                    )
                                ],
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                blank=True,
                                help_text="Of the United States; left empty: all.",
                                max_length=2,
                                validators=[
                                    django.core.validators.RegexValidator(
                                        "^[A-Z]{2}$", "Use two capital letters, such as GB or TX."
                                    )
                                ],
                            ),
                        ),
                        (
                            "funding",
                            models.CharField(
                                blank=True,
                                choices=[("credit", "Credit"), ("debit", "Debit"), ("prepaid", "Prepaid")],
                                max_length=8,
                            ),
                        ),
                        (
                            "product",
                            models.CharField(
                                blank=True,
                                choices=[("consumer", "Consumer"), ("commercial", "Commercial")],
                                max_length=10,
                            ),
                        ),
                        (
                            "brand",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("visa", "Visa"),
                                    ("mastercard", "Mastercard"),
                                    ("amex", "American Express"),
                                    ("discover", "Discover"),
                                    ("diners", "Diners Club"),
                                    ("jcb", "JCB"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("currency", core.fields.CurrencyField()),
                        (
                            "threshold",
                            core.fields.AmountField(
                                default=Decimal("0"),
                                help_text="Payments above it carry the surcharge.",
                                validators=[django.core.validators.MinValueValidator(0)],
                            ),
                        ),
                        (
                            "percent",
                            models.DecimalField(
                                decimal_places=3,
                                help_text="Of what is paid, tax included.",
                                max_digits=5,
                                validators=[
                                    django.core.validators.MinValueValidator(0),
                                    django.core.validators.MaxValueValidator(10),
                                ],
                            ),
                        ),
                        (
                            "cap",
                            core.fields.AmountField(
                                blank=True,
                                help_text="Never more than this; left empty: no cap.",
                                null=True,
                                validators=[django.core.validators.MinValueValidator(0)],
                            ),
                        ),
                        (
                            "acceptance_percent",
                            models.DecimalField(
                                decimal_places=3,
                                help_text="What accepting such cards costs us, in per cent; a surcharge is never above it.",
                                max_digits=5,
                                validators=[
                                    django.core.validators.MinValueValidator(0),
                                    django.core.validators.MaxValueValidator(10),
                                ],
                                verbose_name="cost of acceptance",
                            ),
                        ),
                        (
                            "basis",
                            models.CharField(
                                help_text="Where the cost is from, and on what law the rule rests.", max_length=300
                            ),
                        ),
                        ("valid_from", models.DateField()),
                        ("valid_until", models.DateField(blank=True, null=True)),
                        (
                            "entity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="surcharge_rules",
                                to="core.legalentity",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("entity", "country", "state", "funding", "product", "brand", "-valid_from"),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_until", None), ("valid_until__gte", models.F("valid_from")), _connector="OR"
                                ),
                                name="a_surcharge_rule_ends_after_it_begins",
                                violation_error_message="The rule can't end before it begins.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("percent__lte", models.F("acceptance_percent"))),
                                name="a_surcharge_is_not_above_its_cost",
                                violation_error_message="A surcharge is never above what accepting such cards costs us.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("state", ""), ("country", "US"), _connector="OR"),
                                name="surcharges_know_states_of_the_us",
                                violation_error_message="States are those of the United States.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CardSurcharge",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "payment_reference",
                            models.CharField(help_text="The payment's id at the provider.", max_length=80),
                        ),
                        (
                            "funding",
                            models.CharField(
                                choices=[("credit", "Credit"), ("debit", "Debit"), ("prepaid", "Prepaid")], max_length=8
                            ),
                        ),
                        (
                            "product",
                            models.CharField(
                                choices=[("consumer", "Consumer"), ("commercial", "Commercial")], max_length=10
                            ),
                        ),
                        (
                            "brand",
                            models.CharField(
                                choices=[
                                    ("visa", "Visa"),
                                    ("mastercard", "Mastercard"),
                                    ("amex", "American Express"),
                                    ("discover", "Discover"),
                                    ("diners", "Diners Club"),
                                    ("jcb", "JCB"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("currency", core.fields.CurrencyField()),
                        ("paid", core.fields.AmountField(help_text="What was paid of the invoice.")),
                        ("net", core.fields.AmountField()),
                        ("tax", core.fields.AmountField()),
                        ("gross", core.fields.AmountField(help_text="What was paid on top.")),
                        ("paid_at", models.DateTimeField()),
                        (
                            "charged_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "charged_by",
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
                            "entry",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.journalentry"
                            ),
                        ),
                        (
                            "invoice",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="card_surcharges",
                                to="invoicing.invoice",
                            ),
                        ),
                        (
                            "rule",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="invoicing.surchargerule",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-pk",),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("entity", "payment_reference"), name="a_payment_is_surcharged_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "gross",
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("net"), "+", models.F("tax")
                                        ),
                                    ),
                                    ("gross__gt", 0),
                                ),
                                name="a_surcharge_adds_up",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SurchargeWaiver",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "granted_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
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
                            "invoice",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="surcharge_waivers",
                                to="invoicing.invoice",
                            ),
                        ),
                        (
                            "request",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="controls.approvalrequest",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("pk",),
                    },
                ),
                migrations.CreateModel(
                    name="TaxRate",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(help_text="As in the journal, such as S20.", max_length=12)),
                        (
                            "name",
                            models.CharField(help_text="As people choose it, such as Standard 20 %.", max_length=80),
                        ),
                        (
                            "category",
                            models.CharField(
                                choices=[
                                    ("S", "Taxed"),
                                    ("Z", "Zero rated"),
                                    ("E", "Exempt"),
                                    ("AE", "Reverse charge"),
                                    ("G", "Export"),
                                    ("O", "Outside the scope"),
                                ],
                                max_length=2,
                            ),
                        ),
                        ("percent", models.DecimalField(decimal_places=3, max_digits=6)),
                        (
                            "reason",
                            models.CharField(
                                blank=True,
                                help_text="Printed where no tax is charged; left empty, the usual words are.",
                                max_length=200,
                            ),
                        ),
                        ("valid_from", models.DateField()),
                        ("valid_until", models.DateField(blank=True, null=True)),
                        (
                            "entity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="tax_rates",
                                to="core.legalentity",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("entity", "-percent", "code", "-valid_from"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("entity", "code", "valid_from"), name="a_tax_rate_begins_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("category", "S"), ("percent__gt", 0), ("percent__lte", 100)),
                                    models.Q(models.Q(("category", "S"), _negated=True), ("percent", 0)),
                                    _connector="OR",
                                ),
                                name="only_taxed_sales_have_a_percentage",
                                violation_error_message="Only the category “Taxed” has a percentage, above 0 and up to 100.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_until", None), ("valid_until__gte", models.F("valid_from")), _connector="OR"
                                ),
                                name="a_tax_rate_ends_after_it_begins",
                                violation_error_message="The rate can't end before it begins.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CreditNoteTax",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("net", core.fields.AmountField()),
                        ("tax", core.fields.AmountField()),
                        (
                            "credit_note",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="taxes",
                                to="invoicing.creditnote",
                            ),
                        ),
                        (
                            "tax_rate",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="invoicing.taxrate",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "credit note taxes",
                        "ordering": ("credit_note_id", "-tax_rate__percent", "pk"),
                        "abstract": False,
                        "constraints": [
                            models.UniqueConstraint(fields=("credit_note", "tax_rate"), name="one_credit_tax_a_rate")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="InvoiceLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField()),
                        ("description", models.CharField(max_length=300)),
                        (
                            "detail",
                            models.CharField(
                                blank=True, help_text="Small print below the description.", max_length=600
                            ),
                        ),
                        ("quantity", models.DecimalField(decimal_places=4, default=Decimal("1"), max_digits=14)),
                        (
                            "unit",
                            models.CharField(
                                choices=[
                                    ("C62", "Pieces"),
                                    ("HUR", "Hours"),
                                    ("DAY", "Days"),
                                    ("MON", "Months"),
                                    ("ANN", "Years"),
                                    ("KGM", "Kilograms"),
                                    ("MTR", "Metres"),
                                    ("LTR", "Litres"),
                                ],
                                default="C62",
                                max_length=3,
                            ),
                        ),
                        (
                            "unit_price",
                            models.DecimalField(
                                decimal_places=6,
                                max_digits=18,
                                validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                            ),
                        ),
                        (
                            "discount_percent",
                            models.DecimalField(
                                decimal_places=2,
                                default=Decimal("0"),
                                max_digits=5,
                                validators=[
                                    django.core.validators.MinValueValidator(Decimal("0")),
                                    django.core.validators.MaxValueValidator(100),
                                ],
                            ),
                        ),
                        ("net", core.fields.AmountField(editable=False)),
                        ("service_from", models.DateField(blank=True, null=True)),
                        ("service_until", models.DateField(blank=True, null=True)),
                        (
                            "invoice",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="lines",
                                to="invoicing.invoice",
                            ),
                        ),
                        (
                            "product",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="invoicing.product",
                            ),
                        ),
                        (
                            "tax_rate",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="invoicing.taxrate",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("invoice_id", "position"),
                        "abstract": False,
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("unit_price__gte", 0)), name="invoiceline_price_is_not_negative"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("discount_percent__gte", 0), ("discount_percent__lte", 100)),
                                name="invoiceline_discount_is_a_part",
                            ),
                            models.UniqueConstraint(fields=("invoice", "position"), name="one_invoice_line_a_position"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("service_until", None),
                                    ("service_until__gte", models.F("service_from")),
                                    _connector="OR",
                                ),
                                name="line_service_ends_after_it_begins",
                                violation_error_message="The service period can't end before it begins.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BilledPeriod",
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
                            "credited_from",
                            models.DateField(editable=False, help_text="From this day on it was credited.", null=True),
                        ),
                        (
                            "working",
                            models.CharField(help_text="How the amount came about, for people.", max_length=300),
                        ),
                        (
                            "recorded_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "line",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="billed",
                                to="invoicing.contractline",
                            ),
                        ),
                        (
                            "invoice_line",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="billed_periods",
                                to="invoicing.invoiceline",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("line_id", "first_on", "pk"),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("last_on__gte", models.F("first_on"))),
                                name="billed_days_run_forwards",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("credited_from", None),
                                    models.Q(
                                        ("credited_from__gte", models.F("first_on")),
                                        ("credited_from__lte", models.F("last_on")),
                                    ),
                                    _connector="OR",
                                ),
                                name="credited_days_were_billed",
                            ),
                            django.contrib.postgres.constraints.ExclusionConstraint(
                                expressions=[
                                    ("line", "="),
                                    (
                                        models.Func(
                                            models.F("first_on"),
                                            django.db.models.functions.comparison.Coalesce(
                                                models.F("credited_from"),
                                                django.db.models.expressions.CombinedExpression(
                                                    models.F("last_on"), "+", models.Value(1)
                                                ),
                                            ),
                                            models.Value("[)"),
                                            function="daterange",
                                            output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                                        ),
                                        "&&",
                                    ),
                                ],
                                name="a_day_of_a_contract_line_is_billed_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CreditNoteLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField()),
                        ("description", models.CharField(max_length=300)),
                        (
                            "detail",
                            models.CharField(
                                blank=True, help_text="Small print below the description.", max_length=600
                            ),
                        ),
                        ("quantity", models.DecimalField(decimal_places=4, default=Decimal("1"), max_digits=14)),
                        (
                            "unit",
                            models.CharField(
                                choices=[
                                    ("C62", "Pieces"),
                                    ("HUR", "Hours"),
                                    ("DAY", "Days"),
                                    ("MON", "Months"),
                                    ("ANN", "Years"),
                                    ("KGM", "Kilograms"),
                                    ("MTR", "Metres"),
                                    ("LTR", "Litres"),
                                ],
                                default="C62",
                                max_length=3,
                            ),
                        ),
                        (
                            "unit_price",
                            models.DecimalField(
                                decimal_places=6,
                                max_digits=18,
                                validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                            ),
                        ),
                        (
                            "discount_percent",
                            models.DecimalField(
                                decimal_places=2,
                                default=Decimal("0"),
                                max_digits=5,
                                validators=[
                                    django.core.validators.MinValueValidator(Decimal("0")),
                                    django.core.validators.MaxValueValidator(100),
                                ],
                            ),
                        ),
                        ("net", core.fields.AmountField(editable=False)),
                        (
                            "credited_from",
                            models.DateField(
                                editable=False,
                                help_text="It credits the days of the line's service from this one on.",
                                null=True,
                            ),
                        ),
                        (
                            "credit_note",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="lines",
                                to="invoicing.creditnote",
                            ),
                        ),
                        (
                            "invoice_line",
                            models.ForeignKey(
                                help_text="Empty: an amount.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="credits",
                                to="invoicing.invoiceline",
                            ),
                        ),
                        (
                            "tax_rate",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="invoicing.taxrate",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("credit_note_id", "position"),
                        "abstract": False,
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("unit_price__gte", 0)), name="creditnoteline_price_is_not_negative"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("discount_percent__gte", 0), ("discount_percent__lte", 100)),
                                name="creditnoteline_discount_is_a_part",
                            ),
                            models.UniqueConstraint(
                                fields=("credit_note", "position"), name="one_credit_line_a_position"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DeferralSchedule",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "method",
                            models.CharField(
                                choices=[
                                    ("immediate", "At once"),
                                    ("daily", "Day by day"),
                                    ("monthly_full", "Monthly, the first month in full"),
                                    ("monthly_half", "Monthly, from the month it begins in up to the 15th"),
                                    ("monthly_prorata", "Monthly, first and last month by days"),
                                ],
                                max_length=16,
                            ),
                        ),
                        ("first_on", models.DateField()),
                        ("last_on", models.DateField()),
                        ("currency", core.fields.CurrencyField()),
                        ("amount", core.fields.AmountField(help_text="Before tax, as billed.")),
                        (
                            "base_amount",
                            core.fields.AmountField(
                                help_text="In the entity's currency at the invoice's rate, which it keeps."
                            ),
                        ),
                        (
                            "recorded_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
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
                        (
                            "invoice_line",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="schedule",
                                to="invoicing.invoiceline",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("pk",),
                        "indexes": [models.Index(fields=["entity", "customer"], name="schedules_of_a_customer")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("last_on__gte", models.F("first_on"))),
                                name="income_is_earned_forwards",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("amount__gt", 0), ("base_amount__gte", 0)),
                                    models.Q(("amount__lt", 0), ("base_amount__lte", 0)),
                                    _connector="OR",
                                ),
                                name="something_is_deferred",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DeferralMovement",
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
                                    ("deferred", "Billed"),
                                    ("released", "Released to income"),
                                    ("credited", "Credited before it was earned"),
                                ],
                                max_length=10,
                            ),
                        ),
                        (
                            "month_on",
                            models.DateField(
                                help_text="The first of the month whose income it is, for a release.", null=True
                            ),
                        ),
                        (
                            "ends_on",
                            models.DateField(
                                help_text="The last day that is still earned, where days were credited.", null=True
                            ),
                        ),
                        ("posted_on", models.DateField()),
                        ("amount", core.fields.AmountField()),
                        ("base_amount", core.fields.AmountField()),
                        (
                            "recorded_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "entry",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.journalentry"
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
                            "schedule",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="movements",
                                to="invoicing.deferralschedule",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("schedule_id", "pk"),
                        "indexes": [
                            models.Index(
                                fields=["schedule"],
                                include=(
                                    "kind",
                                    "posted_on",
                                    "recorded_at",
                                    "amount",
                                    "base_amount",
                                    "month_on",
                                    "ends_on",
                                    "id",
                                ),
                                name="movements_of_a_schedule",
                            ),
                            models.Index(fields=["posted_on"], name="deferral_movement_day"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("amount__gt", 0), ("base_amount__gte", 0)),
                                    models.Q(("amount__lt", 0), ("base_amount__lte", 0)),
                                    _connector="OR",
                                ),
                                name="a_movement_has_an_amount",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind", "released"), ("month_on__isnull", False)),
                                    models.Q(("kind", "released"), _negated=True),
                                    _connector="OR",
                                ),
                                name="a_release_names_its_month",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("ends_on", None), ("kind", "credited"), _connector="OR"),
                                name="only_credits_end_a_schedule",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("kind", "released")),
                                fields=("schedule", "month_on"),
                                name="a_month_is_released_once",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("kind", "deferred")),
                                fields=("schedule",),
                                name="a_schedule_is_deferred_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="InvoiceTax",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("net", core.fields.AmountField()),
                        ("tax", core.fields.AmountField()),
                        (
                            "invoice",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="taxes",
                                to="invoicing.invoice",
                            ),
                        ),
                        (
                            "tax_rate",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="invoicing.taxrate",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "invoice taxes",
                        "ordering": ("invoice_id", "-tax_rate__percent", "pk"),
                        "abstract": False,
                        "constraints": [
                            models.UniqueConstraint(fields=("invoice", "tax_rate"), name="one_invoice_tax_a_rate")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TaxRule",
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
                                help_text="A country, a state such as US-NY, EU (other members) or ZZ.",
                                max_length=6,
                                validators=[
                                    django.core.validators.RegexValidator(
                                        "^[A-Z]{2}(-[A-Z0-9]{1,3})?$",
                                        "Use a country such as GB, a state such as US-NY, EU or ZZ.",
                                    )
                                ],
                            ),
                        ),
                        (
                            "tax_status",
                            models.CharField(
                                choices=[
                                    ("standard", "Standard rates"),
                                    ("reverse_charge", "Reverse charge: the customer accounts for the tax"),
                                    ("exempt", "Exempt by certificate"),
                                    ("export", "Export: outside the scope of tax"),
                                ],
                                max_length=16,
                            ),
                        ),
                        (
                            "tax_class",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("standard", "Standard"),
                                    ("reduced", "Reduced"),
                                    ("zero", "Zero rated"),
                                    ("exempt", "Exempt"),
                                ],
                                help_text="Left empty: whatever is sold.",
                                max_length=10,
                            ),
                        ),
                        ("rate_code", models.CharField(help_text="Code of a tax rate, such as S20.", max_length=12)),
                        (
                            "needs_certificate",
                            models.BooleanField(
                                default=False,
                                help_text="Only with a certificate that holds where the goods or services go.",
                            ),
                        ),
                        (
                            "note",
                            models.CharField(
                                blank=True, help_text="Why, for whoever looks at the rule.", max_length=200
                            ),
                        ),
                        ("valid_from", models.DateField()),
                        ("valid_until", models.DateField(blank=True, null=True)),
                        (
                            "entity",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="tax_rules",
                                to="core.legalentity",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("entity", "place", "tax_status", "tax_class", "-valid_from"),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_until", None), ("valid_until__gte", models.F("valid_from")), _connector="OR"
                                ),
                                name="a_tax_rule_ends_after_it_begins",
                                violation_error_message="The rule can't end before it begins.",
                            ),
                            django.contrib.postgres.constraints.ExclusionConstraint(
                                expressions=[
                                    ("entity", "="),
                                    ("place", "="),
                                    ("tax_status", "="),
                                    ("tax_class", "="),
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
                                name="one_tax_rule_a_day",
                                violation_error_message="Another rule holds for the same on one of these days. End it first.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="UploadTask",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[("open", "To upload"), ("done", "Uploaded")], default="open", max_length=4
                            ),
                        ),
                        (
                            "opened_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "credit_note",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="upload",
                                to="invoicing.creditnote",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="customers.customer"
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
                        (
                            "invoice",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="upload",
                                to="invoicing.invoice",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("pk",),
                        "indexes": [models.Index(fields=["entity", "state", "opened_at"], name="uploads_by_state")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("credit_note__isnull", False), ("invoice", None)),
                                    models.Q(("credit_note", None), ("invoice__isnull", False)),
                                    _connector="OR",
                                ),
                                name="an_upload_is_of_one_document",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="UploadStep",
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
                                choices=[("done", "Uploaded"), ("reopened", "To upload again")], max_length=8
                            ),
                        ),
                        ("uploaded_on", models.DateField(null=True)),
                        (
                            "reference",
                            models.CharField(blank=True, help_text="What the portal calls the upload.", max_length=80),
                        ),
                        ("reason", models.CharField(blank=True, max_length=300)),
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
                            "file",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.storedfile",
                            ),
                        ),
                        (
                            "task",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="steps",
                                to="invoicing.uploadtask",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("pk",),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("kind", "done"),
                                        ("uploaded_on__isnull", False),
                                        models.Q(
                                            models.Q(("reference", ""), _negated=True),
                                            ("file__isnull", False),
                                            _connector="OR",
                                        ),
                                    ),
                                    models.Q(
                                        ("kind", "reopened"),
                                        ("uploaded_on", None),
                                        models.Q(("reason", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="an_upload_is_proved_or_its_reopening_has_a_reason",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="UsageReading",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("used_on", models.DateField()),
                        ("quantity", models.DecimalField(decimal_places=4, max_digits=14)),
                        ("source", models.CharField(default="form", max_length=30)),
                        (
                            "source_id",
                            models.CharField(
                                help_text="The id in the system that it came from; each comes in once.", max_length=120
                            ),
                        ),
                        (
                            "recorded_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "line",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="readings",
                                to="invoicing.contractline",
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
                        "ordering": ("line_id", "used_on", "pk"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("line", "source", "source_id"), name="a_reading_comes_in_once"
                            )
                        ],
                    },
                ),
            ],
        ),
        AddTrigger(
            model_name="adjustment",
            trigger=pgtrigger.compiler.Trigger(
                name="posted_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."number" IS NOT NULL)',
                    func="RAISE EXCEPTION 'o2c: posted adjustments are never changed or deleted; post another instead' USING ERRCODE = 'restrict_violation';",
                    hash="6ffbe96d56de3f91470aa93f24735fef2345501e",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_posted_stays_b6ef6",
                    table="invoicing_adjustment",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="adjustment",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: posted adjustments are never changed or deleted; post another instead' USING ERRCODE = 'restrict_violation';",
                    hash="858a21e3b94ddfe487c012f6dfa0ffdddfd05cc8",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_1aad1",
                    table="invoicing_adjustment",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="bulkcredit",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.entity_id IS DISTINCT FROM OLD.entity_id OR NEW.reason_code IS DISTINCT FROM OLD.reason_code OR NEW.reason IS DISTINCT FROM OLD.reason OR NEW.file_id IS DISTINCT FROM OLD.file_id OR NEW.total IS DISTINCT FROM OLD.total THEN\n                RAISE EXCEPTION 'o2c: credits of many invoices keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="56817fac9f70d0e575bc0c4d3d11845a6b6d004e",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_ec78d",
                    table="invoicing_bulkcredit",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="contract",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF (NEW.entity_id, NEW.number) IS DISTINCT FROM (OLD.entity_id, OLD.number) OR (\n                OLD.activated_at IS NOT NULL AND (NEW.customer_id, NEW.currency, NEW.starts_on, NEW.activated_at)\n                IS DISTINCT FROM (OLD.customer_id, OLD.currency, OLD.starts_on, OLD.activated_at)\n            ) THEN\n                RAISE EXCEPTION 'o2c: active contracts keep what they were made with; amend them instead' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="3335aa05b8fccfef43c4aea996fa8b34a6e8e706",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_089aa",
                    table="invoicing_contract",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="amendment",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: amendments are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="f4a27860f449d911a755df7e94ec646ad5f65930",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_94837",
                    table="invoicing_amendment",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="amendment",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: amendments are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="72c0143ebbc2adc0fc7daf4e25ef202e33494cd9",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_e160d",
                    table="invoicing_amendment",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="contractfile",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: files of contracts are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="17800d5adf0ad1d086627a8afb151f3a1213a4bb",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_cdc03",
                    table="invoicing_contractfile",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="contractfile",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: files of contracts are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="98793724b9cb54f3e8bb4a7a6d53df93c4635510",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_90d75",
                    table="invoicing_contractfile",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="amendmenteffect",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: effects of amendments are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="b05cbb388f04e6752d9a1b0377aabcb6a9ee9b91",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_b0a85",
                    table="invoicing_amendmenteffect",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="amendmenteffect",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: effects of amendments are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="04865960466144c6ddbafefc50663a472dd2094e",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_3349d",
                    table="invoicing_amendmenteffect",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="deferralmovement",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: movements of deferred income are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="85815d78f1a8ddf6e576eab39ac5cbeee5dcc230",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_312d8",
                    table="invoicing_deferralmovement",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="deferralmovement",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: movements of deferred income are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="6934baa43b5c7bcd6afe1aad50bb8ae4ce4aa5ce",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_08f24",
                    table="invoicing_deferralmovement",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="finalsdeclaration",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: declarations of finals are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="99748811419d4e2a17485132d5f571ea10655924",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_a1971",
                    table="invoicing_finalsdeclaration",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="finalsdeclaration",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: declarations of finals are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="1e7127b5d006616592b2d1cb108462894f296172",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_983b0",
                    table="invoicing_finalsdeclaration",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="finalbill",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: final bills are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="af095d8686a30301284572beae5b80188df776c7",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_17d0b",
                    table="invoicing_finalbill",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="finalbill",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: final bills are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="f8943960f38ec93a10a2b3ca9705545d860f0adc",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_5cc3e",
                    table="invoicing_finalbill",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="deferralschedule",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: deferral schedules are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="ec5eb4495676c1135de81298b9cba8cbb37e7c34",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_cf424",
                    table="invoicing_deferralschedule",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="deferralschedule",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: deferral schedules are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="05083d23bf9236cb06432a975dbab6d1439c48f1",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_120c1",
                    table="invoicing_deferralschedule",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="invoicelink",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.invoice_id IS DISTINCT FROM OLD.invoice_id OR NEW.number IS DISTINCT FROM OLD.number OR NEW.key_hash IS DISTINCT FROM OLD.key_hash OR NEW.made_at IS DISTINCT FROM OLD.made_at THEN\n                RAISE EXCEPTION 'o2c: links keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="667689f9a98c1508baec90f7e1da8a2871d07383",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_3a47d",
                    table="invoicing_invoicelink",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="linkaccess",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: uses of a link are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="6456792db4c31f476af3fc7adb5d1f6b80c767d1",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_6f134",
                    table="invoicing_linkaccess",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="linkaccess",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: uses of a link are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="bc00bea230fff19a37cf9fa746c32db9ba6d9f58",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_c744b",
                    table="invoicing_linkaccess",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="party",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: parties to documents are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="954e8c60e12dc0cc673a0d1a5887c91599462ac0",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_c14fe",
                    table="invoicing_party",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="party",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: parties to documents are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="d0c5bfbbdb052cb2ddf259ede02b7df74eedf474",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_0328c",
                    table="invoicing_party",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="invoice",
            trigger=pgtrigger.compiler.Trigger(
                name="issued_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."number" IS NOT NULL)',
                    func="\n                IF OLD.pdf_id IS NULL THEN\n                    OLD.pdf_id := NEW.pdf_id;\n                END IF;\n                IF NEW IS DISTINCT FROM OLD THEN\n                    RAISE EXCEPTION 'o2c: issued invoices are never changed or deleted; credit them instead' USING ERRCODE = 'restrict_violation';\n                END IF;\n                RETURN NEW;\n            ",
                    hash="53390d2bcf179012553c5f6451ae5d5e6d82897a",
                    operation="UPDATE",
                    pgid="pgtrigger_issued_stays_48e53",
                    table="invoicing_invoice",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="invoice",
            trigger=pgtrigger.compiler.Trigger(
                name="issued_is_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."number" IS NOT NULL)',
                    func="RAISE EXCEPTION 'o2c: issued invoices are never changed or deleted; credit them instead' USING ERRCODE = 'restrict_violation';",
                    hash="1f115517f041c699579973a135993dd5bb07b1da",
                    operation="DELETE",
                    pgid="pgtrigger_issued_is_kept_d190a",
                    table="invoicing_invoice",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="invoice",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: issued invoices are never changed or deleted; credit them instead' USING ERRCODE = 'restrict_violation';",
                    hash="26943907ad66ca26511a8e31519381d4eabe2169",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_6b820",
                    table="invoicing_invoice",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="creditnote",
            trigger=pgtrigger.compiler.Trigger(
                name="issued_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."number" IS NOT NULL)',
                    func="\n                IF OLD.pdf_id IS NULL THEN\n                    OLD.pdf_id := NEW.pdf_id;\n                END IF;\n                IF NEW IS DISTINCT FROM OLD THEN\n                    RAISE EXCEPTION 'o2c: issued credit notes are never changed or deleted; credit them instead' USING ERRCODE = 'restrict_violation';\n                END IF;\n                RETURN NEW;\n            ",
                    hash="5e205ca348ffa8c631ed549acd92c9d9bdbf62d7",
                    operation="UPDATE",
                    pgid="pgtrigger_issued_stays_58e7f",
                    table="invoicing_creditnote",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="creditnote",
            trigger=pgtrigger.compiler.Trigger(
                name="issued_is_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."number" IS NOT NULL)',
                    func="RAISE EXCEPTION 'o2c: issued credit notes are never changed or deleted; credit them instead' USING ERRCODE = 'restrict_violation';",
                    hash="684f06f0ee3b7551e7cc70213b5ed7b3c63e45f6",
                    operation="DELETE",
                    pgid="pgtrigger_issued_is_kept_d5803",
                    table="invoicing_creditnote",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="creditnote",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: issued credit notes are never changed or deleted; credit them instead' USING ERRCODE = 'restrict_violation';",
                    hash="396cbb89cf1692803fce28743e546cdc8098937e",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_12842",
                    table="invoicing_creditnote",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="contractline",
            trigger=pgtrigger.compiler.Trigger(
                name="agreed_lines_stay",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                IF TG_OP = 'UPDATE' THEN\n                    OLD.ends_on := NEW.ends_on;\n                    OLD.ended_by_id := NEW.ended_by_id;\n                    IF NEW IS DISTINCT FROM OLD AND EXISTS (SELECT FROM invoicing_contract c WHERE c.id = OLD.contract_id AND c.activated_at IS NOT NULL) THEN\n                        RAISE EXCEPTION 'o2c: lines of active contracts are never changed; amend the contract instead' USING ERRCODE = 'restrict_violation';\n                    END IF;\n                    RETURN NEW;\n                END IF;\n                IF EXISTS (SELECT FROM invoicing_contract c WHERE c.id = OLD.contract_id AND c.activated_at IS NOT NULL) THEN\n                    RAISE EXCEPTION 'o2c: lines of active contracts are never changed; amend the contract instead' USING ERRCODE = 'restrict_violation';\n                END IF;\n                RETURN OLD;\n            ",
                    hash="eae186e534f78bfb59c396a35af3d403b5e7a731",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_agreed_lines_stay_be5c0",
                    table="invoicing_contractline",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="contractline",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: lines of active contracts are never changed; amend the contract instead' USING ERRCODE = 'restrict_violation';",
                    hash="8adc8bdab61b1011be098c7573105ec4d840f103",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_d4c92",
                    table="invoicing_contractline",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="refund",
            trigger=pgtrigger.compiler.Trigger(
                name="posted_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."number" IS NOT NULL)',
                    func="RAISE EXCEPTION 'o2c: posted refunds are never changed or deleted; post another instead' USING ERRCODE = 'restrict_violation';",
                    hash="2a0ef0d85516d8b61fee83acbaab8a1f047b46dc",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_posted_stays_53e29",
                    table="invoicing_refund",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="refund",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: posted refunds are never changed or deleted; post another instead' USING ERRCODE = 'restrict_violation';",
                    hash="0fc06111ffc0ea9d2ce03a698f316349c8b6cc5a",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_1225a",
                    table="invoicing_refund",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="renewalquote",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: quotes are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="bf49e9dbb6cc7a5ada6465655b7aba074bde6d96",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_3ab14",
                    table="invoicing_renewalquote",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="renewalquote",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: quotes are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="c8f7c962d82a2fbe82fe7b645c328e72e67dbc71",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_5eb9d",
                    table="invoicing_renewalquote",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="structuredinvoice",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: structured invoices are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="a2e89c859d4a40e1722601b89c5df802fe592c73",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_94549",
                    table="invoicing_structuredinvoice",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="structuredinvoice",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: structured invoices are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="019c35377656499ea0e6a0697ae294a81d3f20fb",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_1436a",
                    table="invoicing_structuredinvoice",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="surchargerule",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.entity_id IS DISTINCT FROM OLD.entity_id OR NEW.country IS DISTINCT FROM OLD.country OR NEW.state IS DISTINCT FROM OLD.state OR NEW.funding IS DISTINCT FROM OLD.funding OR NEW.product IS DISTINCT FROM OLD.product OR NEW.brand IS DISTINCT FROM OLD.brand OR NEW.currency IS DISTINCT FROM OLD.currency OR NEW.threshold IS DISTINCT FROM OLD.threshold OR NEW.percent IS DISTINCT FROM OLD.percent OR NEW.cap IS DISTINCT FROM OLD.cap OR NEW.acceptance_percent IS DISTINCT FROM OLD.acceptance_percent OR NEW.basis IS DISTINCT FROM OLD.basis OR NEW.valid_from IS DISTINCT FROM OLD.valid_from THEN\n                RAISE EXCEPTION 'o2c: surcharge rules keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="3a55ff519fe94f37ef7e7aa684445478bd698927",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_009eb",
                    table="invoicing_surchargerule",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="cardsurcharge",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: surcharges are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="38dcf25e2591090f40d3ad2d9e9cf6a60a95a03a",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_6102c",
                    table="invoicing_cardsurcharge",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="cardsurcharge",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: surcharges are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="5d23020de5cbd2d56d5cc7f206f947b85653fbd2",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_229fb",
                    table="invoicing_cardsurcharge",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="surchargewaiver",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: waivers of surcharges are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="b1940fde55bdd7d627577a17c82e68e31e3fc479",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_69ed3",
                    table="invoicing_surchargewaiver",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="surchargewaiver",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: waivers of surcharges are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="353a7099e9ba5a6dfd73d6ec43fe3e3cbfe91d98",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_e55fe",
                    table="invoicing_surchargewaiver",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="taxrate",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.entity_id IS DISTINCT FROM OLD.entity_id OR NEW.code IS DISTINCT FROM OLD.code OR NEW.category IS DISTINCT FROM OLD.category OR NEW.percent IS DISTINCT FROM OLD.percent OR NEW.valid_from IS DISTINCT FROM OLD.valid_from THEN\n                RAISE EXCEPTION 'o2c: tax rates keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="de31e54e9802b095e19fae3462ef89bfa296727a",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_37289",
                    table="invoicing_taxrate",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="invoicetax",
            trigger=pgtrigger.compiler.Trigger(
                name="nothing_added_to_issued",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                IF EXISTS (\n                    SELECT FROM new_rows n JOIN invoicing_invoice d ON d.id = n.invoice_id WHERE d.number IS NOT NULL\n                ) THEN\n                    RAISE EXCEPTION 'o2c: issued invoices are never changed or deleted; credit them instead' USING ERRCODE = 'restrict_violation';\n                END IF;\n                RETURN NULL;\n            ",
                    hash="5c2919ec3341f61463c87bb9d72e452a97202a2f",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_nothing_added_to_issued_c612c",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="invoicing_invoicetax",
                    when="AFTER",
                ),
            ),
        ),
        AddTrigger(
            model_name="invoicetax",
            trigger=pgtrigger.compiler.Trigger(
                name="parts_of_issued_stay",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                IF EXISTS (SELECT FROM invoicing_invoice d WHERE d.id = OLD.invoice_id AND d.number IS NOT NULL) THEN\n                    RAISE EXCEPTION 'o2c: issued invoices are never changed or deleted; credit them instead' USING ERRCODE = 'restrict_violation';\n                END IF;\n                IF TG_OP = 'DELETE' THEN\n                    RETURN OLD;\n                END IF;\n                RETURN NEW;\n            ",
                    hash="b5d44e85915707424c2144422060e821e24a1963",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_parts_of_issued_stay_3ddba",
                    table="invoicing_invoicetax",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="invoicetax",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: issued invoices are never changed or deleted; credit them instead' USING ERRCODE = 'restrict_violation';",
                    hash="0b6cefff5e566d8fc661834819276b68a9fba6f5",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_c5269",
                    table="invoicing_invoicetax",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="invoiceline",
            trigger=pgtrigger.compiler.Trigger(
                name="nothing_added_to_issued",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                IF EXISTS (\n                    SELECT FROM new_rows n JOIN invoicing_invoice d ON d.id = n.invoice_id WHERE d.number IS NOT NULL\n                ) THEN\n                    RAISE EXCEPTION 'o2c: issued invoices are never changed or deleted; credit them instead' USING ERRCODE = 'restrict_violation';\n                END IF;\n                RETURN NULL;\n            ",
                    hash="a3355d19f54bece631c7e76c6e4333a5866c6337",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_nothing_added_to_issued_1d041",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="invoicing_invoiceline",
                    when="AFTER",
                ),
            ),
        ),
        AddTrigger(
            model_name="invoiceline",
            trigger=pgtrigger.compiler.Trigger(
                name="parts_of_issued_stay",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                IF EXISTS (SELECT FROM invoicing_invoice d WHERE d.id = OLD.invoice_id AND d.number IS NOT NULL) THEN\n                    RAISE EXCEPTION 'o2c: issued invoices are never changed or deleted; credit them instead' USING ERRCODE = 'restrict_violation';\n                END IF;\n                IF TG_OP = 'DELETE' THEN\n                    RETURN OLD;\n                END IF;\n                RETURN NEW;\n            ",
                    hash="17bea7e1b6f2d35a2bddbcd6164d898cedda2e9b",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_parts_of_issued_stay_ea19e",
                    table="invoicing_invoiceline",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="invoiceline",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: issued invoices are never changed or deleted; credit them instead' USING ERRCODE = 'restrict_violation';",
                    hash="ba876ebf143ff843342da6589db3e70d475d552a",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_f05d6",
                    table="invoicing_invoiceline",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="creditnotetax",
            trigger=pgtrigger.compiler.Trigger(
                name="nothing_added_to_issued",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                IF EXISTS (\n                    SELECT FROM new_rows n JOIN invoicing_creditnote d ON d.id = n.credit_note_id WHERE d.number IS NOT NULL\n                ) THEN\n                    RAISE EXCEPTION 'o2c: issued credit notes are never changed or deleted; credit them instead' USING ERRCODE = 'restrict_violation';\n                END IF;\n                RETURN NULL;\n            ",
                    hash="7c437a6f7e9b284ff4f3eed629209143984da19a",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_nothing_added_to_issued_5e604",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="invoicing_creditnotetax",
                    when="AFTER",
                ),
            ),
        ),
        AddTrigger(
            model_name="creditnotetax",
            trigger=pgtrigger.compiler.Trigger(
                name="parts_of_issued_stay",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                IF EXISTS (SELECT FROM invoicing_creditnote d WHERE d.id = OLD.credit_note_id AND d.number IS NOT NULL) THEN\n                    RAISE EXCEPTION 'o2c: issued credit notes are never changed or deleted; credit them instead' USING ERRCODE = 'restrict_violation';\n                END IF;\n                IF TG_OP = 'DELETE' THEN\n                    RETURN OLD;\n                END IF;\n                RETURN NEW;\n            ",
                    hash="66342b302beb91a5d730ae165e2cbda002358d10",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_parts_of_issued_stay_65261",
                    table="invoicing_creditnotetax",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="creditnotetax",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: issued credit notes are never changed or deleted; credit them instead' USING ERRCODE = 'restrict_violation';",
                    hash="2d220aa3f82b170360b648687cb29b381f8c04b7",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_4c5bb",
                    table="invoicing_creditnotetax",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="creditnoteline",
            trigger=pgtrigger.compiler.Trigger(
                name="nothing_added_to_issued",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                IF EXISTS (\n                    SELECT FROM new_rows n JOIN invoicing_creditnote d ON d.id = n.credit_note_id WHERE d.number IS NOT NULL\n                ) THEN\n                    RAISE EXCEPTION 'o2c: issued credit notes are never changed or deleted; credit them instead' USING ERRCODE = 'restrict_violation';\n                END IF;\n                RETURN NULL;\n            ",
                    hash="889c97ce1a67a0443a18c1cbaf750e4c72d6c987",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_nothing_added_to_issued_7f0bc",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="invoicing_creditnoteline",
                    when="AFTER",
                ),
            ),
        ),
        AddTrigger(
            model_name="creditnoteline",
            trigger=pgtrigger.compiler.Trigger(
                name="parts_of_issued_stay",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                IF EXISTS (SELECT FROM invoicing_creditnote d WHERE d.id = OLD.credit_note_id AND d.number IS NOT NULL) THEN\n                    RAISE EXCEPTION 'o2c: issued credit notes are never changed or deleted; credit them instead' USING ERRCODE = 'restrict_violation';\n                END IF;\n                IF TG_OP = 'DELETE' THEN\n                    RETURN OLD;\n                END IF;\n                RETURN NEW;\n            ",
                    hash="c001d5cf6f095da254fcfc19290d9357d0746c91",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_parts_of_issued_stay_ec0c3",
                    table="invoicing_creditnoteline",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="creditnoteline",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: issued credit notes are never changed or deleted; credit them instead' USING ERRCODE = 'restrict_violation';",
                    hash="2215fd5003570cde67f5aa63c1031feaa9525a4f",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_25134",
                    table="invoicing_creditnoteline",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="taxrule",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.entity_id IS DISTINCT FROM OLD.entity_id OR NEW.place IS DISTINCT FROM OLD.place OR NEW.tax_status IS DISTINCT FROM OLD.tax_status OR NEW.tax_class IS DISTINCT FROM OLD.tax_class OR NEW.rate_code IS DISTINCT FROM OLD.rate_code OR NEW.needs_certificate IS DISTINCT FROM OLD.needs_certificate OR NEW.valid_from IS DISTINCT FROM OLD.valid_from THEN\n                RAISE EXCEPTION 'o2c: tax rules keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="082eee8c577a12c6ac20b681e3e81ed0fd056258",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_55874",
                    table="invoicing_taxrule",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="uploadtask",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.entity_id IS DISTINCT FROM OLD.entity_id OR NEW.customer_id IS DISTINCT FROM OLD.customer_id OR NEW.invoice_id IS DISTINCT FROM OLD.invoice_id OR NEW.credit_note_id IS DISTINCT FROM OLD.credit_note_id OR NEW.opened_at IS DISTINCT FROM OLD.opened_at THEN\n                RAISE EXCEPTION 'o2c: upload tasks keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="213ffbd7a6f132e1f1520b259390fb6657a49e34",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_96aa3",
                    table="invoicing_uploadtask",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="uploadstep",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: steps of an upload are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="5f20814ea791b395db8dc5178b211fe0090c0393",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_1f740",
                    table="invoicing_uploadstep",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="uploadstep",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: steps of an upload are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="63f836c66fbd4a725c12ae2242f6a759a6947a43",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_8b802",
                    table="invoicing_uploadstep",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="usagereading",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: usage readings are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="d909782affcacb5f3eb6f3d4331344c2d52fc0b2",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_de96b",
                    table="invoicing_usagereading",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="usagereading",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: usage readings are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="ee963025c7599f27951e2fe8ed1c49feefaa9325",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_fae69",
                    table="invoicing_usagereading",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.RunSQL(FUNCTION, "DROP FUNCTION invoicing_income_left(text, date, date, date)"),
    ]
