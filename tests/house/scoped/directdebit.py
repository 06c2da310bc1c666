"""A mandate of the marked customer, and a run that collects by it and was submitted."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from core.models import BankAccount
from customers.actions import add_contact, create_customer, verify_bank_account
from customers.models import Customer, CustomerBankAccount
from directdebit.actions.creditors import add_creditor
from directdebit.actions.mandates import draft_mandate, release_mandate, review_mandates
from directdebit.actions.runs import prepare_run
from directdebit.actions.submitting import lodge_mandates, submit_collections
from directdebit.models import Mandate
from directdebit.planning import Wanted
from ledger.actions import set_up_ledger
from ledger.models import Account, JournalEntry, OpenItem
from ledger.posting import EntryDraft, ItemDraft, LineDraft, post
from messaging.models import Message
from tests.house.scoped import MARKER, Addresses, Stage
from tests.house.scoped.customers import customer_of

BY_CUSTOMER = "of_customer draft_mandate".split()
BY_MANDATE = """
    mandate release_mandate pause_mandate resume_mandate cancel_mandate amend_mandate mandate_form attach_signed_form
""".split()
BY_CREDITOR = "end_creditor lodge_mandates".split()
BY_RUN = "run submit_collections drop_run".split()
BY_SUBMISSION = "submission take_submission settle_submission".split()
DUE = date(2026, 5, 1)


def payer_of(stage: Stage) -> Customer:
    """A marked customer of its own: the other one has credit on account, and is left out of runs for that."""
    found = Customer.objects.filter(entity=stage.uk, code="Q-DD").first()
    if found is None:
        by, terms = stage.system, customer_of(stage).terms
        found = create_customer(by=by, entity=stage.uk, code="Q-DD", name=f"{MARKER} Debits", terms=terms)
        add_contact(by=by, customer=found, name=MARKER, email="dd@quillmark.example")
    return found


def mandate_of(stage: Stage) -> Mandate:
    """A live mandate of that customer."""
    uk, by, customer = stage.uk, stage.system, payer_of(stage)
    found = Mandate.objects.filter(customer=customer).first()
    if found is not None:
        return found
    set_up_ledger(by=by, entity=uk)
    own = BankAccount.objects.create(
        entity=uk, name=f"{MARKER} debits", currency="GBP", sort_code="20-20-15", account_number="55555555"
    )
    facts = {"scheme": "bacs", "identifier": "765432", "bank_account": own}
    creditor = add_creditor(by=by, entity=uk, code="THEIRS", name=MARKER, **facts)  # type: ignore[arg-type]
    account = CustomerBankAccount.objects.create(
        customer=customer,
        bank_code="089999",
        account_number="66374958",
        country="GB",
        holder=MARKER,
        added_by=by,
    )
    verify_bank_account(by=stage.manager, account=account, how="call_back", note=MARKER)
    mandate = draft_mandate(
        by=by, creditor=creditor, customer=customer, bank_account=account, reference="QUILLMARK-1", signed_on=DUE
    )
    release_mandate(by=by, mandate=mandate, released_on=DUE)
    lodge_mandates(by=by, creditor=creditor, lodged_on=DUE)
    review_mandates(by=by, entity=uk, as_of=DUE + timedelta(days=20))
    return Mandate.objects.select_related("creditor").get(pk=mandate.pk)


def addresses(stage: Stage) -> Addresses:
    mandate, by = mandate_of(stage), stage.system
    item = ItemDraft(f"{MARKER}-DD", OpenItem.Kind.INVOICE, DUE, DUE)
    lines = (
        LineDraft(Account.Role.RECEIVABLES, debit=Decimal(50), customer=mandate.customer, item=item),
        LineDraft(Account.Role.REVENUE, credit=Decimal(50)),
    )
    post(by=by, entries=[EntryDraft(stage.uk, JournalEntry.Kind.INVOICE, DUE, "GBP", lines, key=f"{MARKER}-DD")])
    wanted = Wanted(mandate.creditor, date(2026, 6, 30), date(2026, 6, 30), date(2026, 6, 1))
    run = prepare_run(by=by, wanted=wanted, request_id=MARKER)
    collection = run.collections.get()
    notices = Message.objects.filter(document=collection.reference)
    notices.update(state="claimed", claimed_by=MARKER, claimed_at=datetime(2026, 6, 1, tzinfo=UTC))
    notices.update(state="sending")
    notices.update(state="sent", sent_at=datetime(2026, 6, 1, tzinfo=UTC))
    submission = submit_collections(
        by=stage.manager, run=run, collect_on=collection.collect_on, submitted_on=date(2026, 6, 20)
    )
    return {
        **{f"directdebit:{name}": {"pk": mandate.customer_id} for name in BY_CUSTOMER},
        **{f"directdebit:{name}": {"pk": mandate.pk} for name in BY_MANDATE},
        **{f"directdebit:{name}": {"pk": mandate.creditor_id} for name in BY_CREDITOR},
        **{f"directdebit:{name}": {"pk": run.pk} for name in BY_RUN},
        **{f"directdebit:{name}": {"pk": submission.pk} for name in BY_SUBMISSION},
        "directdebit:collection": {"pk": collection.pk},
        "mandate-detail": {"pk": mandate.pk},
    }
