from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0003_items_by_amount"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="account", name="one_account_a_role"),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.UniqueConstraint(
                condition=models.Q(("role__in", ("bank", "card_clearing")), _negated=True),
                fields=("entity", "role"),
                name="one_account_a_role",
            ),
        ),
    ]
