"""A payment file with one approved refund of the marked customer, another refund, and a payment that came twice."""

from datetime import timedelta

from cashapp.actions.receipts import post_receipt
from cashapp.models import Receipt
from cashapp.money_in import Incoming
from controls.actions import set_up_limits
from controls.models import ApprovalRequest
from core import clock
from core.actions import add_bank_account as add_own_account
from core.models import BankAccount
from core.money import Money, money
from customers.actions import add_bank_account, create_customer, verify_bank_account
from customers.models import Customer, CustomerBankAccount
from invoicing.actions import approve_refund, request_refund
from invoicing.models import Refund
from ledger.actions import set_up_ledger
from refunds.actions import add_channel, find_duplicates, prepare_batch
from refunds.models import DuplicatePayment
from tests.house.scoped import MARKER, Addresses, Stage
from tests.house.scoped.customers import customer_of
from tests.house.scoped.invoicing_corrections import DAY, open_credit_of

BY_BATCH = "batch release_batch cancel_batch take_batch clear_file".split()
BY_PAYMENT = "clear_payment fail_payment".split()
BY_REFUND = "record_card_refund take_back_refund state_of_refund".split()


def addresses(stage: Stage) -> Addresses:
    uk, system = stage.uk, stage.system
    set_up_ledger(by=system, entity=uk)
    set_up_limits(by=system, entity=uk)
    ours = BankAccount.objects.filter(entity=uk, name="Refunds").first() or add_own_account(
        by=system, entity=uk, name="Refunds", currency="GBP", sort_code="202015", account_number="55555555"
    )
    channel = add_channel(by=system, entity=uk, bank_account=ours, scheme="bacs", name=MARKER, identifier="123456")
    customer = _customer(stage)
    refund = _approved(stage, customer)
    day = clock.today(uk) + timedelta(days=3)
    batch = prepare_batch(by=stage.clerk, channel=channel, refunds=[refund], paid_on=day)
    duplicate = _duplicate(stage, customer)
    return {
        **{f"refunds:{name}": {"pk": batch.pk} for name in BY_BATCH},
        **{f"refunds:{name}": {"pk": batch.payments.get().pk} for name in BY_PAYMENT},
        **{f"refunds:{name}": {"pk": refund.pk} for name in BY_REFUND},
        "refunds:keep_duplicate": {"pk": duplicate.pk},
    }


def _customer(stage: Stage) -> Customer:
    """Somebody who owes nothing and claims nothing back, so that money may be paid back."""
    terms = customer_of(stage).terms
    return create_customer(by=stage.system, entity=stage.uk, code="Q-9", name=f"{MARKER} Refunds Ltd", terms=terms)


def _approved(stage: Stage, customer: Customer) -> Refund:
    credit = open_credit_of(stage, customer, f"{MARKER}-2")
    refund = request_refund(
        by=stage.clerk,
        item=credit,
        amount=Money(credit.open_amount, credit.currency),
        reason=MARKER,
        requested_on=DAY,
        bank_account=_verified(stage, customer),
    )
    asked = ApprovalRequest.objects.get(subject_type="invoicing.refund", subject_id=str(refund.pk))
    return approve_refund(by=stage.manager, request=asked, refund=refund, posted_on=DAY)


def _verified(stage: Stage, customer: Customer) -> CustomerBankAccount:
    told = add_bank_account(
        by=stage.system, customer=customer, bank_code="200000", account_number="55779911", holder=MARKER
    )
    return verify_bank_account(by=stage.manager, account=told, how="call_back", note=MARKER)


def _duplicate(stage: Stage, customer: Customer) -> DuplicatePayment:
    receipts: list[Receipt] = [
        post_receipt(
            by=stage.clerk,
            customer=customer,
            incoming=Incoming(
                money=money("7.00 GBP"), received_on=DAY, key=f"{MARKER}-{n}", payer=MARKER, text=f"{MARKER} 7"
            ),
        )
        for n in range(2)
    ]
    found = find_duplicates(by=stage.clerk, entity=stage.uk, as_of=DAY)
    return next(row for row in found if row.receipt_id == receipts[1].pk)
