"""Rules by which customers are handed out, and covers for colleagues who are away."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

import core.fields
import core.migration_operations


class Migration(migrations.Migration):
    dependencies = [
        ("collections", "0009_write_offs"),
        ("core", "0004_sealed_files"),
        ("core", "__first__"),
    ]

    operations = [
        core.migration_operations.CreateTables(
            tables=[
                migrations.CreateModel(
                    name="PortfolioRule",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "position",
                            models.PositiveSmallIntegerField(
                                help_text="Rules are asked in this order; the first that fits decides."
                            ),
                        ),
                        (
                            "countries",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    max_length=2,
                                    validators=[
                                        django.core.validators.RegexValidator(
                                            "^[A-Z]{2}$", "Write countries by two letters, such as GB."
                                        )
                                    ],
                                ),
                                blank=True,
                                default=list,
                                size=None,
                            ),
                        ),
                        (
                            "first_letter",
                            models.CharField(
                                blank=True,
                                max_length=1,
                                validators=[
                                    django.core.validators.RegexValidator("^[A-Z]$", "Write one letter, A to Z.")
                                ],
                                verbose_name="names from",
                            ),
                        ),
                        (
                            "last_letter",
                            models.CharField(
                                blank=True,
                                max_length=1,
                                validators=[
                                    django.core.validators.RegexValidator("^[A-Z]$", "Write one letter, A to Z.")
                                ],
                                verbose_name="to",
                            ),
                        ),
                        (
                            "segment",
                            models.CharField(blank=True, help_text="A word of the customer’s segment.", max_length=60),
                        ),
                        ("least", core.fields.AmountField(blank=True, null=True, verbose_name="owes at least")),
                        ("most", core.fields.AmountField(blank=True, null=True, verbose_name="and less than")),
                        (
                            "made_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("ended_at", models.DateTimeField(editable=False, null=True)),
                        (
                            "collector",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "ended_by",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "entity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.legalentity"
                            ),
                        ),
                        (
                            "made_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("position", "pk"),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("last_letter", ""),
                                    models.Q(
                                        models.Q(("first_letter", ""), _negated=True),
                                        ("last_letter__gte", models.F("first_letter")),
                                    ),
                                    _connector="OR",
                                ),
                                name="letters_of_a_rule_run_forwards",
                                violation_error_message="The letters run from A to Z.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("least", None), ("most", None), ("most__gt", models.F("least")), _connector="OR"
                                ),
                                name="amounts_of_a_rule_run_upwards",
                                violation_error_message="“Less than” is above “at least”.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AbsenceCover",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("from_on", models.DateField()),
                        ("until_on", models.DateField()),
                        ("reason", models.CharField(blank=True, max_length=200)),
                        (
                            "made_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "ended_on",
                            models.DateField(editable=False, help_text="From which day it counts no more.", null=True),
                        ),
                        (
                            "absent",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="absences",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "cover",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="covers",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "ended_by",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "entity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.legalentity"
                            ),
                        ),
                        (
                            "made_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-from_on", "-pk"),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("until_on__gte", models.F("from_on"))),
                                name="a_cover_ends_after_it_begins",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("absent", models.F("cover")), _negated=True),
                                name="nobody_covers_for_themselves",
                            ),
                            django.contrib.postgres.constraints.ExclusionConstraint(
                                condition=models.Q(("ended_on", None)),
                                expressions=[
                                    ("entity", "="),
                                    ("absent", "="),
                                    (
                                        models.Func(
                                            models.F("from_on"),
                                            models.F("until_on"),
                                            models.Value("[]"),
                                            function="daterange",
                                            output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                                        ),
                                        "&&",
                                    ),
                                ],
                                name="one_cover_a_day",
                            ),
                        ],
                    },
                ),
            ],
        ),
        migrations.AddField(
            model_name="workassignment",
            name="rule",
            field=models.ForeignKey(
                help_text="By which rule; none: by hand.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="assignments",
                to="collections.portfoliorule",
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="absencecover",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.entity_id IS DISTINCT FROM OLD.entity_id OR NEW.absent_id IS DISTINCT FROM OLD.absent_id OR NEW.cover_id IS DISTINCT FROM OLD.cover_id OR NEW.from_on IS DISTINCT FROM OLD.from_on OR NEW.until_on IS DISTINCT FROM OLD.until_on OR NEW.made_by_id IS DISTINCT FROM OLD.made_by_id OR NEW.made_at IS DISTINCT FROM OLD.made_at THEN\n                RAISE EXCEPTION 'o2c: covers keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="96c72580e6f3bd289788115672de7319f4034b8c",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_28c92",
                    table="collections_absencecover",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="absencecover",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: covers are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="11663f90f942e49cfd48c139e698d69734c42000",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_0478b",
                    table="collections_absencecover",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="absencecover",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: covers are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="d8c1c37f1deba0a190136aef15ab0a5cb2235325",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_0c971",
                    table="collections_absencecover",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="portfoliorule",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.entity_id IS DISTINCT FROM OLD.entity_id OR NEW.position IS DISTINCT FROM OLD.position OR NEW.collector_id IS DISTINCT FROM OLD.collector_id OR NEW.countries IS DISTINCT FROM OLD.countries OR NEW.first_letter IS DISTINCT FROM OLD.first_letter OR NEW.last_letter IS DISTINCT FROM OLD.last_letter OR NEW.segment IS DISTINCT FROM OLD.segment OR NEW.least IS DISTINCT FROM OLD.least OR NEW.most IS DISTINCT FROM OLD.most OR NEW.made_by_id IS DISTINCT FROM OLD.made_by_id OR NEW.made_at IS DISTINCT FROM OLD.made_at THEN\n                RAISE EXCEPTION 'o2c: rules of portfolios keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="2e834330f8e5062cff7974e1ea72aa1a16aca96a",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_fe26e",
                    table="collections_portfoliorule",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="portfoliorule",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: rules of portfolios are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="932a7f7d7a9137ca46438543074eccebb9e154a8",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_e6095",
                    table="collections_portfoliorule",
                    when="BEFORE",
                ),
            ),
        ),
        core.migration_operations.AddTrigger(
            model_name="portfoliorule",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: rules of portfolios are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="803e5a3e277b35630ee49501548174a72cb4d008",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_1f27d",
                    table="collections_portfoliorule",
                    when="BEFORE",
                ),
            ),
        ),
    ]
