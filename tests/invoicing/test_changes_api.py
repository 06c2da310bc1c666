"""Adjustments and refunds over the API: drafted, posted within a limit, asked for; refused in the words of the page."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from controls.models import ApprovalRequest
from core.models import User
from customers.actions import add_bank_account, verify_bank_account
from customers.models import Customer
from invoicing.models import Adjustment, Invoice, Refund
from ledger.models import OpenItem
from tests.invoicing.test_corrections import credit_item
from tests.invoicing.test_schedules_api import program_of

__all__ = ["credit_item"]
pytestmark = pytest.mark.django_db
ADJUSTMENTS, REFUNDS = "/api/v1/adjustments/", "/api/v1/refunds/"
WRITES = ("adjustments:read", "adjustments:write", "refunds:read", "refunds:write")
Issued = Callable[..., Invoice]


def less(item: int | None, amount: str = "20.00") -> dict[str, object]:
    return {"item": item, "side": "credit", "amount": amount, "reason_code": "discount", "reason": "Agreed"}


def test_an_adjustment_is_drafted_by_one_program_and_posted_by_another(
    acme: Customer, clerk: User, manager: User, issued: Issued
) -> None:
    invoice = issued(acme)

    drafted = program_of(clerk, *WRITES).post(ADJUSTMENTS, less(invoice.item_id), format="json")

    assert (drafted.status_code, drafted.data["number"], drafted.data["amount"]) == (201, None, "20.00")
    url = f"{ADJUSTMENTS}{drafted.data['id']}/"
    assert program_of(clerk, *WRITES).post(f"{url}post/", {}, format="json").status_code == 403
    posted = program_of(manager, *WRITES).post(f"{url}post/", {"issued_on": "2026-05-10"}, format="json")
    again = program_of(manager, *WRITES).post(f"{url}post/", {"issued_on": "2026-05-11"}, format="json")
    assert (posted.data["number"], posted.data["posted_on"]) == ("ADJ-2026-00001", "2026-05-10")
    assert again.data == posted.data
    assert OpenItem.objects.get(pk=invoice.item_id).open_amount == Decimal(100)
    assert program_of(clerk, *WRITES).get(ADJUSTMENTS, {"item": f"{invoice.item_id}"}).data["results"][0] == posted.data


def test_what_the_page_refuses_the_api_refuses_in_the_same_words(acme: Customer, clerk: User, issued: Issued) -> None:
    invoice, api = issued(acme), program_of(clerk, *WRITES)

    too_much = api.post(ADJUSTMENTS, less(invoice.item_id, "121.00"), format="json")
    nothing = api.post(ADJUSTMENTS, less(0), format="json")

    assert (too_much.status_code, too_much.data["code"]) == (409, "change_refused")
    assert "has only 120.00 GBP open" in too_much.data["message"]
    assert (nothing.status_code, api.get(ADJUSTMENTS, {"item": "x"}).status_code) == (400, 400)
    assert not Adjustment.objects.exists()


def test_an_adjustment_above_the_limit_is_laid_before_somebody(acme: Customer, clerk: User, issued: Issued) -> None:
    api = program_of(clerk, *WRITES)
    drafted = api.post(ADJUSTMENTS, less(issued(acme).item_id), format="json")

    assert api.post(f"{ADJUSTMENTS}{drafted.data['id']}/ask/").status_code == 200
    assert ApprovalRequest.objects.get().kind == "adjustment"


def test_a_refund_is_asked_for_once_and_waits(clerk: User, credit_item: OpenItem) -> None:
    api = program_of(clerk, *WRITES)
    asked = {"item": credit_item.pk, "amount": str(credit_item.open_amount), "reason": "Paid twice"}

    first = api.post(REFUNDS, asked, format="json", HTTP_IDEMPOTENCY_KEY="r-1")
    again = api.post(REFUNDS, asked, format="json", HTTP_IDEMPOTENCY_KEY="r-1")

    assert (first.status_code, first.data["number"], first.data["paid_to"]) == (201, None, "")
    assert again.data == first.data
    assert (Refund.objects.count(), ApprovalRequest.objects.get().kind) == (1, "refund")
    elsewhere = api.post(REFUNDS, {**asked, "paid_to": "GB29 NWBK 6016 1331 9268 19"}, format="json")
    assert (elsewhere.status_code, "has no account" in str(elsewhere.data)) == (400, True)


def test_the_account_that_a_refund_goes_to_is_told_by_its_last_digits(
    clerk: User, manager: User, finance_manager: User, credit_item: OpenItem
) -> None:
    api, iban = program_of(clerk, *WRITES), "GB29NWBK60161331926819"
    account = add_bank_account(by=manager, customer=credit_item.customer, iban=iban, holder="Acme Trading Ltd")
    verify_bank_account(by=finance_manager, account=account, how="call_back", note="Ms Low, 0117 496 0999")

    asked = {"item": credit_item.pk, "amount": "20.00", "reason": "Paid twice", "paid_to": iban}
    answer = api.post(REFUNDS, asked, format="json")

    assert (answer.status_code, answer.data["paid_to"]) == (201, "…6819")
    assert iban not in str(api.get(REFUNDS).data)


def test_a_token_without_the_scope_sees_nothing(clerk: User) -> None:
    api = program_of(clerk, "invoices:read")

    assert (api.get(ADJUSTMENTS).status_code, api.get(REFUNDS).status_code) == (403, 403)
