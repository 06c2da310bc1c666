"""Policies, their versions, and who has read them."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

import core.migration_operations


class Migration(migrations.Migration):
    dependencies = [
        ("controls", "0003_late_interest"),
        ("core", "0004_sealed_files"),
        ("core", "__first__"),
    ]

    operations = [
        core.migration_operations.CreateTables(
            tables=[
                migrations.CreateModel(
                    name="Policy",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("title", models.CharField(max_length=120)),
                        (
                            "screens",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=80),
                                default=list,
                                help_text="Names of the addresses it governs.",
                                size=None,
                            ),
                        ),
                        (
                            "written_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("ended_at", models.DateTimeField(null=True)),
                        (
                            "entity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="policies",
                                to="core.legalentity",
                            ),
                        ),
                        (
                            "written_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "policies",
                        "ordering": ("title",),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at", None)),
                                fields=("entity", "title"),
                                name="one_policy_of_a_title_in_force",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PolicyVersion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.PositiveIntegerField()),
                        ("text", models.TextField(max_length=100000)),
                        ("change", models.CharField(help_text="What is new in it.", max_length=300)),
                        (
                            "published_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "policy",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="versions",
                                to="controls.policy",
                            ),
                        ),
                        (
                            "published_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("policy", "-number"),
                        "constraints": [
                            models.UniqueConstraint(fields=("policy", "number"), name="policy_versions_are_numbered")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PolicyReading",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "read_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="readings",
                                to="controls.policyversion",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-pk",),
                        "constraints": [
                            models.UniqueConstraint(fields=("version", "person"), name="a_version_is_read_once_by_each")
                        ],
                    },
                ),
            ],
        ),
        core.migration_operations.AddTrigger(
            model_name="policy",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.entity_id IS DISTINCT FROM OLD.entity_id OR NEW.written_by_id IS DISTINCT FROM OLD.written_by_id OR NEW.written_at IS DISTINCT FROM OLD.written_at THEN\n                RAISE EXCEPTION 'o2c: policies keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="d6f68d75eb1d1d4fd6f0e565b453b847fbd82451",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_8fbd4",
                    table="controls_policy",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="policyversion",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: versions of a policy are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="6781291233527d5061a8f280cc1db51e5b71fc9d",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_f4190",
                    table="controls_policyversion",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="policyversion",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: versions of a policy are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="c5bccc150ce62331c7fd955313eea490102c29df",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_1dd56",
                    table="controls_policyversion",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="policyreading",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: readings of policies are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="c5c63082a4328015ca495741e44796bcc2da35fc",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_f9fc6",
                    table="controls_policyreading",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="policyreading",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: readings of policies are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="30127b25927c503a06c8d5d056652aee1bf476fc",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_7e1b9",
                    table="controls_policyreading",
                    when="BEFORE",
                ),
            ),
        ),
    ]
