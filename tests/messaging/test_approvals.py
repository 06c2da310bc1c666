"""Whoever may decide hears of a request by mail, once; whoever asked hears the decision."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from controls.actions import decline_request, request_approval, set_up_limits, withdraw_request
from controls.models import ApprovalRequest, Authority
from core import clock
from core.errors import NotAllowed
from core.models import LegalEntity, RoleGrant, User
from core.money import money
from customers.models import Customer
from messaging.actions import tell_approvers, tell_requesters
from messaging.approvals import ASKED, DECIDED
from messaging.models import Message
from messaging.tasks import tell_of_approvals
from tests.messaging.test_deliver import only_mail

pytestmark = pytest.mark.django_db
Send = Callable[[], Any]


@pytest.fixture(autouse=True)
def kinds(mail_folder: Path, settings: Any) -> None:
    settings.MESSAGE_KINDS = {
        ASKED: "messaging.approvals.ApprovalAsked",
        DECIDED: "messaging.approvals.ApprovalDecided",
    }
    settings.PUBLIC_URL = "https://o2c.example/"


@pytest.fixture
def asked(uk: LegalEntity, system: User, clerk: User, acme: Customer) -> ApprovalRequest:
    """Nora asks for a credit note of 1,200 pounds, which is within Maya's limit and within Finn's."""
    set_up_limits(by=system, entity=uk)
    return request_approval(
        by=clerk,
        entity=uk,
        kind=Authority.CREDIT_NOTE,
        subject=acme,
        subject_url="/credit-notes/7/",
        facts=[("Customer", "Acme Ltd")],
        effect="The credit note is issued.",
        amount=money("1200.00 GBP"),
        counts_with=f"customer:{acme.pk}",
        reason="Ten licences were billed twice.",
        decide_url_name="controls:approval",
        requested_on=clock.today(uk),
    )


def told(kind: str) -> list[str]:
    return sorted(message.to_addresses[0] for message in Message.objects.filter(kind=kind))


def due() -> None:
    Message.objects.filter(state="queued").update(not_before=clock.now() - timedelta(minutes=1))


def test_everybody_who_may_decide_is_told_once(
    asked: ApprovalRequest, manager: User, finance_manager: User, auditor: User, collector: User, stranger: User
) -> None:
    tell_of_approvals()
    tell_of_approvals()

    assert told(ASKED) == ["finn@o2c.example", "maya@o2c.example"]
    assert told(DECIDED) == []


def test_the_mail_says_what_is_asked_and_leads_into_the_queue(
    asked: ApprovalRequest, manager: User, send: Send, mail_folder: Path
) -> None:
    tell_of_approvals()
    due()
    send()

    mail = only_mail(mail_folder)
    body = mail.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert mail["Subject"].endswith("£1,200.00: Nora asks for your approval")
    for said in ("Hello Maya", "Ten licences were billed twice.", f"https://o2c.example/approvals/{asked.pk}/"):
        assert said in text


def test_what_was_decided_before_the_mail_left_is_not_asked_any_more(
    asked: ApprovalRequest, manager: User, clerk: User, send: Send
) -> None:
    tell_of_approvals()
    withdraw_request(by=clerk, request=asked)
    due()
    send()

    message = Message.objects.get()
    assert (message.state, message.reason) == ("cancelled", f"{asked} waits no more.")


def test_who_lost_the_role_before_the_mail_left_gets_none(asked: ApprovalRequest, manager: User, send: Send) -> None:
    tell_of_approvals()
    RoleGrant.objects.filter(user=manager).update(ended_at=clock.now(), ended_by=manager)
    due()
    send()

    assert Message.objects.get().reason == "Your role reads requests and decides none."


def test_an_amount_above_a_persons_limit_is_not_laid_before_them(
    uk: LegalEntity, clerk: User, manager: User, finance_manager: User, acme: Customer, asked: ApprovalRequest
) -> None:
    withdraw_request(by=clerk, request=asked)
    request_approval(
        by=clerk,
        entity=uk,
        kind=Authority.CREDIT_NOTE,
        subject=acme,
        subject_url="/",
        facts=[],
        effect="Issued.",
        amount=money("12000.00 GBP"),
        counts_with=f"customer:{acme.pk}",
        reason="Wrong",
        decide_url_name="controls:approval",
        requested_on=clock.today(uk),
    )

    tell_of_approvals()

    assert told(ASKED) == ["finn@o2c.example"]


def test_who_asked_hears_the_decision_and_its_reason_once(
    asked: ApprovalRequest, manager: User, uk: LegalEntity, send: Send, mail_folder: Path
) -> None:
    decline_request(by=manager, request=asked, comment="The licences were used.", decided_on=clock.today(uk))

    tell_of_approvals()
    tell_of_approvals()
    due()
    send()

    assert (told(ASKED), told(DECIDED)) == ([], ["nora@o2c.example"])
    mail = only_mail(mail_folder)
    assert mail["Subject"].endswith("declined by Maya")
    assert "The licences were used." in str(mail.get_body(("plain",)))


def test_only_who_may_write_messages_tells(
    asked: ApprovalRequest, manager: User, auditor: User, uk: LegalEntity
) -> None:
    with pytest.raises(NotAllowed, match="You may not send messages"):
        tell_approvers(by=auditor, at=clock.now())
    decline_request(by=manager, request=asked, comment="No.", decided_on=clock.today(uk))
    with pytest.raises(NotAllowed, match="You may not send messages"):
        tell_requesters(by=auditor, at=clock.now())
