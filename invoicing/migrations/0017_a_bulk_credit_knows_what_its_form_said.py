from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("invoicing", "0001_tables"),
    ]

    operations = [
        migrations.AddField(
            model_name="bulkcredit",
            name="request_hash",
            field=models.CharField(blank=True, default="", editable=False, max_length=64),
            preserve_default=False,
        ),
    ]
