"""A run's worker says from beside its work that it lives, and how far it is.

A worker that was killed falls silent at once, so silence can be short and still mean death: a long batch, or one long
transaction, no longer looks like it. The beat goes out on a connection of its own and is seen at once, whatever the
work has open.
"""

from __future__ import annotations

import logging
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Self

from django.db import DatabaseError, connection
from django.db.models import F

from core import clock
from core.models import Run

SECONDS = 15.0
logger = logging.getLogger(__name__)


class Heartbeat:
    """Beats while the block lasts: `with Heartbeat(run):` around the work, after `take_up`."""

    def __init__(self, run: Run, every: float = SECONDS) -> None:
        self.run, self.every = run, every
        self.is_cancelled = False
        self._done, self._lock, self._over = 0, Lock(), Event()
        self._thread = Thread(target=self._go_on, name=f"run {run.pk}", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._over.set()
        self._thread.join()
        if error is None:
            self._beat()

    def count(self, done: int) -> None:
        """Tell of finished items with the next beat; for work that keeps all or nothing in one transaction."""
        with self._lock:
            self._done += done

    def _go_on(self) -> None:
        try:
            while not self._over.wait(self.every):
                self._beat()
        finally:
            connection.close()

    def _beat(self) -> None:
        with self._lock:
            done, self._done = self._done, 0
        rows = Run.objects.filter(pk=self.run.pk)
        try:
            rows.filter(state=Run.State.RUNNING).update(last_seen_at=clock.now(), done=F("done") + done)
            self.is_cancelled = rows.filter(state=Run.State.CANCELLED).exists()
        except DatabaseError:
            logger.warning("Run %s could not say that it lives; it tries again.", self.run.pk, exc_info=True)
            connection.close()
