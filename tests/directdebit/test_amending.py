"""Mandates are amended as their schemes let them be, and keep the form that the payer signed."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from lxml import etree

from core import clock
from core.errors import NotAllowed
from core.models import AuditEvent, LegalEntity, User
from customers.actions import add_bank_account, verify_bank_account
from customers.models import Customer
from directdebit.actions.amending import amend_mandate, attach_signed_form
from directdebit.actions.mandates import review_mandates
from directdebit.actions.reports import receive_report
from directdebit.dormancy import months_after
from directdebit.errors import MandateRefused
from directdebit.models import Mandate
from directdebit.papers.mandate_form import html_of_form, language_of, words_in
from directdebit.return_runs import book_new
from tests.directdebit.conftest import Live
from tests.directdebit.houses import House, house
from tests.directdebit.returns.reports import addacs, message

FRENCH, SPANISH = "FR1420041010050500013M02606", "ES9121000418450200051332"
PDF = b"%PDF-1.7 signed by Pat"
ON = date(2026, 5, 4)


@pytest.fixture
def halden(de: LegalEntity, system: User) -> House:
    own = {"iban": "DE02120300000000202051", "bic": "BYLADEM1001"}
    return house(de, system, "sepa_core", "DE98ZZZ09999999999", "HALDEN", **own)


@pytest.fixture
def lumiere(halden: House) -> Mandate:
    """Lumière's mandate, from its account in Paris; it was collected on before."""
    mandate = halden.mandate(halden.payer("S-1", "Lumière SA"), "HALDEN-S-1", iban=FRENCH)
    Mandate.objects.filter(pk=mandate.pk).update(collections_made=3)
    return Mandate.objects.get(pk=mandate.pk)


def facts(root: etree._Element, name: str) -> list[str]:
    return [str(text) for text in root.xpath(f"//*[local-name()='{name}']//text()[normalize-space()]")]  # type: ignore[union-attr]


def test_the_next_sepa_file_tells_the_payers_bank_of_the_change_and_the_one_after_does_not(
    halden: House, lumiere: Mandate
) -> None:
    madrid = halden.account(lumiere.customer, iban=SPANISH)
    amended = amend_mandate(
        by=halden.clerk, mandate=lumiere, bank_account=madrid, reference="HALDEN-S-1B", amended_on=ON,
        reason="Pat, by letter of 2 May",
    )  # fmt: skip
    assert (amended.state, amended.amended_from) == (Mandate.State.AMENDED, "HALDEN-S-1")
    event = AuditEvent.objects.get(event="mandate.amended")
    assert [told and told["reference"] for told in (event.before, event.after)] == ["HALDEN-S-1", "HALDEN-S-1B"]

    halden.owes(lumiere.customer, "RE-1", "120.00")
    sent = halden.submitted(halden.prepared())

    assert sent.file is not None
    root = etree.fromstring(sent.file.read())
    assert facts(root, "AmdmntInd") == ["true"]
    assert set(facts(root, "AmdmntInfDtls")) == {"HALDEN-S-1", "SMNDA"}
    assert SPANISH in facts(root, "DbtrAcct")
    lumiere.refresh_from_db()
    assert (lumiere.state, lumiere.amended_account) == (Mandate.State.ACTIVE, False)


def test_a_used_mandate_that_was_about_to_lapse_is_an_ordinary_one_again(halden: House, lumiere: Mandate) -> None:
    Mandate.objects.filter(pk=lumiere.pk).update(state=Mandate.State.DORMANT_WARNING, last_collected_on="2023-08-01")
    halden.owes(lumiere.customer, "RE-1", "120.00")

    halden.submitted(halden.prepared())

    lumiere.refresh_from_db()
    assert lumiere.state == Mandate.State.ACTIVE


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"reason": " "}, "Say who told of the change"),
        ({"reference": "NO_SEPA_REFERENCE"}, "characters that the scheme doesn't carry"),
    ],
)
def test_an_amendment_needs_its_reason_and_a_reference_that_sepa_carries(
    changed: dict[str, str], sentence: str, halden: House, lumiere: Mandate
) -> None:
    given: dict[str, Any] = {"bank_account": lumiere.bank_account, "reference": "HALDEN-9", "reason": "Pat", **changed}
    with pytest.raises(MandateRefused, match=sentence):
        amend_mandate(by=halden.clerk, mandate=lumiere, amended_on=ON, **given)


def test_an_account_that_nobody_else_verified_and_one_of_another_payer_are_refused(
    halden: House, lumiere: Mandate, manager: User
) -> None:
    told = add_bank_account(by=halden.manager, customer=lumiere.customer, iban=SPANISH)
    with pytest.raises(MandateRefused, match="isn't verified"):
        amend_mandate(
            by=halden.clerk, mandate=lumiere, bank_account=told, reference=lumiere.reference, amended_on=ON, reason="P"
        )
    other = halden.account(halden.payer("S-2", "Sol SL"), iban="DE89370400440532013000")
    with pytest.raises(MandateRefused, match="is none of Lumière SA's"):
        amend_mandate(
            by=halden.clerk, mandate=lumiere, bank_account=other, reference=lumiere.reference, amended_on=ON, reason="P"
        )
    with pytest.raises(NotAllowed):
        amend_mandate(
            by=manager, mandate=lumiere, bank_account=other, reference="X", amended_on=ON, reason="Another company's"
        )


# Bacs ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def moved(acme: Customer, account_of: Callable[..., Any], live: Live, manager: User, finance_manager: User) -> Any:
    """Acme's live mandate, and the account to which it says that it moved."""
    mandate = live(acme)
    told = add_bank_account(
        by=manager, customer=acme, bank_code="200000", account_number="55779911", holder="Acme Trading Ltd"
    )
    return mandate, verify_bank_account(by=finance_manager, account=told, how="call_back", note="Pat, 0117 496 0100")


def amended(by: User, mandate: Mandate, account: Any) -> Mandate:
    return amend_mandate(
        by=by, mandate=mandate, bank_account=account, reference=mandate.reference, amended_on=ON, reason="By ADDACS"
    )


def test_bacs_keeps_an_instruction_for_a_new_account_only_once_the_payers_bank_told_of_it(
    moved: Any, clerk: User, system: User
) -> None:
    mandate, account = moved
    with pytest.raises(MandateRefused, match="needs a new Bacs instruction: end this mandate and write a new one"):
        amended(clerk, mandate, account)

    told = addacs(message("A", "C", mandate.reference, payer_new_sort_code="20-00-00"))
    book_new(system, receive_report(by=clerk, entity=mandate.entity, name="addacs.xml", content=told).pk)
    changed = amended(clerk, mandate, account)

    assert (changed.bank_account, changed.state) == (account, Mandate.State.AMENDED)
    assert amended(clerk, changed, account) == changed
    with pytest.raises(MandateRefused, match="Bacs knows the mandate by its reference"):
        amend_mandate(
            by=clerk, mandate=changed, bank_account=account, reference="BRIGHT-NEW-1", amended_on=ON, reason="Nicer"
        )


def test_a_mandate_at_a_provider_is_not_amended_here(moved: Any, clerk: User) -> None:
    mandate, account = moved
    mandate.creditor.__class__.objects.filter(pk=mandate.creditor_id).update(
        provider="gocardless", base_url="https://api.gocardless.com/"
    )
    with pytest.raises(MandateRefused, match="GoCardless keeps the account of mandate"):
        amended(clerk, mandate, account)


# Forms and pages -----------------------------------------------------------------------------------------------------


def test_the_signed_form_is_kept_once_and_a_program_is_not(live: Live, acme: Customer, clerk: User) -> None:
    mandate = live(acme)
    with pytest.raises(MandateRefused, match="is no signed form"):
        attach_signed_form(by=clerk, mandate=mandate, name="form.csv", content=b"a,b\n1,2\n")

    kept = attach_signed_form(by=clerk, mandate=mandate, name="form.pdf", content=PDF)
    again = attach_signed_form(by=clerk, mandate=mandate, name="form.pdf", content=PDF)

    assert kept.file is not None
    assert (kept.file.read(), again.file_id) == (PDF, kept.file_id)
    assert AuditEvent.objects.filter(event="signed_form.attached").count() == 1


def test_nora_prints_the_form_takes_it_back_signed_and_amends_on_the_pages(
    moved: Any, clerk: User, system: User, signed_in: Callable[[User], Client]
) -> None:
    mandate, account = moved
    nora = signed_in(clerk)
    printed = nora.get(reverse("directdebit:mandate_form", args=[mandate.pk]))
    assert (printed["Content-Type"], printed.content[:5]) == ("application/pdf", b"%PDF-")

    nora.post(
        reverse("directdebit:attach_signed_form", args=[mandate.pk]),
        {"file": SimpleUploadedFile("signed.pdf", PDF, "application/pdf")},
    )
    page = nora.get(reverse("directdebit:mandate", args=[mandate.pk])).content.decode()
    assert "signed.pdf" in page and "Form to sign" in page

    address = reverse("directdebit:amend_mandate", args=[mandate.pk])
    given = {"bank_account": account.pk, "reference": mandate.reference, "reason": "Pat rang"}
    refused = nora.post(address, given).content.decode()
    assert "did not tell of a new account" in refused
    told = addacs(message("A", "C", mandate.reference))
    book_new(system, receive_report(by=clerk, entity=mandate.entity, name="addacs.xml", content=told).pk)
    assert nora.post(address, given).status_code == 302
    mandate.refresh_from_db()
    assert mandate.bank_account == account


@pytest.mark.parametrize(
    ("language", "label", "words"),
    [
        ("en", "Collected by", "Instruction to your bank or building society"),
        ("de-AT", "Zahlungsempfänger", "Auftrag an Ihre Bank"),
        ("fr", "Créancier", "Instruction à votre banque"),
        ("es", "Acreedor", "Orden a su banco"),
        ("pl", "Collected by", "Instruction to your bank"),
    ],
)
def test_the_form_is_in_the_payers_language_and_bacs_binds_in_english(
    live: Live, acme: Customer, language: str, label: str, words: str
) -> None:
    acme.language = language
    acme.save()
    mandate = live(acme)
    page = html_of_form(mandate)

    assert label in page and words in page and mandate.reference in page
    assert "Please pay" in page, "Bacs lets nobody sign other words than its own"
    sepa = {scheme: words_in(language_of(mandate))[scheme] for scheme in ("sepa_core", "sepa_b2b", "ach", "bacs")}
    assert all("{name}" in " ".join(each["authority"]) for each in sepa.values())
    assert set(words_in(language_of(mandate))["labels"]) == set(words_in("en")["labels"])


def test_an_auditor_is_offered_neither(live: Live, acme: Customer, auditor: User, signed_in: Any) -> None:
    mandate = live(acme)
    audrey = signed_in(auditor)

    page = audrey.get(reverse("directdebit:mandate", args=[mandate.pk])).content.decode()

    assert reverse("directdebit:amend_mandate", args=[mandate.pk]) not in page
    assert reverse("directdebit:attach_signed_form", args=[mandate.pk]) not in page
    assert audrey.get(reverse("directdebit:amend_mandate", args=[mandate.pk])).status_code == 403


# Disuse --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("months", "is_told"), [(23, True), (22, True), (20, False)])
def test_the_list_warns_of_mandates_that_bacs_forgets_within_two_months(
    months: int, is_told: bool, live: Live, acme: Customer, clerk: User, signed_in: Any, system: User
) -> None:
    mandate = live(acme)
    today = clock.today(mandate.entity)
    Mandate.objects.filter(pk=mandate.pk).update(last_collected_on=months_after(today, -months))
    review_mandates(by=system, entity=mandate.entity, as_of=today)
    nora = signed_in(clerk)

    page = nora.get(reverse("directdebit:mandates")).content.decode()
    listed = nora.get(reverse("directdebit:mandates") + "?view=lapsing").content.decode()

    assert ("within two months unless used" in page, mandate.reference in listed) == (is_told, is_told)
