"""The tables of this room as they stood when its first steps were folded into one."""

import django.contrib.postgres.fields
import django.core.serializers.json
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

from core.migration_operations import AddTrigger, CreateTables


class Migration(migrations.Migration):
    replaces = [("messaging", "0001_initial"), ("messaging", "0002_what_became_of_mails")]

    initial = True

    dependencies = [
        ("core", "0001_tables"),
        ("customers", "0001_tables"),
    ]

    operations = [
        CreateTables(
            tables=[
                migrations.CreateModel(
                    name="Template",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(help_text="One of the kinds in the setting MESSAGE_KINDS.", max_length=40),
                        ),
                        ("language", models.CharField(max_length=8)),
                        (
                            "entity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.legalentity"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("kind", "language"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("entity", "kind", "language"), name="one_template_a_kind_and_language"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TemplateVersion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.PositiveIntegerField()),
                        ("subject", models.CharField(max_length=200)),
                        ("text", models.TextField()),
                        (
                            "html",
                            models.TextField(
                                help_text="What stands inside the frame with the company's name and address."
                            ),
                        ),
                        (
                            "changed_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "changed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "template",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="versions",
                                to="messaging.template",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("template", "-number"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("template", "number"), name="template_versions_are_numbered"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Message",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("kind", models.CharField(max_length=40)),
                        (
                            "key",
                            models.CharField(
                                help_text="What it is about: customer, item or stage, and date.", max_length=160
                            ),
                        ),
                        (
                            "channel",
                            models.CharField(
                                choices=[("email", "E-mail"), ("print", "Letter")], default="email", max_length=6
                            ),
                        ),
                        ("language", models.CharField(default="en", max_length=8)),
                        (
                            "to_addresses",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=320), default=list, size=None
                            ),
                        ),
                        (
                            "cc_addresses",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=320), blank=True, default=list, size=None
                            ),
                        ),
                        ("to_name", models.CharField(blank=True, help_text="Whom the message greets.", max_length=120)),
                        ("reply_to", models.CharField(blank=True, max_length=320)),
                        (
                            "document",
                            models.CharField(
                                blank=True, help_text="What it carries, such as INV-2026-000012.", max_length=80
                            ),
                        ),
                        (
                            "document_url",
                            models.CharField(
                                blank=True, help_text="Where people here see the document.", max_length=200
                            ),
                        ),
                        (
                            "context",
                            models.JSONField(
                                default=dict,
                                encoder=django.core.serializers.json.DjangoJSONEncoder,
                                help_text="What the kind needs to find and to describe its object.",
                            ),
                        ),
                        ("subject", models.CharField(blank=True, max_length=200)),
                        ("text", models.TextField(blank=True)),
                        ("html", models.TextField(blank=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("queued", "Queued"),
                                    ("claimed", "Being prepared"),
                                    ("sending", "Being sent"),
                                    ("sent", "Sent"),
                                    ("to_print", "To print"),
                                    ("unconfirmed", "Unconfirmed"),
                                    ("failed", "Failed"),
                                    ("bounced", "Bounced"),
                                    ("cancelled", "Not sent"),
                                ],
                                default="queued",
                                max_length=12,
                            ),
                        ),
                        (
                            "reason",
                            models.TextField(
                                blank=True, help_text="Why it was not sent, or what the mail server said."
                            ),
                        ),
                        (
                            "queued_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("not_before", models.DateTimeField()),
                        ("claimed_by", models.CharField(blank=True, max_length=80)),
                        ("claimed_at", models.DateTimeField(null=True)),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        (
                            "message_id",
                            models.CharField(
                                blank=True, help_text="The Message-ID header, the same at each try.", max_length=120
                            ),
                        ),
                        ("sent_at", models.DateTimeField(null=True)),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="messages",
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
                            "queued_by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "resend_of",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="resends",
                                to="messaging.message",
                            ),
                        ),
                        (
                            "template_version",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="messaging.templateversion",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-pk",),
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "queued")),
                                fields=["not_before", "id"],
                                name="messages_due",
                            ),
                            models.Index(
                                condition=models.Q(("state__in", ("claimed", "sending"))),
                                fields=["claimed_at"],
                                name="messages_held",
                            ),
                            models.Index(fields=["entity", "-id"], name="messages_of_an_entity"),
                            models.Index(fields=["entity", "state", "-id"], name="messages_by_state"),
                            models.Index(fields=["customer", "-id"], name="messages_of_a_customer"),
                            models.Index(fields=["message_id"], name="messages_by_message_id"),
                            models.Index(
                                condition=models.Q(("document", ""), _negated=True),
                                fields=["entity", "document"],
                                name="messages_about_a_document",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("entity", "key"), name="a_message_is_queued_once"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "sent"), _negated=True),
                                    ("sent_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="what_was_sent_has_its_time",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state__in", ("claimed", "sending")), _negated=True),
                                    models.Q(("claimed_by", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="a_claim_has_its_sender",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DeliveryEvent",
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
                                    ("queued", "Queued"),
                                    ("claimed", "Taken up by a sender"),
                                    ("handed_over", "Being handed to the mail server"),
                                    ("sent", "Taken by the mail server"),
                                    ("refused", "Address refused"),
                                    ("postponed", "Postponed"),
                                    ("failed", "Failed"),
                                    ("bounced", "Came back"),
                                    ("cancelled", "Not sent"),
                                    ("lost", "Sender lost on the way"),
                                    ("confirmed", "Found to have left"),
                                    ("released", "Released to be sent"),
                                    ("ready", "Ready to print"),
                                    ("printed", "Printed and posted"),
                                    ("resent", "Sent again as a new message"),
                                    ("delayed", "Delayed on its way"),
                                    ("delivered", "Reached the reader's mail server"),
                                    ("opened", "Opened in a mail program"),
                                    ("complained", "Marked as spam by the reader"),
                                    ("in_print", "Put into a file to print"),
                                ],
                                max_length=12,
                            ),
                        ),
                        (
                            "address",
                            models.CharField(
                                blank=True, help_text="Where only one of the addresses is meant.", max_length=320
                            ),
                        ),
                        ("detail", models.TextField(blank=True)),
                        (
                            "at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "message",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="events",
                                to="messaging.message",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("pk",),
                    },
                ),
                migrations.CreateModel(
                    name="MailReport",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "source",
                            models.CharField(
                                help_text="The provider, or “mailbox” for mail that came back.", max_length=20
                            ),
                        ),
                        (
                            "key",
                            models.CharField(
                                help_text="The event's own id, else a hash of what it says.", max_length=100
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("bounced", "Came back"),
                                    ("delayed", "Delayed"),
                                    ("complained", "Marked as spam"),
                                    ("delivered", "Delivered"),
                                    ("opened", "Opened in a mail program"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("address", models.CharField(blank=True, max_length=320)),
                        ("detail", models.TextField(blank=True)),
                        ("happened_at", models.DateTimeField()),
                        (
                            "received_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "message",
                            models.ForeignKey(
                                help_text="Empty: not ours.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reports",
                                to="messaging.message",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("pk",),
                        "constraints": [
                            models.UniqueConstraint(fields=("source", "key"), name="a_report_is_kept_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MessageAttachment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "is_made",
                            models.BooleanField(
                                default=False, help_text="Made for the message as it left, and anew at each try."
                            ),
                        ),
                        (
                            "file",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.storedfile"
                            ),
                        ),
                        (
                            "message",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="attachments",
                                to="messaging.message",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("pk",),
                        "constraints": [
                            models.UniqueConstraint(fields=("message", "file"), name="a_file_is_attached_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PrintBatch",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("page_count", models.PositiveIntegerField(default=0)),
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
                            "file",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.storedfile",
                            ),
                        ),
                        ("letters", models.ManyToManyField(related_name="print_batches", to="messaging.message")),
                        (
                            "made_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "run",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT, related_name="print_batch", to="core.run"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "print batches",
                        "ordering": ("-pk",),
                    },
                ),
            ],
        ),
        AddTrigger(
            model_name="mailreport",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: reports about mails are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="a37c879689b84d356c27b3f4d94d544b09861273",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_b309b",
                    table="messaging_mailreport",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="mailreport",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: reports about mails are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="2c69b85b2966dabaab7e0e2ff670f268d1c756b0",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_b50b3",
                    table="messaging_mailreport",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="deliveryevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: delivery events are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="4a6020072f667d04e42af38d7cff69b58f94d13b",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_b0583",
                    table="messaging_deliveryevent",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="deliveryevent",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: delivery events are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="8a89a62e9f3a2b8a1e0a9653813bb448f4a297d9",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_66751",
                    table="messaging_deliveryevent",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="templateversion",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: versions of a template are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="7095ce990df0e2cfb01f3fb62d6445572c3535d7",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_fd075",
                    table="messaging_templateversion",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="templateversion",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: versions of a template are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="deb9420b4fe0c8e902c83840fb7e65d71da084bd",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_57ae6",
                    table="messaging_templateversion",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="message",
            trigger=pgtrigger.compiler.Trigger(
                name="only_known_ways",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN ('queued>cancelled', 'queued>claimed', 'claimed>cancelled', 'claimed>failed', 'claimed>queued', 'claimed>sending', 'claimed>to_print', 'sending>bounced', 'sending>failed', 'sending>queued', 'sending>sent', 'sending>unconfirmed', 'to_print>cancelled', 'to_print>sent', 'unconfirmed>bounced', 'unconfirmed>failed', 'unconfirmed>queued', 'unconfirmed>sent', 'sent>bounced') THEN\n                RAISE EXCEPTION 'o2c: a message that is % cannot become %', OLD.state, NEW.state\n                    USING ERRCODE = 'restrict_violation';\n            END IF;\n            IF OLD.state IN ('sent', 'bounced') AND (NEW.subject, NEW.text, NEW.html, NEW.to_addresses,\n                    NEW.cc_addresses, NEW.sent_at) IS DISTINCT FROM (OLD.subject, OLD.text, OLD.html,\n                    OLD.to_addresses, OLD.cc_addresses, OLD.sent_at) THEN\n                RAISE EXCEPTION 'o2c: what was sent is not written anew' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="b0c325de976bc70f0040fa222b8e59f12744974c",
                    operation="UPDATE",
                    pgid="pgtrigger_only_known_ways_05a7f",
                    table="messaging_message",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="message",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.entity_id IS DISTINCT FROM OLD.entity_id OR NEW.kind IS DISTINCT FROM OLD.kind OR NEW.key IS DISTINCT FROM OLD.key OR NEW.customer_id IS DISTINCT FROM OLD.customer_id OR NEW.channel IS DISTINCT FROM OLD.channel OR NEW.message_id IS DISTINCT FROM OLD.message_id THEN\n                RAISE EXCEPTION 'o2c: messages keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="1f8796d3a04225b5a04d4c8a1d26b57c83649a4e",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_f23bc",
                    table="messaging_message",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="message",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="bce467c05d1791b61f732f7d96a6723fcd803661",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_018e9",
                    table="messaging_message",
                    when="BEFORE",
                ),
            ),
        ),
    ]
