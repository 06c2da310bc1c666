"""Putting the pack for lawyers together: piece by piece in the background, with nobody's row locked meanwhile.

The pack is kept whole or not at all. A run whose worker died begins again; the reminders stopped when it was asked for.
"""

from ar_collections.actions.handovers import keep_legal_pack
from ar_collections.models import Escalation
from ar_collections.papers.legal_pack import Part, legal_pack, pack_name, part_of, pieces_of
from core import runs
from core.files import MEGABYTE, store_file
from core.heartbeat import Heartbeat
from core.models import Run
from core.permissions import system_user

LARGEST_PACK = 250 * MEGABYTE


def carry_out(run: Run) -> None:
    """Make the pack of a run and keep it, unless somebody stopped the run."""
    told, on = run.parameters, run.business_date
    escalation = Escalation.objects.select_related("customer__entity__logo", "customer__terms").get(
        pk=told["escalation"]
    )
    customer = escalation.customer
    pieces = pieces_of(customer, on)
    if not runs.take_up(run, total=len(pieces)):
        return
    with Heartbeat(run):
        parts: list[Part] = []
        for piece in pieces:
            parts.append(part_of(piece))
            if not runs.advance(run):
                return
        content, pages = legal_pack(customer, parts, to_whom=told["to_whom"], note=told["note"], on=on)
        pack = store_file(run.started_by, run.entity, pack_name(customer, on), content, max_bytes=LARGEST_PACK)
        keep_legal_pack(by=system_user(), run=run, pack=pack, pages=pages)
        runs.finish(run, pages=pages, attached=sum(1 for part in parts if part.attached))
