from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0002_system_user"),
    ]

    operations = [
        migrations.AddField(
            model_name="storedfile",
            name="is_sealed",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="An order to a bank: fetched by its own action, never by its address.",
            ),
        ),
    ]
