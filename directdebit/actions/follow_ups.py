"""Closing what somebody had to do because a direct debit came back."""

from datetime import date

from django.db import transaction

from core.audit import audit
from core.errors import Refused
from core.models import User
from core.permissions import require
from directdebit.models import FollowUp


class OutcomeMissing(Refused):
    """A follow-up ends with what came of it."""

    code = "outcome_missing"


@transaction.atomic
def finish_follow_up(*, by: User, follow_up: FollowUp, done_on: date, outcome: str) -> FollowUp:
    """Say what came of it; it leaves the worklist."""
    require(by, "directdebit.finish_follow_up", follow_up.entity)
    follow_up = FollowUp.objects.select_for_update(no_key=True, of=("self",)).get(pk=follow_up.pk)
    if follow_up.done_on is not None:
        return follow_up
    if not outcome.strip():
        raise OutcomeMissing(f"Say what came of “{follow_up}”.")

    follow_up.done_on, follow_up.done_by, follow_up.outcome = done_on, by, outcome.strip()[:200]
    follow_up.save(update_fields=["done_on", "done_by", "outcome"])

    audit(by, "follow_up.finished", follow_up, entity=follow_up.entity, after={"on": done_on}, reason=outcome)
    return follow_up
