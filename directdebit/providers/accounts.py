"""From an account's facts to the adapter that speaks for it; the key comes from the environment."""

from collections.abc import Callable, Collection, Mapping
from typing import Protocol

from directdebit.providers.access_paysuite import AccessPaySuite
from directdebit.providers.calls import Caller, Exchange
from directdebit.providers.gocardless import VERSION, GoCardless
from directdebit.providers.hosts import refuse_address
from directdebit.providers.protocol import ProviderRefused

Tell = Callable[[Exchange], object]


class Account(Protocol):
    """What is known of an account at a provider."""

    provider: str
    code: str
    base_url: str
    schedule: str
    creditor: str


def adapter_for(
    account: Account, keys: Mapping[str, str], hosts: Collection[str], tell: Tell
) -> AccessPaySuite | GoCardless:
    """The adapter for an account, or a refusal where the environment holds no key for it or not its host."""
    refuse_address(account.base_url, hosts)
    key = keys.get(account.code)
    if not key:
        raise ProviderRefused(f"O2C_DIRECT_DEBIT_KEYS holds no key for “{account.code}”. An administrator sets it.")
    address = account.base_url.rstrip("/") + "/"
    if account.provider == "access_paysuite":
        headers = {"apiKey": key, "Accept": "application/json"}
        return AccessPaySuite(Caller(address, headers, tell), schedule=account.schedule)
    headers = {"Authorization": f"Bearer {key}", "GoCardless-Version": VERSION, "Accept": "application/json"}
    return GoCardless(Caller(address, headers, tell), creditor=account.creditor)
