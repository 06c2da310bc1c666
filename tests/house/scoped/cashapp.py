"""A bank statement with a line that waits to be matched."""

from cashapp.actions.statements import import_statement, upload_statement
from core.actions import add_bank_account
from tests.house.scoped import MARKER, Addresses, Stage

IBAN = "GB29NWBK60161331926819"
MT940 = f""":20:ST12
:25:{IBAN}
:28C:12/1
:60F:C260511GBP1000,00
:61:2605120512C100,00NTRFNONREF
:86:{MARKER}
:62F:C260512GBP1100,00
-
"""


def addresses(stage: Stage) -> Addresses:
    uk, clerk = stage.uk, stage.clerk
    add_bank_account(by=stage.system, entity=uk, name=f"{MARKER} bank", currency="GBP", iban=IBAN)
    file = upload_statement(by=clerk, entity=uk, name=f"{MARKER}.sta", content=MT940.encode())
    statement = import_statement(by=clerk, entity=uk, name=file.name, content=file.read(), file=file)[0].statement
    return {
        "cashapp:statement_file": {"pk": file.pk},
        "cashapp:preview_statement": {"pk": file.pk},
        "cashapp:import_statement": {"pk": file.pk},
        "cashapp:statement": {"pk": statement.pk},
        "cashapp:statement_workbook": {"pk": statement.pk},
    }
