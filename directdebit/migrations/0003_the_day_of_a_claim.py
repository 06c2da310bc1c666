from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("directdebit", "0002_returns_and_providers")]

    operations = [
        migrations.AddField(
            model_name="returneddebit",
            name="debit_on",
            field=models.DateField(help_text="When the bank takes the money of a claim.", null=True),
        ),
    ]
