"""Real files, damaged by chance: whatever is cut, doubled or overwritten, they are read or refused, soon and in little.

`O2C_FUZZ` says how many damaged files are tried; the suite tries a few hundred, chosen by a fixed seed.
"""

import os
import random
import time
import tracemalloc

from cashapp.statements import StatementRefused, read_file
from cashapp.statements.document import statement_document
from tests.cashapp.statements.every_file import EXPECTED
from tests.shared import shared_path

TRIED = int(os.environ.get("O2C_FUZZ", "300"))
SEED = 4
SLOWEST_SECONDS = 5.0
PIECES = (
    b"<",
    b">",
    b"&",
    b"/",
    b",",
    b"\n",
    b"\r",
    b"\x00",
    b"\xff",
    b"'",
    b'"',
    b":61:",
    b"88,",
    b"16,",
    b"<OFX>",
    b"-",
)
SMALL = 60_000


def damaged(content: bytes, chance: random.Random) -> bytes:
    """The file with one to six pieces overwritten, inserted, cut out or doubled, and sometimes its end cut off."""
    changed = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(changed) + 1)
        length = chance.choice((1, 2, 8, 64, 512))
        match chance.randrange(4):
            case 0:
                changed[at : at + 1] = chance.choice(PIECES)
            case 1:
                changed[at:at] = chance.choice(PIECES) * chance.choice((1, 3, 300))
            case 2:
                del changed[at : at + length]
            case _:
                changed[at:at] = changed[at : at + length]
    return bytes(changed[: chance.randrange(len(changed) + 1)] if chance.random() < 0.2 else changed)


def try_reading(content: bytes, name: str) -> bool:
    """Whether it was read; anything but a refusal is raised."""
    try:
        file = read_file(content, name)
        for statement in file.statements:
            statement_document(statement)
    except StatementRefused as refused:
        assert refused.message
        return False
    return True


def test_damaged_files_are_read_or_refused_in_little_time() -> None:
    chance = random.Random(SEED)  # noqa: S311 - not for secrets
    files = {path: shared_path(f"data/bank/{path}").read_bytes() for path in EXPECTED}
    small = {path: content for path, content in files.items() if len(content) < SMALL}
    read = 0
    for _ in range(TRIED):
        path = chance.choice(sorted(small))
        content = damaged(small[path], chance)
        started = time.process_time()
        read += try_reading(content, path.rpartition("/")[2])
        assert time.process_time() - started < SLOWEST_SECONDS, path
    assert 0 < read < TRIED


def test_reading_the_same_files_again_keeps_no_memory() -> None:
    files = [shared_path(f"data/bank/{path}").read_bytes() for path in sorted(EXPECTED)[::12]]

    def read_all() -> None:
        for content in files:
            try_reading(content, "again.txt")

    read_all()
    tracemalloc.start()
    read_all()
    before, _ = tracemalloc.get_traced_memory()
    for _ in range(5):
        read_all()
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert after - before < 500_000
