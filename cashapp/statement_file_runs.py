"""Carrying out the run that takes in one statement file."""

from cashapp.actions.statement_files import take_in_statement_file
from cashapp.models import StatementFile
from core import runs
from core.heartbeat import Heartbeat
from core.models import Run


def carry_out(run: Run) -> list[Run]:
    """Take the run's file in, as the person who brought it; returns the matching runs to start.

    What the file is refused for is its own answer and no failure of the run; what breaks is shown on the run's page.
    """
    if not runs.take_up(run, total=1):
        return []
    received = StatementFile.objects.get(pk=run.parameters["statement_file"])
    try:
        with Heartbeat(run):
            matching = take_in_statement_file(by=run.started_by, received=received)
    except Exception as error:
        runs.stop_with(run, f"{type(error).__name__}: {error}")
        raise
    received.refresh_from_db()
    if received.state == StatementFile.State.REFUSED:
        runs.fail_item(run, received.name, received.message)
    else:
        runs.advance(run)
    runs.finish(run, new_lines=received.new_lines, known_lines=received.known_lines)
    return matching
