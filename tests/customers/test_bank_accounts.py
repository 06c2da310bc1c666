"""Maya adds an account that Acme told her of; Finn calls Acme back before any money is drawn from it."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import Error, transaction
from django.test import Client

from core.actions import load_modulus_rules
from core.errors import NotAllowed
from core.models import AuditEvent, User
from customers.actions import add_bank_account, end_bank_account, learn_bank_account, verify_bank_account
from customers.actions.bank_accounts import NotVerified
from customers.checks import InvalidData
from customers.models import Customer, CustomerBankAccount

RULES = "089000 089999 MOD10 0 0 0 0 0 0 7 1 3 7 1 3 7 1"
CALLED = "Pat Jones, +44 117 496 0100 from our contract of 2024"


@pytest.fixture
def told(acme: Customer, manager: User) -> CustomerBankAccount:
    return add_bank_account(
        by=manager, customer=acme, bank_code="08-99-99", account_number="66374958", holder="Acme Trading Ltd"
    )


def test_another_person_verifies_by_a_call(told: CustomerBankAccount, finance_manager: User) -> None:
    assert (told.country, told.is_verified, told.known_as) == ("GB", False, "08999966374958")
    assert told.form_check == "Not checked: no table of modulus rules is loaded."

    verified = verify_bank_account(by=finance_manager, account=told, how="call_back", note=CALLED)

    assert verified.is_verified
    assert (verified.verified_by, verified.verified_note) == (finance_manager, CALLED)
    event = AuditEvent.objects.get(event="bank_account.verified")
    assert (event.by, event.after) == (finance_manager, {"account": "…4958", "how": "Call to a number known before"})
    assert verify_bank_account(by=finance_manager, account=told, how="call_back", note="again").verified_note == CALLED


def test_who_added_an_account_may_not_verify_it(told: CustomerBankAccount, manager: User) -> None:
    with pytest.raises(NotVerified, match="somebody else has to verify it"):
        verify_bank_account(by=manager, account=told, how="call_back", note=CALLED)
    with pytest.raises(Error, match="a_second_person_verifies_an_account"), transaction.atomic():
        CustomerBankAccount.objects.filter(pk=told.pk).update(
            verified_by=manager, verified_at=told.added_at, verified_how="call_back"
        )


def test_what_can_not_be_verified(
    acme: Customer, told: CustomerBankAccount, clerk: User, manager: User, finance_manager: User
) -> None:
    seen = learn_bank_account(by=clerk, customer=acme, iban="DE89370400440532013000", holder="Acme")
    nobody = add_bank_account(by=manager, customer=acme, iban="GB33BUKB20201555555555")
    with pytest.raises(NotVerified, match="only seen on a bank statement"):
        verify_bank_account(by=finance_manager, account=seen, how="call_back", note=CALLED)
    with pytest.raises(NotVerified, match="has no holder"):
        verify_bank_account(by=finance_manager, account=nobody, how="call_back", note=CALLED)
    with pytest.raises(NotVerified, match="Say how"):
        verify_bank_account(by=finance_manager, account=told, how="call_back", note=" ")
    end_bank_account(by=manager, account=told)
    with pytest.raises(NotVerified, match="not in use"):
        verify_bank_account(by=finance_manager, account=told, how="call_back", note=CALLED)


def test_new_details_are_another_account_and_verified_anew(
    acme: Customer, told: CustomerBankAccount, manager: User, finance_manager: User
) -> None:
    verify_bank_account(by=finance_manager, account=told, how="call_back", note=CALLED)
    with pytest.raises(Error, match="keep what they were made with"), transaction.atomic():
        CustomerBankAccount.objects.filter(pk=told.pk).update(account_number="66374940")
    with pytest.raises(Error, match="superseded, not changed"), transaction.atomic():
        CustomerBankAccount.objects.filter(pk=told.pk).update(holder="Mallory")

    end_bank_account(by=manager, account=told)
    again = add_bank_account(by=manager, customer=acme, bank_code="089999", account_number="66374958")

    assert (again.supersedes, again.holder, again.is_verified) == (told, "Acme Trading Ltd", False)


def test_an_account_that_can_not_exist_is_refused(acme: Customer, manager: User, administrator: User) -> None:
    load_modulus_rules(by=administrator, weights=RULES, substitutes="", valid_from=date(2020, 1, 1))
    with pytest.raises(InvalidData, match="…4959 can't belong to sort code 089999"):
        add_bank_account(by=manager, customer=acme, bank_code="089999", account_number="66374959")
    with pytest.raises(InvalidData, match="not a US routing number"):
        add_bank_account(by=manager, customer=acme, bank_code="021000022", account_number="1")
    fits = add_bank_account(by=manager, customer=acme, bank_code="089999", account_number="66374958")
    assert fits.form_check == "The account number fits its sort code by the modulus rules."


def test_who_may_neither_add_nor_verify(
    acme: Customer, told: CustomerBankAccount, clerk: User, collector: User, auditor: User
) -> None:
    for person in (clerk, collector, auditor):
        with pytest.raises(NotAllowed):
            verify_bank_account(by=person, account=told, how="call_back", note=CALLED)


def test_the_number_is_masked_but_for_who_verifies(
    told: CustomerBankAccount, signed_in: Callable[[User], Client], finance_manager: User, clerk: User, manager: User
) -> None:
    details, page = f"/customers/{told.customer_id}/details/", f"/customer-bank-accounts/{told.pk}/verify/"
    for person in (finance_manager, clerk):
        shown = signed_in(person).get(details).content.decode()
        assert "…4958" in shown and "66374958" not in shown
    assert page not in signed_in(clerk).get(details).content.decode()
    assert signed_in(clerk).get(page).status_code == 403
    assert "Somebody else verifies it" in signed_in(manager).get(page).content.decode()

    desk = signed_in(finance_manager)
    assert "66374958" in desk.get(page).content.decode()
    assert desk.post(page, {"how": "call_back", "note": ""}).status_code == 422
    assert desk.post(page, {"how": "call_back", "note": CALLED}).status_code == 302
    assert "Verified" in desk.get(details).content.decode()
