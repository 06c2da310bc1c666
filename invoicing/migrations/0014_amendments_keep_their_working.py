import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import core.fields


class Migration(migrations.Migration):
    dependencies = [
        ("invoicing", "0013_credit_notes_of_other_programs_are_not_billed_anew"),
    ]

    operations = [
        migrations.CreateModel(
            name="AmendmentEffect",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "amount",
                    core.fields.AmountField(
                        help_text="Before tax, in the contract's currency; negative where it is given back."
                    ),
                ),
                ("working", models.CharField(max_length=300)),
                (
                    "document",
                    models.CharField(blank=True, help_text="The invoice of which it is given back.", max_length=80),
                ),
                (
                    "amendment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="effects", to="invoicing.amendment"
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="invoicing.contractline"
                    ),
                ),
            ],
            options={
                "ordering": ("amendment_id", "pk"),
            },
        ),
        pgtrigger.migrations.AddTrigger(
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
        pgtrigger.migrations.AddTrigger(
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
    ]
