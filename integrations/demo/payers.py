"""What the demo company knows of its payers: who pays for others, what may be missing, a rule, and a remittance."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from cashapp.actions.payer_groups import Declared, add_to_payer_group, declare_payer_group
from cashapp.actions.remittances import take_in_remittance
from cashapp.actions.tolerances import Bounds, set_tolerance
from cashapp.actions.written_rules import write_rule
from cashapp.models import PayerGroup, Receipt, RuleVersion
from cashapp.wordings import Wording
from controls.models import ApprovalRequest
from core.models import LegalEntity, User
from core.money import Money
from customers.actions import add_bank_account, verify_bank_account
from customers.models import Customer, CustomerBankAccount
from integrations.demo.people import PEOPLE
from invoicing.actions import approve_refund, request_refund
from ledger.models import OpenItem

AGENT = "Northgate Payment Services"
DECLARED_BEFORE = timedelta(days=90)


def know_payers(by: User, entity: LegalEntity, items: Sequence[OpenItem], on: date) -> None:
    """An agent who pays for two customers, a tolerance, a rule that waits to be tried, and remittances."""
    finn = _person("finance_manager")
    first, second, *_ = items
    group = declare_payer_group(
        by=finn, entity=entity, declared=Declared(PayerGroup.Kind.AGENT, AGENT, note="Pays by one transfer a month.")
    )
    for item in (first, second):
        add_to_payer_group(by=finn, group=group, customer=item.customer, from_on=on - DECLARED_BEFORE)
    set_tolerance(
        by=finn,
        entity=entity,
        bounds=Bounds(first.currency, "", Decimal(5), Decimal("0.50"), Decimal(25), settles_by_itself=True),
    )
    words = first.customer.name.split()[0].upper()
    wording = Wording(RuleVersion.Effect.IDENTIFIES, text=f"{words} STANDING ORDER", customer=first.customer)
    write_rule(by=finn, entity=entity, name=f"Standing order of {first.customer.name}", wording=wording)
    _tell_of_money_to_come(by, entity, items, on)


def _tell_of_money_to_come(by: User, entity: LegalEntity, items: Sequence[OpenItem], on: date) -> None:
    """Each customer's accounts payable wrote which invoices their next transfer is for; one keeps something back."""
    for number, item in enumerate(items[:2], 1):
        kept = Decimal(12) if number == 2 else Decimal(0)
        paid = item.open_amount - kept
        rows = [
            f"Payer;{item.customer.name}",
            f"Payment number;RUN-{on:%m%d}-{number}",
            f"Payment date;{on}",
            "Invoice;Gross;Deduction;Reason;Paid",
            f"{item.number};{item.open_amount:.2f};{kept:.2f};{'Price too high' if kept else ''};{paid:.2f}",
        ]
        name = f"remittance-{item.customer.code}.csv"
        take_in_remittance(by=by, entity=entity, name=name, content="\n".join(rows).encode())


def owe_a_refund(by: User, entity: LegalEntity, on: date) -> None:
    """A credit of a customer who owes nothing overdue is agreed to go back, and waits for the payments file."""
    overdue = OpenItem.objects.filter(entity=entity, side=OpenItem.Side.DEBIT, open_amount__gt=0, due_on__lt=on)
    receipts = Receipt.objects.filter(entity=entity, currency=entity.currency, ended_on=None, item__open_amount__gt=0)
    receipt = receipts.exclude(item__customer__in=overdue.values("customer")).select_related("item__customer").first()
    if receipt is None:
        return
    customer, finn = receipt.item.customer, _person("finance_manager")
    refund = request_refund(
        by=by,
        item=receipt.item,
        amount=Money(receipt.item.open_amount, receipt.currency),
        reason="Paid too much; they ask for it back",
        requested_on=on,
        bank_account=_verified_account(by, finn, customer),
    )
    asked = ApprovalRequest.objects.get(subject_type=refund._meta.label_lower, subject_id=str(refund.pk))
    approve_refund(by=finn, request=asked, refund=refund, posted_on=on)


def _verified_account(by: User, verifier: User, customer: Customer) -> CustomerBankAccount:
    account = add_bank_account(
        by=by,
        customer=customer,
        bank_code="202015",
        account_number=f"{50_000_000 + customer.pk % 10_000_000:08d}",
        holder=customer.name,
        currency=customer.currency,
    )
    return verify_bank_account(by=verifier, account=account, how="call_back", note="Accounts payable, by the contract")


def _person(role: str) -> User:
    return User.objects.get(email=next(person.email for person in PEOPLE if person.role == role))
