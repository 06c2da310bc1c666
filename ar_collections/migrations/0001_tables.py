"""The tables of this room as they stood when its first steps were folded into one."""

import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

import core.fields
from core.migration_operations import AddTrigger, CreateTables


class Migration(migrations.Migration):
    replaces = [("collections", "0001_disputes")]

    initial = True

    dependencies = [
        ("core", "0001_tables"),
        ("customers", "0001_tables"),
        ("ledger", "0001_tables"),
    ]

    operations = [
        CreateTables(
            tables=[
                migrations.CreateModel(
                    name="Dispute",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "reason",
                            models.CharField(
                                choices=[
                                    ("settlement_discount", "Settlement discount"),
                                    ("bank_charge", "Bank charge"),
                                    ("withholding_tax", "Withholding tax"),
                                    ("small_difference", "Small difference"),
                                    ("price", "Price differs"),
                                    ("quantity", "Quantity contested"),
                                    ("service", "Service not delivered"),
                                    ("purchase_order", "Purchase order or paper missing"),
                                    ("duplicate", "Billed twice"),
                                    ("tax", "Tax questioned"),
                                    ("discount_unearned", "Discount not earned"),
                                    ("freight", "Delivery charge questioned"),
                                    ("contract", "Contract questioned"),
                                    ("credit_taken", "Credit taken that was not issued"),
                                    ("unknown", "No reason given"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("amount", core.fields.AmountField()),
                        ("currency", core.fields.CurrencyField()),
                        ("note", models.CharField(blank=True, help_text="What the customer says.", max_length=400)),
                        (
                            "department",
                            models.CharField(
                                choices=[
                                    ("receivables", "Receivables"),
                                    ("sales_operations", "Sales operations"),
                                    ("customer_success", "Customer success"),
                                    ("support", "Support"),
                                    ("tax", "Tax"),
                                    ("logistics", "Logistics"),
                                    ("legal", "Legal"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("due_on", models.DateField(help_text="By when it is to be resolved.")),
                        ("opened_on", models.DateField()),
                        (
                            "opened_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "outcome",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("", "Open"),
                                    ("withdrawn", "Withdrawn"),
                                    ("valid", "Valid"),
                                    ("partly", "Valid in part"),
                                    ("invalid", "Invalid"),
                                ],
                                default="",
                                max_length=10,
                            ),
                        ),
                        ("accepted", core.fields.AmountField(help_text="How much of it was right.", null=True)),
                        ("closing_note", models.CharField(blank=True, max_length=400)),
                        ("closed_on", models.DateField(null=True)),
                        ("closed_at", models.DateTimeField(null=True)),
                        (
                            "closed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="disputes",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "entity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.legalentity"
                            ),
                        ),
                        (
                            "item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="disputes",
                                to="ledger.openitem",
                            ),
                        ),
                        (
                            "opened_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("due_on", "pk"),
                        "indexes": [
                            models.Index(
                                condition=models.Q(("outcome", "")),
                                fields=["entity", "due_on"],
                                name="disputes_that_are_open",
                            ),
                            models.Index(fields=["customer", "opened_on"], name="disputes_of_a_customer"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("amount__gt", 0)), name="a_dispute_has_an_amount"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("accepted", None),
                                        ("closed_at", None),
                                        ("closed_by", None),
                                        ("closed_on", None),
                                        ("outcome", ""),
                                    ),
                                    models.Q(
                                        models.Q(("outcome", ""), _negated=True),
                                        ("accepted__gte", 0),
                                        ("accepted__lte", models.F("amount")),
                                        ("closed_at__isnull", False),
                                        ("closed_by__isnull", False),
                                        ("closed_on__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="the_end_of_a_dispute_is_whole",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("outcome", "")),
                                fields=("item", "reason"),
                                name="one_open_dispute_a_reason_of_an_item",
                            ),
                        ],
                    },
                ),
            ],
        ),
        AddTrigger(
            model_name="dispute",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.entity_id IS DISTINCT FROM OLD.entity_id OR NEW.item_id IS DISTINCT FROM OLD.item_id OR NEW.customer_id IS DISTINCT FROM OLD.customer_id OR NEW.reason IS DISTINCT FROM OLD.reason OR NEW.amount IS DISTINCT FROM OLD.amount OR NEW.currency IS DISTINCT FROM OLD.currency OR NEW.note IS DISTINCT FROM OLD.note OR NEW.opened_on IS DISTINCT FROM OLD.opened_on OR NEW.opened_by_id IS DISTINCT FROM OLD.opened_by_id OR NEW.opened_at IS DISTINCT FROM OLD.opened_at THEN\n                RAISE EXCEPTION 'o2c: disputes keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="4415731a6deee6f6ae1bb80f0eae942d904015de",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_d57bd",
                    table="collections_dispute",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="dispute",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: disputes are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="cb2c5f614b3253b3e246fc22d7b969381c071c83",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_ce327",
                    table="collections_dispute",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="dispute",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: disputes are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="b728fbeea389ee61971f28b475feebf2c07c74a9",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_7120b",
                    table="collections_dispute",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="dispute",
            trigger=pgtrigger.compiler.Trigger(
                name="closed_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.\"outcome\" > '')",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="5473e43f6d8b00b899ac255ec18288e0712dd6bd",
                    operation="UPDATE",
                    pgid="pgtrigger_closed_once_65805",
                    table="collections_dispute",
                    when="BEFORE",
                ),
            ),
        ),
    ]
