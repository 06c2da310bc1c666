"""The tables of this room as they stood when its first steps were folded into one."""

import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

import core.fields
from core.migration_operations import AddTrigger, CreateTables


class Migration(migrations.Migration):
    replaces = [("refunds", "0001_payment_files_and_duplicates")]

    initial = True

    dependencies = [
        ("cashapp", "0001_tables"),
        ("core", "0001_tables"),
        ("customers", "0001_tables"),
        ("invoicing", "0001_tables"),
        ("ledger", "0001_tables"),
    ]

    operations = [
        CreateTables(
            tables=[
                migrations.CreateModel(
                    name="DuplicatePayment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "cause",
                            models.CharField(
                                choices=[
                                    ("same_payment", "Same payer, amount and reference"),
                                    ("document_paid", "Its document was paid before"),
                                ],
                                max_length=14,
                            ),
                        ),
                        ("evidence", models.CharField(max_length=400)),
                        (
                            "found_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("kept_at", models.DateTimeField(null=True)),
                        (
                            "kept_note",
                            models.CharField(
                                blank=True, help_text="With whose consent it stays on account.", max_length=300
                            ),
                        ),
                        (
                            "document",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ledger.openitem",
                            ),
                        ),
                        (
                            "found_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "kept_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "receipt",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="duplicate",
                                to="cashapp.receipt",
                            ),
                        ),
                        (
                            "twin",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="cashapp.receipt",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-pk",),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("cause", "same_payment"), ("twin__isnull", False)),
                                    models.Q(("cause", "document_paid"), ("document__isnull", False)),
                                    _connector="OR",
                                ),
                                name="a_duplicate_has_its_other_half",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("twin", None),
                                    models.Q(("twin", models.F("receipt")), _negated=True),
                                    _connector="OR",
                                ),
                                name="no_receipt_is_its_own_twin",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kept_at", None), ("kept_by", None), ("kept_note", "")),
                                    models.Q(
                                        ("kept_at__isnull", False),
                                        ("kept_by__isnull", False),
                                        models.Q(("kept_note", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="a_kept_payment_says_why",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PaymentChannel",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "scheme",
                            models.CharField(
                                choices=[
                                    ("sepa", "SEPA credit transfer (pain.001)"),
                                    ("bacs", "Bacs credit (Standard 18)"),
                                    ("ach", "ACH credit (NACHA)"),
                                ],
                                max_length=4,
                            ),
                        ),
                        (
                            "name",
                            models.CharField(help_text="As the customer reads it on the statement.", max_length=60),
                        ),
                        (
                            "identifier",
                            models.CharField(
                                blank=True,
                                help_text="Service user number for Bacs, the bank's ten characters for ACH.",
                                max_length=35,
                            ),
                        ),
                        (
                            "routing",
                            models.CharField(blank=True, help_text="Our bank's routing number, for ACH.", max_length=9),
                        ),
                        ("next_serial", models.PositiveIntegerField(default=1, editable=False)),
                        ("is_active", models.BooleanField(default=True)),
                        (
                            "bank_account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="payment_channels",
                                to="core.bankaccount",
                            ),
                        ),
                        (
                            "entity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="payment_channels",
                                to="core.legalentity",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("entity", "scheme", "pk"),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("is_active", True)),
                                fields=("bank_account", "scheme"),
                                name="one_payment_channel_a_scheme",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("scheme", "sepa"), models.Q(("identifier", ""), _negated=True), _connector="OR"
                                ),
                                name="a_channel_is_known_by_its_bank",
                                violation_error_message="Bacs and ACH need the number by which the bank knows us.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PaymentBatch",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("serial", models.PositiveIntegerField()),
                        ("paid_on", models.DateField(help_text="The day on which the bank shall carry it out.")),
                        ("total", core.fields.AmountField()),
                        ("currency", core.fields.CurrencyField()),
                        ("file_hash", models.CharField(help_text="SHA-256 of the file as it was made.", max_length=64)),
                        (
                            "made_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("released_at", models.DateTimeField(null=True)),
                        ("cancelled_at", models.DateTimeField(null=True)),
                        (
                            "cancelled_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "file",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.storedfile"
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
                        (
                            "released_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "channel",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="batches",
                                to="refunds.paymentchannel",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-pk",),
                        "constraints": [
                            models.UniqueConstraint(fields=("channel", "serial"), name="a_payment_file_has_its_serial"),
                            models.CheckConstraint(
                                condition=models.Q(("total__gt", 0)), name="a_payment_batch_has_a_total"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("released_by", None),
                                    models.Q(("released_by", models.F("made_by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="whoever_made_a_payment_file_does_not_release_it",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("released_at", None), ("released_by", None)),
                                    models.Q(
                                        ("cancelled_at", None),
                                        ("released_at__isnull", False),
                                        ("released_by__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="a_payment_batch_is_released_whole",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("cancelled_at", None), ("cancelled_by", None)),
                                    models.Q(("cancelled_at__isnull", False), ("cancelled_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="a_payment_batch_is_cancelled_whole",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RefundPayment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "reference",
                            models.CharField(
                                help_text="Ours in the file, or the provider's for a card.", max_length=80
                            ),
                        ),
                        ("amount", core.fields.AmountField()),
                        ("currency", core.fields.CurrencyField()),
                        ("cleared_on", models.DateField(null=True)),
                        ("failed_on", models.DateField(null=True)),
                        ("failed_reason", models.CharField(blank=True, max_length=200)),
                        (
                            "recorded_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "bank_account",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="refund_payments",
                                to="customers.customerbankaccount",
                            ),
                        ),
                        (
                            "batch",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="payments",
                                to="refunds.paymentbatch",
                            ),
                        ),
                        (
                            "card_payment",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="refund_payments",
                                to="cashapp.electronicpayment",
                            ),
                        ),
                        (
                            "entry",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ledger.journalentry",
                            ),
                        ),
                        (
                            "failed_entry",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ledger.journalentry",
                            ),
                        ),
                        (
                            "line",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="refund_payments",
                                to="cashapp.bankstatementline",
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "refund",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="payments",
                                to="invoicing.refund",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("pk",),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("failed_on", None)),
                                fields=("refund",),
                                name="a_refund_is_on_its_way_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("amount__gt", 0)), name="a_refund_payment_has_an_amount"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("bank_account__isnull", False),
                                        ("batch__isnull", False),
                                        ("card_payment", None),
                                    ),
                                    models.Q(("bank_account", None), ("batch", None), ("card_payment__isnull", False)),
                                    _connector="OR",
                                ),
                                name="a_refund_goes_to_a_bank_or_to_a_card",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("cleared_on", None), ("line", None)),
                                    models.Q(("cleared_on__isnull", False), ("line__isnull", False)),
                                    _connector="OR",
                                ),
                                name="a_payment_clears_on_a_bank_line",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("failed_on", None), ("failed_reason", "")),
                                    models.Q(
                                        ("failed_on__isnull", False), models.Q(("failed_reason", ""), _negated=True)
                                    ),
                                    _connector="OR",
                                ),
                                name="a_failed_payment_says_why",
                            ),
                        ],
                    },
                ),
            ],
        ),
        AddTrigger(
            model_name="duplicatepayment",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.receipt_id IS DISTINCT FROM OLD.receipt_id OR NEW.cause IS DISTINCT FROM OLD.cause OR NEW.twin_id IS DISTINCT FROM OLD.twin_id OR NEW.document_id IS DISTINCT FROM OLD.document_id OR NEW.evidence IS DISTINCT FROM OLD.evidence OR NEW.found_by_id IS DISTINCT FROM OLD.found_by_id THEN\n                RAISE EXCEPTION 'o2c: duplicate payments keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="87aa055f4fceb92e2f5e1aac931bab2ecb5cfb7d",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_a9dfb",
                    table="refunds_duplicatepayment",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="duplicatepayment",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: duplicate payments are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="cd08ba481dd0bb8dcdfc2815238d7e93a438cab9",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_8cc8b",
                    table="refunds_duplicatepayment",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="duplicatepayment",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: duplicate payments are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="5592d6554743e91f2af028e89ff7f1fca9d5250b",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_649d5",
                    table="refunds_duplicatepayment",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="paymentbatch",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.channel_id IS DISTINCT FROM OLD.channel_id OR NEW.serial IS DISTINCT FROM OLD.serial OR NEW.paid_on IS DISTINCT FROM OLD.paid_on OR NEW.total IS DISTINCT FROM OLD.total OR NEW.currency IS DISTINCT FROM OLD.currency OR NEW.file_id IS DISTINCT FROM OLD.file_id OR NEW.file_hash IS DISTINCT FROM OLD.file_hash OR NEW.made_by_id IS DISTINCT FROM OLD.made_by_id THEN\n                RAISE EXCEPTION 'o2c: payment batches keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="d508e57d158c842c2796d9379d7cf8f7fb481dcf",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_f3724",
                    table="refunds_paymentbatch",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="paymentbatch",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: payment batches are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="4dc69b3a5616ff803c57264a24897c040df46849",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_171a3",
                    table="refunds_paymentbatch",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="paymentbatch",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: payment batches are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="115ce719ff391f5c30ac4e5a9bf76ef656284d89",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_edbd8",
                    table="refunds_paymentbatch",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="refundpayment",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_columns",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.refund_id IS DISTINCT FROM OLD.refund_id OR NEW.batch_id IS DISTINCT FROM OLD.batch_id OR NEW.bank_account_id IS DISTINCT FROM OLD.bank_account_id OR NEW.card_payment_id IS DISTINCT FROM OLD.card_payment_id OR NEW.reference IS DISTINCT FROM OLD.reference OR NEW.amount IS DISTINCT FROM OLD.amount OR NEW.currency IS DISTINCT FROM OLD.currency THEN\n                RAISE EXCEPTION 'o2c: payments of refunds keep what they were made with' USING ERRCODE = 'restrict_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="4a25ee1dcf3d87d519563f263923c0e04ff83b7f",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_columns_0b64f",
                    table="refunds_refundpayment",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="refundpayment",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: payments of refunds are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="8013ea2849c284204f7171daaf2fd2196bbaef36",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_7e708",
                    table="refunds_refundpayment",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="refundpayment",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'o2c: payments of refunds are never deleted' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
                    hash="120ea3cb1705d503711089469cd309501ff6a0ff",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_83e71",
                    table="refunds_refundpayment",
                    when="BEFORE",
                ),
            ),
        ),
    ]
