"""Keys and bank details go to hosts that an administrator allows, by https, and nowhere else."""

from typing import Any

import pytest

from core.errors import Refused
from core.models import BankAccount, LegalEntity, User
from directdebit.actions.creditors import add_creditor
from directdebit.models import Creditor
from directdebit.provider_runs import speaker_for
from directdebit.providers.hosts import refuse_address
from directdebit.providers.protocol import ProviderRefused

ALLOWED = ["api.gocardless.com", "127.0.0.1:8123"]


@pytest.mark.parametrize("address", ["https://api.gocardless.com/", "http://127.0.0.1:8123/api/"])
def test_a_host_on_the_list_is_spoken_to(address: str) -> None:
    refuse_address(address, ALLOWED)


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("https://collector.example/", "is not among the hosts"),
        ("https://api.gocardless.com@collector.example/", "collector.example is not among"),
        ("https://api.gocardless.com.collector.example/", "is not among the hosts"),
        ("https://api.gocardless.com:8443/", "is not among the hosts"),
        ("http://169.254.169.254/latest/", "is not among the hosts"),
        ("http://api.gocardless.com/", "by https alone"),
        ("ftp://api.gocardless.com/", "by https alone"),
        ("https://someone:secret@api.gocardless.com/", "more than a host and a path"),
        ("https://api.gocardless.com/?to=elsewhere", "more than a host and a path"),
        ("https://[::1", "is no address"),
        ("", "is not among the hosts"),
    ],
)
def test_every_other_address_is_refused(address: str, sentence: str) -> None:
    with pytest.raises(ProviderRefused, match=sentence):
        refuse_address(address, ALLOWED)


@pytest.mark.django_db
def test_a_scheme_cannot_be_led_to_a_strangers_host_and_no_key_leaves_when_the_list_changes(
    uk: LegalEntity, finance_manager: User, settings: Any
) -> None:
    account = BankAccount.objects.create(entity=uk, name="Barclays", currency="GBP")
    facts: dict[str, Any] = {
        "entity": uk, "code": "gc-uk", "name": "BRIGHTWATER", "scheme": "bacs", "identifier": "123456",
        "bank_account": account, "provider": "gocardless",
    }  # fmt: skip

    with pytest.raises(Refused, match="collector.example is not among the hosts that O2C_DIRECT_DEBIT_HOSTS allows"):
        add_creditor(by=finance_manager, base_url="https://collector.example/", **facts)
    assert not Creditor.objects.exists()

    made = add_creditor(by=finance_manager, base_url="https://api.gocardless.com/", **facts)
    settings.DIRECT_DEBIT_KEYS, settings.DIRECT_DEBIT_HOSTS = {"gc-uk": "key"}, ["another.example"]
    with pytest.raises(ProviderRefused, match="is not among the hosts"):
        speaker_for(made)
