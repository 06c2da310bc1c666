"""The accounts from which a customer pays."""

from django.db import transaction
from django.db.models import Q
from stdnum import iban as iban_numbers

from core import clock
from core.audit import audit
from core.models import User
from core.permissions import require
from customers.checks import InvalidData, refuse_invalid
from customers.models import Customer, CustomerBankAccount, lock
from customers.names import compact

Source = CustomerBankAccount.Source


@transaction.atomic
def add_bank_account(
    *, by: User, customer: Customer, iban: str = "", account_number: str = "", holder: str = ""
) -> CustomerBankAccount:
    """Note an account that the customer told us of; payments from it are known to be theirs.

    One that was ended is theirs again; one that was only learnt from a payment is confirmed by it.
    """
    require(by, "customers.add_bank_account", customer.entity)
    customer = lock(customer)
    iban = compact(iban)
    if iban and not iban_numbers.is_valid(iban):
        raise InvalidData(f"“{iban}” is not an IBAN: its check digits or its length are wrong.")

    account = _known(customer, iban, compact(account_number)) or CustomerBankAccount(
        customer=customer, iban=iban, account_number=compact(account_number), added_by=by
    )
    account.holder = holder.strip() or account.holder
    account.source, account.is_active = Source.CUSTOMER, True
    account.confirmed_by, account.confirmed_at = by, clock.now()
    refuse_invalid(account)
    account.save()

    after = {"account": str(account), "holder": account.holder, "source": account.get_source_display()}
    audit(by, "bank_account.added", customer, entity=customer.entity, after=after)
    return account


def _known(customer: Customer, iban: str, number: str) -> CustomerBankAccount | None:
    """The same account where it was ended, or learnt and not confirmed yet."""
    unused = Q(is_active=False) | Q(confirmed_at=None)
    return CustomerBankAccount.objects.filter(unused, customer=customer, iban=iban, account_number=number).first()


@transaction.atomic
def learn_bank_account(
    *, by: User, customer: Customer, iban: str = "", account_number: str = "", holder: str = ""
) -> CustomerBankAccount:
    """Remember from which account a payment of this customer came. It is a hint for matching until confirmed."""
    require(by, "customers.learn_bank_account", customer.entity)
    account, is_new = CustomerBankAccount.objects.get_or_create(
        customer=customer,
        iban=compact(iban),
        account_number=compact(account_number),
        defaults={"holder": holder.strip()[:140], "source": Source.STATEMENT, "added_by": by},
    )
    if is_new:
        after = {"account": str(account), "holder": account.holder, "source": account.get_source_display()}
        audit(by, "bank_account.learnt", customer, entity=customer.entity, after=after)
    return account


@transaction.atomic
def end_bank_account(*, by: User, account: CustomerBankAccount) -> CustomerBankAccount:
    """Take payments from this account for the customer's no longer."""
    require(by, "customers.end_bank_account", account.customer.entity)
    customer = lock(account.customer)
    account = CustomerBankAccount.objects.get(pk=account.pk)
    if not account.is_active:
        return account

    account.is_active = False
    account.save(update_fields=["is_active"])

    audit(by, "bank_account.ended", customer, entity=customer.entity, before={"account": str(account)})
    return account
