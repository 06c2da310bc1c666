"""Providers call us: what they say is kept as a hint, each once, and believed in nothing."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.models import BankAccount, LegalEntity
from directdebit.models import Creditor, ProviderHint
from directdebit.providers.callbacks import token_of
from tests.directdebit.providers.cardless import SECRET, Cardless

pytestmark = pytest.mark.django_db


def creditor_of(entity: LegalEntity, provider: str) -> Creditor:
    account = BankAccount.objects.create(entity=entity, name=provider, currency="GBP")
    return Creditor.objects.create(
        entity=entity, code=f"{provider}-uk", name="BRIGHTWATER", scheme="bacs", identifier="123456",
        bank_account=account, notice_days=10, provider=provider, base_url="https://provider.example/",
    )  # fmt: skip


@pytest.fixture
def gocardless(uk: LegalEntity, settings: Any) -> Creditor:
    settings.DIRECT_DEBIT_HOOK_SECRETS = {"gocardless-uk": SECRET}
    return creditor_of(uk, "gocardless")


def webhook(cardless: Cardless) -> tuple[bytes, str]:
    cardless.kept["payments"]["PM001"] = {"id": "PM001"}
    return cardless.webhook(cardless.fail("PM001", "failed", "ARUDD-1", "2026-05-19T09:00:00Z"))


def sent(client: Client, body: bytes, signature: str) -> int:
    address = reverse("directdebit:gocardless_hook", args=["gocardless-uk"])
    answer = client.post(address, body, content_type="application/json", headers={"Webhook-Signature": signature})
    return answer.status_code


def test_a_signed_webhook_is_kept_once_however_often_it_is_sent(
    client: Client, gocardless: Creditor, cardless: Cardless
) -> None:
    body, signature = webhook(cardless)

    assert [sent(client, body, signature) for _ in range(2)] == [200, 200]

    hint = ProviderHint.objects.get()
    assert (hint.about, hint.resource, hint.codes, hint.code) == ("payment", "PM001", "ARUDD", "1")


@pytest.mark.parametrize("signature", ["", "0" * 64, "not-hexadecimal"])
def test_a_wrong_signature_is_answered_with_498(
    signature: str, client: Client, gocardless: Creditor, cardless: Cardless
) -> None:
    body, _ = webhook(cardless)

    assert sent(client, body, signature) == 498
    assert not ProviderHint.objects.exists()


def test_nothing_is_taken_without_a_secret_nor_beyond_a_megabyte(
    client: Client, gocardless: Creditor, cardless: Cardless, settings: Any
) -> None:
    body, signature = webhook(cardless)
    assert sent(client, b" " * (1024 * 1024 + 1), signature) == 413
    settings.DIRECT_DEBIT_HOOK_SECRETS = {}
    assert sent(client, body, signature) == 498


def test_a_callback_of_paysuite_needs_its_own_address(client: Client, uk: LegalEntity, settings: Any) -> None:
    creditor_of(uk, "access_paysuite")
    body = json.dumps({"Entity": "payment", "Id": "1", "AccountNumber": "55779911", "ReportCode": "0"})

    def call(token: str, content: str = body) -> int:
        address = reverse("directdebit:paysuite_hook", args=["access_paysuite-uk", token])
        return client.post(address, content, content_type="application/json").status_code

    token = token_of("access_paysuite-uk", settings.SECRET_KEY)
    assert (call("guessed"), call(token), call(token), call(token, "[]x")) == (404, 200, 200, 400)
    assert ProviderHint.objects.count() == 1
    assert "55779911" not in str(ProviderHint.objects.values())
