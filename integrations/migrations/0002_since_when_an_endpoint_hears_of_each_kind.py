import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

KINDS = [
    ("invoice.issued", "Invoice issued"),
    ("invoice.credited", "Invoice credited"),
    ("invoice.paid", "Invoice paid"),
    ("invoice.overdue", "Invoice overdue"),
]
BY_KIND = """
    INSERT INTO integrations_webhookinterest (endpoint_id, kind, since)
    SELECT e.id, kind, e.heard_from FROM integrations_webhookendpoint e, unnest(e.events) AS kind;
    SET CONSTRAINTS ALL IMMEDIATE
"""
TOGETHER = """
    UPDATE integrations_webhookendpoint e SET events = i.kinds, heard_from = i.since
    FROM (
        SELECT endpoint_id, array_agg(kind ORDER BY kind) AS kinds, max(since) AS since
        FROM integrations_webhookinterest GROUP BY endpoint_id
    ) i WHERE i.endpoint_id = e.id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("integrations", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="WebhookInterest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=KINDS, max_length=20)),
                (
                    "since",
                    models.DateTimeField(help_text="When it was chosen, or the endpoint was switched on again."),
                ),
                (
                    "endpoint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="interests",
                        to="integrations.webhookendpoint",
                    ),
                ),
            ],
            options={
                "ordering": ("pk",),
                "constraints": [
                    models.UniqueConstraint(fields=("endpoint", "kind"), name="an_endpoint_hears_of_a_kind_once")
                ],
            },
        ),
        migrations.RunSQL(BY_KIND, TOGETHER),
        migrations.AlterField(
            model_name="webhookendpoint",
            name="events",
            field=django.contrib.postgres.fields.ArrayField(
                models.CharField(choices=KINDS, max_length=20), default=list, size=None
            ),
        ),
        migrations.RemoveField(model_name="webhookendpoint", name="events"),
        migrations.RemoveField(model_name="webhookendpoint", name="heard_from"),
    ]
