"""The queues of cash: a payment and its payout, a cheque and its slip, money that waits, and a correction."""

from datetime import UTC, datetime
from decimal import Decimal

from cashapp.actions.cheques import ChequeDraft, fill_slip, record_cheque
from cashapp.actions.correcting import Target, correct_receipt
from cashapp.actions.payments import add_provider, record_payout, take_in_payment
from cashapp.actions.receipts import post_receipt
from cashapp.electronic import PaymentDraft, PayoutDraft
from cashapp.money_in import Incoming
from core.clock import today
from core.models import BankAccount
from core.money import Money
from customers.actions import create_customer
from ledger.actions import set_up_ledger
from tests.house.scoped import MARKER, Addresses, Stage
from tests.house.scoped.customers import customer_of

BY_PAYMENT = "payment say_payer tell_of_payment return_payment".split()
BY_PAYMENT_IN_API = "detail tell collect".split()
BY_SLIP = "slip credit_slip slip_pdf".split()
BY_SUM = "waiting_sum note_search remind_payer review_old_cash".split()


def addresses(stage: Stage) -> Addresses:
    uk, clerk, on = stage.uk, stage.clerk, today(stage.uk)
    set_up_ledger(by=stage.system, entity=uk)
    customer = customer_of(stage)
    provider = add_provider(by=stage.system, entity=uk, code="quillmark", name=f"{MARKER} Pay")
    told = PaymentDraft(
        method="card",
        reference=f"{MARKER}-1",
        money=Money(Decimal(50), "GBP"),
        received_at=datetime(2026, 5, 12, 9, tzinfo=UTC),
        provider=provider,
        payer=MARKER,
    )
    payment = take_in_payment(by=clerk, entity=uk, draft=told, source="form")
    out = PayoutDraft(provider=provider, reference=f"{MARKER}-out", paid_on=on, gross=Money(Decimal(50), "GBP"))
    payout = record_payout(by=clerk, entity=uk, draft=out)
    paper = ChequeDraft(
        number="1",
        drawer=MARKER,
        drawn_on=f"{MARKER} bank",
        money=Money(Decimal(5), "GBP"),
        received_on=on,
        payable_from=on,
    )
    cheque = record_cheque(by=clerk, entity=uk, draft=paper)
    account = BankAccount.objects.filter(entity=uk, currency="GBP").earliest("pk")
    slip = fill_slip(by=clerk, entity=uk, bank_account=account, cheques=[cheque], on=on)
    incoming = Incoming(
        money=Money(Decimal(7), "GBP"), received_on=on, key=f"{MARKER}-sum", text=MARKER, clearing=provider.clearing
    )
    receipt = post_receipt(by=clerk, customer=customer, incoming=incoming)
    other = create_customer(by=stage.system, entity=uk, code="Q-7", name=f"{MARKER} & Sons", terms=customer.terms)
    correction = correct_receipt(
        by=clerk, receipt=receipt, target=Target(other), corrected_on=on, reason=f"{MARKER} paid it"
    )
    waiting = correction.target
    return {
        **{f"cashapp:{name}": {"pk": payment.pk} for name in BY_PAYMENT},
        **{f"electronic-payment-{name}": {"pk": payment.pk} for name in BY_PAYMENT_IN_API},
        **{f"cashapp:{name}": {"pk": slip.pk} for name in BY_SLIP},
        **{f"cashapp:{name}": {"key": f"r{waiting.pk}"} for name in BY_SUM},
        "cashapp:payout": {"pk": payout.pk},
        "cashapp:uncredit_payout": {"pk": payout.pk},
        "cashapp:cheque": {"pk": cheque.pk},
        "cashapp:correct_receipt": {"pk": waiting.pk},
        "cashapp:undo_correction": {"pk": correction.pk},
    }
