"""A creditor behind each provider on this machine, and a collection that left for it."""

# ruff: noqa: F401, F811 - fixtures of neighbours

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest

from core import clock
from core.models import LegalEntity, User
from customers.models import Customer
from directdebit.models import (
    Collection,
    Creditor,
    Mandate,
    ProviderRequest,
    Submission,
)
from directdebit.provider_runs import ask_due
from ledger.models import OpenItem
from tests.cashapp.conftest import bank_account
from tests.cashapp.receipts.conftest import castle, customer_of, halden, invoice
from tests.directdebit.providers.cardless import TOKEN, Cardless
from tests.directdebit.providers.paysuite import API_KEY, CLIENT, PaySuite
from tests.directdebit.providers.stand_in import running
from tests.directdebit.returns.conftest import Draw, books, creditor, draw, mandate, mandate_of

State = ProviderRequest.State


@pytest.fixture
def through_paysuite(creditor: Creditor, paysuite: PaySuite, settings: Any) -> Iterator[Creditor]:
    with running(paysuite) as url:
        yield _through(creditor, "access_paysuite", f"{url}/api/v3/client/{CLIENT}/", API_KEY, settings)


@pytest.fixture
def through_gocardless(creditor: Creditor, cardless: Cardless, settings: Any) -> Iterator[Creditor]:
    with running(cardless) as url:
        yield _through(creditor, "gocardless", f"{url}/", TOKEN, settings)


def _through(creditor: Creditor, provider: str, url: str, key: str, settings: Any) -> Creditor:
    settings.DIRECT_DEBIT_KEYS = {creditor.code: key}
    settings.DIRECT_DEBIT_HOSTS = [urlsplit(url).netloc]
    Creditor.objects.filter(pk=creditor.pk).update(provider=provider, base_url=url, schedule="adhoc")
    return Creditor.objects.select_related("entity").get(pk=creditor.pk)


def submitted(mandate: Mandate, item: OpenItem, on: date, draw: Draw, by: User) -> Collection:
    """A collection that left with a submission of its day."""
    collection = draw(mandate, [item], on, is_paid=False)
    submission = Submission.objects.create(
        entity=mandate.entity, creditor=mandate.creditor, kind="instructions", input_on=on, processed_on=on,
        serial=collection.pk, name=f"S{collection.pk}", count=1, amount=collection.amount, currency="GBP",
        prepared_by=by, approved_by=by,
    )  # fmt: skip
    Collection.objects.filter(pk=collection.pk).update(submission=submission)
    return Collection.objects.get(pk=collection.pk)


@pytest.fixture
def sent(
    castle: Customer,
    invoice: Callable[..., OpenItem],
    draw: Draw,
    system: User,
    uk: LegalEntity,
) -> Callable[[Creditor, str], Collection]:
    """Register Castle's mandate there and submit a collection of 120.00 for today."""

    def make(creditor: Creditor, identifier: str) -> Collection:
        today = clock.today(uk)
        mandate = mandate_of(creditor, castle, "CASTLE-001", system)
        Mandate.objects.filter(pk=mandate.pk).update(provider_identifier=identifier)
        mandate.refresh_from_db()
        item = invoice(castle, "INV-1", "120.00", today - timedelta(days=20))
        return submitted(mandate, item, today, draw, system)

    return make


def contract(paysuite: PaySuite) -> str:
    paysuite.contracts["K1"] = {"Id": "K1", "Customer": "C1", "Status": "Active", "DirectDebitRef": "X"}
    return "K1"


def md(cardless: Cardless) -> str:
    cardless.kept["mandates"]["MD001"] = {"id": "MD001", "status": "active", "links": {}}
    return "MD001"


def ask_now(by: User, creditor: Creditor) -> int:
    """As if the time until the next try were over."""
    ProviderRequest.objects.update(next_try_at=clock.now())
    return ask_due(by, creditor)
