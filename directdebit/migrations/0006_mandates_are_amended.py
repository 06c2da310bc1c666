"""A mandate can be drawn from another account, and says why a provider did not take it on."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("directdebit", "0005_files_are_sealed")]

    operations = [
        migrations.AddField(
            "mandate",
            "amended_account",
            models.BooleanField(
                default=False,
                editable=False,
                help_text="Its next collection tells the payer's bank of the new account.",
            ),
        ),
        migrations.AddField(
            "mandate",
            "provider_said",
            models.CharField(
                blank=True, default="", editable=False, help_text="Why the provider did not take it on.", max_length=300
            ),
            preserve_default=False,
        ),
    ]
