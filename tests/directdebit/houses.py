"""Two more companies that collect: Halden in Hamburg by SEPA Core, Harborline in Boston by ACH."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from core.models import BankAccount, LegalEntity, RoleGrant, User
from customers.actions import add_bank_account, verify_bank_account
from customers.models import Contact, Customer, CustomerBankAccount, PaymentTerms
from directdebit.actions.creditors import add_creditor
from directdebit.actions.mandates import draft_mandate, release_mandate
from directdebit.actions.runs import prepare_run
from directdebit.actions.submitting import submit_collections
from directdebit.models import Collection, CollectionRun, Creditor, Mandate, Submission
from directdebit.planning import Wanted
from ledger.actions import set_up_ledger
from ledger.models import OpenItem
from ledger.posting import post
from messaging.models import Message
from tests.ledger.conftest import draft_invoice

SIGNED_ON, PREPARED_ON, COLLECT_ON = date(2026, 4, 1), date(2026, 5, 4), date(2026, 5, 20)


@dataclass(frozen=True)
class House:
    """A company with the people who collect for it: one prepares, another submits, the system passes the days."""

    creditor: Creditor
    system: User
    clerk: User
    manager: User
    verifier: User

    @property
    def entity(self) -> LegalEntity:
        return self.creditor.entity

    def payer(self, code: str, name: str) -> Customer:
        terms, _ = PaymentTerms.objects.get_or_create(
            entity=self.entity, code="N30", defaults={"name": "30 days", "net_days": 30}
        )
        customer = Customer.objects.create(
            entity=self.entity, code=code, name=name, currency=self.creditor.currency, terms=terms
        )
        Contact.objects.create(
            customer=customer, name="Pat", email=f"{code.lower()}@payer.example", role=Contact.Role.PAYMENTS
        )
        return customer

    def account(self, customer: Customer, **numbers: str) -> CustomerBankAccount:
        account = add_bank_account(by=self.manager, customer=customer, holder=customer.name, **numbers)
        return verify_bank_account(by=self.verifier, account=account, how="call_back", note="Pat, by phone")

    def mandate(self, customer: Customer, reference: str, **numbers: str) -> Mandate:
        drafted = draft_mandate(
            by=self.clerk, creditor=self.creditor, customer=customer, bank_account=self.account(customer, **numbers),
            reference=reference, signed_on=SIGNED_ON,
        )  # fmt: skip
        return release_mandate(by=self.clerk, mandate=drafted, released_on=SIGNED_ON)

    def owes(self, customer: Customer, number: str, amount: str, due_on: date = date(2026, 5, 15)) -> OpenItem:
        draft = draft_invoice(customer, number, amount, due_on - timedelta(days=30), due_on)
        return post(by=self.system, entries=[draft])[0].open_items[0]

    def prepared(self, key: str = "one") -> CollectionRun:
        wanted = Wanted(self.creditor, COLLECT_ON, COLLECT_ON, PREPARED_ON)
        run = prepare_run(by=self.clerk, wanted=wanted, request_id=key)
        notices_left(run.collections.all())
        return run

    def submitted(self, run: CollectionRun) -> Submission:
        return submit_collections(by=self.manager, run=run, collect_on=COLLECT_ON, submitted_on=date(2026, 5, 18))


def notices_left(collections: Iterable[Collection]) -> None:
    """The notices go through the outbox as every message does, on the day of preparation."""
    rows = Message.objects.filter(pk__in=[each.notice_id for each in collections])
    at = datetime(2026, 5, 4, 12, tzinfo=UTC)
    rows.update(state="claimed", claimed_by="test", claimed_at=at)
    rows.update(state="sending")
    rows.update(state="sent", sent_at=at)


def house(entity: LegalEntity, system: User, scheme: str, identifier: str, name: str, **own: str) -> House:
    """Set the company up."""
    facts = {"name": "Current", "currency": entity.currency, "is_default": True, **own}
    account = BankAccount.objects.create(entity=entity, **facts)
    set_up_ledger(by=system, entity=entity)
    people = [_person(entity, name, role, system) for name, role in ROLES.items()]
    creditor = add_creditor(
        by=people[2], entity=entity, code=scheme.upper(), name=name, scheme=scheme, identifier=identifier,
        bank_account=account,
    )  # fmt: skip
    return House(creditor, system, *people)


ROLES = {"Anna": "ar_specialist", "Bert": "ar_manager", "Cleo": "finance_manager"}


def _person(entity: LegalEntity, name: str, role: str, system: User) -> User:
    person = User.objects.create_user(f"{name.lower()}.{entity.code.lower()}@o2c.example", None, name=name)
    RoleGrant.objects.create(user=person, entity=entity, role=role, granted_by=system)
    return person
