"""Handing customers over to lawyers: reminders stop at once, the pack is put together by a run and then kept."""

from datetime import date

from django.db import transaction
from django.urls import reverse

from ar_collections.actions.escalations import NotEscalated
from ar_collections.actions.holds import HoldFacts, place_hold
from ar_collections.escalation import Advice
from ar_collections.models import DunningHold, Escalation, LegalHandover
from ar_collections.queries.escalations import LEGAL_PACK, handover_run
from core.audit import audit
from core.models import Run, StoredFile, User
from core.permissions import require
from core.runs import start_run
from customers.models import lock


@transaction.atomic
def hand_over_to_lawyers(*, by: User, escalation: Escalation, to_whom: str, note: str, on: date) -> Run:
    """Stop every reminder and ask for the pack: from here on the lawyers speak with the customer."""
    require(by, "collections.hand_over_to_lawyers", escalation.entity)
    customer = lock(escalation.customer)
    escalation = Escalation.objects.select_for_update(no_key=True).get(pk=escalation.pk)
    if (begun := handover_run(escalation)) is not None:
        return begun
    _refuse(escalation, to_whom)

    facts = HoldFacts(DunningHold.Kind.LEGAL, f"Handed over to {to_whom.strip()}"[:300])
    hold = place_hold(by=by, customer=customer, facts=facts, placed_on=on)
    stopped = Run.objects.filter(entity=customer.entity, kind=LEGAL_PACK, parameters__escalation=escalation.pk).count()
    run, _ = start_run(
        by,
        customer.entity,
        LEGAL_PACK,
        on,
        title=f"Legal pack of {customer.name}"[:160],
        part=f"{escalation.pk}:{stopped}",
        parameters={
            "escalation": escalation.pk,
            "to_whom": to_whom.strip()[:200],
            "note": note.strip()[:600],
            "hold": hold.pk,
        },
        link=reverse("collections:escalation", args=[escalation.pk]),
    )

    audit(by, "handover.started", escalation, entity=customer.entity, after={"to": to_whom.strip()}, reason=note)
    return run


@transaction.atomic
def keep_legal_pack(*, by: User, run: Run, pack: StoredFile, pages: int) -> LegalHandover:
    """Write down which pack the lawyers got, once."""
    require(by, "collections.keep_legal_pack", run.entity)
    told = run.parameters
    escalation = Escalation.objects.select_related("customer__entity").get(pk=told["escalation"])
    customer = lock(escalation.customer)
    if (done := LegalHandover.objects.filter(escalation=escalation).first()) is not None:
        return done

    handover = LegalHandover.objects.create(
        entity=customer.entity,
        customer=customer,
        escalation=escalation,
        to_whom=told["to_whom"],
        note=told["note"],
        pack=pack,
        pages=pages,
        hold_id=told["hold"],
        handed_on=run.business_date,
        handed_by=run.started_by,
    )

    after = {"to": handover.to_whom, "pack": pack.sha256, "pages": pages}
    audit(by, "customer.handed_over", customer, entity=customer.entity, after=after, reason=handover.note)
    return handover


def _refuse(escalation: Escalation, to_whom: str) -> None:
    name = escalation.customer.name
    done = LegalHandover.objects.filter(escalation=escalation).first()
    if done is not None:
        raise NotEscalated(f"{name} is with {done.to_whom} since {done.handed_on:%d %b %Y}.")
    if escalation.decision != Advice.LEGAL:
        raise NotEscalated(f"Nobody has decided to hand {name} over. The escalation is answered first.")
    if not to_whom.strip():
        raise NotEscalated("Write to which lawyers.")
