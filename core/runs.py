"""Starting, counting and ending runs.

A run is found by its key (kind, entity, business date, part): starting it twice gives the same row. The work itself
must be idempotent per item, so that a run which was killed is simply started again: what is done stays done. A task
calls `take_up`, works inside `core.heartbeat.Heartbeat`, calls `advance` after every batch, `fail_item` for one
customer's error, and `finish` at the end.
Every call writes at once, in its own transaction where the caller isn't in one.
"""

from datetime import date, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet

from core import clock
from core.models import LegalEntity, Run, RunError, User

SILENT_AFTER = timedelta(minutes=2)
WAITS_AT_MOST = timedelta(minutes=1)


def start_run(
    by: User,
    entity: LegalEntity,
    kind: str,
    business_date: date,
    *,
    title: str,
    part: str = "",
    parameters: dict[str, Any] | None = None,
    total: int = 0,
    link: str = "",
) -> tuple[Run, bool]:
    """Return the run of this key and whether it is new."""
    return Run.objects.get_or_create(
        entity=entity,
        kind=kind,
        business_date=business_date,
        part=part,
        defaults={
            "title": title,
            "started_by": by,
            "parameters": parameters or {},
            "total": total,
            "link": link,
        },
    )


def take_up(run: Run, *, total: int | None = None) -> bool:
    """Begin, or begin again after a crash; False when it is finished or another worker is at it."""
    moment = clock.now()
    rows = Run.objects.filter(pk=run.pk).exclude(state__in=(Run.State.DONE, Run.State.CANCELLED))
    free = rows.exclude(state=Run.State.RUNNING) | rows.filter(last_seen_at__lt=moment - SILENT_AFTER)
    taken = free.update(
        state=Run.State.RUNNING,
        last_seen_at=moment,
        finished_at=None,
        message="",
        done=0,
        failed=0,
        total=F("total") if total is None else total,
    )
    if taken:
        RunError.objects.filter(run=run).delete()
        run.refresh_from_db()
    return bool(taken)


def forsaken(kind: str) -> QuerySet[Run]:
    """Runs of a kind that no worker is at: never taken up, or silent because their worker died."""
    moment = clock.now()
    waiting = Q(state=Run.State.WAITING, created_at__lt=moment - WAITS_AT_MOST)
    silent = Q(state=Run.State.RUNNING, last_seen_at__lt=moment - SILENT_AFTER)
    return Run.objects.filter(waiting | silent, kind=kind).order_by("pk")


def advance(run: Run, done: int = 1) -> bool:
    """Count finished items; False when somebody has cancelled the run."""
    counted = Run.objects.filter(pk=run.pk, state=Run.State.RUNNING)
    return bool(counted.update(done=F("done") + done, last_seen_at=clock.now()))


def fail_item(run: Run, label: str, message: str) -> None:
    """Note what went wrong for one item and go on."""
    _, is_new = RunError.objects.update_or_create(run=run, label=label[:120], defaults={"message": message})
    Run.objects.filter(pk=run.pk).update(failed=F("failed") + int(is_new), last_seen_at=clock.now())


def finish(run: Run, **result: Any) -> None:
    """Close the run as done, with the figures that it shows."""
    rows = Run.objects.filter(pk=run.pk, state=Run.State.RUNNING)
    rows.update(state=Run.State.DONE, finished_at=clock.now(), result=result)
    run.refresh_from_db()


def lead_to(run: Run, link: str) -> None:
    """Say where the result is, where that is known only now."""
    Run.objects.filter(pk=run.pk).update(link=link)


def stop_with(run: Run, message: str) -> None:
    """Close the run as failed; it can be started again."""
    Run.objects.filter(pk=run.pk).update(state=Run.State.FAILED, message=message, finished_at=clock.now())
    run.refresh_from_db()


def take_back(run: Run, message: str) -> None:
    """Say that nothing of a run was kept, whatever it had counted."""
    Run.objects.filter(pk=run.pk).update(done=0, message=message)


def cancel(run: Run) -> None:
    """Ask the worker to stop after the batch it is at."""
    unfinished = Run.objects.filter(pk=run.pk, state__in=(Run.State.WAITING, Run.State.RUNNING))
    unfinished.update(state=Run.State.CANCELLED, finished_at=clock.now())
