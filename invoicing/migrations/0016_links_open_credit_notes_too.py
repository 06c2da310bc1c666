import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("invoicing", "0015_which_bills_were_final"),
    ]

    operations = [
        migrations.AddField(
            model_name="linkaccess",
            name="credit_note",
            field=models.ForeignKey(
                help_text="What was opened; empty: the invoice.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="accesses",
                to="invoicing.creditnote",
            ),
        ),
    ]
