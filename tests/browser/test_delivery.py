"""The customer's page and the queues of delivery, as they look: axe, console, 320 to 1920 px, light and dark."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from core.models import LegalEntity, User
from customers.actions import mark_bounced
from customers.models import Customer
from integrations.actions.webhooks import add_endpoint
from invoicing.models import Invoice, InvoiceLink, UploadTask
from tests.browser.checks import Watched, assert_page_ok
from tests.invoicing.conftest import acme, books, customer, drafted, issued, line, net30, standard

__all__ = ["acme", "books", "customer", "drafted", "issued", "line", "net30", "standard"]

pytestmark = pytest.mark.django_db(transaction=True)

SignIn = Callable[[User], None]
Issued = Callable[..., Invoice]
Made = Callable[..., Customer]


def pictured(page: Watched, name: str) -> None:
    """Keep a picture where O2C_PICTURES names a folder."""
    folder = os.environ.get("O2C_PICTURES", "")
    if folder:
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


def test_the_customer_reads_the_invoice_on_a_phone(page: Watched, issued: Issued, acme: Customer) -> None:
    link = InvoiceLink.objects.get(invoice=issued(acme))
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(reverse("portal:invoice", args=[link.key]))
    expect(page.get_by_role("link", name="Open the PDF")).to_be_visible()
    pictured(page, "portal-phone")
    assert_page_ok(page)


def test_the_queues_of_delivery_look_like_the_other_pages(
    page: Watched, sign_in: SignIn, clerk: User, system: User, issued: Issued, acme: Customer, customer: Made
) -> None:
    invoice, task = issued(acme), UploadTask.objects.get(invoice=issued(customer("Gate", delivery="portal")))
    mark_bounced(by=system, entity=acme.entity, customer=acme, address="ap@acme.example", detail="550 no such user")
    sign_in(clerk)
    pages = {
        "invoice": reverse("invoicing:invoice", args=[invoice.pk]),
        "invoices": reverse("invoicing:invoices"),
        "undelivered": reverse("invoicing:undelivered"),
        "uploads": reverse("invoicing:uploads"),
        "upload": reverse("invoicing:upload", args=[task.pk]),
        "data-quality": reverse("customers:data_quality"),
        "letters": reverse("messaging:letters"),
    }
    for name, url in pages.items():
        page.goto(url)
        pictured(page, name)
        assert_page_ok(page)


def test_webhooks_look_like_the_other_settings(
    page: Watched, sign_in: SignIn, administrator: User, uk: LegalEntity
) -> None:
    made = add_endpoint(by=administrator, entity=uk, url="https://erp.example/hook", events=["invoice.paid"])
    sign_in(administrator)
    for name, url in {"webhooks": "/webhooks/", "new": "/webhooks/new/", "webhook": f"/webhooks/{made.pk}/"}.items():
        page.goto(url)
        pictured(page, name)
        assert_page_ok(page)
