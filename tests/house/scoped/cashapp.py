"""A bank statement: one line is the marked customer's money, whose payer is learnt; the other waits to be matched."""

from datetime import date
from decimal import Decimal

from cashapp.actions.desk import Verdict, match_line
from cashapp.actions.payer_groups import Declared, add_to_payer_group, declare_payer_group
from cashapp.actions.reconciling import name_variance, prepare_reconciliation
from cashapp.actions.remittances import take_in_remittance
from cashapp.actions.statement_files import Arrival, receive_statement_file
from cashapp.actions.statements import import_statement, upload_statement
from cashapp.actions.tolerances import Bounds, set_tolerance, set_withholding
from cashapp.actions.written_rules import write_rule
from cashapp.models import (
    BankReconciliation,
    BankStatement,
    BankStatementLine,
    MatchTask,
    PayerAlias,
    PayerGroup,
    Remittance,
    RuleVersion,
    WithholdingPattern,
)
from cashapp.wordings import Wording
from core.actions import add_bank_account
from ledger.actions import set_up_ledger
from tests.house.scoped import MARKER, Addresses, Stage
from tests.house.scoped.customers import customer_of

IBAN = "GB29NWBK60161331926819"
BY_LINE = "desk_line ask_about_line post_unidentified undo_line".split()
BY_RECEIPT = "receipt unapply_receipt reverse_receipt return_receipt move_receipt exchange_receipt".split()
BY_RECEIPT_IN_API = "detail apply exchange exchanges unapply reverse give-back move".split()
BY_PAYER = "remember_payer forget_payer".split()
BY_RULE = "written_rule try_rule switch_rule_on switch_rule_off".split()
BY_REMITTANCE = "remittance remittance_workbook tie_remittance untie_remittance give_up_remittance".split()


def mt940() -> bytes:
    """What the bank says, with the marker as the payer's name and in the text."""
    return f""":20:ST12
:25:{IBAN}
:28C:12/1
:60F:C260511GBP1000,00
:61:2605120512C100,00NTRFNONREF//1
:86:/NAME/{MARKER} Bros/REMI/{MARKER}
:61:2605120512C50,00NTRFNONREF//2
:86:{MARKER}
:62F:C260512GBP1150,00
-
""".encode()


def addresses(stage: Stage) -> Addresses:
    uk, clerk = stage.uk, stage.clerk
    add_bank_account(by=stage.system, entity=uk, name=f"{MARKER} bank", currency="GBP", iban=IBAN)
    set_up_ledger(by=stage.system, entity=uk)
    file = upload_statement(by=clerk, entity=uk, name=f"{MARKER}.sta", content=mt940())
    dropped = Arrival(name=f"{MARKER}.txt", content=mt940() + b"\n", origin="api")
    statement = import_statement(by=clerk, entity=uk, name=file.name, content=file.read(), file=file)[0].statement
    matched, waiting = BankStatementLine.objects.filter(statement=statement).order_by("pk")
    receipt = match_line(by=clerk, line=matched, verdict=Verdict(customer_of(stage)))
    MatchTask.objects.get_or_create(line=waiting, entity=uk)
    alias = PayerAlias.objects.get()
    remittance = remittance_of(stage)
    day = {"pk": _prepared_day(stage, statement, waiting).pk}
    return {
        **rules_of_cash(stage),
        **{f"cashapp:{name}": {"pk": waiting.pk} for name in BY_LINE},
        "directdebit:of_line": {"pk": waiting.pk},
        **{f"cashapp:{name}": {"pk": receipt.pk} for name in BY_RECEIPT},
        **{f"cashapp:{name}": {"pk": alias.pk} for name in BY_PAYER},
        **{f"cashapp:{name}": {"pk": remittance.pk} for name in BY_REMITTANCE},
        "cashapp:remittance_file": {"pk": remittance.file_id},
        "cashapp:take_in_remittance": {"pk": remittance.file_id},
        "cashapp:preview_remittance": {"pk": remittance.file_id},
        "remittance-detail": {"pk": remittance.pk},
        **{f"receipt-{name}": {"pk": receipt.pk} for name in BY_RECEIPT_IN_API},
        **{f"cashapp:{name}_reconciliation": day for name in ("withdraw", "sign", "reopen")},
        "cashapp:statement_file": {"pk": file.pk},
        "statement-file-detail": {"pk": receive_statement_file(by=clerk, entity=uk, arrival=dropped).pk},
        "cashapp:preview_statement": {"pk": file.pk},
        "cashapp:import_statement": {"pk": file.pk},
        "cashapp:statement": {"pk": statement.pk},
        "cashapp:statement_workbook": {"pk": statement.pk},
        "cashapp:settlement": {"pk": statement.pk},
        "cashapp:take_in_settlement": {"pk": statement.pk},
    }


def _prepared_day(stage: Stage, statement: BankStatement, waiting: BankStatementLine) -> BankReconciliation:
    """The statement's day, prepared, with the name of the line that waits."""
    name_variance(
        by=stage.clerk,
        bank_account=statement.bank_account,
        line=waiting,
        entry=None,
        owner=stage.clerk,
        reason=MARKER,
        due_on=waiting.booked_on,
    )
    return prepare_reconciliation(by=stage.clerk, bank_account=statement.bank_account, day=waiting.booked_on)


def remittance_of(stage: Stage) -> Remittance:
    """A payer's text, with the marker as their name."""
    text = f"Payer: {MARKER} Sisters\nCheck number: 4711042\nInvoices: INV-1, INV-2\nTotal paid: 70.00\n"
    (taken,) = take_in_remittance(by=stage.clerk, entity=stage.uk, name=f"{MARKER}.txt", content=text.encode())
    return taken.remittance


def rules_of_cash(stage: Stage) -> Addresses:
    """What a manager set about matching: a payer for others, a tolerance, a tax and a rule, all with the marker."""
    by, uk, customer = stage.manager, stage.uk, customer_of(stage)
    group = declare_payer_group(by=by, entity=uk, declared=Declared(PayerGroup.Kind.AGENT, f"{MARKER} Agents"))
    member = add_to_payer_group(by=by, group=group, customer=customer, from_on=date(2026, 5, 1))
    bounds = Bounds("GBP", MARKER, Decimal(5), Decimal(1), Decimal(20))
    tolerance = set_tolerance(by=by, entity=uk, bounds=bounds)
    base = WithholdingPattern.Base.NET
    tax = set_withholding(by=by, entity=uk, name=MARKER, percent=Decimal(10), base=base, customer=customer)
    wording = Wording(RuleVersion.Effect.IDENTIFIES, payer=MARKER, customer=customer)
    version = write_rule(by=by, entity=uk, name=MARKER, wording=wording)
    return {
        **{f"cashapp:{name}": {"pk": version.pk} for name in BY_RULE},
        **{f"cashapp:{name}": {"pk": group.pk} for name in ("payer_group", "add_to_payer_group")},
        "cashapp:end_in_payer_group": {"pk": member.pk},
        "cashapp:end_tolerance": {"pk": tolerance.pk},
        "cashapp:end_withholding": {"pk": tax.pk},
    }
