"""Carrying out an accepted list: each line by itself, so that one that changed since stops no other."""

from cashapp.actions.accepting import leave_out_accepted, match_accepted
from cashapp.models import AcceptedLine
from core import runs
from core.errors import Refused
from core.heartbeat import Heartbeat
from core.models import Run


def carry_out(run: Run) -> None:
    """Post what is left of the list; taken up again after a crash, it goes on where it was."""
    lines = AcceptedLine.objects.filter(acceptance__run=run).select_related(
        "acceptance__entity", "acceptance__accepted_by", "task__line__bank_account__entity"
    )
    if not runs.take_up(run, total=lines.count()):
        return
    for before in lines.exclude(refusal=""):
        runs.fail_item(run, str(before.task), before.refusal)
    runs.advance(run, lines.filter(done_at__isnull=False, refusal="").count())
    with Heartbeat(run):
        for accepted in lines.filter(done_at=None):
            if not _carry_out_one(run, accepted):
                return
    posted = lines.filter(done_at__isnull=False, refusal="").count()
    runs.finish(run, matched=posted, left_out=lines.count() - posted)


def _carry_out_one(run: Run, accepted: AcceptedLine) -> bool:
    by = accepted.acceptance.accepted_by
    try:
        match_accepted(by=by, accepted=accepted)
    except Refused as refusal:
        leave_out_accepted(by=by, accepted=accepted, refusal=refusal.message)
        runs.fail_item(run, str(accepted.task), refusal.message)
        return runs.advance(run, 0)
    return runs.advance(run)
