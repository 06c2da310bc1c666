"""Somebody who stands for the service where one is suspended."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0004_sealed_files"),
    ]

    operations = [
        migrations.AlterField(
            model_name="rolegrant",
            name="role",
            field=models.CharField(
                choices=[
                    ("ar_specialist", "AR specialist"),
                    ("collector", "Collector"),
                    ("ar_manager", "AR manager"),
                    ("finance_manager", "Finance manager"),
                    ("service_owner", "Service owner"),
                    ("auditor", "Auditor"),
                    ("administrator", "Administrator"),
                    ("system", "System"),
                ],
                max_length=20,
            ),
        ),
    ]
