"""A recovery ends when its money goes back; write-offs and recoveries know the form that asked for them."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import core.migration_operations


class Migration(migrations.Migration):
    dependencies = [
        ("collections", "0012_signed_letters_of_plans"),
        ("core", "0005_service_owners"),
        ("ledger", "0002_exchange_clearing"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="recovery",
            name="append_only",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="recovery",
            name="never_truncated",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="recovery",
            name="never_more_than_was_written_off",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="writeoff",
            name="frozen_columns",
        ),
        migrations.AddField(
            model_name="recovery",
            name="end_entry",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.journalentry"
            ),
        ),
        migrations.AddField(
            model_name="recovery",
            name="end_reason",
            field=models.CharField(blank=True, max_length=400),
        ),
        migrations.AddField(
            model_name="recovery",
            name="ended_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="recovery",
            name="ended_on",
            field=models.DateField(help_text="When it was undone.", null=True),
        ),
        migrations.AddField(
            model_name="recovery",
            name="request_id",
            field=models.UUIDField(editable=False, help_text="Of the form that recorded it.", null=True, unique=True),
        ),
        migrations.AddField(
            model_name="writeoff",
            name="request_id",
            field=models.UUIDField(editable=False, help_text="Of the form that asked for it.", null=True, unique=True),
        ),
        core.migration_operations.AddTrigger(
            model_name="recovery",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.line_id IS DISTINCT FROM OLD.line_id OR NEW.receipt_id IS DISTINCT FROM OLD.receipt_id OR NEW.item_id IS DISTINCT FROM OLD.item_id OR NEW.amount IS DISTINCT FROM OLD.amount OR NEW.tax_repaid IS DISTINCT FROM OLD.tax_repaid OR NEW.recovered_on IS DISTINCT FROM OLD.recovered_on OR NEW.recovered_by_id IS DISTINCT FROM OLD.recovered_by_id OR NEW.recovered_at IS DISTINCT FROM OLD.recovered_at OR NEW.request_id IS DISTINCT FROM OLD.request_id THEN\n                RAISE EXCEPTION 'o2c: recoveries keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="d4761fcd524121865225bf18ca519e1b4d14f4bc",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_2101e",
                    table="collections_recovery",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="recovery",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: recoveries are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="e74b69aa934222064314b0bf94587b6a9de864de",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_56921",
                    table="collections_recovery",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="recovery",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: recoveries are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="f64cd22c8b799842c94f716a46b3d05774e49eea",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_74842",
                    table="collections_recovery",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="recovery",
            trigger=pgtrigger.compiler.Trigger(
                name="undone_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."ended_on" IS NOT NULL)',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="a54d12511c22a5a030ee1e4876310f1f12c8778e",
                    operation="UPDATE",
                    pgid="pgtrigger_undone_once_6e935",
                    table="collections_recovery",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="recovery",
            trigger=pgtrigger.compiler.Trigger(
                name="never_more_than_was_written_off",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF (SELECT sum(amount) FROM collections_recovery WHERE line_id = NEW.line_id AND ended_on IS NULL)\n        > (SELECT amount FROM collections_writeoffitem WHERE id = NEW.line_id)\n    THEN\n        RAISE EXCEPTION 'o2c: no more is recovered than was written off' USING ERRCODE = 'restrict_violation';\n    END IF;\n    RETURN NULL;\n",
                    hash="40a9d6633bbda5ef8efecefb4c08b7792edbdf40",
                    operation="INSERT",
                    pgid="pgtrigger_never_more_than_was_written_off_41f79",
                    table="collections_recovery",
                    when="AFTER",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="writeoff",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.entity_id IS DISTINCT FROM OLD.entity_id OR NEW.customer_id IS DISTINCT FROM OLD.customer_id OR NEW.currency IS DISTINCT FROM OLD.currency OR NEW.amount IS DISTINCT FROM OLD.amount OR NEW.reason IS DISTINCT FROM OLD.reason OR NEW.note IS DISTINCT FROM OLD.note OR NEW.against IS DISTINCT FROM OLD.against OR NEW.asked_by_id IS DISTINCT FROM OLD.asked_by_id OR NEW.asked_on IS DISTINCT FROM OLD.asked_on OR NEW.asked_at IS DISTINCT FROM OLD.asked_at OR NEW.request_id IS DISTINCT FROM OLD.request_id THEN\n                RAISE EXCEPTION 'o2c: write-offs keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="f1ec6451de87e35eb0aed64a4cd954ae23a4013b",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_2e5aa",
                    table="collections_writeoff",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="recovery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("end_entry", None), ("end_reason", ""), ("ended_by", None), ("ended_on", None)),
                    models.Q(
                        ("end_entry__isnull", False),
                        ("ended_by__isnull", False),
                        ("ended_on__isnull", False),
                        models.Q(("end_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="the_end_of_a_recovery_is_whole",
            ),
        ),
    ]
