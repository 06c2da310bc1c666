"""The tables of this room as they stood when its first steps were folded into one."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

from core.migration_operations import AddTrigger, CreateTables


class Migration(migrations.Migration):
    replaces = [("integrations", "0001_webhooks")]

    initial = True

    dependencies = [
        ("core", "0001_tables"),
        ("customers", "0001_tables"),
    ]

    operations = [
        CreateTables(
            tables=[
                migrations.CreateModel(
                    name="WebhookEndpoint",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("url", models.URLField(max_length=500, verbose_name="address")),
                        (
                            "events",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("invoice.issued", "Invoice issued"),
                                        ("invoice.credited", "Invoice credited"),
                                        ("invoice.paid", "Invoice paid"),
                                        ("invoice.overdue", "Invoice overdue"),
                                    ],
                                    max_length=20,
                                ),
                                size=None,
                            ),
                        ),
                        ("number", models.UUIDField(default=uuid.uuid4, editable=False)),
                        ("is_active", models.BooleanField(default=True)),
                        (
                            "made_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "heard_from",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                help_text="It is told what happened from then on.",
                            ),
                        ),
                        ("failing_since", models.DateTimeField(editable=False, null=True)),
                        (
                            "disabled_at",
                            models.DateTimeField(
                                editable=False, help_text="When it was given up by itself.", null=True
                            ),
                        ),
                        (
                            "entity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="webhook_endpoints",
                                to="core.legalentity",
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
                        "ordering": ("pk",),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("entity", "url"),
                                name="an_address_is_told_once",
                                violation_error_message="This address is known already.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WebhookEvent",
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
                                    ("invoice.issued", "Invoice issued"),
                                    ("invoice.credited", "Invoice credited"),
                                    ("invoice.paid", "Invoice paid"),
                                    ("invoice.overdue", "Invoice overdue"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "document",
                            models.CharField(help_text="The number of the invoice or credit note.", max_length=60),
                        ),
                        ("number", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("data", models.JSONField()),
                        (
                            "found_at",
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
                    ],
                    options={
                        "ordering": ("-pk",),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("entity", "kind", "document"), name="an_event_is_told_once_a_document"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WebhookDelivery",
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
                                    ("waiting", "Waiting"),
                                    ("sending", "Being sent"),
                                    ("delivered", "Delivered"),
                                    ("given_up", "Given up"),
                                ],
                                default="waiting",
                                max_length=10,
                            ),
                        ),
                        ("attempt_count", models.PositiveIntegerField(default=0)),
                        ("due_at", models.DateTimeField()),
                        ("claimed_at", models.DateTimeField(null=True)),
                        ("delivered_at", models.DateTimeField(null=True)),
                        (
                            "endpoint",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="deliveries",
                                to="integrations.webhookendpoint",
                            ),
                        ),
                        (
                            "event",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="deliveries",
                                to="integrations.webhookevent",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-pk",),
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state__in", ("waiting", "sending"))),
                                fields=["due_at", "id"],
                                name="webhooks_that_are_due",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("event", "endpoint"), name="an_endpoint_is_told_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WebhookAttempt",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("status", models.PositiveSmallIntegerField(help_text="None: there was no answer.", null=True)),
                        ("error", models.CharField(blank=True, max_length=300)),
                        ("request", models.TextField(help_text="Body as it was sent, its beginning.")),
                        ("answer", models.TextField(blank=True, help_text="Its beginning.")),
                        ("milliseconds", models.PositiveIntegerField()),
                        ("at", models.DateTimeField()),
                        (
                            "delivery",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="attempts",
                                to="integrations.webhookdelivery",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-pk",),
                    },
                ),
                migrations.CreateModel(
                    name="WebhookScan",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("looked_at", models.DateTimeField()),
                        (
                            "floor",
                            models.BigIntegerField(
                                default=0, help_text="Items up to this id were looked at for an hour."
                            ),
                        ),
                        ("mark", models.BigIntegerField(default=0, help_text="The next floor.")),
                        ("marked_at", models.DateTimeField()),
                        (
                            "entity",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.legalentity"
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
            ],
        ),
        AddTrigger(
            model_name="webhookattempt",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: attempts of webhooks are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="80657f6f3021b492dd37bd52c8d5a28cdf6c798e",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_3e61c",
                    table="integrations_webhookattempt",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="webhookattempt",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: attempts of webhooks are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="1788c820dd448c40bba327e71e0ba5617e8b3638",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_d113e",
                    table="integrations_webhookattempt",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="webhookevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: webhook events are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="ab940df0a3b3c241d71a55794cd4e7ff8f581fb7",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_7bdf0",
                    table="integrations_webhookevent",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="webhookevent",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: webhook events are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="d5e959f58fd80479a0a473dbe0c603448cd2ba41",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_e8c4d",
                    table="integrations_webhookevent",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="webhookdelivery",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.event_id IS DISTINCT FROM OLD.event_id OR NEW.endpoint_id IS DISTINCT FROM OLD.endpoint_id THEN\n                RAISE EXCEPTION 'o2c: deliveries keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="5e3433af2a50c19888f9ed76bc8a0c25b0ff38f8",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_dcada",
                    table="integrations_webhookdelivery",
                    when="BEFORE",
                ),
            ),
        ),
    ]
