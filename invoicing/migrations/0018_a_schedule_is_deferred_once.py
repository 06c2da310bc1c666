from django.db import migrations

# Databases from before the fold had lost this index when another one over the same column was dropped.
INDEX = """
CREATE UNIQUE INDEX IF NOT EXISTS a_schedule_is_deferred_once ON invoicing_deferralmovement (schedule_id)
WHERE kind = 'deferred'
"""


class Migration(migrations.Migration):
    dependencies = [
        ("invoicing", "0017_a_bulk_credit_knows_what_its_form_said"),
    ]

    operations = [
        migrations.RunSQL(INDEX, migrations.RunSQL.noop),
    ]
