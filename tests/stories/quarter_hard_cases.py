"""What people and customers do in the quarter: a broken promise, a plan, a suspension, interest, a loss."""

from datetime import date
from decimal import Decimal

from ar_collections import tasks
from ar_collections.actions.escalations import Plea, answer_escalation, raise_escalation
from ar_collections.actions.handovers import hand_over_to_lawyers
from ar_collections.actions.holds import HoldFacts, place_hold
from ar_collections.actions.late_interest import charge_late_interest
from ar_collections.actions.notices import send_notice
from ar_collections.actions.plans import Proposal, approve_plan, open_plan, propose_plan
from ar_collections.actions.recoveries import recover_debt
from ar_collections.actions.suspension import (
    SuspensionFacts,
    confirm_restoration,
    confirm_suspension,
    open_suspension,
    request_suspension,
    send_suspension_notice,
)
from ar_collections.actions.suspension_approvals import approve_suspension, ask_suspension_approval
from ar_collections.actions.suspension_meetings import end_meeting, start_meeting, write_owner_note
from ar_collections.actions.write_offs import Writing, approve_write_off, request_write_off
from ar_collections.calls import CallOutcome
from ar_collections.escalation import Advice, Trigger
from ar_collections.models import (
    DunningHold,
    Escalation,
    LateCharge,
    LegalHandover,
    PaymentPlan,
    Promise,
    SuspensionCase,
    WriteOff,
)
from ar_collections.plans import Every, State, steps_of
from ar_collections.promises import Outcome
from ar_collections.queries.worklist import entries, in_order
from ar_collections.suspension import Function, Stage
from ar_collections.worklist import Tier
from controls.models import ApprovalRequest
from core.calendars import calendar_of
from core.money import money
from tests.collections.suspending import at
from tests.stories.collecting_quarter import House, on, pledge, tier_of

# Dahlia breaks a promise, refuses, and goes to the lawyers ------------------------------------------------------------


@on(7, 9)
def dahlia_promises(house: House) -> None:
    house.call("Dahlia", CallOutcome.PROMISE, pledge=pledge((date(2026, 7, 17), "2000")))


@on(7, 21)
def dahlia_has_broken_it_and_refuses(house: House) -> None:
    promise = Promise.objects.get(customer=house.customer("Dahlia"))
    assert (promise.outcome, tier_of(house, "Dahlia")) == (Outcome.BROKEN, Tier.BROKEN)
    first = in_order(entries(house.entity), entity=house.entity, today=house.today)[0]
    assert first.customer.name == "Dahlia", "broken ones top the list next morning"
    house.call("Dahlia", CallOutcome.REFUSES, is_difficult=True, note="They hung up")


@on(7, 30)
def colin_lays_dahlia_before_finn(house: House) -> None:
    plea = Plea(Trigger.SILENCE, house["Finn"], "They hang up.")
    raised = raise_escalation(by=house["Colin"], customer=house.customer("Dahlia"), plea=plea, on=house.today)
    assert raised.answer_by == date(2026, 8, 4)


@on(8, 5)
def finn_answers_a_day_late(house: House) -> None:
    raised = Escalation.objects.get()
    answer_escalation(by=house["Finn"], escalation=raised, decision=Advice.LEGAL, answer="Go", on=house.today)
    run = hand_over_to_lawyers(by=house["Maya"], escalation=raised, to_whom="Pratt LLP", note="", on=house.today)
    tasks.put_legal_pack_together(run.pk)
    assert LegalHandover.objects.get().pages > 3


# Elm gets a plan, misses an instalment, cures it ----------------------------------------------------------------------


@on(7, 7)
def elm_cannot_pay(house: House) -> None:
    house.call("Elm", CallOutcome.CANNOT_PAY)


@on(7, 8)
def a_plan_is_opened_and_proposed(house: House) -> None:
    elm, item = house.customer("Elm"), house.items["Elm"]
    open_plan(by=house["Maya"], customer=elm, reason="Long-standing", opened_on=house.today)
    steps = steps_of(
        money("3000.00 GBP"), count=3, first_on=date(2026, 7, 20), every=Every.FORTNIGHT,
        calendar=calendar_of(house.entity),
    )  # fmt: skip
    proof = ("forecast.pdf", b"%PDF-1.7 forecast")
    asked = Proposal(currency="GBP", items=[item], steps=steps, reason="Their buyer failed", proof=proof)
    propose_plan(by=house["Colin"], customer=elm, proposal=asked, proposed_on=house.today)


@on(7, 9)
def finn_approves_the_plan(house: House) -> None:
    plan = PaymentPlan.objects.get()
    request = ApprovalRequest.objects.get(subject_id=str(plan.pk), kind="payment_plan")
    approve_plan(by=house["Finn"], request=request, plan=plan, approved_on=house.today)


@on(7, 20)
def elm_pays_the_first_instalment(house: House) -> None:
    house.pays("Elm", "1000", "RC-ELM-1")


@on(8, 12)
def elm_cures_the_second(house: House) -> None:
    house.pays("Elm", "1000", "RC-ELM-2")


@on(8, 17)
def elm_pays_the_last(house: House) -> None:
    house.pays("Elm", "1000", "RC-ELM-3")


@on(8, 18)
def the_plan_is_over(house: House) -> None:
    assert PaymentPlan.objects.get().state == State.COMPLETED


# Holly is suspended and restored --------------------------------------------------------------------------------------


def holly(house: House) -> SuspensionCase:
    return SuspensionCase.objects.select_related("customer", "entity").get(customer=house.customer("Holly"))


def everybody_writes_a_note(house: House) -> None:
    for owner in holly(house).owners.all():
        write_owner_note(by=owner.person, owner=owner, text="They wait for their buyer.", at=at(house.today))


@on(7, 6)
def the_first_notice_of_suspension(house: House) -> None:
    owners = {Function.COLLECTIONS: house["Cara"], Function.SERVICE: house["Sven"]}
    facts = SuspensionFacts(owners)
    open_suspension(by=house["Cara"], customer=house.customer("Holly"), facts=facts, opened_on=house.today)


@on(7, 7, 9, 10)
def nobody_answers_at_holly(house: House) -> None:
    house.call("Holly", CallOutcome.VOICEMAIL_LEFT, by="Cara")


@on(7, 8)
def the_weekly_meeting(house: House) -> None:
    everybody_writes_a_note(house)
    meeting = start_meeting(by=house["Maya"], entity=house.entity, on=house.today, at=at(house.today))
    end_meeting(by=house["Maya"], meeting=meeting, at=at(house.today, 11))


@on(7, 13, 16)
def the_second_and_the_final_notice(house: House) -> None:
    everybody_writes_a_note(house)
    send_suspension_notice(by=house["Cara"], case=holly(house), on=house.today, at=at(house.today))


@on(7, 17)
def two_functions_agree(house: House) -> None:
    case = holly(house)
    everybody_writes_a_note(house)
    ask_suspension_approval(by=house["Cara"], case=case, reason="No answer", on=house.today, at=at(house.today))
    for name, kind in (("Finn", "suspension_finance"), ("Sven", "suspension_service")):
        request = ApprovalRequest.objects.get(kind=kind, subject_id=str(case.pk))
        approve_suspension(by=house[name], request=request, case=case, approved_on=house.today)


@on(7, 20)
def support_suspends(house: House) -> None:
    request_suspension(by=house["Cara"], case=holly(house), on=house.today, at=at(house.today))
    confirm_suspension(by=house["Sven"], case=holly(house), on=house.today)


@on(7, 22)
def holly_pays(house: House) -> None:
    house.pays("Holly", "5000", "RC-HOLLY")


@on(7, 23)
def the_service_is_back(house: House) -> None:
    assert holly(house).stage == Stage.RESTORING
    confirm_restoration(by=house["Sven"], case=holly(house), on=house.today)


# Iris pays late, and for being late -----------------------------------------------------------------------------------


@on(7, 14)
def maya_sends_the_formal_notice(house: House) -> None:
    send_notice(by=house["Maya"], customer=house.customer("Iris"), on=house.today, at=at(house.today))


@on(8, 15)
def iris_pays(house: House) -> None:
    house.pays("Iris", "12000", "RC-IRIS-1")


@on(8, 17)
def the_interest_of_t9_is_charged(house: House) -> None:
    iris, items = house.customer("Iris"), [house.items["Iris"].pk]
    made = charge_late_interest(by=house["Nora"], customer=iris, currency="GBP", items=items, charged_on=house.today)
    assert (made.interest, made.compensation) == (Decimal("529.23"), Decimal(100))


@on(9, 21)
def iris_pays_the_interest(house: House) -> None:
    account, note = house.accounts["Iris"], LateCharge.objects.get().item
    assert note is not None
    account.apply(account.receipt("RC-IRIS-2", "629.23", house.today), note, "629.23", house.today)


# Juniper fails --------------------------------------------------------------------------------------------------------


@on(7, 16)
def juniper_is_insolvent(house: House) -> None:
    facts = HoldFacts(DunningHold.Kind.INSOLVENT, "Administrator appointed")
    place_hold(by=house["Cara"], customer=house.customer("Juniper"), facts=facts, placed_on=house.today)


@on(9, 1)
def juniper_is_written_off(house: House) -> None:
    parts = [(house.items["Juniper"].pk, Decimal(1500))]
    note = "In liquidation, no dividend"
    writing = Writing(currency="GBP", parts=parts, reason=WriteOff.Reason.INSOLVENT, note=note)
    asked = request_write_off(
        by=house["Cara"], customer=house.customer("Juniper"), writing=writing, requested_on=house.today
    )
    request = ApprovalRequest.objects.get(kind="write_off")
    approve_write_off(by=house["Finn"], request=request, write_off=asked, posted_on=house.today)
    assert house.open_of("Juniper") == 0


@on(9, 22)
def the_administrator_pays_a_dividend(house: House) -> None:
    receipt = house.accounts["Juniper"].receipt("RC-JUNIPER", "300", house.today)
    line = WriteOff.objects.get().lines.get()
    recover_debt(by=house["Cara"], line=line, receipt=receipt, amount=Decimal(300), recovered_on=house.today)
