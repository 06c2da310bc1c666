"""The mail provider tells what became of mails. It shows a secret, and each event counts once."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from customers.models import DataQualityTask
from messaging.models import MailReport, Message
from messaging.sender import Tally

SECRET = "o2c:a-long-secret"  # noqa: S105 - of the test
HOOK = "/hooks/email/postmark/"
JANE = "accounts@acme.example"


@pytest.fixture(autouse=True)
def with_secret(settings: Any) -> None:
    settings.EMAIL_HOOK_SECRET = SECRET
    settings.ANYMAIL = {"WEBHOOK_SECRET": [SECRET]}


@pytest.fixture
def sent(queued: Callable[..., Message], send: Callable[[], Tally]) -> Message:
    message = queued("INV-1")
    send()
    message.refresh_from_db()
    return message


def tell(event: dict[str, Any] | str, secret: str = SECRET, hook: str = HOOK) -> Any:
    headers = {"Authorization": f"Basic {base64.b64encode(secret.encode()).decode()}"} if secret else {}
    body = event if isinstance(event, str) else json.dumps(event)
    return Client().post(hook, body, content_type="application/json", headers=headers)


def bounce(message: Message, **facts: Any) -> dict[str, Any]:
    return {
        "RecordType": "Bounce",
        "ID": 4711,
        "Type": "HardBounce",
        "MessageID": message.message_id,
        "Email": JANE,
        "Description": "The server was unable to deliver your message.",
        "Details": "550 no such user",
        "BouncedAt": "2026-05-04T10:00:00Z",
        **facts,
    }


def test_a_bounce_counts_once(sent: Message) -> None:
    assert [tell(bounce(sent)).status_code for _ in range(3)] == [200] * 3
    sent.refresh_from_db()
    assert sent.state == "bounced"
    assert MailReport.objects.count() == DataQualityTask.objects.count() == 1


def test_the_provider_may_name_the_mail_by_its_address_alone(sent: Message) -> None:
    tell(bounce(sent, MessageID="883953f4-6105-42a2-a16a-77a8eac79483"))
    sent.refresh_from_db()
    assert sent.state == "bounced"


def test_delivered_opened_and_complained_stand_in_the_log(sent: Message) -> None:
    told = {"MessageID": sent.message_id, "Recipient": JANE}
    tell({**told, "RecordType": "Delivery", "DeliveredAt": "2026-05-04T10:00:00Z"})
    for _ in range(2):
        tell({**told, "RecordType": "Open", "ReceivedAt": "2026-05-04T11:00:00Z"})
    tell(bounce(sent, RecordType="SpamComplaint", Type="SpamComplaint", ID=9))

    sent.refresh_from_db()
    kinds = list(sent.events.values_list("kind", flat=True))
    assert kinds[-3:] == ["delivered", "opened", "complained"] and sent.state == "sent"


@pytest.mark.parametrize("secret", ["", "o2c:wrong"])
def test_without_the_secret_nothing_is_taken(sent: Message, secret: str) -> None:
    assert tell(bounce(sent), secret).status_code == 403
    assert not MailReport.objects.exists()


def test_without_a_secret_in_the_settings_there_is_no_such_address(sent: Message, settings: Any) -> None:
    settings.EMAIL_HOOK_SECRET = ""
    assert tell(bounce(sent)).status_code == 404
    assert tell(bounce(sent), hook="/hooks/email/nobody/").status_code == 404


def test_what_is_no_event_is_refused(db: None) -> None:
    assert tell("no json").status_code == 400
    assert Client().get(HOOK).status_code == 405
