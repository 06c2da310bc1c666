"""A suspension of the marked customer, a question about a final, and an escalation."""

from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction

from ar_collections.actions.finals import Question, ask_final_question
from ar_collections.actions.holds import HoldFacts, place_hold
from ar_collections.finals import QuestionKind
from ar_collections.models import (
    DunningHold,
    Escalation,
    SuspensionCase,
    SuspensionExtension,
    SuspensionItem,
    SuspensionMeeting,
    SuspensionOwner,
)
from controls.actions import request_approval
from controls.models import ApprovalRequest, Authority
from core import clock
from core.files import store_file
from core.money import Money
from customers.models import Customer
from ledger.models import OpenItem
from tests.house.scoped import MARKER, Addresses, Stage
from tests.house.scoped.customers import customer_of

DAY = date(2026, 5, 12)


@transaction.atomic
def addresses(stage: Stage) -> Addresses:
    customer = customer_of(stage)
    item = OpenItem.objects.filter(customer=customer, side=OpenItem.Side.DEBIT).order_by("pk").first()
    if item is None:
        raise LookupError("The rooms before this one leave an invoice behind.")
    question = ask_final_question(
        by=stage.clerk, item=item, question=Question(QuestionKind.OTHER, MARKER), asked_on=DAY
    )
    case = _case(stage, customer, item)
    owner = SuspensionOwner.objects.create(case=case, function="service", person=stage.manager)
    extension = _extension(stage, case)
    meeting = SuspensionMeeting.objects.create(
        entity=stage.uk, held_on=DAY, started_at=clock.now(), started_by=stage.manager
    )
    escalation = _escalation(stage, customer)
    of_case = """
        suspension suspension_pack send_suspension_notice ask_suspension_approval ask_extension request_suspension
        confirm_suspension confirm_restoration record_proof end_suspension end_exemption
    """.split()
    of_customer = """
        customer_suspensions open_suspension customer_escalations raise_escalation customer_summary
    """.split()
    return {
        **{f"collections:{name}": {"pk": case.pk} for name in of_case},
        **{f"collections:{name}": {"pk": customer.pk} for name in of_customer},
        **{f"collections:{name}": {"pk": item.pk} for name in ("final", "record_final_receipt", "ask_final_question")},
        "collections:answer_final_question": {"pk": question.pk},
        "collections:approve_suspension": {"pk": _request(stage, case, Authority.SUSPENSION_FINANCE).pk},
        "collections:approve_extension": {"pk": _request(stage, extension, Authority.EXTENSION).pk},
        "collections:end_meeting": {"pk": meeting.pk},
        "collections:write_owner_note": {"pk": owner.pk},
        **{
            f"collections:{name}": {"pk": escalation.pk}
            for name in ("escalation", "answer_escalation", "hand_over_to_lawyers")
        },
    }


def _case(stage: Stage, customer: Customer, item: OpenItem) -> SuspensionCase:
    facts = HoldFacts(DunningHold.Kind.HOLD, f"Suspension of {MARKER}", item)
    hold = place_hold(by=stage.clerk, customer=customer, facts=facts, placed_on=DAY)
    case = SuspensionCase.objects.create(
        entity=stage.uk, customer=customer, clause=MARKER, opened_on=DAY, opened_by=stage.clerk
    )
    SuspensionItem.objects.create(case=case, item=item, hold=hold, amount=item.amount, currency=item.currency)
    return case


def _extension(stage: Stage, case: SuspensionCase) -> SuspensionExtension:
    return SuspensionExtension.objects.create(
        case=case,
        until_on=DAY + timedelta(days=9),
        reason=MARKER,
        proof=store_file(stage.clerk, stage.uk, "proof.txt", b"proof"),
        asked_by=stage.clerk,
        asked_on=DAY,
    )


def _request(stage: Stage, subject: SuspensionCase | SuspensionExtension, kind: Authority) -> ApprovalRequest:
    return request_approval(
        by=stage.clerk,
        entity=stage.uk,
        kind=kind,
        subject=subject,
        subject_url="",
        subject_label=MARKER,
        facts=[("Customer", MARKER)],
        effect="The service is stopped.",
        amount=Money(Decimal(1), stage.uk.currency),
        counts_with="customer:0",
        reason=MARKER,
        decide_url_name="collections:approve_suspension",
        requested_on=clock.today(stage.uk),
    )


def _escalation(stage: Stage, customer: Customer) -> Escalation:
    return Escalation.objects.create(
        entity=stage.uk,
        customer=customer,
        trigger="other",
        note=MARKER,
        advice="call",
        because=MARKER,
        facts=[],
        documents=[],
        history=[],
        summary=store_file(stage.clerk, stage.uk, "summary.txt", b"summary"),
        asked=stage.manager,
        answer_by=DAY,
        raised_on=DAY,
        raised_by=stage.clerk,
    )
