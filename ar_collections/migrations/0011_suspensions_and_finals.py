"""Suspensions with their steps, notes and meetings; what is written down about finals; escalations."""

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
        ("collections", "0010_portfolios"),
        ("core", "0005_service_owners"),
        ("core", "__first__"),
        ("customers", "0001_tables"),
        ("ledger", "0001_tables"),
        ("messaging", "0003_messages_to_colleagues"),
    ]

    operations = [
        core.migration_operations.CreateTables(
            tables=[
                migrations.CreateModel(
                    name="Escalation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "trigger",
                            models.CharField(
                                choices=[
                                    ("amount", "Large and old"),
                                    ("broken", "Promises broken again"),
                                    ("silence", "Nobody can be reached"),
                                    ("difficult", "A difficult conversation"),
                                    ("insolvency", "Signs of insolvency"),
                                    ("other", "Something else"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("note", models.CharField(blank=True, help_text="What the collector adds.", max_length=600)),
                        (
                            "advice",
                            models.CharField(
                                choices=[
                                    ("call", "A manager calls them"),
                                    ("disputes", "Decide the disputes first"),
                                    ("plan", "Let a payment plan be proposed"),
                                    ("suspend", "Begin the suspension"),
                                    ("legal", "Hand over to lawyers"),
                                    ("write_off", "Write it off"),
                                    ("wait", "Wait"),
                                ],
                                help_text="What the system recommends.",
                                max_length=10,
                            ),
                        ),
                        ("because", models.CharField(max_length=200)),
                        ("facts", models.JSONField(help_text="The figures as label and value.")),
                        ("documents", models.JSONField(help_text="The oldest documents.")),
                        ("history", models.JSONField(help_text="What happened last.")),
                        ("answer_by", models.DateField()),
                        ("raised_on", models.DateField()),
                        (
                            "raised_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "decision",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("call", "A manager calls them"),
                                    ("disputes", "Decide the disputes first"),
                                    ("plan", "Let a payment plan be proposed"),
                                    ("suspend", "Begin the suspension"),
                                    ("legal", "Hand over to lawyers"),
                                    ("write_off", "Write it off"),
                                    ("wait", "Wait"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("answer", models.CharField(blank=True, max_length=600)),
                        ("answered_on", models.DateField(null=True)),
                        (
                            "answered_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "asked",
                            models.ForeignKey(
                                help_text="Who answers.",
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="escalations",
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
                            "raised_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "summary",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.storedfile"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-pk",),
                        "indexes": [
                            models.Index(
                                condition=models.Q(("answered_on", None)),
                                fields=["entity", "answer_by"],
                                name="escalations_to_answer",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("answered_on", None)),
                                fields=("customer",),
                                name="one_open_escalation_a_customer",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("answer", ""), ("answered_by", None), ("answered_on", None), ("decision", "")
                                    ),
                                    models.Q(
                                        models.Q(("decision", ""), _negated=True),
                                        models.Q(("answer", ""), _negated=True),
                                        ("answered_by__isnull", False),
                                        ("answered_on__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="the_answer_to_an_escalation_is_whole",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("answered_by", None),
                                    models.Q(("answered_by", models.F("raised_by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="nobody_answers_their_own_escalation",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FinalQuestion",
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
                                    ("exemption", "Exemption certificate"),
                                    ("documents", "Supporting documents"),
                                    ("change_order", "Approved change order"),
                                    ("purchase_order", "Purchase order"),
                                    ("portal", "Upload to their portal"),
                                    ("amount", "Amount or service"),
                                    ("other", "Something else"),
                                ],
                                max_length=14,
                            ),
                        ),
                        ("text", models.CharField(max_length=400)),
                        ("asked_on", models.DateField()),
                        (
                            "asked_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("due_on", models.DateField(help_text="By when it is answered.")),
                        ("answer", models.CharField(blank=True, max_length=400)),
                        ("answered_on", models.DateField(null=True)),
                        (
                            "answered_by",
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
                                help_text="Who wrote it down.",
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
                            "item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="final_questions",
                                to="ledger.openitem",
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
                    ],
                    options={
                        "ordering": ("due_on", "pk"),
                        "indexes": [
                            models.Index(
                                condition=models.Q(("answered_on", None)),
                                fields=["entity", "due_on"],
                                name="questions_to_answer",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("answered_on", None)),
                                fields=("item", "kind", "text"),
                                name="a_question_about_a_final_is_asked_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("answer", ""), ("answered_by", None), ("answered_on", None), ("file", None)
                                    ),
                                    models.Q(
                                        ("answered_by__isnull", False),
                                        ("answered_on__isnull", False),
                                        models.Q(("answer", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="the_answer_about_a_final_is_whole",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FinalReceipt",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("arrived", models.BooleanField()),
                        ("said_by", models.CharField(help_text="Who says so, at the customer.", max_length=120)),
                        ("said_on", models.DateField()),
                        (
                            "written_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "entity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.legalentity"
                            ),
                        ),
                        (
                            "item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="final_receipts",
                                to="ledger.openitem",
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
                        "indexes": [models.Index(fields=["item", "-id"], name="answers_about_a_final")],
                    },
                ),
                migrations.CreateModel(
                    name="LegalHandover",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("to_whom", models.CharField(help_text="The lawyers.", max_length=200)),
                        ("note", models.CharField(blank=True, max_length=600)),
                        ("pages", models.PositiveIntegerField()),
                        ("handed_on", models.DateField()),
                        (
                            "handed_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="legal_handovers",
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
                            "escalation",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="handover",
                                to="collections.escalation",
                            ),
                        ),
                        (
                            "handed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "hold",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="collections.dunninghold",
                            ),
                        ),
                        (
                            "pack",
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
                    name="SuspensionCase",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "level",
                            models.CharField(
                                choices=[
                                    ("orders", "No new orders"),
                                    ("read_only", "Read only"),
                                    ("full", "The whole service"),
                                ],
                                default="full",
                                max_length=10,
                            ),
                        ),
                        ("clause", models.CharField(max_length=200)),
                        ("opened_on", models.DateField()),
                        (
                            "opened_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "stage",
                            models.CharField(
                                choices=[
                                    ("notice_1", "First notice"),
                                    ("notice_2", "Second notice"),
                                    ("final", "Final notice"),
                                    ("approved", "Approved"),
                                    ("requested", "Support is to suspend"),
                                    ("suspended", "Suspended"),
                                    ("restoring", "Support is to restore"),
                                    ("ended", "Ended"),
                                ],
                                default="notice_1",
                                max_length=10,
                            ),
                        ),
                        ("finance_on", models.DateField(null=True)),
                        ("service_on", models.DateField(null=True)),
                        (
                            "position",
                            models.CharField(
                                default="owed", help_text="As it was last told to the managers.", max_length=10
                            ),
                        ),
                        (
                            "ending",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("", "Open"),
                                    ("paid", "Settled before the suspension"),
                                    ("restored", "Service restored"),
                                    ("withdrawn", "Withdrawn"),
                                    ("exempt", "Not to be suspended"),
                                    ("terminated", "Service ended for good"),
                                ],
                                default="",
                                max_length=10,
                            ),
                        ),
                        ("ended_on", models.DateField(null=True)),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="suspensions",
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
                            "final",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="suspensions",
                                to="ledger.openitem",
                            ),
                        ),
                        (
                            "finance_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
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
                            "service_by",
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
                            models.Index(
                                condition=models.Q(("ended_on", None)),
                                fields=["entity", "opened_on"],
                                name="suspensions_open",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ended_on", None)),
                                fields=("customer", "final"),
                                name="one_open_suspension_a_customer_and_final",
                                nulls_distinct=False,
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("stage__in", ("approved", "requested", "suspended", "restoring")),
                                        _negated=True,
                                    ),
                                    models.Q(
                                        ("finance_by__isnull", False),
                                        ("finance_on__isnull", False),
                                        ("service_by__isnull", False),
                                        ("service_on__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="no_suspension_without_both_approvals",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("finance_by", None),
                                    ("service_by", None),
                                    models.Q(("finance_by", models.F("service_by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="two_people_approve_a_suspension",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("ended_on__isnull", False),
                                        ("stage", "ended"),
                                        models.Q(("ending", ""), _negated=True),
                                    ),
                                    models.Q(
                                        models.Q(("stage", "ended"), _negated=True), ("ended_on", None), ("ending", "")
                                    ),
                                    _connector="OR",
                                ),
                                name="the_end_of_a_suspension_is_whole",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("clause", ""), _negated=True), name="a_suspension_names_its_clause"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SuspensionExtension",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("until_on", models.DateField(help_text="The last day on which the clock stands still.")),
                        ("reason", models.CharField(max_length=400)),
                        ("asked_on", models.DateField()),
                        (
                            "asked_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("approved_on", models.DateField(null=True)),
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
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="extensions",
                                to="collections.suspensioncase",
                            ),
                        ),
                        (
                            "proof",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.storedfile"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("pk",),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("approved_by", None), ("approved_on", None)),
                                    models.Q(
                                        ("approved_by__isnull", False),
                                        ("approved_on__isnull", False),
                                        models.Q(("approved_by", models.F("asked_by")), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="an_extension_is_given_by_another",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("until_on__gt", models.F("asked_on"))),
                                name="an_extension_gives_time",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SuspensionFreeze",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("reason", models.CharField(max_length=200)),
                        ("from_on", models.DateField()),
                        ("until_on", models.DateField(help_text="The last day.", null=True)),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="freezes",
                                to="collections.suspensioncase",
                            ),
                        ),
                        (
                            "proof",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.storedfile",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("pk",),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("until_on", None)),
                                fields=("case",),
                                name="one_open_pause_a_suspension",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SuspensionItem",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("amount", core.fields.AmountField(help_text="What was open of it.")),
                        ("currency", core.fields.CurrencyField()),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="items",
                                to="collections.suspensioncase",
                            ),
                        ),
                        (
                            "hold",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="collections.dunninghold",
                            ),
                        ),
                        (
                            "item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.openitem"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("case", "pk"),
                        "constraints": [
                            models.UniqueConstraint(fields=("case", "item"), name="a_suspension_names_an_item_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SuspensionMeeting",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("held_on", models.DateField()),
                        ("started_at", models.DateTimeField()),
                        ("ended_at", models.DateTimeField(null=True)),
                        (
                            "cases",
                            models.PositiveSmallIntegerField(
                                default=0, help_text="How many were open when it started."
                            ),
                        ),
                        (
                            "entity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.legalentity"
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
                        "ordering": ("-started_at",),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at", None)), fields=("entity",), name="one_meeting_at_a_time"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SuspensionOwner",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "function",
                            models.CharField(
                                choices=[
                                    ("collections", "Collections"),
                                    ("sales", "Account manager"),
                                    ("success", "Customer success"),
                                    ("service", "Service owner"),
                                    ("legal", "Legal"),
                                ],
                                max_length=12,
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="owners",
                                to="collections.suspensioncase",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("case", "pk"),
                        "constraints": [
                            models.UniqueConstraint(fields=("case", "function"), name="one_owner_a_function")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OwnerNote",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("text", models.CharField(max_length=1000)),
                        ("at", models.DateTimeField()),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "meeting",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="notes",
                                to="collections.suspensionmeeting",
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="notes",
                                to="collections.suspensionowner",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-pk",),
                        "indexes": [models.Index(fields=["owner", "-id"], name="notes_of_an_owner")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("text", ""), _negated=True), name="a_note_says_something"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SuspensionPolicy",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "support_name",
                            models.CharField(help_text="Who stops and restores the service.", max_length=120),
                        ),
                        ("support_email", models.EmailField(max_length=254)),
                        (
                            "clause",
                            models.CharField(
                                help_text="Such as: 8.3, terms of service.",
                                max_length=200,
                                verbose_name="Clause of the contract",
                            ),
                        ),
                        (
                            "meeting_weekday",
                            models.PositiveSmallIntegerField(
                                default=2,
                                help_text="Monday is 0.",
                                validators=[
                                    django.core.validators.MinValueValidator(0),
                                    django.core.validators.MaxValueValidator(4),
                                ],
                            ),
                        ),
                        (
                            "entity",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="suspension_policy",
                                to="core.legalentity",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "suspension policies",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("meeting_weekday__lte", 4)), name="meetings_are_on_working_days"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SuspensionStep",
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
                                    ("notice_1", "First notice"),
                                    ("notice_2", "Second notice"),
                                    ("final", "Final notice"),
                                    ("asked", "Approval asked"),
                                    ("finance", "Approved for finance"),
                                    ("service", "Approved by the service owner"),
                                    ("requested", "Support asked to suspend"),
                                    ("suspended", "Service suspended"),
                                    ("position", "Position changed"),
                                    ("proof", "Proof of payment"),
                                    ("extension_asked", "Extension asked"),
                                    ("extended", "Extended"),
                                    ("restore", "Support asked to restore"),
                                    ("restored", "Service restored"),
                                    ("ended", "Ended"),
                                ],
                                max_length=16,
                            ),
                        ),
                        ("on", models.DateField()),
                        (
                            "at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("note", models.CharField(blank=True, max_length=500)),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="steps",
                                to="collections.suspensioncase",
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
                            "message",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="messaging.message",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("pk",),
                        "indexes": [models.Index(fields=["case", "id"], name="steps_of_a_suspension")],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(
                                    (
                                        "kind__in",
                                        (
                                            "finance",
                                            "service",
                                            "requested",
                                            "suspended",
                                            "restore",
                                            "restored",
                                            "ended",
                                        ),
                                    )
                                ),
                                fields=("case", "kind"),
                                name="these_steps_are_taken_once",
                            )
                        ],
                    },
                ),
            ],
        ),
        core.migration_operations.AddTrigger(
            model_name="escalation",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.entity_id IS DISTINCT FROM OLD.entity_id OR NEW.customer_id IS DISTINCT FROM OLD.customer_id OR NEW.trigger IS DISTINCT FROM OLD.trigger OR NEW.note IS DISTINCT FROM OLD.note OR NEW.advice IS DISTINCT FROM OLD.advice OR NEW.because IS DISTINCT FROM OLD.because OR NEW.facts IS DISTINCT FROM OLD.facts OR NEW.documents IS DISTINCT FROM OLD.documents OR NEW.history IS DISTINCT FROM OLD.history OR NEW.summary_id IS DISTINCT FROM OLD.summary_id OR NEW.asked_id IS DISTINCT FROM OLD.asked_id OR NEW.answer_by IS DISTINCT FROM OLD.answer_by OR NEW.raised_on IS DISTINCT FROM OLD.raised_on OR NEW.raised_by_id IS DISTINCT FROM OLD.raised_by_id OR NEW.raised_at IS DISTINCT FROM OLD.raised_at THEN\n                RAISE EXCEPTION 'o2c: escalations keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="eb2bd80ffdba9b07901d50599d782cf1f512e698",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_fe130",
                    table="collections_escalation",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="escalation",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: escalations are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="01b873150761786914839ce58948fbb707d7394f",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_fefcc",
                    table="collections_escalation",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="escalation",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: escalations are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="01b112a709908c79fac5f7495c977decd45bbcb3",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_d67da",
                    table="collections_escalation",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="escalation",
            trigger=pgtrigger.compiler.Trigger(
                name="answered_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."answered_on" IS NOT NULL)',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="75b544185ac75eaf39a44c4991415e2e5149d270",
                    operation="UPDATE",
                    pgid="pgtrigger_answered_once_ac893",
                    table="collections_escalation",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="finalquestion",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.entity_id IS DISTINCT FROM OLD.entity_id OR NEW.item_id IS DISTINCT FROM OLD.item_id OR NEW.kind IS DISTINCT FROM OLD.kind OR NEW.text IS DISTINCT FROM OLD.text OR NEW.asked_on IS DISTINCT FROM OLD.asked_on OR NEW.asked_by_id IS DISTINCT FROM OLD.asked_by_id OR NEW.asked_at IS DISTINCT FROM OLD.asked_at OR NEW.due_on IS DISTINCT FROM OLD.due_on THEN\n                RAISE EXCEPTION 'o2c: questions about finals keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="ef6d0dac2c84cef928eb5455e837043ee7e84b7b",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_980ae",
                    table="collections_finalquestion",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="finalquestion",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: questions about finals are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="7747a7e165f99cdbcd2c1501b6ea9df24ca12514",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_65b33",
                    table="collections_finalquestion",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="finalquestion",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: questions about finals are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="1e297a71bf41285b7f8cf48f0fdea5db4369c2b1",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_416ce",
                    table="collections_finalquestion",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="finalquestion",
            trigger=pgtrigger.compiler.Trigger(
                name="answered_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."answered_on" IS NOT NULL)',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="9cb12eb98e17cca3a00f5f0d3bafe503d6f161af",
                    operation="UPDATE",
                    pgid="pgtrigger_answered_once_88b51",
                    table="collections_finalquestion",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="finalreceipt",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: answers about finals are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="62a88312d2e587ed73399422e3a2c9395a00133d",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_58f4c",
                    table="collections_finalreceipt",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="finalreceipt",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: answers about finals are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="70b93b063f2943884035ee4c752bab4ae1c69ec8",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_a48cc",
                    table="collections_finalreceipt",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="legalhandover",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: hand-overs to lawyers are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="b6f0e9969b066fdfed2083ffcc3b8033ff1101df",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_beff9",
                    table="collections_legalhandover",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="legalhandover",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: hand-overs to lawyers are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="66a6e5844ae278f495e870cd511734c7203c8dfd",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_f0f42",
                    table="collections_legalhandover",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="suspensioncase",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.entity_id IS DISTINCT FROM OLD.entity_id OR NEW.customer_id IS DISTINCT FROM OLD.customer_id OR NEW.final_id IS DISTINCT FROM OLD.final_id OR NEW.level IS DISTINCT FROM OLD.level OR NEW.clause IS DISTINCT FROM OLD.clause OR NEW.opened_on IS DISTINCT FROM OLD.opened_on OR NEW.opened_by_id IS DISTINCT FROM OLD.opened_by_id OR NEW.opened_at IS DISTINCT FROM OLD.opened_at THEN\n                RAISE EXCEPTION 'o2c: suspensions keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="2298151330c7d4078c80e99746d52da2b15949e5",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_1169a",
                    table="collections_suspensioncase",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="suspensioncase",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: suspensions are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="fe7fd0039700a2b1d80a28989efdb52c945fef09",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_f6845",
                    table="collections_suspensioncase",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="suspensioncase",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: suspensions are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="e97c08f92dbec7678a0da66ec22b98e27fbe7fdd",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_d32a3",
                    table="collections_suspensioncase",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="suspensioncase",
            trigger=pgtrigger.compiler.Trigger(
                name="only_known_stages",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.stage <> OLD.stage AND OLD.stage || '>' || NEW.stage NOT IN ('notice_1>notice_2', 'notice_1>ended', 'notice_2>final', 'notice_2>ended', 'final>approved', 'final>ended', 'approved>requested', 'approved>ended', 'requested>suspended', 'requested>restoring', 'requested>ended', 'suspended>restoring', 'suspended>ended', 'restoring>ended') THEN\n                RAISE EXCEPTION 'o2c: a suspension that is % cannot become %', OLD.stage, NEW.stage\n                    USING ERRCODE = 'restrict_violation';\n            END IF;\n            IF (OLD.finance_by_id IS NOT NULL AND NEW.finance_by_id IS DISTINCT FROM OLD.finance_by_id) OR (OLD.finance_on IS NOT NULL AND NEW.finance_on IS DISTINCT FROM OLD.finance_on) OR (OLD.service_by_id IS NOT NULL AND NEW.service_by_id IS DISTINCT FROM OLD.service_by_id) OR (OLD.service_on IS NOT NULL AND NEW.service_on IS DISTINCT FROM OLD.service_on) THEN\n                RAISE EXCEPTION 'o2c: approvals of suspensions stay' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="05ff457694aa2178cbe6a479eff578d730f29eb9",
                    operation="UPDATE",
                    pgid="pgtrigger_only_known_stages_09cec",
                    table="collections_suspensioncase",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="suspensioncase",
            trigger=pgtrigger.compiler.Trigger(
                name="ended_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."ended_on" IS NOT NULL)',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="ad474d2cf2fa80391a4c470004f4e16f29461a42",
                    operation="UPDATE",
                    pgid="pgtrigger_ended_once_7318f",
                    table="collections_suspensioncase",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="suspensionextension",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.case_id IS DISTINCT FROM OLD.case_id OR NEW.until_on IS DISTINCT FROM OLD.until_on OR NEW.reason IS DISTINCT FROM OLD.reason OR NEW.proof_id IS DISTINCT FROM OLD.proof_id OR NEW.asked_by_id IS DISTINCT FROM OLD.asked_by_id OR NEW.asked_on IS DISTINCT FROM OLD.asked_on OR NEW.asked_at IS DISTINCT FROM OLD.asked_at THEN\n                RAISE EXCEPTION 'o2c: extensions keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="cca5af6c55eeb80da0a59324766a53dd03ac1a0d",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_7becb",
                    table="collections_suspensionextension",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="suspensionextension",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: extensions are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="abf26fa43dcc9b42855113b1183e63156e5214cf",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_207a1",
                    table="collections_suspensionextension",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="suspensionextension",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: extensions are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="4f6bb4469b6e269246e8d75f486bfda64df7b027",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_b8673",
                    table="collections_suspensionextension",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="suspensionextension",
            trigger=pgtrigger.compiler.Trigger(
                name="approved_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."approved_on" IS NOT NULL)',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="45ebe51f10bdbc01d7c7d9560b32bc4f5e542659",
                    operation="UPDATE",
                    pgid="pgtrigger_approved_once_f5ee6",
                    table="collections_suspensionextension",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="suspensionfreeze",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.case_id IS DISTINCT FROM OLD.case_id OR NEW.reason IS DISTINCT FROM OLD.reason OR NEW.proof_id IS DISTINCT FROM OLD.proof_id OR NEW.from_on IS DISTINCT FROM OLD.from_on THEN\n                RAISE EXCEPTION 'o2c: pauses of suspensions keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="eae4c5a56d527f21b92ee4139dbe7e03dd3299a3",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_a1b64",
                    table="collections_suspensionfreeze",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="suspensionfreeze",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: pauses of suspensions are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="d67e1dc3553aee605c43d973efed6388bd8f5f70",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_b5e1f",
                    table="collections_suspensionfreeze",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="suspensionfreeze",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: pauses of suspensions are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="5f311135bb55534f33a5cb4317124b84ebfff289",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_523bb",
                    table="collections_suspensionfreeze",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="suspensionfreeze",
            trigger=pgtrigger.compiler.Trigger(
                name="thawed_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."until_on" IS NOT NULL)',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="dba49df9bd3d685723f20110a8b5a33e3556365a",
                    operation="UPDATE",
                    pgid="pgtrigger_thawed_once_4e56e",
                    table="collections_suspensionfreeze",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="suspensionitem",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: documents of suspensions are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="70f1d051761bc2a7df789761f3ebca37a1d4ff9d",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_d59e1",
                    table="collections_suspensionitem",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="suspensionitem",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: documents of suspensions are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="5b28c4c38849cef36f26d14d16cfe455fb898163",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_16b02",
                    table="collections_suspensionitem",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="suspensionmeeting",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.entity_id IS DISTINCT FROM OLD.entity_id OR NEW.held_on IS DISTINCT FROM OLD.held_on OR NEW.started_at IS DISTINCT FROM OLD.started_at OR NEW.started_by_id IS DISTINCT FROM OLD.started_by_id OR NEW.cases IS DISTINCT FROM OLD.cases THEN\n                RAISE EXCEPTION 'o2c: meetings keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="66070d1321fe34923f22371d63cae2c4523efcc0",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_f5784",
                    table="collections_suspensionmeeting",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="suspensionmeeting",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: meetings are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="2cf6dc5c7bb6947b1fa7a154c9a38fc602894e1c",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_55967",
                    table="collections_suspensionmeeting",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="suspensionmeeting",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: meetings are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="f9656f3211b67ea9f7c824c13649a93dce8376c2",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_10b28",
                    table="collections_suspensionmeeting",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="suspensionmeeting",
            trigger=pgtrigger.compiler.Trigger(
                name="ended_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."ended_at" IS NOT NULL)',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="7560c9650e3250eec3ee8cfa55d8decabc82ddb1",
                    operation="UPDATE",
                    pgid="pgtrigger_ended_once_36a25",
                    table="collections_suspensionmeeting",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="suspensionowner",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: owners of suspensions are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="74a4496d6de27b9b3a19a98ed087d20964185b5b",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_3b8ad",
                    table="collections_suspensionowner",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="suspensionowner",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: owners of suspensions are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="eb05a890ff448fffc0700fc43fe81cfa0fed8fdd",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_c6523",
                    table="collections_suspensionowner",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="ownernote",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: notes of owners are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="34ab2d86a8ff2187d19cead96dae406cc8173450",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_912de",
                    table="collections_ownernote",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="ownernote",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: notes of owners are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="6a4b4ffbc1d8799f3dc1b0495eb211401942ee38",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_37bbd",
                    table="collections_ownernote",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="suspensionstep",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: steps of suspensions are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="c4c0dd06a87847581adc9d8495a5484fc3fb3ebe",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_f564e",
                    table="collections_suspensionstep",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="suspensionstep",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: steps of suspensions are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="ca10bab19005ce325965bd436c8ece2bceb67f7c",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_3ba72",
                    table="collections_suspensionstep",
                    when="BEFORE",
                ),
            ),
        ),
    ]
