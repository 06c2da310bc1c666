"""The life of a mandate: drafted, lodged, active by silence, paused, cancelled, and lapsed when nobody uses it."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import Error, transaction

from core.errors import NotAllowed
from core.models import AuditEvent, BankAccount, User
from customers.models import Customer, CustomerBankAccount
from directdebit.actions.creditors import add_creditor, end_creditor
from directdebit.actions.mandates import (
    cancel_mandate,
    draft_mandate,
    pause_mandate,
    release_mandate,
    resume_mandate,
    review_mandates,
)
from directdebit.actions.submitting import lodge_mandates
from directdebit.errors import MandateRefused
from directdebit.models import Creditor, Mandate, MandateEvent
from tests.directdebit.conftest import Live

AccountOf = Callable[..., CustomerBankAccount]
APRIL = date(2026, 4, 1)


def draft(clerk: User, creditor: Creditor, account: CustomerBankAccount, reference: str = "BRIGHT-00001") -> Mandate:
    return draft_mandate(
        by=clerk,
        creditor=creditor,
        customer=account.customer,
        bank_account=account,
        reference=reference,
        signed_on=APRIL,
    )


def test_a_mandate_is_lodged_by_file_and_active_when_nobody_refuses(
    acme: Customer, bacs: Creditor, account_of: AccountOf, clerk: User, system: User
) -> None:
    mandate = draft(clerk, bacs, account_of(acme))
    mandate = release_mandate(by=clerk, mandate=mandate, released_on=APRIL)
    assert mandate.state == "pending_lodgement"

    file = lodge_mandates(by=clerk, creditor=bacs, lodged_on=date(2026, 4, 2))
    mandate.refresh_from_db()
    assert (mandate.state, mandate.lodged_on, mandate.usable_from) == ("lodged", date(2026, 4, 2), date(2026, 4, 9))
    assert file.file is not None
    assert "0N" in next(line for line in file.file.read().decode().split("\r\n") if "BRIGHT-00001" in line)

    assert review_mandates(by=system, entity=bacs.entity, as_of=date(2026, 4, 8)) == []
    review_mandates(by=system, entity=bacs.entity, as_of=date(2026, 4, 9))
    mandate.refresh_from_db()
    assert mandate.state == "active"
    told = list(MandateEvent.objects.filter(mandate=mandate).order_by("pk").values_list("state", flat=True))
    assert told == ["draft", "pending_lodgement", "lodged", "active"]


def test_an_account_that_nobody_verified_stops_the_release(
    acme: Customer, bacs: Creditor, account_of: AccountOf, clerk: User
) -> None:
    mandate = draft(clerk, bacs, account_of(acme, verified=False))
    with pytest.raises(MandateRefused, match="isn't verified"):
        release_mandate(by=clerk, mandate=mandate, released_on=APRIL)


def test_a_reference_is_used_once_and_a_customer_has_one_mandate(
    acme: Customer, customer_named: Callable[[str], Customer], bacs: Creditor, account_of: AccountOf, clerk: User
) -> None:
    account, other = account_of(acme), account_of(customer_named("Beta Ltd"))
    first = draft(clerk, bacs, account)
    assert draft(clerk, bacs, account) == first
    with pytest.raises(MandateRefused, match="is taken, by Acme"):
        draft(clerk, bacs, other)
    with pytest.raises(MandateRefused, match="has mandate BRIGHT-00001 already"):
        draft(clerk, bacs, account, "BRIGHT-00002")
    with pytest.raises(MandateRefused, match="none of Acme"):
        draft_mandate(
            by=clerk, creditor=bacs, customer=acme, bank_account=other, reference="BRIGHT-00003", signed_on=APRIL
        )
    with pytest.raises(MandateRefused, match="capitals"):
        draft(clerk, bacs, other, "bright-00002")


def test_a_paused_mandate_waits_and_a_cancelled_one_is_ended_at_its_bank(
    acme: Customer, live: Live, bacs: Creditor, clerk: User
) -> None:
    mandate = live(acme)
    with pytest.raises(MandateRefused, match="Say why"):
        pause_mandate(by=clerk, mandate=mandate, reason=" ")
    assert pause_mandate(by=clerk, mandate=mandate, reason="Advance notice disputed").is_paused
    assert not resume_mandate(by=clerk, mandate=mandate).is_paused

    ended = cancel_mandate(by=clerk, mandate=mandate, cancelled_on=date(2026, 5, 6), reason="The customer wrote.")
    assert (ended.state, ended.ended_on, ended.cancellation_due) == ("cancelled", date(2026, 5, 6), True)
    file = lodge_mandates(by=clerk, creditor=bacs, lodged_on=date(2026, 5, 7))
    assert file.file is not None and "0C" in file.file.read().decode().split("\r\n")[4]
    with pytest.raises(MandateRefused, match="No mandate waits"):
        lodge_mandates(by=clerk, creditor=bacs, lodged_on=date(2026, 5, 8))
    assert AuditEvent.objects.filter(event="mandate.cancelled").get().reason == "The customer wrote."


def test_disuse_warns_and_then_ends_a_mandate(acme: Customer, live: Live, system: User) -> None:
    mandate = live(acme)
    for day, state in (
        (date(2027, 3, 1), "active"),
        (date(2027, 3, 2), "dormant_warning"),
        (date(2028, 4, 2), "expired"),
    ):
        review_mandates(by=system, entity=mandate.entity, as_of=day)
        mandate.refresh_from_db()
        assert mandate.state == state, day
    assert review_mandates(by=system, entity=mandate.entity, as_of=date(2028, 4, 3)) == []


def test_the_database_lets_no_mandate_skip_a_step(acme: Customer, live: Live) -> None:
    mandate = live(acme)
    with pytest.raises(Error, match="cannot become lodged"), transaction.atomic():
        Mandate.objects.filter(pk=mandate.pk).update(state="lodged")
    with pytest.raises(Error, match="never changed or deleted"), transaction.atomic():
        mandate.events.all().delete()


def test_a_scheme_needs_an_account_in_its_currency_and_ends_without_mandates(
    acme: Customer, live: Live, bacs: Creditor, finance_manager: User, clerk: User
) -> None:
    account = BankAccount.objects.get(currency="GBP")
    facts = {"entity": bacs.entity, "name": "B", "identifier": "DE98ZZZ09999999999", "bank_account": account}
    with pytest.raises(MandateRefused, match="kept in GBP"):
        add_creditor(by=finance_manager, code="SEPA", scheme="sepa_core", **facts)  # type: ignore[arg-type]
    with pytest.raises(NotAllowed):
        add_creditor(by=clerk, code="B2", scheme="bacs", **facts)  # type: ignore[arg-type]
    mandate = live(acme)
    with pytest.raises(MandateRefused, match="1 mandates under way"):
        end_creditor(by=finance_manager, creditor=bacs)
    cancel_mandate(by=clerk, mandate=mandate, cancelled_on=date(2026, 5, 6), reason="moved")
    assert not end_creditor(by=finance_manager, creditor=bacs).is_active


def test_who_may_not_steer_mandates(acme: Customer, live: Live, collector: User, auditor: User) -> None:
    mandate = live(acme)
    for person in (collector, auditor):
        with pytest.raises(NotAllowed):
            cancel_mandate(by=person, mandate=mandate, cancelled_on=date(2026, 5, 6), reason="x")
        with pytest.raises(NotAllowed):
            pause_mandate(by=person, mandate=mandate, reason="x")
