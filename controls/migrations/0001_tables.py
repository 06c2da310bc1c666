"""The tables of this room as they stood when its first steps were folded into one."""

import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

import core.fields
from core.migration_operations import AddTrigger, CreateTables


class Migration(migrations.Migration):
    replaces = [
        ("controls", "0001_initial"),
        ("controls", "0002_adjustments_have_limits"),
        ("controls", "0003_surcharges_are_waived_within_limits"),
        ("controls", "0004_limits_of_what_came_later"),
        ("controls", "0005_authority_is_given_back"),
    ]

    initial = True

    dependencies = [
        ("core", "0001_tables"),
    ]

    operations = [
        CreateTables(
            tables=[
                migrations.CreateModel(
                    name="ApprovalRequest",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("credit_note", "Credit note"),
                                    ("small_difference", "Small difference written off"),
                                    ("write_off", "Bad debt written off"),
                                    ("refund", "Refund"),
                                    ("adjustment", "Adjustment of a receivable"),
                                    ("surcharge_waiver", "Card surcharge waived"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("subject_type", models.CharField(help_text="Such as invoicing.creditnote.", max_length=60)),
                        ("subject_id", models.CharField(max_length=40)),
                        ("subject_label", models.CharField(max_length=200)),
                        ("subject_url", models.CharField(blank=True, max_length=200)),
                        ("facts", models.JSONField(default=list)),
                        ("effect", models.TextField(help_text="What happens once it is approved, in words.")),
                        ("counts_with", models.CharField(max_length=60)),
                        ("amount", core.fields.AmountField()),
                        ("currency", core.fields.CurrencyField()),
                        ("reason", models.TextField()),
                        (
                            "requested_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("expires_on", models.DateField()),
                        ("decide_url_name", models.CharField(max_length=80)),
                        (
                            "decision",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("", "Waiting"),
                                    ("approved", "Approved"),
                                    ("declined", "Declined"),
                                    ("withdrawn", "Withdrawn"),
                                    ("expired", "Expired"),
                                ],
                                default="",
                                max_length=10,
                            ),
                        ),
                        ("decided_at", models.DateTimeField(null=True)),
                        ("comment", models.TextField(blank=True)),
                        (
                            "decided_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "entity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="approval_requests",
                                to="core.legalentity",
                            ),
                        ),
                        (
                            "requested_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("pk",),
                        "indexes": [
                            models.Index(fields=["entity", "decision", "expires_on"], name="requests_that_wait")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("decided_by", None),
                                    models.Q(("decided_by", models.F("requested_by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="nobody_decides_their_own_request",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("decided_by__isnull", False), ("decision__in", ("approved", "declined"))),
                                    models.Q(("decided_by", None), ("decision__in", ("", "withdrawn", "expired"))),
                                    _connector="OR",
                                ),
                                name="a_decision_has_its_person",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("decision", "")),
                                fields=("kind", "subject_type", "subject_id"),
                                name="one_open_request_a_subject",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("amount__gt", 0)), name="a_request_has_an_amount"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AuthorityLimit",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("credit_note", "Credit note"),
                                    ("small_difference", "Small difference written off"),
                                    ("write_off", "Bad debt written off"),
                                    ("refund", "Refund"),
                                    ("adjustment", "Adjustment of a receivable"),
                                    ("surcharge_waiver", "Card surcharge waived"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "role",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("ar_specialist", "AR specialist"),
                                    ("collector", "Collector"),
                                    ("ar_manager", "AR manager"),
                                    ("finance_manager", "Finance manager"),
                                    ("auditor", "Auditor"),
                                    ("administrator", "Administrator"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("currency", core.fields.CurrencyField()),
                        (
                            "amount",
                            core.fields.AmountField(blank=True, help_text="Left empty: without limit.", null=True),
                        ),
                        (
                            "set_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("ended_at", models.DateTimeField(editable=False, null=True)),
                        (
                            "entity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="authority_limits",
                                to="core.legalentity",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="authority_limits",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "set_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("entity", "kind", "role", "person"),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(models.Q(("role", ""), _negated=True), ("person", None)),
                                    models.Q(("person__isnull", False), ("role", "")),
                                    _connector="OR",
                                ),
                                name="a_limit_is_for_a_role_or_a_person",
                                violation_error_message="Choose a role or a person, not both.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("amount", None), ("amount__gte", 0), _connector="OR"),
                                name="a_limit_is_not_negative",
                                violation_error_message="A limit is zero or more.",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at", None)),
                                fields=("entity", "kind", "currency", "role", "person"),
                                name="one_limit_in_force",
                                nulls_distinct=False,
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AuthorityUse",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("credit_note", "Credit note"),
                                    ("small_difference", "Small difference written off"),
                                    ("write_off", "Bad debt written off"),
                                    ("refund", "Refund"),
                                    ("adjustment", "Adjustment of a receivable"),
                                    ("surcharge_waiver", "Card surcharge waived"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "counts_with",
                            models.CharField(
                                help_text="What is added up: the customer, as customer:17.", max_length=60
                            ),
                        ),
                        ("subject_label", models.CharField(max_length=200)),
                        ("on", models.DateField()),
                        ("amount", core.fields.AmountField()),
                        ("currency", core.fields.CurrencyField()),
                        (
                            "base_amount",
                            core.fields.AmountField(help_text="In the entity's currency, at the rate of the day."),
                        ),
                        (
                            "at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "entity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.legalentity"
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-pk",),
                        "indexes": [
                            models.Index(
                                fields=["entity", "kind", "person", "counts_with", "on"], name="authority_used_lately"
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="a_use_has_an_amount")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AuthorityReturn",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("on", models.DateField()),
                        ("reason", models.CharField(max_length=200)),
                        (
                            "at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "returned_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "use",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="returned",
                                to="controls.authorityuse",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-pk",),
                    },
                ),
            ],
        ),
        AddTrigger(
            model_name="approvalrequest",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.entity_id IS DISTINCT FROM OLD.entity_id OR NEW.kind IS DISTINCT FROM OLD.kind OR NEW.subject_type IS DISTINCT FROM OLD.subject_type OR NEW.subject_id IS DISTINCT FROM OLD.subject_id OR NEW.subject_label IS DISTINCT FROM OLD.subject_label OR NEW.subject_url IS DISTINCT FROM OLD.subject_url OR NEW.facts IS DISTINCT FROM OLD.facts OR NEW.effect IS DISTINCT FROM OLD.effect OR NEW.counts_with IS DISTINCT FROM OLD.counts_with OR NEW.amount IS DISTINCT FROM OLD.amount OR NEW.currency IS DISTINCT FROM OLD.currency OR NEW.reason IS DISTINCT FROM OLD.reason OR NEW.requested_by_id IS DISTINCT FROM OLD.requested_by_id OR NEW.requested_at IS DISTINCT FROM OLD.requested_at OR NEW.expires_on IS DISTINCT FROM OLD.expires_on OR NEW.decide_url_name IS DISTINCT FROM OLD.decide_url_name THEN\n                RAISE EXCEPTION 'o2c: requests for approval keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="b110d81dea0ff7108d548d1fe7461cebc68b44b4",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_09f87",
                    table="controls_approvalrequest",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="approvalrequest",
            trigger=pgtrigger.compiler.Trigger(
                name="kept_for_good",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="12a96fda4d0a66943cec9207dc650d5c37e0ba9a",
                    operation="DELETE",
                    pgid="pgtrigger_kept_for_good_2d1d6",
                    table="controls_approvalrequest",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="approvalrequest",
            trigger=pgtrigger.compiler.Trigger(
                name="decided_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.\"decision\" > '')",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="ed00a82a2c235202e3c56a51b63ebdf00b5cdf2c",
                    operation="UPDATE",
                    pgid="pgtrigger_decided_once_d2a0e",
                    table="controls_approvalrequest",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="authoritylimit",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.entity_id IS DISTINCT FROM OLD.entity_id OR NEW.kind IS DISTINCT FROM OLD.kind OR NEW.role IS DISTINCT FROM OLD.role OR NEW.person_id IS DISTINCT FROM OLD.person_id OR NEW.currency IS DISTINCT FROM OLD.currency OR NEW.amount IS DISTINCT FROM OLD.amount OR NEW.set_by_id IS DISTINCT FROM OLD.set_by_id OR NEW.set_at IS DISTINCT FROM OLD.set_at THEN\n                RAISE EXCEPTION 'o2c: authority limits keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="e1a749aaa3085da9955fc297b2292a16580523cb",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_fd918",
                    table="controls_authoritylimit",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="authorityuse",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: uses of authority are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="1b1fda15bf5d40642325d7c95de5d4636bd19059",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_87baa",
                    table="controls_authorityuse",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="authorityuse",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: uses of authority are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="1ec3f57af3fab257d0d59caec8f8246c1e83f76b",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_75d44",
                    table="controls_authorityuse",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="authorityreturn",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: returns of authority are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="a3bb8f3e7009c64115e64fc4ec671054cd3829fb",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_f3f8a",
                    table="controls_authorityreturn",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="authorityreturn",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: returns of authority are never changed or deleted; reverse instead' USING ERRCODE = 'restrict_violation';",
                    hash="b8e9c2e664ea005f54680ce45e8c92ae9df93e8c",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_4e6b5",
                    table="controls_authorityreturn",
                    when="BEFORE",
                ),
            ),
        ),
    ]
