"""The tables of this room as they stood when its first steps were folded into one."""

import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

import core.fields
from core.migration_operations import AddTrigger, CreateTables


class Migration(migrations.Migration):
    replaces = [
        ("directdebit", "0001_mandates_runs_and_collections"),
        ("directdebit", "0002_returns_and_providers"),
        ("directdebit", "0003_the_day_of_a_claim"),
        ("directdebit", "0004_a_providers_code_is_taken_once"),
    ]

    initial = True

    dependencies = [
        ("cashapp", "0001_tables"),
        ("core", "0001_tables"),
        ("customers", "0001_tables"),
        ("ledger", "0001_tables"),
        ("messaging", "0001_tables"),
    ]

    operations = [
        CreateTables(
            tables=[
                migrations.CreateModel(
                    name="Creditor",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "code",
                            models.SlugField(help_text="Short name, which also finds a provider's key.", max_length=20),
                        ),
                        ("name", models.CharField(help_text="As payers read it on their statements.", max_length=60)),
                        (
                            "scheme",
                            models.CharField(
                                choices=[
                                    ("bacs", "Bacs"),
                                    ("sepa_core", "SEPA Core"),
                                    ("sepa_b2b", "SEPA B2B"),
                                    ("ach", "ACH"),
                                ],
                                max_length=10,
                            ),
                        ),
                        (
                            "identifier",
                            models.CharField(
                                help_text="Service user number, SEPA creditor identifier, or the bank's ten characters for ACH.",
                                max_length=35,
                            ),
                        ),
                        (
                            "notice_days",
                            models.PositiveSmallIntegerField(
                                help_text="Working days for Bacs, calendar days otherwise. Fewer only as agreed with the bank."
                            ),
                        ),
                        (
                            "provider",
                            models.CharField(
                                choices=[
                                    ("file", "Files for our bank"),
                                    ("access_paysuite", "Access PaySuite"),
                                    ("gocardless", "GoCardless"),
                                ],
                                default="file",
                                max_length=16,
                            ),
                        ),
                        ("base_url", models.URLField(blank=True, help_text="Where the provider's interface is.")),
                        (
                            "schedule",
                            models.CharField(
                                blank=True, help_text="Access PaySuite's schedule for new contracts.", max_length=120
                            ),
                        ),
                        (
                            "creditor",
                            models.CharField(blank=True, help_text="GoCardless's name for us.", max_length=60),
                        ),
                        ("next_serial", models.PositiveIntegerField(default=1, editable=False)),
                        ("is_active", models.BooleanField(default=True)),
                        (
                            "bank_account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.bankaccount"
                            ),
                        ),
                        (
                            "entity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="creditors",
                                to="core.legalentity",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("entity", "code"),
                        "constraints": [
                            models.UniqueConstraint(fields=("entity", "code"), name="one_creditor_a_code"),
                            models.UniqueConstraint(
                                condition=models.Q(("provider", "file"), _negated=True),
                                fields=("code",),
                                name="a_providers_code_is_taken_once",
                                violation_error_message="Another creditor has this code with a provider; its key is found by the code.",
                            ),
                            models.UniqueConstraint(
                                fields=("scheme", "identifier", "provider"), name="a_creditor_is_known_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("base_url", ""), ("provider", "file")),
                                    models.Q(
                                        models.Q(("provider", "file"), _negated=True),
                                        models.Q(("base_url", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="a_provider_has_an_address",
                                violation_error_message="A provider needs the address of its interface; files need none.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CollectionRun",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("due_until", models.DateField(help_text="Items due until this day.")),
                        ("collect_on", models.DateField(help_text="The banking day that was asked for.")),
                        ("prepared_on", models.DateField()),
                        (
                            "request_id",
                            models.CharField(help_text="Tells one run from another of the same day.", max_length=64),
                        ),
                        (
                            "prepared_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("dropped_at", models.DateTimeField(editable=False, null=True)),
                        (
                            "dropped_by",
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
                            "prepared_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "creditor",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="runs",
                                to="directdebit.creditor",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-collect_on", "-pk"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("creditor", "request_id"), name="a_collection_run_is_prepared_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("dropped_at", None), ("dropped_by", None)),
                                    models.Q(("dropped_at__isnull", False), ("dropped_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="a_dropped_run_says_who",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LeftOut",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("amount", core.fields.AmountField()),
                        ("currency", core.fields.CurrencyField()),
                        ("reason", models.CharField(max_length=200)),
                        (
                            "item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.openitem"
                            ),
                        ),
                        (
                            "run",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="left_out",
                                to="directdebit.collectionrun",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("pk",),
                        "constraints": [
                            models.UniqueConstraint(fields=("run", "item"), name="an_item_is_left_out_once_a_run")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Mandate",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("reference", models.CharField(max_length=35)),
                        (
                            "use",
                            models.CharField(
                                choices=[("recurring", "Again and again"), ("one_off", "Once")],
                                default="recurring",
                                max_length=10,
                            ),
                        ),
                        ("signed_on", models.DateField(help_text="When the payer signed or agreed.")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("pending_lodgement", "To be lodged"),
                                    ("lodged", "Lodged"),
                                    ("active", "Active"),
                                    ("amended", "Amended"),
                                    ("dormant_warning", "About to lapse"),
                                    ("cancelled", "Cancelled"),
                                    ("failed", "Refused"),
                                    ("expired", "Expired"),
                                ],
                                default="draft",
                                editable=False,
                                max_length=18,
                            ),
                        ),
                        ("lodged_on", models.DateField(editable=False, null=True)),
                        (
                            "usable_from",
                            models.DateField(editable=False, help_text="The first day of a collection.", null=True),
                        ),
                        ("last_collected_on", models.DateField(editable=False, null=True)),
                        ("collections_made", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "paused_reason",
                            models.CharField(
                                blank=True, help_text="Why nothing is drawn for the time being.", max_length=200
                            ),
                        ),
                        ("ended_on", models.DateField(editable=False, null=True)),
                        (
                            "amended_from",
                            models.CharField(
                                blank=True, editable=False, help_text="The reference it had before.", max_length=35
                            ),
                        ),
                        (
                            "cancellation_due",
                            models.BooleanField(
                                default=False, help_text="Its bank has to be told of the end by a file."
                            ),
                        ),
                        (
                            "provider_identifier",
                            models.CharField(
                                blank=True, editable=False, help_text="The provider's name.", max_length=80
                            ),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "bank_account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="mandates",
                                to="customers.customerbankaccount",
                            ),
                        ),
                        (
                            "created_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "creditor",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="mandates",
                                to="directdebit.creditor",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="mandates",
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
                                blank=True,
                                help_text="As signed.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.storedfile",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("customer", "-pk"),
                        "indexes": [
                            models.Index(fields=["entity", "state"], name="mandates_by_state"),
                            models.Index(
                                condition=models.Q(("provider_identifier", ""), _negated=True),
                                fields=["provider_identifier"],
                                name="mandates_of_providers",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("creditor", "reference"), name="a_mandate_reference_is_taken_once"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state__in", ("cancelled", "failed", "expired")), _negated=True),
                                fields=("creditor", "customer"),
                                name="one_mandate_under_way_a_customer",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("ended_on__isnull", False), ("state__in", ("cancelled", "failed", "expired"))
                                    ),
                                    models.Q(
                                        models.Q(("state__in", ("cancelled", "failed", "expired")), _negated=True),
                                        ("ended_on", None),
                                    ),
                                    _connector="OR",
                                ),
                                name="an_ended_mandate_says_when",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state__in", ("active", "amended", "dormant_warning")), _negated=True),
                                    ("usable_from__isnull", False),
                                    _connector="OR",
                                ),
                                name="a_live_mandate_says_from_when",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MandateEvent",
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
                                choices=[
                                    ("draft", "Draft"),
                                    ("pending_lodgement", "To be lodged"),
                                    ("lodged", "Lodged"),
                                    ("active", "Active"),
                                    ("amended", "Amended"),
                                    ("dormant_warning", "About to lapse"),
                                    ("cancelled", "Cancelled"),
                                    ("failed", "Refused"),
                                    ("expired", "Expired"),
                                ],
                                max_length=18,
                            ),
                        ),
                        ("on", models.DateField()),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("person", "A person here"),
                                    ("file", "Our own file"),
                                    ("bank", "The payer's bank"),
                                    ("provider", "The provider"),
                                    ("calendar", "The calendar"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("reason", models.CharField(blank=True, max_length=200)),
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
                            "mandate",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="events",
                                to="directdebit.mandate",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-pk",),
                    },
                ),
                migrations.CreateModel(
                    name="ProviderExchange",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("method", models.CharField(max_length=6)),
                        ("path", models.CharField(max_length=200)),
                        ("asked", models.TextField(blank=True)),
                        ("status", models.PositiveSmallIntegerField(null=True)),
                        ("answered", models.TextField(blank=True)),
                        ("error", models.CharField(blank=True, max_length=120)),
                        ("milliseconds", models.PositiveIntegerField()),
                        (
                            "at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "creditor",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="exchanges",
                                to="directdebit.creditor",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-pk",),
                        "indexes": [models.Index(fields=["creditor", "-id"], name="exchanges_of_creditor")],
                    },
                ),
                migrations.CreateModel(
                    name="ProviderHint",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.CharField(help_text="The event's id, or made of what was told.", max_length=80)),
                        ("about", models.CharField(help_text="Such as payment, mandate or contract.", max_length=40)),
                        ("resource", models.CharField(max_length=80)),
                        ("action", models.CharField(blank=True, max_length=60)),
                        ("codes", models.CharField(blank=True, max_length=10)),
                        ("code", models.CharField(blank=True, max_length=20)),
                        (
                            "received_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("handled_at", models.DateTimeField(null=True)),
                        ("outcome", models.CharField(blank=True, max_length=300)),
                        (
                            "creditor",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="hints",
                                to="directdebit.creditor",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-pk",),
                        "indexes": [
                            models.Index(
                                condition=models.Q(("handled_at", None)), fields=["id"], name="hints_to_handle"
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("creditor", "key"), name="a_hint_comes_in_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ProviderPayout",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("identifier", models.CharField(max_length=80)),
                        ("reference", models.CharField(blank=True, max_length=80)),
                        ("net", core.fields.AmountField()),
                        ("fees", core.fields.AmountField()),
                        ("currency", core.fields.CurrencyField()),
                        ("arrives_on", models.DateField()),
                        (
                            "recorded_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "creditor",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="payouts",
                                to="directdebit.creditor",
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
                    ],
                    options={
                        "ordering": ("-arrives_on", "-pk"),
                        "constraints": [
                            models.UniqueConstraint(fields=("creditor", "identifier"), name="a_payout_is_booked_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReturnPolicy",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "bank_fee",
                            core.fields.AmountField(
                                default=0,
                                help_text="What the bank takes for each return. Its own word goes before this.",
                            ),
                        ),
                        (
                            "recharge",
                            core.fields.AmountField(
                                default=0, help_text="What the customer is charged for each return."
                            ),
                        ),
                        ("changed_at", models.DateTimeField(auto_now=True)),
                        (
                            "changed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "creditor",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="return_policy",
                                to="directdebit.creditor",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("creditor",),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("bank_fee__gte", 0), ("recharge__gte", 0)),
                                name="return_fees_are_not_negative",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReturnReport",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("content_hash", models.CharField(max_length=64)),
                        ("format", models.CharField(max_length=40)),
                        (
                            "identifier",
                            models.CharField(blank=True, help_text="The report's own number.", max_length=80),
                        ),
                        (
                            "service",
                            models.CharField(blank=True, help_text="Whose direct debits it is about.", max_length=80),
                        ),
                        ("made_on", models.DateField(null=True)),
                        ("findings", models.JSONField(default=list)),
                        (
                            "taken_in_at",
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
                            "taken_in_by",
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
                                fields=("entity", "content_hash"), name="a_return_report_is_taken_in_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Submission",
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
                                choices=[("collections", "Collections"), ("instructions", "Instructions")],
                                max_length=12,
                            ),
                        ),
                        ("collect_on", models.DateField(help_text="The day on which payers are debited.", null=True)),
                        ("input_on", models.DateField(help_text="The latest day to hand it in.")),
                        ("processed_on", models.DateField()),
                        ("serial", models.PositiveIntegerField()),
                        (
                            "name",
                            models.CharField(
                                help_text="The file's own identification, which comes back with answers.", max_length=35
                            ),
                        ),
                        ("count", models.PositiveIntegerField()),
                        ("amount", core.fields.AmountField()),
                        ("currency", core.fields.CurrencyField()),
                        (
                            "approved_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "taken_at",
                            models.DateTimeField(
                                editable=False, help_text="When the file was fetched for the bank.", null=True
                            ),
                        ),
                        (
                            "approved_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "creditor",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="submissions",
                                to="directdebit.creditor",
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
                            "line",
                            models.OneToOneField(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="submission",
                                to="cashapp.bankstatementline",
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
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="submissions",
                                to="directdebit.collectionrun",
                            ),
                        ),
                        (
                            "taken_by",
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
                        "ordering": ("-pk",),
                        "indexes": [models.Index(fields=["entity", "name"], name="submissions_by_name")],
                        "constraints": [
                            models.UniqueConstraint(fields=("creditor", "serial"), name="a_serial_is_used_once"),
                            models.UniqueConstraint(
                                fields=("run", "collect_on"), name="a_day_of_a_run_is_submitted_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("kind", "instructions"),
                                    models.Q(("prepared_by", models.F("approved_by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="a_second_person_submits_collections",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("collect_on__isnull", False), ("kind", "collections"), ("run__isnull", False)
                                    ),
                                    models.Q(("collect_on", None), ("kind", "instructions"), ("run", None)),
                                    _connector="OR",
                                ),
                                name="collections_have_a_run_and_a_day",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Collection",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("reference", models.CharField(max_length=15)),
                        ("amount", core.fields.AmountField()),
                        ("currency", core.fields.CurrencyField()),
                        ("collect_on", models.DateField(help_text="The day on which the payer is debited.")),
                        (
                            "moved_reason",
                            models.CharField(
                                blank=True, help_text="Why not on the day that the run asked for.", max_length=200
                            ),
                        ),
                        (
                            "sequence",
                            models.CharField(
                                choices=[
                                    ("first", "First"),
                                    ("recurring", "Recurring"),
                                    ("one_off", "One-off"),
                                    ("final", "Final"),
                                    ("re_presented", "Presented again"),
                                ],
                                max_length=12,
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("planned", "Planned"),
                                    ("notified", "Announced"),
                                    ("submitted", "Submitted"),
                                    ("presumed_paid", "Presumed paid"),
                                    ("confirmed_paid", "Paid"),
                                    ("returned", "Returned"),
                                    ("claimed", "Claimed back"),
                                    ("re_presented", "Presented again"),
                                    ("closed", "Closed"),
                                    ("cancelled", "Cancelled"),
                                ],
                                default="planned",
                                editable=False,
                                max_length=14,
                            ),
                        ),
                        ("notified_on", models.DateField(editable=False, null=True)),
                        (
                            "provider_identifier",
                            models.CharField(
                                blank=True, editable=False, help_text="The provider's name.", max_length=80
                            ),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="collections",
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
                            "notice",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="messaging.message",
                            ),
                        ),
                        (
                            "re_presents",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="presented_again_by",
                                to="directdebit.collection",
                            ),
                        ),
                        (
                            "receipt",
                            models.OneToOneField(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="collection",
                                to="cashapp.receipt",
                            ),
                        ),
                        (
                            "run",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="collections",
                                to="directdebit.collectionrun",
                            ),
                        ),
                        (
                            "mandate",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="collections",
                                to="directdebit.mandate",
                            ),
                        ),
                        (
                            "submission",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="collections",
                                to="directdebit.submission",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("collect_on", "pk"),
                        "indexes": [
                            models.Index(fields=["entity", "state", "collect_on"], name="collections_by_state"),
                            models.Index(fields=["mandate", "collect_on"], name="collections_of_a_mandate"),
                            models.Index(
                                condition=models.Q(("provider_identifier", ""), _negated=True),
                                fields=["provider_identifier"],
                                name="collections_of_providers",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("entity", "reference"), name="a_collection_reference_is_taken_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("amount__gt", 0)), name="a_collection_has_an_amount"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CollectionEvent",
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
                                choices=[
                                    ("planned", "Planned"),
                                    ("notified", "Announced"),
                                    ("submitted", "Submitted"),
                                    ("presumed_paid", "Presumed paid"),
                                    ("confirmed_paid", "Paid"),
                                    ("returned", "Returned"),
                                    ("claimed", "Claimed back"),
                                    ("re_presented", "Presented again"),
                                    ("closed", "Closed"),
                                    ("cancelled", "Cancelled"),
                                ],
                                max_length=14,
                            ),
                        ),
                        ("on", models.DateField(help_text="From when it counts.")),
                        (
                            "code",
                            models.CharField(blank=True, help_text="The bank's or the scheme's reason.", max_length=12),
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
                            "collection",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="events",
                                to="directdebit.collection",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("pk",),
                    },
                ),
                migrations.CreateModel(
                    name="CollectionPart",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("amount", core.fields.AmountField()),
                        (
                            "stands",
                            models.BooleanField(
                                default=True, help_text="Until the collection is cancelled, returned or claimed."
                            ),
                        ),
                        (
                            "collection",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="parts",
                                to="directdebit.collection",
                            ),
                        ),
                        (
                            "item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="collection_parts",
                                to="ledger.openitem",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("pk",),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("stands", True)), fields=("item",), name="an_item_is_asked_for_once"
                            ),
                            models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="a_part_has_an_amount"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ProviderRequest",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.CharField(help_text="Ours, given to the provider.", max_length=80, unique=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("to_ask", "To be asked"),
                                    ("asked", "Asked, no answer yet"),
                                    ("taken", "Taken on"),
                                    ("refused", "Refused"),
                                ],
                                default="to_ask",
                                max_length=8,
                            ),
                        ),
                        ("status", models.CharField(blank=True, help_text="As the provider told last.", max_length=16)),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        ("next_try_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        (
                            "said",
                            models.CharField(
                                blank=True, help_text="Why it was refused, or what went wrong last.", max_length=300
                            ),
                        ),
                        (
                            "collection",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="provider_request",
                                to="directdebit.collection",
                            ),
                        ),
                        (
                            "creditor",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="provider_requests",
                                to="directdebit.creditor",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("pk",),
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state__in", ("to_ask", "asked"))),
                                fields=["next_try_at"],
                                name="requests_to_ask",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReturnedDebit",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "key",
                            models.CharField(
                                help_text="Made of everything that was told, so that it comes in once.", max_length=64
                            ),
                        ),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("file", "File"),
                                    ("access_paysuite", "Access PaySuite"),
                                    ("gocardless", "GoCardless"),
                                ],
                                max_length=16,
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("unpaid", "UNPAID"),
                                    ("claimed", "CLAIMED"),
                                    ("claim_cancelled", "CLAIM_CANCELLED"),
                                    ("mandate_cancelled", "MANDATE_CANCELLED"),
                                    ("mandate_amended", "MANDATE_AMENDED"),
                                    ("mandate_reinstated", "MANDATE_REINSTATED"),
                                    ("mandate_refused", "MANDATE_REFUSED"),
                                    ("other", "OTHER"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "codes",
                            models.CharField(
                                choices=[
                                    ("ARUDD", "ARUDD"),
                                    ("ADDACS", "ADDACS"),
                                    ("AUDDIS", "AUDDIS"),
                                    ("DDICA", "DDICA"),
                                    ("SEPA", "SEPA"),
                                    ("NACHA", "NACHA"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("code", models.CharField(max_length=20)),
                        ("words", models.CharField(blank=True, max_length=200)),
                        ("mandate_reference", models.CharField(blank=True, max_length=80)),
                        ("collection_reference", models.CharField(blank=True, max_length=80)),
                        ("batch_reference", models.CharField(blank=True, max_length=80)),
                        ("claim_reference", models.CharField(blank=True, max_length=80)),
                        ("amount", core.fields.AmountField(null=True)),
                        ("currency", core.fields.CurrencyField(blank=True)),
                        ("collected_on", models.DateField(null=True)),
                        ("effective_on", models.DateField(null=True)),
                        (
                            "fee",
                            core.fields.AmountField(
                                help_text="What the bank takes for it, where it says so.", null=True
                            ),
                        ),
                        ("payer", models.CharField(blank=True, max_length=140)),
                        (
                            "payer_account",
                            models.CharField(blank=True, help_text="The last four signs.", max_length=12),
                        ),
                        ("place", models.CharField(blank=True, max_length=200)),
                        (
                            "told_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("new", "To be booked"),
                                    ("booked", "Booked"),
                                    ("told_before", "Told before"),
                                    ("waiting", "Waits for a person"),
                                    ("set_aside", "Set aside"),
                                ],
                                default="new",
                                max_length=12,
                            ),
                        ),
                        (
                            "why",
                            models.CharField(blank=True, help_text="Why it waits, or was set aside.", max_length=400),
                        ),
                        (
                            "debit_on",
                            models.DateField(help_text="When the bank takes the money of a claim.", null=True),
                        ),
                        ("decided_at", models.DateTimeField(null=True)),
                        (
                            "claim",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="returned",
                                to="ledger.bankclaim",
                            ),
                        ),
                        (
                            "collection",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="returns",
                                to="directdebit.collection",
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
                            "fee_entry",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ledger.journalentry",
                            ),
                        ),
                        (
                            "mandate",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="returns",
                                to="directdebit.mandate",
                            ),
                        ),
                        (
                            "receipt",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="returns",
                                to="cashapp.receipt",
                            ),
                        ),
                        (
                            "same_as",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="told_again",
                                to="directdebit.returneddebit",
                            ),
                        ),
                        (
                            "report",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="returns",
                                to="directdebit.returnreport",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-pk",),
                        "indexes": [
                            models.Index(fields=["entity", "state", "-id"], name="returns_by_state"),
                            models.Index(condition=models.Q(("state", "new")), fields=["id"], name="returns_to_book"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("entity", "key"), name="a_return_comes_in_once"),
                            models.UniqueConstraint(
                                condition=models.Q(("collection__isnull", False), ("state", "booked")),
                                fields=("collection", "kind"),
                                name="a_collection_comes_back_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "told_before"), _negated=True),
                                    ("same_as__isnull", False),
                                    _connector="OR",
                                ),
                                name="told_before_names_the_first",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state__in", ("waiting", "set_aside")), _negated=True),
                                    models.Q(("why", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="what_is_not_booked_says_why",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FollowUp",
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
                                    ("re_present", "Present again"),
                                    ("new_details", "Get new bank details"),
                                    ("customer_success", "Speak to the customer"),
                                    ("legal", "Legal review"),
                                    ("investigate", "Look into it"),
                                ],
                                max_length=16,
                            ),
                        ),
                        (
                            "owner",
                            models.CharField(
                                choices=[
                                    ("receivables", "Receivables"),
                                    ("collections", "Collections"),
                                    ("customer_success", "Customer success"),
                                    ("legal", "Legal"),
                                ],
                                max_length=16,
                            ),
                        ),
                        ("due_on", models.DateField()),
                        (
                            "until_on",
                            models.DateField(
                                help_text="The last day on which the scheme lets it be presented again.", null=True
                            ),
                        ),
                        (
                            "opened_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("done_on", models.DateField(null=True)),
                        ("outcome", models.CharField(blank=True, max_length=200)),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="debit_follow_ups",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "done_by",
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
                            "returned",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="follow_ups",
                                to="directdebit.returneddebit",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("due_on", "pk"),
                        "indexes": [
                            models.Index(
                                condition=models.Q(("done_on", None)),
                                fields=["entity", "due_on"],
                                name="follow_ups_to_do",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("returned", "kind"), name="a_return_is_followed_up_once"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("done_by", None), ("done_on", None), ("outcome", "")),
                                    models.Q(
                                        ("done_by__isnull", False),
                                        ("done_on__isnull", False),
                                        models.Q(("outcome", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="the_end_of_a_follow_up_is_whole",
                            ),
                        ],
                    },
                ),
            ],
        ),
        AddTrigger(
            model_name="collectionevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: steps of collections are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="f92a8a9e1004923db8ae79e6b65c314900a66ee1",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_bbc46",
                    table="directdebit_collectionevent",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="collectionevent",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: steps of collections are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="4613cb941bcecef01a06fec6ef4301fb6a422e7e",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_e5746",
                    table="directdebit_collectionevent",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="collectionpart",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.collection_id IS DISTINCT FROM OLD.collection_id OR NEW.item_id IS DISTINCT FROM OLD.item_id OR NEW.amount IS DISTINCT FROM OLD.amount THEN\n                RAISE EXCEPTION 'o2c: parts of collections keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="978517377ad524c81b7e4842b9184d7a2100275c",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_1ddb3",
                    table="directdebit_collectionpart",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="collectionpart",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: parts of collections are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="f325164f395dcf383647ef035e0d187b1b4ddf5d",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_73cc6",
                    table="directdebit_collectionpart",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="collectionpart",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: parts of collections are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="5b985fa1d6ee71cbe759c47cd466c65a348f12a1",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_6b584",
                    table="directdebit_collectionpart",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="collectionrun",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.entity_id IS DISTINCT FROM OLD.entity_id OR NEW.creditor_id IS DISTINCT FROM OLD.creditor_id OR NEW.due_until IS DISTINCT FROM OLD.due_until OR NEW.collect_on IS DISTINCT FROM OLD.collect_on OR NEW.prepared_on IS DISTINCT FROM OLD.prepared_on OR NEW.request_id IS DISTINCT FROM OLD.request_id OR NEW.prepared_by_id IS DISTINCT FROM OLD.prepared_by_id THEN\n                RAISE EXCEPTION 'o2c: collection runs keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="701d00d5c20bb93d05f481f60698d8aaf2234138",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_59453",
                    table="directdebit_collectionrun",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="collectionrun",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: collection runs are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="3512130e2dbd792cf61ca436bd4d469985d7a507",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_26d76",
                    table="directdebit_collectionrun",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="collectionrun",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: collection runs are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="c4a3eb7f6b6736ef75eb6d08e819132e596f2776",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_835b0",
                    table="directdebit_collectionrun",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="leftout",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: items left out of runs are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="706aa1669213dec9350cac13d76e315a1b3a1b54",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_002a1",
                    table="directdebit_leftout",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="leftout",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: items left out of runs are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="7ce532333852538ef0d5484a01d33531cdf10201",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_b1e95",
                    table="directdebit_leftout",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="mandate",
            trigger=pgtrigger.compiler.Trigger(
                name="only_known_ways",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN ('draft>cancelled', 'draft>pending_lodgement', 'pending_lodgement>cancelled', 'pending_lodgement>failed', 'pending_lodgement>lodged', 'lodged>active', 'lodged>cancelled', 'lodged>failed', 'active>amended', 'active>cancelled', 'active>dormant_warning', 'active>expired', 'active>failed', 'amended>active', 'amended>cancelled', 'amended>dormant_warning', 'amended>expired', 'amended>failed', 'dormant_warning>active', 'dormant_warning>amended', 'dormant_warning>cancelled', 'dormant_warning>expired', 'dormant_warning>failed', 'cancelled>active') THEN\n                RAISE EXCEPTION 'o2c: a mandate that is % cannot become %', OLD.state, NEW.state\n                    USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="c99fe529dc65432d82c24555aec9bd37c1df85b8",
                    operation="UPDATE",
                    pgid="pgtrigger_only_known_ways_f2811",
                    table="directdebit_mandate",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="mandate",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.entity_id IS DISTINCT FROM OLD.entity_id OR NEW.creditor_id IS DISTINCT FROM OLD.creditor_id OR NEW.customer_id IS DISTINCT FROM OLD.customer_id OR NEW.created_by_id IS DISTINCT FROM OLD.created_by_id THEN\n                RAISE EXCEPTION 'o2c: mandates keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="bbe703a443831eb1be7225b0d1b7f021a78e4824",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_4a1fc",
                    table="directdebit_mandate",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="mandate",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: mandates are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="472c54314e701a4d5ae10a90def2da9ee98d0df0",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_a99c7",
                    table="directdebit_mandate",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="mandate",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: mandates are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="6be19c2a50fd768a87d5c941df72ac9ed4a9efd4",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_25c31",
                    table="directdebit_mandate",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="mandateevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: steps of mandates are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="b7005b59b6e058c1995ada6e960ff08fe8376bf3",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_313eb",
                    table="directdebit_mandateevent",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="mandateevent",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: steps of mandates are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="d79b1f24201c85393db4ab3ccaf913c366382a7a",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_eac00",
                    table="directdebit_mandateevent",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="providerexchange",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: exchanges with providers are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="73ae6ed6c4e55506ddd6de2a7b468febaab1a3d8",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_bd4e4",
                    table="directdebit_providerexchange",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="providerexchange",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: exchanges with providers are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="d562b2788cb9b9bc3532d5ca62c058354be27832",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_5204a",
                    table="directdebit_providerexchange",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="providerhint",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.creditor_id IS DISTINCT FROM OLD.creditor_id OR NEW.key IS DISTINCT FROM OLD.key OR NEW.about IS DISTINCT FROM OLD.about OR NEW.resource IS DISTINCT FROM OLD.resource OR NEW.action IS DISTINCT FROM OLD.action OR NEW.code IS DISTINCT FROM OLD.code THEN\n                RAISE EXCEPTION 'o2c: hints of providers keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="b68f26093de2e0cd94bab66d0dbd5740ef91dd8c",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_61abd",
                    table="directdebit_providerhint",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="providerhint",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: hints of providers are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="d4896199475180a9e579e314e3a9f3bf3538f1f1",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_ab2b4",
                    table="directdebit_providerhint",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="providerhint",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: hints of providers are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="0b04065323043478f0373b6c0a0964d8cc85c363",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_d1465",
                    table="directdebit_providerhint",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="providerpayout",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: payouts of providers are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="1a0d778ff8acc5cb0dd1e8f2280e0aea6038b295",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_c2794",
                    table="directdebit_providerpayout",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="providerpayout",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: payouts of providers are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="d27501c5bf291c613e53436086fb127ab2238aa2",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_7a8c2",
                    table="directdebit_providerpayout",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="providerrequest",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.collection_id IS DISTINCT FROM OLD.collection_id OR NEW.creditor_id IS DISTINCT FROM OLD.creditor_id OR NEW.key IS DISTINCT FROM OLD.key THEN\n                RAISE EXCEPTION 'o2c: requests to providers keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="f6a6f7bc546b8412bc899ef09431fdd5469e1e12",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_d5de8",
                    table="directdebit_providerrequest",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="providerrequest",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: requests to providers are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="b09e3c901284418df9bb4ec2a47c6aecbc445ce3",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_70b10",
                    table="directdebit_providerrequest",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="providerrequest",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: requests to providers are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="1954b6307667e7964089daf6ccc6d9cff9078496",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_ff379",
                    table="directdebit_providerrequest",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="followup",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.entity_id IS DISTINCT FROM OLD.entity_id OR NEW.customer_id IS DISTINCT FROM OLD.customer_id OR NEW.returned_id IS DISTINCT FROM OLD.returned_id OR NEW.kind IS DISTINCT FROM OLD.kind OR NEW.until_on IS DISTINCT FROM OLD.until_on THEN\n                RAISE EXCEPTION 'o2c: follow-ups keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="6d2fec5ca9c184fb84b5c38059425b5b7e707ff3",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_c1917",
                    table="directdebit_followup",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="followup",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: follow-ups are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="c44587482a9fa8213899ce945a061ef69a4c7680",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_511eb",
                    table="directdebit_followup",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="followup",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: follow-ups are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="da4773128900563c9a6f91f7bef60b2f43b8b393",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_555c6",
                    table="directdebit_followup",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="returnreport",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: reports on direct debits are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="e09cbdc573f1d95c65e119a138f66828f37db783",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_81a07",
                    table="directdebit_returnreport",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="returnreport",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: reports on direct debits are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="e859b67f8bf1b1413c2cadd895bca534d6260302",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_85370",
                    table="directdebit_returnreport",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="returneddebit",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.entity_id IS DISTINCT FROM OLD.entity_id OR NEW.report_id IS DISTINCT FROM OLD.report_id OR NEW.key IS DISTINCT FROM OLD.key OR NEW.source IS DISTINCT FROM OLD.source OR NEW.kind IS DISTINCT FROM OLD.kind OR NEW.codes IS DISTINCT FROM OLD.codes OR NEW.code IS DISTINCT FROM OLD.code OR NEW.words IS DISTINCT FROM OLD.words OR NEW.mandate_reference IS DISTINCT FROM OLD.mandate_reference OR NEW.collection_reference IS DISTINCT FROM OLD.collection_reference OR NEW.batch_reference IS DISTINCT FROM OLD.batch_reference OR NEW.claim_reference IS DISTINCT FROM OLD.claim_reference OR NEW.amount IS DISTINCT FROM OLD.amount OR NEW.currency IS DISTINCT FROM OLD.currency OR NEW.collected_on IS DISTINCT FROM OLD.collected_on OR NEW.effective_on IS DISTINCT FROM OLD.effective_on OR NEW.payer IS DISTINCT FROM OLD.payer OR NEW.payer_account IS DISTINCT FROM OLD.payer_account OR NEW.place IS DISTINCT FROM OLD.place THEN\n                RAISE EXCEPTION 'o2c: returned debits keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="801a8f29c5a490e55a61e75b4931ea6afbef166d",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_d845b",
                    table="directdebit_returneddebit",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="returneddebit",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: returned debits are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="5b465a7f137127ba57d2ebe3b1735d36c1d0f7fa",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_010ad",
                    table="directdebit_returneddebit",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="returneddebit",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: returned debits are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="e74384af86e99e1b0469747301f3c16a721ac662",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_47fe6",
                    table="directdebit_returneddebit",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="submission",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.entity_id IS DISTINCT FROM OLD.entity_id OR NEW.creditor_id IS DISTINCT FROM OLD.creditor_id OR NEW.kind IS DISTINCT FROM OLD.kind OR NEW.run_id IS DISTINCT FROM OLD.run_id OR NEW.collect_on IS DISTINCT FROM OLD.collect_on OR NEW.input_on IS DISTINCT FROM OLD.input_on OR NEW.processed_on IS DISTINCT FROM OLD.processed_on OR NEW.serial IS DISTINCT FROM OLD.serial OR NEW.name IS DISTINCT FROM OLD.name OR NEW.count IS DISTINCT FROM OLD.count OR NEW.amount IS DISTINCT FROM OLD.amount OR NEW.currency IS DISTINCT FROM OLD.currency OR NEW.file_id IS DISTINCT FROM OLD.file_id OR NEW.prepared_by_id IS DISTINCT FROM OLD.prepared_by_id OR NEW.approved_by_id IS DISTINCT FROM OLD.approved_by_id THEN\n                RAISE EXCEPTION 'o2c: submissions keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="45e66a0339b0566ac58b3f1db0102ace7f480b6a",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_4ec44",
                    table="directdebit_submission",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="submission",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: submissions are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="fc11a52de5f838d73f799dc7bce5427343274621",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_fbb92",
                    table="directdebit_submission",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="submission",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: submissions are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="1eee5385a4092b0397d5f9203693853083eae5e9",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_5a167",
                    table="directdebit_submission",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="collection",
            trigger=pgtrigger.compiler.Trigger(
                name="only_known_ways",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN ('planned>cancelled', 'planned>notified', 'notified>cancelled', 'notified>submitted', 'submitted>cancelled', 'submitted>presumed_paid', 'submitted>returned', 'presumed_paid>claimed', 'presumed_paid>confirmed_paid', 'presumed_paid>returned', 'confirmed_paid>claimed', 'confirmed_paid>returned', 'returned>closed', 'returned>re_presented', 'claimed>closed', 'claimed>confirmed_paid') THEN\n                RAISE EXCEPTION 'o2c: a collection that is % cannot become %', OLD.state, NEW.state\n                    USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="ee4761cb5715a2cad227d8cd5a95ed10be227988",
                    operation="UPDATE",
                    pgid="pgtrigger_only_known_ways_9ef32",
                    table="directdebit_collection",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="collection",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.entity_id IS DISTINCT FROM OLD.entity_id OR NEW.run_id IS DISTINCT FROM OLD.run_id OR NEW.mandate_id IS DISTINCT FROM OLD.mandate_id OR NEW.customer_id IS DISTINCT FROM OLD.customer_id OR NEW.reference IS DISTINCT FROM OLD.reference OR NEW.amount IS DISTINCT FROM OLD.amount OR NEW.currency IS DISTINCT FROM OLD.currency OR NEW.collect_on IS DISTINCT FROM OLD.collect_on THEN\n                RAISE EXCEPTION 'o2c: collections keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="9bb7a945903134660895a3c1e44d9b742125cc8c",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_92a20",
                    table="directdebit_collection",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="collection",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: collections are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="6473056d6eeb4249997d3ee7467be967ed76eeed",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_2c717",
                    table="directdebit_collection",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="collection",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: collections are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="396981e5e4f557534c76c4faab65d018212cf592",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_e4003",
                    table="directdebit_collection",
                    when="BEFORE",
                ),
            ),
        ),
    ]
