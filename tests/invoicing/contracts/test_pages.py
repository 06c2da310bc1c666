"""Contracts in the browser without scripts: from the empty list to the amendment that was seen before it counted."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from core import clock
from core.models import LegalEntity, User
from invoicing.contract_drafts import ContractLineDraft
from invoicing.models import Contract, ContractFile, ContractIntake, Product, UsageReading
from tests.invoicing.contracts.conftest import STARTS, Agreed, Billed, shape_of

SignedIn = Callable[[User], Client]
READS = 40


def url(name: str, *args: object) -> str:
    return reverse(f"invoicing:{name}", args=args)


def text_of(response: Any) -> str:
    return str(response.content.decode()).replace("\u00a0", " ")


def a_contract(acme: Any, seats: Product, **changes: str) -> dict[str, str]:
    return {
        "customer": acme.code, "kind": "subscription", "starts_on": "2026-01-15", "ends_on": "2027-01-14",
        "notice_days": "30", "renewal_months": "12", "request_id": "form-1", "lines-TOTAL_FORMS": "2",
        "lines-INITIAL_FORMS": "0", "lines-0-product": seats.code, "lines-0-quantity": "20",
        "lines-0-unit_price": "120", "lines-0-cycle": "annual", "lines-0-timing": "advance",
        "lines-0-tiering": "none", **changes,
    }  # fmt: skip


def test_a_contract_is_written_changed_and_activated(
    signed_in: SignedIn, clerk: User, acme: Any, seats: Product
) -> None:
    nora = signed_in(clerk)
    assert "No contract yet" in text_of(nora.get(url("contracts")))
    assert nora.get(url("draft_contract")).status_code == 200

    written = nora.post(url("draft_contract"), a_contract(acme, seats))
    nora.post(url("draft_contract"), a_contract(acme, seats))

    contract = Contract.objects.get()
    assert written["Location"] == url("contract", contract.pk)
    facts = a_contract(acme, seats, version="1") | {"lines-0-quantity": "25"}
    assert "20" in text_of(nora.get(url("change_contract", contract.pk)))
    nora.post(url("change_contract", contract.pk), facts)
    nora.post(url("activate_contract", contract.pk))
    assert [row[1] for row in shape_of(contract)] == [Decimal(25)]
    page = text_of(nora.get(url("contract", contract.pk)))
    assert "25 × 120" in page
    assert "Active" in text_of(nora.get(url("contracts"), {"q": "acme", "sort": "-ends"}))


def test_a_wrong_line_is_told_and_more_rows_come_without_scripts(
    signed_in: SignedIn, clerk: User, acme: Any, seats: Product
) -> None:
    nora = signed_in(clerk)

    wrong = nora.post(url("draft_contract"), a_contract(acme, seats) | {"lines-1-unit_price": "5"})
    tiers = nora.post(url("draft_contract"), a_contract(acme, seats) | {"lines-0-tiers": "five"})
    more = nora.post(url("draft_contract"), a_contract(acme, seats) | {"more": "1"})
    row = nora.get(url("contract_line_row"), {"index": "2"})

    assert (wrong.status_code, tiers.status_code) == (422, 422)
    assert "Choose a product." in text_of(wrong)
    assert "Write tiers as 0: 5; 100: 4." in text_of(tiers)
    assert "lines-6-product" in text_of(more)
    assert "lines-2-product" in text_of(row)


@pytest.mark.parametrize(
    ("kind", "facts", "seen"),
    [
        ("add", {"position": "1", "quantity": "20"}, "198/365 days"),
        ("remove", {"position": "1", "quantity": "5"}, "£1,301.92"),
        ("price", {"percent": "3"}, "at 123.60 from 1 Jul 2026"),
        ("early_end", {"last_on": "2026-06-30"}, "ends on 30 Jun 2026"),
    ],
)
def test_a_change_is_seen_before_it_counts(
    signed_in: SignedIn, clerk: User, agreed: Agreed, billed: Billed, kind: str, facts: dict[str, str], seen: str
) -> None:
    nora, contract = signed_in(clerk), agreed()
    billed(contract, STARTS)
    when = {} if kind == "early_end" else {"effective_on": "2026-07-01"}
    given = {**when, **facts, "request_id": "form-1"}
    assert nora.get(url("amend_contract", contract.pk, kind)).status_code == 200

    previewed = nora.post(url("amend_contract", contract.pk, kind), given | {"preview": "1"})
    assert contract.amendments.count() == 0
    recorded = nora.post(url("amend_contract", contract.pk, kind), given | {"record": "1"})

    assert seen in text_of(previewed)
    assert recorded["Location"] == url("contract", contract.pk)
    assert contract.amendments.get().kind == kind
    assert "Changes" in text_of(nora.get(url("contract", contract.pk)))


def test_a_refused_change_is_told_at_its_form(signed_in: SignedIn, clerk: User, agreed: Agreed) -> None:
    nora, contract = signed_in(clerk), agreed()
    facts = {"position": "1", "quantity": "21", "effective_on": "2026-07-01", "request_id": "1", "preview": "1"}

    refused = nora.post(url("amend_contract", contract.pk, "remove"), facts)

    assert refused.status_code == 422
    assert "21 can&#x27;t be removed" in text_of(refused)
    assert nora.get(url("amend_contract", contract.pk, "wish")).status_code == 404


def test_the_page_of_a_long_contract_asks_little(
    signed_in: SignedIn, clerk: User, agreed: Agreed, billed: Billed, seats: Product, django_assert_max_num_queries: Any
) -> None:
    lines = [ContractLineDraft(seats, unit_price=Decimal(10), cycle="monthly") for _ in range(12)]
    contract = agreed(*lines)
    billed(contract, date(2026, 5, 15))

    nora = signed_in(clerk)
    with django_assert_max_num_queries(READS):
        page = nora.get(url("contract", contract.pk))

    assert text_of(page).count("INV-2026-000001") == 12 * 5


def test_the_lists_are_workbooks_as_well(signed_in: SignedIn, clerk: User, agreed: Agreed) -> None:
    agreed()
    nora = signed_in(clerk)

    for name in ("contracts", "renewals", "products"):
        answer = nora.get(url(name), {"format": "xlsx"})
        assert b"".join(answer.streaming_content).startswith(b"PK")  # type: ignore[attr-defined]


def test_a_renewal_is_quoted_renewed_or_let_end_from_the_worklist(
    signed_in: SignedIn, clerk: User, agreed: Agreed, books: LegalEntity
) -> None:
    nora, ends_on = signed_in(clerk), clock.today(books) + timedelta(days=50)
    first, second = (agreed(starts_on=ends_on - timedelta(days=364), ends_on=ends_on) for _ in range(2))
    assert "2 contracts end within 90 days" in text_of(nora.get(url("renewals")))
    assert "2,400.00" in text_of(nora.get(url("quote_renewal", first.pk)))
    waiting = text_of(nora.get(reverse("reporting:queue_counts")))
    assert '>2<span class="sr-only"> contracts end within 90 days' in waiting

    until = f"{ends_on:%Y-%m-%d}"
    nora.post(url("quote_renewal", first.pk), {"percent": "5", "valid_until": until, "request_id": "q1"})
    renewed = nora.post(url("renew_contract", first.pk), {"request_id": "r1"})
    nora.post(url("give_notice", second.pk), {"given_on": f"{clock.today(books):%Y-%m-%d}"})

    assert first.quotes.get().net == Decimal("2520.00")
    assert renewed["Location"] == url("renewals")
    assert "No contract ends in the next 90 days" in text_of(nora.get(url("renewals")))
    nora.post(url("withdraw_notice", second.pk))
    assert "1 contract ends within" in text_of(nora.get(url("renewals")))


def test_usage_is_kept_by_hand_and_files_are_attached(
    signed_in: SignedIn, clerk: User, agreed: Agreed, calls: Product
) -> None:
    nora = signed_in(clerk)
    contract = agreed(ContractLineDraft(calls, unit_price=Decimal("0.05"), cycle="usage", timing="arrears"))
    facts = {"position": "1", "used_on": "2026-02-01", "quantity": "1,200", "request_id": "u1"}

    nora.post(url("record_usage", contract.pk), facts)
    nora.post(url("record_usage", contract.pk), facts)
    signed = SimpleUploadedFile("signed.pdf", b"%PDF-1.7 x")
    nora.post(url("attach_contract_file", contract.pk), {"file": signed, "kind": "signed"})

    assert UsageReading.objects.get().quantity == Decimal(1200)
    assert "1,200" in text_of(nora.get(url("record_usage", contract.pk)))
    assert ContractFile.objects.get().file.name == "signed.pdf"
    assert "signed.pdf" in text_of(nora.get(url("contract", contract.pk)))


@pytest.mark.usefixtures("acme", "seats")
def test_a_file_goes_from_columns_over_its_preview_into_a_run(signed_in: SignedIn, clerk: User) -> None:
    nora = signed_in(clerk)
    rows = b"Order id,Customer code,Product code,Qty,Start date\nSO-1,C-ACME HOT,SEAT,20,2026-01-15\nSO-2,X,SEAT,1,?\n"
    file = SimpleUploadedFile("orders.csv", rows)

    taken = nora.post(url("bring_in_contracts"), {"kind": "orders", "file": file})
    intake = ContractIntake.objects.get()
    columns = {f"column_{at}": key for at, key in enumerate(["source_id", "customer", "product", "quantity", ""])}
    short = nora.post(url("intake_columns", intake.pk), {**columns, "decimal_sign": "."})
    whole = {**columns, "column_4": "starts_on", "decimal_sign": ".", "save_as": "Shop"}
    chosen = nora.post(url("intake_columns", intake.pk), whole)
    preview = text_of(nora.get(url("intake_preview", intake.pk)))
    started = nora.post(url("start_bringing_in", intake.pk))

    assert taken["Location"] == url("intake_columns", intake.pk)
    assert short.status_code == 422
    assert chosen["Location"] == url("intake_preview", intake.pk)
    assert "there is no customer X" in preview
    assert started["Location"].startswith("/runs/")
    assert Contract.objects.get().source_id == "SO-1"
    assert nora.get(url("intake_preview", intake.pk))["Location"] == started["Location"]


def test_products_are_the_managers(signed_in: SignedIn, manager: User, clerk: User) -> None:
    maya = signed_in(manager)
    facts = {"code": "SEAT", "name": "Seats", "unit": "C62", "tax_class": "standard", "release": "daily"}
    assert maya.get(url("add_product")).status_code == 200

    maya.post(url("add_product"), facts | {"list_price": "120.00"})
    again = maya.post(url("add_product"), facts)
    product = Product.objects.get()
    maya.post(url("change_product", product.pk), facts | {"name": "User seats", "list_price": "130"})
    maya.post(url("deactivate_product", product.pk))

    product.refresh_from_db()
    assert (product.name, product.list_price, product.is_active) == ("User seats", Decimal(130), False)
    assert "has that code" in text_of(again)
    assert "sold no more" in text_of(maya.get(url("products"), {"q": "seat"}))
    assert signed_in(clerk).post(url("reactivate_product", product.pk)).status_code == 403


def test_products_are_found_by_any_word_of_name_or_code(signed_in: SignedIn, clerk: User, seats: Product) -> None:
    nora = signed_in(clerk)

    assert seats.code in text_of(nora.get(url("find_products"), {"q": seats.name.lower()[:4]}))
    assert seats.code in text_of(nora.get(url("find_products"), {"q": f"{seats.code} · {seats.name}"}))
    assert "Nothing found" in text_of(nora.get(url("find_products"), {"q": "zeppelin"}))
