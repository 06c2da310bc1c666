import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0001_tables"),
        ("messaging", "0001_tables"),
    ]

    operations = [
        migrations.AlterField(
            model_name="message",
            name="customer",
            field=models.ForeignKey(
                db_index=False,
                help_text="None where a colleague is written to about no customer.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="messages",
                to="customers.customer",
            ),
        ),
    ]
