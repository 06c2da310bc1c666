"""Both providers on this machine, and the adapters that speak to them."""

from collections.abc import Iterator

import pytest

from directdebit.providers.access_paysuite import AccessPaySuite
from directdebit.providers.calls import Caller, Exchange
from directdebit.providers.gocardless import VERSION, GoCardless
from directdebit.providers.protocol import Payer
from tests.directdebit.providers.cardless import TOKEN, Cardless
from tests.directdebit.providers.paysuite import API_KEY, CLIENT, PaySuite
from tests.directdebit.providers.stand_in import pauses, running


@pytest.fixture
def castle() -> Payer:
    return Payer(
        reference="C-1",
        name="Castle Fibre Ltd",
        email="accounts@castle.example",
        address="2 Moat Road",
        postcode="BS2 0AA",
        city="Bristol",
        country="GB",
        account_holder="Castle Fibre Ltd",
        sort_code="20-00-00",
        account_number="55779911",
    )


@pytest.fixture
def log() -> list[Exchange]:
    """Every exchange as it would be kept."""
    return []


@pytest.fixture
def waited() -> list[float]:
    """How long an adapter was asked to wait."""
    return pauses()[0]


@pytest.fixture
def paysuite() -> PaySuite:
    return PaySuite()


@pytest.fixture
def cardless() -> Cardless:
    return Cardless()


@pytest.fixture
def to_paysuite(paysuite: PaySuite, log: list[Exchange], waited: list[float]) -> Iterator[AccessPaySuite]:
    with running(paysuite) as url:
        address = f"{url}/api/v3/client/{CLIENT}/"
        caller = Caller(address, {"apiKey": API_KEY}, log.append, seconds=2, pause=waited.append)
        yield AccessPaySuite(caller, schedule="adhoc")


@pytest.fixture
def to_cardless(cardless: Cardless, log: list[Exchange], waited: list[float]) -> Iterator[GoCardless]:
    with running(cardless) as url:
        headers = {"Authorization": f"Bearer {TOKEN}", "GoCardless-Version": VERSION}
        yield GoCardless(Caller(f"{url}/", headers, log.append, seconds=2, pause=waited.append))
