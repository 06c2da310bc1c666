"""Money of one currency becomes money of another on an account of its own; ledgers that are there get it as well."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Exists, OuterRef

CODE, NAME, ROLE = "1260", "Exchange clearing", "exchange_clearing"
LAST_CODE = 1299


def add_accounts(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """One for each company that keeps a ledger, under the next free code."""
    accounts = apps.get_model("ledger", "Account").objects
    companies = apps.get_model("core", "LegalEntity").objects
    of_company = accounts.filter(entity=OuterRef("pk"))
    for company in companies.filter(Exists(of_company)).exclude(Exists(of_company.filter(role=ROLE))):
        taken = set(accounts.filter(entity=company).values_list("code", flat=True))
        code = next(str(each) for each in range(int(CODE), LAST_CODE) if str(each) not in taken)
        accounts.create(entity=company, code=code, name=NAME, kind="asset", role=ROLE)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_tables")]

    operations = [
        migrations.AlterField(
            model_name="account",
            name="role",
            field=models.CharField(
                choices=[
                    ("receivables", "Trade receivables (control account)"),
                    ("receivables_revaluation", "Trade receivables, revaluation"),
                    ("unidentified_receipts", "Unidentified receipts"),
                    ("allowance", "Allowance for doubtful accounts"),
                    ("bank", "Bank"),
                    ("direct_debit_clearing", "Direct debit clearing"),
                    ("card_clearing", "Card clearing"),
                    ("cheque_clearing", "Cheques to be credited"),
                    ("payments_under_way", "Payments under way"),
                    ("exchange_clearing", "Exchange clearing"),
                    ("accrued_income", "Accrued income"),
                    ("withholding_tax", "Withholding tax recoverable"),
                    ("deferred_income", "Deferred income"),
                    ("output_tax", "Output tax"),
                    ("bad_debt_tax_relief", "Bad-debt tax relief"),
                    ("refunds_payable", "Refunds payable"),
                    ("opening_balances", "Opening balances"),
                    ("revenue", "Revenue"),
                    ("discounts_allowed", "Settlement discounts allowed"),
                    ("interest_income", "Late-payment interest"),
                    ("surcharge_income", "Surcharges"),
                    ("bad_debt", "Bad debt"),
                    ("bad_debt_recovered", "Bad debt recovered"),
                    ("bank_charges", "Bank charges"),
                    ("exchange_differences", "Exchange differences, realised"),
                    ("unrealised_exchange", "Exchange differences, unrealised"),
                    ("small_differences", "Small differences"),
                    ("rounding", "Rounding"),
                ],
                max_length=24,
            ),
        ),
        migrations.RunPython(add_accounts, migrations.RunPython.noop),
    ]
