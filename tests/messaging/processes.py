"""Starting and killing senders."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30.0


class Sender:
    """A sender process that works against a sink."""

    def __init__(self, server: tuple[str, int], folder: Path, stop_at: str = "") -> None:
        self.reached = folder / f"reached-{time.monotonic_ns()}"
        environment = {
            **os.environ,
            "O2C_TEST_DATABASE": connection.settings_dict["NAME"],
            "O2C_TEST_MEDIA": str(settings.MEDIA_ROOT),
            "O2C_TEST_STOP_AT": stop_at,
            "O2C_TEST_REACHED": str(self.reached),
            "EMAIL_URL": f"smtp://{server[0]}:{server[1]}",
        }
        command = [sys.executable, "-m", "tests.messaging.one_sender"]
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE)

    def kill(self) -> None:
        """Nothing is tidied up: this is what a power cut does."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def finish(self) -> None:
        """Wait until it has nothing left to send."""
        _, errors = self.process.communicate(timeout=PATIENCE)
        assert self.process.returncode == 0, errors.decode()


def wait_for(condition: Callable[[], Any]) -> None:
    """Wait until something has come true, and fail when it doesn't."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.02)
