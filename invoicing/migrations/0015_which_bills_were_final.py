import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("invoicing", "0014_amendments_keep_their_working"),
    ]

    operations = [
        migrations.CreateModel(
            name="FinalBill",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="final_bill", to="invoicing.invoice"
                    ),
                ),
            ],
            options={
                "ordering": ("declaration_id", "pk"),
            },
        ),
        pgtrigger.migrations.AddTrigger(
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
        pgtrigger.migrations.AddTrigger(
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
    ]
