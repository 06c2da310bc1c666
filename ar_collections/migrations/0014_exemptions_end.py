"""That a customer who was not to be suspended may be again is a step of the case."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("collections", "0013_recoveries_are_undone")]

    operations = [
        migrations.RemoveConstraint(
            model_name="suspensionstep",
            name="these_steps_are_taken_once",
        ),
        migrations.AlterField(
            model_name="suspensionstep",
            name="kind",
            field=models.CharField(
                choices=[
                    ("notice_1", "First notice"),
                    ("notice_2", "Second notice"),
                    ("final", "Final notice"),
                    ("asked", "Approval asked"),
                    ("finance", "Approved for finance"),
                    ("service", "Approved by the service owner"),
                    ("requested", "Support asked to suspend"),
                    ("suspended", "Service suspended"),
                    ("position", "Position changed"),
                    ("proof", "Proof of payment"),
                    ("extension_asked", "Extension asked"),
                    ("extended", "Extended"),
                    ("restore", "Support asked to restore"),
                    ("restored", "Service restored"),
                    ("ended", "Ended"),
                    ("exempt_ended", "May be suspended again"),
                ],
                max_length=16,
            ),
        ),
        migrations.AddConstraint(
            model_name="suspensionstep",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        (
                            "finance",
                            "service",
                            "requested",
                            "suspended",
                            "restore",
                            "restored",
                            "ended",
                            "exempt_ended",
                        ),
                    )
                ),
                fields=("case", "kind"),
                name="these_steps_are_taken_once",
            ),
        ),
    ]
