"""The tables of this room as they stood when its first steps were folded into one."""

import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
import pgtrigger.compiler
from django.conf import settings
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models

import core.fields
import customers.models.customer
from core.migration_operations import AddTrigger, CreateTables


class Migration(migrations.Migration):
    replaces = [
        ("customers", "0001_initial"),
        ("customers", "0002_import_choices"),
        ("customers", "0003_what_customers_require_of_invoices"),
        ("customers", "0004_notes_by_any_word"),
        ("customers", "0005_addresses_that_return_mail"),
        ("customers", "0006_credit_holds_and_what_they_stop"),
        ("customers", "0007_nothing_known_of_the_portal_at_first"),
        ("customers", "0008_bank_accounts_are_verified_by_a_second_person"),
    ]

    initial = True

    dependencies = [
        ("core", "0001_tables"),
    ]

    operations = [
        TrigramExtension(),
        CreateTables(
            tables=[
                migrations.CreateModel(
                    name="CreditPolicy",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("stops_drafting", models.BooleanField(default=False, verbose_name="Drafting invoices")),
                        ("stops_issuing", models.BooleanField(default=True, verbose_name="Issuing invoices")),
                        (
                            "stops_activating",
                            models.BooleanField(default=True, verbose_name="Activating contracts and orders"),
                        ),
                        ("stops_renewing", models.BooleanField(default=False, verbose_name="Renewing contracts")),
                        (
                            "horizon_days",
                            models.PositiveSmallIntegerField(
                                default=30,
                                help_text="What contracts bill within so many days counts as exposure.",
                                validators=[django.core.validators.MaxValueValidator(366)],
                            ),
                        ),
                        (
                            "entity",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="credit_policy",
                                to="core.legalentity",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "credit policies",
                    },
                ),
                migrations.CreateModel(
                    name="ImportMapping",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                            models.UniqueConstraint(fields=("entity", "name"), name="one_customer_mapping_of_a_name")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PaymentTerms",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=20)),
                        ("name", models.CharField(help_text="As printed on invoices.", max_length=120)),
                        (
                            "net_days",
                            models.PositiveSmallIntegerField(
                                validators=[django.core.validators.MaxValueValidator(365)]
                            ),
                        ),
                        (
                            "end_of_month",
                            models.BooleanField(
                                default=False,
                                help_text="The days count from the end of the month in which the invoice is dated.",
                            ),
                        ),
                        ("discount_percent", models.DecimalField(decimal_places=2, default=0, max_digits=5)),
                        ("discount_days", models.PositiveSmallIntegerField(default=0)),
                        ("is_active", models.BooleanField(default=True)),
                        (
                            "entity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="payment_terms",
                                to="core.legalentity",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "payment terms",
                        "ordering": ("entity", "net_days", "code"),
                        "constraints": [
                            models.UniqueConstraint(fields=("entity", "code"), name="one_payment_terms_a_code"),
                            models.CheckConstraint(
                                condition=models.Q(("discount_percent__gte", 0), ("discount_percent__lt", 100)),
                                name="a_discount_is_a_part",
                                violation_error_message="The discount lies between 0 and 100 per cent.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("discount_days__lte", models.F("net_days")),
                                    ("end_of_month", True),
                                    _connector="OR",
                                ),
                                name="a_discount_ends_before_the_due_date",
                                violation_error_message="The discount can't run longer than the net days.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Customer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "code",
                            models.CharField(
                                max_length=30,
                                validators=[
                                    django.core.validators.RegexValidator(
                                        "^[0-9A-Za-z][0-9A-Za-z ._/-]*$", "Use letters, digits and . _ / - in the code."
                                    )
                                ],
                            ),
                        ),
                        ("name", models.CharField(max_length=200)),
                        ("name_key", customers.models.customer.NameKeyField(editable=False, max_length=200)),
                        ("language", models.CharField(default="en", max_length=8)),
                        ("currency", core.fields.CurrencyField()),
                        (
                            "credit_limit",
                            core.fields.AmountField(
                                blank=True,
                                help_text="In the customer's currency.",
                                null=True,
                                validators=[django.core.validators.MinValueValidator(0)],
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
                                default="standard",
                                max_length=16,
                            ),
                        ),
                        ("tax_number", models.CharField(blank=True, max_length=30)),
                        ("registration_number", models.CharField(blank=True, max_length=40)),
                        (
                            "delivery",
                            models.CharField(
                                choices=[
                                    ("email", "E-mail"),
                                    ("print", "Print and post"),
                                    ("portal", "The customer's own portal"),
                                ],
                                default="email",
                                max_length=8,
                            ),
                        ),
                        ("purchase_order_required", models.BooleanField(default=False)),
                        (
                            "payment_reference",
                            models.CharField(
                                editable=False,
                                help_text="ISO 11649: what the customer may write on any payment.",
                                max_length=25,
                            ),
                        ),
                        ("segment", models.CharField(blank=True, max_length=60)),
                        (
                            "status",
                            models.CharField(
                                choices=[("active", "Active"), ("inactive", "Inactive")], default="active", max_length=8
                            ),
                        ),
                        (
                            "request_id",
                            models.UUIDField(
                                editable=False, help_text="Of the form that made it.", null=True, unique=True
                            ),
                        ),
                        (
                            "version",
                            models.PositiveIntegerField(
                                default=1, editable=False, help_text="Counts the changes of this row."
                            ),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "search_text",
                            models.GeneratedField(
                                db_persist=True,
                                expression=django.db.models.functions.text.Lower(
                                    django.db.models.functions.text.Concat(
                                        "code",
                                        models.Value(" "),
                                        "name",
                                        models.Value(" "),
                                        "name_key",
                                        models.Value(" "),
                                        "tax_number",
                                        models.Value(" "),
                                        "payment_reference",
                                        output_field=models.TextField(),
                                    )
                                ),
                                output_field=models.TextField(),
                            ),
                        ),
                        (
                            "entity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="customers",
                                to="core.legalentity",
                            ),
                        ),
                        (
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="children",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "terms",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="customers",
                                to="customers.paymentterms",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("name", "pk"),
                        "indexes": [
                            models.Index(fields=["entity", "name", "id"], name="customers_of_an_entity"),
                            django.contrib.postgres.indexes.GinIndex(
                                fields=["search_text"], name="customers_by_any_word", opclasses=("gin_trgm_ops",)
                            ),
                            django.contrib.postgres.indexes.GinIndex(
                                fields=["name_key"], name="customers_of_like_name", opclasses=("gin_trgm_ops",)
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("entity", "code"),
                                name="one_customer_a_code",
                                violation_error_message="Another customer of this company has that code.",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("payment_reference", ""), _negated=True),
                                fields=("entity", "payment_reference"),
                                name="one_customer_a_payment_reference",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("parent", models.F("id")), _negated=True),
                                name="nobody_is_their_own_parent",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("credit_limit", None), ("credit_limit__gte", 0), _connector="OR"),
                                name="a_credit_limit_is_not_negative",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Address",
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
                                choices=[("billing", "Billing"), ("shipping", "Shipping")],
                                default="billing",
                                max_length=8,
                            ),
                        ),
                        ("lines", models.TextField(blank=True, help_text="Street and number, one line each.")),
                        ("postcode", models.CharField(blank=True, max_length=20)),
                        ("city", models.CharField(blank=True, max_length=80)),
                        ("region", models.CharField(blank=True, max_length=80)),
                        ("country", models.CharField(help_text="ISO 3166 code, such as GB.", max_length=2)),
                        ("is_active", models.BooleanField(default=True)),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="addresses",
                                to="customers.customer",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "addresses",
                        "ordering": ("kind", "pk"),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("is_active", True), ("kind", "billing")),
                                fields=("customer",),
                                name="one_billing_address_a_customer",
                                violation_error_message="The customer has a billing address already; change that one.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Contact",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=120)),
                        ("email", models.EmailField(blank=True, max_length=254)),
                        ("phone", models.CharField(blank=True, max_length=40)),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("billing", "Billing"),
                                    ("payments", "Payments"),
                                    ("escalation", "Escalation"),
                                ],
                                default="billing",
                                max_length=12,
                            ),
                        ),
                        ("job_title", models.CharField(blank=True, max_length=80)),
                        (
                            "language",
                            models.CharField(
                                blank=True, help_text="Left empty: the customer's language.", max_length=8
                            ),
                        ),
                        ("receives_invoices", models.BooleanField(default=False)),
                        ("receives_statements", models.BooleanField(default=False)),
                        (
                            "bounced_at",
                            models.DateTimeField(
                                editable=False, help_text="Since when mail to the address comes back.", null=True
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True)),
                        (
                            "created_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "search_text",
                            models.GeneratedField(
                                db_persist=True,
                                expression=django.db.models.functions.text.Lower(
                                    django.db.models.functions.text.Concat(
                                        "name",
                                        models.Value(" "),
                                        "email",
                                        models.Value(" "),
                                        models.Func(
                                            models.F("phone"),
                                            models.Value("\\D"),
                                            models.Value(""),
                                            models.Value("g"),
                                            function="regexp_replace",
                                            output_field=models.TextField(),
                                        ),
                                        output_field=models.TextField(),
                                    )
                                ),
                                output_field=models.TextField(),
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="contacts",
                                to="customers.customer",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("role", "name", "pk"),
                        "indexes": [
                            django.contrib.postgres.indexes.GinIndex(
                                fields=["search_text"], name="contacts_by_any_word", opclasses=("gin_trgm_ops",)
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("receives_invoices", False), ("receives_statements", False)),
                                    models.Q(("email", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="who_receives_mail_has_an_address",
                                violation_error_message="Whoever receives invoices or statements needs an e-mail address.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CreditHold",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("reason", models.CharField(max_length=300)),
                        ("placed_on", models.DateField()),
                        (
                            "until",
                            models.DateField(
                                blank=True, help_text="The last day; left empty, until it is released.", null=True
                            ),
                        ),
                        (
                            "placed_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "placed_by",
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
                                related_name="credit_holds",
                                to="customers.customer",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-pk",),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True), name="a_hold_has_its_reason"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("until", None), ("until__gte", models.F("placed_on")), _connector="OR"
                                ),
                                name="a_hold_ends_after_it_begins",
                                violation_error_message="The hold can't end before it begins.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CreditRelease",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("reason", models.CharField(max_length=300)),
                        ("released_on", models.DateField()),
                        (
                            "until",
                            models.DateField(blank=True, help_text="The last day; left empty, for good.", null=True),
                        ),
                        (
                            "released_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "hold",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="releases",
                                to="customers.credithold",
                            ),
                        ),
                        (
                            "released_by",
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
                                condition=models.Q(("reason", ""), _negated=True), name="a_release_has_its_reason"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("until", None), ("until__gte", models.F("released_on")), _connector="OR"
                                ),
                                name="a_release_ends_after_it_begins",
                                violation_error_message="The release can't end before it begins.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CustomerBankAccount",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("iban", models.CharField(blank=True, max_length=34)),
                        (
                            "bank_code",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                help_text="Sort code or routing number.",
                                max_length=12,
                            ),
                        ),
                        (
                            "account_number",
                            models.CharField(blank=True, help_text="Where there is no IBAN.", max_length=34),
                        ),
                        (
                            "country",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                help_text="Where the bank is; ISO 3166, such as GB.",
                                max_length=2,
                            ),
                        ),
                        (
                            "currency",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                help_text="Left empty where nobody has said it.",
                                max_length=3,
                                validators=[core.fields.validate_currency],
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("checking", "Current"), ("savings", "Savings")],
                                db_default="checking",
                                default="checking",
                                help_text="US banks ask for it.",
                                max_length=8,
                            ),
                        ),
                        ("bic", models.CharField(blank=True, db_default="", default="", max_length=11)),
                        ("holder", models.CharField(blank=True, max_length=140)),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("customer", "Told by the customer"),
                                    ("statement", "Seen on a bank statement"),
                                    ("import", "Imported"),
                                ],
                                default="customer",
                                max_length=10,
                            ),
                        ),
                        (
                            "form_check",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                help_text="What its check digits said.",
                                max_length=160,
                            ),
                        ),
                        (
                            "added_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "confirmed_at",
                            models.DateTimeField(
                                help_text="Since when payments from it are taken for the customer's.", null=True
                            ),
                        ),
                        ("verified_at", models.DateTimeField(editable=False, null=True)),
                        (
                            "verified_how",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("call_back", "Call to a number known before"),
                                    ("bank_letter", "Letter or statement of the bank"),
                                    ("payee_service", "Answer of a payee checking service"),
                                ],
                                db_default="",
                                default="",
                                editable=False,
                                max_length=14,
                            ),
                        ),
                        (
                            "verified_note",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                help_text="Whom they spoke to, at which number.",
                                max_length=200,
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True)),
                        (
                            "added_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "confirmed_by",
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
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="bank_accounts",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "supersedes",
                            models.OneToOneField(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="superseded_by",
                                to="customers.customerbankaccount",
                            ),
                        ),
                        (
                            "verified_by",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("customer", "pk"),
                        "indexes": [
                            models.Index(
                                condition=models.Q(("iban", ""), _negated=True),
                                fields=["iban"],
                                name="customers_by_iban",
                            ),
                            models.Index(
                                condition=models.Q(("account_number", ""), _negated=True),
                                fields=["account_number"],
                                name="customers_by_account",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("is_active", True)),
                                fields=("customer", "iban", "bank_code", "account_number"),
                                name="a_bank_account_is_in_use_once",
                                violation_error_message="This bank account is known already.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("account_number", ""), ("iban", ""), _negated=True),
                                name="a_bank_account_has_a_number",
                                violation_error_message="Write an IBAN or an account number.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("verified_by", None),
                                    models.Q(("verified_by", models.F("added_by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="a_second_person_verifies_an_account",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("verified_at", None), ("verified_by", None), ("verified_how", "")),
                                    models.Q(
                                        ("verified_at__isnull", False),
                                        ("verified_by__isnull", False),
                                        models.Q(("verified_how", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="a_verification_says_who_when_and_how",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CustomerFile",
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
                                    ("contract", "Contract"),
                                    ("purchase_order", "Purchase order"),
                                    ("tax_certificate", "Tax certificate"),
                                    ("proof_of_payment", "Proof of payment"),
                                    ("credit_report", "Credit report"),
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
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="files",
                                to="customers.customer",
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
                    name="BillingRequirements",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "grouping",
                            models.CharField(
                                choices=[
                                    ("contract", "One invoice a contract"),
                                    ("customer", "One invoice for all contracts"),
                                    ("cost_centre", "One invoice a cost centre"),
                                ],
                                default="contract",
                                max_length=12,
                            ),
                        ),
                        (
                            "reference_text",
                            models.CharField(
                                blank=True,
                                help_text="Printed on every invoice, such as our supplier number there.",
                                max_length=300,
                            ),
                        ),
                        (
                            "file_format",
                            models.CharField(
                                choices=[
                                    ("none", "PDF alone"),
                                    ("factur_x", "Factur-X: PDF with the data inside"),
                                    ("xrechnung", "XRechnung (UBL)"),
                                    ("peppol", "Peppol BIS 3 (UBL)"),
                                ],
                                default="none",
                                max_length=10,
                            ),
                        ),
                        (
                            "buyer_reference",
                            models.CharField(
                                blank=True,
                                help_text="The buyer's reference in structured invoices, such as the Leitweg-ID.",
                                max_length=60,
                            ),
                        ),
                        (
                            "electronic_scheme",
                            models.CharField(
                                blank=True,
                                help_text="Kind of electronic address, such as 0088 for a GLN.",
                                max_length=4,
                            ),
                        ),
                        (
                            "electronic_address",
                            models.CharField(
                                blank=True, help_text="Where structured invoices are sent.", max_length=60
                            ),
                        ),
                        (
                            "portal_url",
                            models.URLField(
                                blank=True,
                                db_default="",
                                default="",
                                help_text="Where invoices are uploaded in the customer's own portal.",
                                max_length=300,
                            ),
                        ),
                        (
                            "portal_notes",
                            models.TextField(
                                blank=True,
                                db_default="",
                                default="",
                                help_text="What to know for uploading; never a password.",
                                max_length=1000,
                            ),
                        ),
                        (
                            "sends_contract_papers",
                            models.BooleanField(
                                default=False, help_text="Order form and purchase order of the contract go along."
                            ),
                        ),
                        (
                            "version",
                            models.PositiveIntegerField(
                                default=1, editable=False, help_text="Counts the changes of this row."
                            ),
                        ),
                        (
                            "customer",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="billing_requirements",
                                to="customers.customer",
                            ),
                        ),
                        ("files", models.ManyToManyField(blank=True, related_name="+", to="customers.customerfile")),
                    ],
                    options={
                        "verbose_name_plural": "billing requirements",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("electronic_address", ""), ("electronic_scheme", "")),
                                    models.Q(
                                        models.Q(("electronic_scheme", ""), _negated=True),
                                        models.Q(("electronic_address", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="an_electronic_address_has_its_kind",
                                violation_error_message="An electronic address needs its kind, and a kind its address.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("file_format", "xrechnung"), _negated=True),
                                    models.Q(("buyer_reference", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="xrechnung_names_the_buyers_reference",
                                violation_error_message="XRechnung needs the buyer's reference (Leitweg-ID).",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CustomerImport",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                            "state",
                            models.CharField(
                                choices=[("uploaded", "Uploaded"), ("imported", "Imported")],
                                default="uploaded",
                                max_length=8,
                            ),
                        ),
                        (
                            "uploaded_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("created_count", models.PositiveIntegerField(default=0)),
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
                            "uploaded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "default_terms",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="customers.paymentterms",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-pk",),
                    },
                ),
                migrations.CreateModel(
                    name="CustomerNote",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("text", models.TextField(max_length=4000)),
                        (
                            "written_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="notes",
                                to="customers.customer",
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
                    ],
                    options={
                        "ordering": ("-pk",),
                        "indexes": [
                            django.contrib.postgres.indexes.GinIndex(
                                django.contrib.postgres.indexes.OpClass(
                                    django.db.models.functions.text.Upper("text"), name="gin_trgm_ops"
                                ),
                                name="notes_by_any_word",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DataQualityTask",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("kind", models.CharField(choices=[("bounced_address", "Mail comes back")], max_length=20)),
                        ("address", models.CharField(help_text="In small letters.", max_length=320)),
                        ("detail", models.TextField(blank=True, help_text="What the other mail server said.")),
                        (
                            "opened_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("resolved_at", models.DateTimeField(null=True)),
                        ("resolution", models.CharField(blank=True, max_length=300)),
                        (
                            "contact",
                            models.ForeignKey(
                                help_text="Empty: an address typed by hand.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="customers.contact",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="data_quality_tasks",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "opened_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "resolved_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("opened_at", "pk"),
                        "indexes": [models.Index(fields=["-resolved_at"], name="data_quality_by_end")],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("resolved_at", None)),
                                fields=("customer", "kind", "address"),
                                name="one_open_task_an_address",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("resolution", ""), ("resolved_at", None), ("resolved_by", None)),
                                    models.Q(
                                        ("resolved_at__isnull", False),
                                        ("resolved_by__isnull", False),
                                        models.Q(("resolution", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="a_resolved_task_says_how",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TaxCertificate",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.CharField(max_length=60)),
                        (
                            "jurisdiction",
                            models.CharField(
                                help_text="Country or state that it holds in, such as US-NY.", max_length=60
                            ),
                        ),
                        ("valid_from", models.DateField()),
                        (
                            "valid_until",
                            models.DateField(blank=True, help_text="Left empty: until withdrawn.", null=True),
                        ),
                        (
                            "recorded_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="tax_certificates",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "file",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.storedfile",
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
                        "ordering": ("-valid_from", "-pk"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("customer", "jurisdiction", "number"),
                                name="a_tax_certificate_is_recorded_once",
                                violation_error_message="This certificate is recorded already.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_until", None), ("valid_until__gte", models.F("valid_from")), _connector="OR"
                                ),
                                name="a_tax_certificate_ends_after_it_begins",
                                violation_error_message="The certificate can't end before it begins.",
                            ),
                        ],
                    },
                ),
            ],
        ),
        AddTrigger(
            model_name="creditrelease",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: releases of credit holds are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="32790ad26220010ed3b24bbdccbf474e87d93a01",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_f324b",
                    table="customers_creditrelease",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="creditrelease",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: releases of credit holds are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="4c28394cb13cce81acd770026ac22a1d21a7faf4",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_faa7b",
                    table="customers_creditrelease",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="credithold",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: credit holds are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="5a8efe92dd40b6c412a8276f04e6acfce9cd8c7f",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_df799",
                    table="customers_credithold",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="credithold",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: credit holds are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="07cecf0a73538697f9d57988cd26484c5244f4ad",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_eeda3",
                    table="customers_credithold",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="customerbankaccount",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.customer_id IS DISTINCT FROM OLD.customer_id OR NEW.added_by_id IS DISTINCT FROM OLD.added_by_id OR NEW.iban IS DISTINCT FROM OLD.iban OR NEW.bank_code IS DISTINCT FROM OLD.bank_code OR NEW.account_number IS DISTINCT FROM OLD.account_number OR NEW.country IS DISTINCT FROM OLD.country OR NEW.currency IS DISTINCT FROM OLD.currency OR NEW.kind IS DISTINCT FROM OLD.kind THEN\n                RAISE EXCEPTION 'o2c: bank accounts of customers keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="9d2b4d9b8dbc2bb2475b19d153e74f269364e12d",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_184a6",
                    table="customers_customerbankaccount",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="customerbankaccount",
            trigger=pgtrigger.compiler.Trigger(
                name="verified_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                    IF OLD.verified_at IS NOT NULL\n                    AND (NEW.holder, NEW.verified_by_id, NEW.verified_at, NEW.verified_how, NEW.verified_note)\n                        IS DISTINCT FROM (OLD.holder, OLD.verified_by_id, OLD.verified_at, OLD.verified_how, OLD.verified_note) THEN\n                        RAISE EXCEPTION 'o2c: a verified bank account is superseded, not changed'\n                            USING ERRCODE = 'restrict_violation';\n                    END IF;\n                    RETURN NEW;\n                ",
                    hash="e237ed9cf4846c25ce692b5dbe3828af4b358836",
                    operation="UPDATE",
                    pgid="pgtrigger_verified_once_602df",
                    table="customers_customerbankaccount",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="customerfile",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: files of customers are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="575d6e919f3d76914570e0e965771c93f2998dbd",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_1f913",
                    table="customers_customerfile",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="customerfile",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: files of customers are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="dce3689d62681b76815ff59b6115f22918dc2ae9",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_539b7",
                    table="customers_customerfile",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="customernote",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: notes on customers are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="b6f4d57a4548b133b929159e0ba71efd60271174",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_3f8fc",
                    table="customers_customernote",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="customernote",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: notes on customers are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="39c86e658dd346f3bb50dd94064ddba7162fd688",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_276eb",
                    table="customers_customernote",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="dataqualitytask",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.kind IS DISTINCT FROM OLD.kind OR NEW.customer_id IS DISTINCT FROM OLD.customer_id OR NEW.contact_id IS DISTINCT FROM OLD.contact_id OR NEW.address IS DISTINCT FROM OLD.address OR NEW.opened_at IS DISTINCT FROM OLD.opened_at THEN\n                RAISE EXCEPTION 'o2c: tasks about data quality keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="1983d8574235adc1dcf035ad9e2c7e715dfc36d0",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_94b76",
                    table="customers_dataqualitytask",
                    when="BEFORE",
                ),
            ),
        ),
    ]
