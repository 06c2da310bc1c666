"""The customer's bank accounts: told of by one person, verified by another, superseded and never changed."""

from typing import Any

from django.db import transaction
from django.db.models import Q

from core import clock
from core.audit import audit
from core.bank_checks import AccountCheck, check_account
from core.errors import Refused
from core.models import User
from core.modulus import modulus_table_on
from core.permissions import require
from customers.checks import InvalidData, refuse_invalid
from customers.models import Customer, CustomerBankAccount, lock
from customers.names import compact

Source = CustomerBankAccount.Source
COUNTRY_BY_CODE = {6: "GB", 9: "US"}  # digits of a sort code and of a routing number


class NotVerified(Refused):
    """The account can't be verified, or not by this person."""

    code = "not_verified"


@transaction.atomic
def add_bank_account(
    *,
    by: User,
    customer: Customer,
    iban: str = "",
    bank_code: str = "",
    account_number: str = "",
    holder: str = "",
    currency: str = "",
    country: str = "",
    kind: str = CustomerBankAccount.Kind.CHECKING,
    bic: str = "",
) -> CustomerBankAccount:
    """Note an account that the customer told us of; payments from it are known to be theirs.

    It takes the place of the same account where that was ended or only learnt from a payment. Money is drawn from it
    or paid to it only after somebody else has verified it.
    """
    require(by, "customers.add_bank_account", customer.entity)
    customer = lock(customer)
    numbers = {"iban": compact(iban), "bank_code": compact(bank_code), "account_number": compact(account_number)}
    country = country or numbers["iban"][:2] or COUNTRY_BY_CODE.get(len(numbers["bank_code"]), "")
    check = _checked(customer, country, **numbers)

    known = _known(customer, numbers)
    if known is not None and known.is_active:
        known.is_active = False
        known.save(update_fields=["is_active"])
    account = CustomerBankAccount(
        customer=customer,
        **numbers,
        country=country,
        currency=currency.upper(),
        kind=kind,
        bic=compact(bic),
        holder=holder.strip() or (known.holder if known else ""),
        source=Source.CUSTOMER,
        form_check=check.words[:160],
        supersedes=known,
        added_by=by,
        confirmed_by=by,
        confirmed_at=clock.now(),
    )
    refuse_invalid(account)
    account.save()

    audit(by, "bank_account.added", customer, entity=customer.entity, after=_facts(account))
    return account


def _checked(customer: Customer, country: str, *, iban: str, bank_code: str, account_number: str) -> AccountCheck:
    """The account's check; one that can't exist is refused."""
    table = modulus_table_on(clock.today(customer.entity)) if country == "GB" else None
    check = check_account(iban=iban, bank_code=bank_code, number=account_number, country=country, table=table)
    if check.is_invalid:
        raise InvalidData(check.words)
    return check


def _known(customer: Customer, numbers: dict[str, str]) -> CustomerBankAccount | None:
    """The same account where it was ended, or learnt and not confirmed yet."""
    unused = Q(is_active=False) | Q(confirmed_at=None)
    rows = CustomerBankAccount.objects.filter(unused, customer=customer, superseded_by=None, **numbers)
    return rows.order_by("-pk").first()


def _facts(account: CustomerBankAccount) -> dict[str, Any]:
    return {
        "account": str(account),
        "holder": account.holder,
        "source": account.get_source_display(),
        "check": account.form_check,
    }


@transaction.atomic
def verify_bank_account(*, by: User, account: CustomerBankAccount, how: str, note: str) -> CustomerBankAccount:
    """Say that the account is the customer's, found out by a way of one's own, not by whoever told us of it."""
    require(by, "customers.verify_bank_account", account.customer.entity)
    customer = lock(account.customer)
    account = CustomerBankAccount.objects.select_related("added_by").get(pk=account.pk)
    if account.verified_by == by:
        return account
    _refuse_verifying(by, account, how, note)

    account.verified_by, account.verified_at = by, clock.now()
    account.verified_how, account.verified_note = how, note.strip()
    account.confirmed_by = account.confirmed_by or by
    account.confirmed_at = account.confirmed_at or account.verified_at
    refuse_invalid(account)
    account.save()

    after = {"account": str(account), "how": account.get_verified_how_display()}
    audit(by, "bank_account.verified", customer, entity=customer.entity, after=after, reason=note.strip())
    return account


def _refuse_verifying(by: User, account: CustomerBankAccount, how: str, note: str) -> None:
    if account.verified_at is not None:
        raise NotVerified(f"Account {account} was verified already, by {account.verified_by}.")
    if not account.is_active:
        raise NotVerified(f"Account {account} is not in use any more.")
    if account.added_by_id == by.pk:
        raise NotVerified(f"You added account {account} yourself; somebody else has to verify it.")
    if account.source == Source.STATEMENT:
        raise NotVerified(
            f"Account {account} was only seen on a bank statement. Add it as the customer tells it first."
        )
    if not account.holder:
        raise NotVerified(f"Account {account} has no holder. Add it again with the name that it is held in.")
    if how not in CustomerBankAccount.Means.values or not note.strip():
        raise NotVerified("Say how it was verified, with whom, and at which number.")


@transaction.atomic
def learn_bank_account(
    *, by: User, customer: Customer, iban: str = "", account_number: str = "", holder: str = ""
) -> CustomerBankAccount:
    """Remember from which account a payment of this customer came. It is a hint for matching until confirmed."""
    require(by, "customers.learn_bank_account", customer.entity)
    numbers = {"iban": compact(iban), "account_number": compact(account_number)}
    known = CustomerBankAccount.objects.filter(customer=customer, **numbers).order_by("-is_active", "-pk").first()
    if known is not None:
        return known
    account = CustomerBankAccount.objects.create(
        customer=customer,
        **numbers,
        country=numbers["iban"][:2],
        holder=holder.strip()[:140],
        source=Source.STATEMENT,
        added_by=by,
    )
    after = {"account": str(account), "holder": account.holder, "source": account.get_source_display()}
    audit(by, "bank_account.learnt", customer, entity=customer.entity, after=after)
    return account


@transaction.atomic
def end_bank_account(*, by: User, account: CustomerBankAccount) -> CustomerBankAccount:
    """Use an account no longer: no payment from it is taken for the customer's, and none is drawn or sent."""
    require(by, "customers.end_bank_account", account.customer.entity)
    customer = lock(account.customer)
    account = CustomerBankAccount.objects.get(pk=account.pk)
    if not account.is_active:
        return account

    account.is_active = False
    account.save(update_fields=["is_active"])

    audit(by, "bank_account.ended", customer, entity=customer.entity, before={"account": str(account)})
    return account
