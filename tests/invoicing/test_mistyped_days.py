"""A day that is mistyped is refused with what was written, and nothing happens today instead."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from core import clock
from core.models import LegalEntity, User
from core.money import money
from customers.models import Customer
from invoicing.actions import (
    add_surcharge_rule,
    add_tax_rule,
    draft_adjustment,
    draft_bulk_credit,
    draft_credit_note,
)
from invoicing.credits import Everything
from invoicing.models import Adjustment, BulkCredit, Contract, CreditNote, Invoice, SurchargeRule, TaxRate, TaxRule
from ledger.models import OpenItem
from tests.invoicing.billing import contract_of
from tests.invoicing.test_surcharges import rule_of

pytestmark = pytest.mark.django_db
Issued = Callable[..., Invoice]
SignedIn = Callable[[User], Client]
WHY: dict[str, Any] = {"reason_code": "price", "reason": "Agreed otherwise"}
MISTYPED = "2026-13-05"


def refused(browser: Client, url: str, field: str) -> bool:
    """Whether the page says so, and for an empty day of a rule as well."""
    answer = browser.post(url, {field: MISTYPED})
    return answer.status_code == 409 and "“2026-13-05” is no day. Write it as 2026-12-31." in answer.content.decode()


def test_no_document_is_issued_on_a_mistyped_day(
    acme: Customer, clerk: User, manager: User, drafted: Issued, issued: Issued, signed_in: SignedIn
) -> None:
    draft, invoice = drafted(acme), issued(acme)
    note = draft_credit_note(by=clerk, invoice=issued(acme), credit=Everything(), **WHY)
    bulk = draft_bulk_credit(by=clerk, entity=acme.entity, invoices=[invoice], **WHY)
    item = OpenItem.objects.get(pk=invoice.item_id)
    change = draft_adjustment(
        by=clerk, item=item, side="credit", amount=money("5.00 GBP"), reason_code="discount", reason="Agreed"
    )
    browser = signed_in(manager)

    for url in (
        f"/invoices/{draft.pk}/issue/",
        f"/credit-notes/{note.pk}/issue/",
        f"/credit-notes/many/{bulk.pk}/start/",
        f"/adjustments/{change.pk}/post/",
    ):
        assert refused(browser, url, "issued_on"), url

    assert not Invoice.objects.get(pk=draft.pk).is_issued
    assert not CreditNote.objects.get(pk=note.pk).is_issued
    assert not BulkCredit.objects.get(pk=bulk.pk).is_decided
    assert not Adjustment.objects.get(pk=change.pk).is_posted


def test_a_day_that_is_left_empty_is_today(acme: Customer, clerk: User, drafted: Issued, signed_in: SignedIn) -> None:
    draft = drafted(acme)

    signed_in(clerk).post(f"/invoices/{draft.pk}/issue/", {"issued_on": " "})

    assert Invoice.objects.get(pk=draft.pk).issued_on == clock.today(acme.entity)


def test_no_notice_is_given_on_a_mistyped_day(acme: Customer, clerk: User, signed_in: SignedIn) -> None:
    contract = contract_of(clerk, acme, ends_on=date(2027, 4, 30), renews=True, renewal_months=12)

    assert refused(signed_in(clerk), f"/contracts/{contract.pk}/notice/", "given_on")

    assert Contract.objects.get(pk=contract.pk).notice_given_on is None


def test_no_rule_or_rate_ends_on_a_mistyped_day_nor_on_none(
    books: LegalEntity, finance_manager: User, standard: TaxRate, zero: TaxRate, signed_in: SignedIn
) -> None:
    tax = TaxRule(
        entity=books, place="GB", tax_status="standard", tax_class="reduced", rate_code="Z",
        valid_from=date(2026, 4, 1),
    )  # fmt: skip
    rules: list[TaxRule | SurchargeRule] = [
        add_tax_rule(by=finance_manager, rule=tax),
        add_surcharge_rule(by=finance_manager, rule=rule_of(books)),
    ]
    browser = signed_in(finance_manager)
    urls = [f"/tax-rates/{standard.pk}/end/", f"/tax-rules/{rules[0].pk}/end/", f"/surcharges/{rules[1].pk}/end/"]

    for url in urls:
        assert refused(browser, url, "valid_until"), url
        assert "Write the day." in browser.post(url).content.decode()

    ended: list[TaxRate | TaxRule | SurchargeRule] = [standard, *rules]
    for row in ended:
        row.refresh_from_db()
        assert row.valid_until is None
    assert zero.percent == Decimal(0)
