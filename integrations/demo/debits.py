"""What the demo company collects by direct debit: some mandates in different states, and a run whose notices leave."""

from __future__ import annotations

from datetime import date, timedelta
from html import escape

from core.models import BankAccount, User
from customers.actions import add_bank_account, verify_bank_account
from customers.models import Customer
from directdebit.actions.creditors import add_creditor
from directdebit.actions.mandates import draft_mandate, release_mandate, review_mandates
from directdebit.actions.reports import receive_report
from directdebit.actions.runs import prepare_run
from directdebit.actions.submitting import lodge_mandates
from directdebit.models import Creditor
from directdebit.planning import Wanted
from directdebit.return_runs import book_new
from integrations.demo.books import Ledger
from integrations.demo.people import PEOPLE
from ledger.models import OpenItem

MANDATES = 7
SIGNED_BEFORE = timedelta(days=60)
LODGED_BEFORE = timedelta(days=55)
COLLECTED_AFTER = timedelta(days=21)


def prepare_direct_debit(ledger: Ledger, on: date) -> None:
    """Let the British company collect by Bacs: mandates live, paused, to be lodged and drafted, and one run."""
    by, entity = ledger.by, ledger.entity
    if entity.currency != "GBP":
        return
    ours = BankAccount.objects.get(entity=entity, currency="GBP", is_default=True)
    creditor = add_creditor(
        by=by, entity=entity, code="BACS", name="BRIGHTWATER", scheme="bacs", identifier="123456", bank_account=ours
    )
    payers = _payers(ledger, on)
    for place, customer in enumerate(payers):
        _mandate(by, creditor, customer, place, on)
    lodge_mandates(by=by, creditor=creditor, lodged_on=on - LODGED_BEFORE)
    review_mandates(by=by, entity=entity, as_of=on)
    _take_in_report(by, creditor, on)
    drafted = creditor.mandates.filter(state="draft", bank_account__verified_at__isnull=False).first()
    if drafted is not None:
        release_mandate(by=by, mandate=drafted, released_on=on)
    day = on + COLLECTED_AFTER
    prepare_run(by=by, wanted=Wanted(creditor, day, day, on), request_id="demo")


def _take_in_report(by: User, creditor: Creditor, on: date) -> None:
    """A report of Bacs: one payer disputes the notice, which pauses the mandate; one reference is known to nobody."""
    disputed = creditor.mandates.filter(state="active").last()
    if disputed is None:
        return
    told = "".join(
        f'<MessagingAdvice user-number="{creditor.identifier}" record-type="A" effective-date="{on}" '
        f'reference="{reference}" payer-name="{name}" reason-code="{code}"/>'
        for reference, name, code in (
            (disputed.reference, escape(disputed.customer.name.upper()[:18]), "D"),
            ("BRIGHT-C-99999", "A FORMER CUSTOMER", "1"),
        )
    )
    content = (
        f'<BACSDocument><Data><MessagingAdvices><MessagingHeader user-number="{creditor.identifier}" '
        f'advice-number="1"/><Header report-generation-date="{on}"/>{told}</MessagingAdvices></Data></BACSDocument>'
    )
    report = receive_report(by=by, entity=creditor.entity, name=f"addacs-{on}.xml", content=content.encode())
    book_new(by, report.pk)


def _payers(ledger: Ledger, on: date) -> list[Customer]:
    """Customers who owe something that is due in the next weeks, and have no credit on their account."""
    owing = OpenItem.objects.filter(
        entity=ledger.entity, currency="GBP", side="debit", open_amount__gt=0, due_on__range=(on, on + COLLECTED_AFTER)
    )
    credited = OpenItem.objects.filter(entity=ledger.entity, side="credit", open_amount__gt=0)
    rows = Customer.objects.filter(entity=ledger.entity, pk__in=owing.values("customer"))
    rows = rows.exclude(pk__in=credited.values("customer"))
    return list(rows.select_related("entity").order_by("code")[:MANDATES])


def _mandate(by: User, creditor: Creditor, customer: Customer, place: int, on: date) -> None:
    """A mandate with its account; the last two stay drafted, the very last because its account isn't verified yet."""
    account = add_bank_account(
        by=by,
        customer=customer,
        bank_code="202015",
        account_number=f"{40_000_000 + 1_017 * customer.pk % 10_000_000:08d}",
        holder=customer.name,
        currency="GBP",
    )
    if place < MANDATES - 1:
        finn = User.objects.get(email=next(person.email for person in PEOPLE if person.role == "finance_manager"))
        verify_bank_account(by=finn, account=account, how="call_back", note="Accounts payable, by the contract")
    mandate = draft_mandate(
        by=by,
        creditor=creditor,
        customer=customer,
        bank_account=account,
        reference=f"BRIGHT-{customer.code}"[:18],
        signed_on=on - SIGNED_BEFORE,
    )
    if place < MANDATES - 2:
        release_mandate(by=by, mandate=mandate, released_on=on - SIGNED_BEFORE)
