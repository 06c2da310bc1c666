"""Files of strangers end in an answer or a sentence, soon, whatever they hold."""

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cashapp.remittances import read_remittances
from core.errors import Refused
from tests.cashapp.remittances.test_reading import BAI1, PASTED, TABLE
from tests.shared import shared_files

PATIENCE = 3.0
WRITTEN = [BAI1.encode(), TABLE.encode(), PASTED.encode()]


def answered(content: bytes) -> float:
    """How long it took until there was an answer or a refusal."""
    began = time.perf_counter()
    try:
        read_remittances(content, "file")
    except Refused as refusal:
        assert refusal.message
    return time.perf_counter() - began


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes(content: bytes) -> None:
    answered(content)


@settings(max_examples=60, deadline=None)
@given(
    st.text(max_size=400), st.sampled_from(["ISA*", "UNA:+.? '", "ST*820*1~", "UNH+1+REMADV'", "From: a\nTo: b\n\n"])
)
def test_any_text_behind_a_beginning_that_we_know(text: str, beginning: str) -> None:
    answered((beginning + text).encode("utf-8", "replace"))


def test_real_files_cut_off_and_damaged_anywhere() -> None:
    dice = random.Random(7)  # noqa: S311 - the same damage in every run
    contents = [path.read_bytes() for path in shared_files("data/remittance/*/*") if path.suffix != ".csv"]
    for content in [*contents, *WRITTEN]:
        for _ in range(25):
            broken = bytearray(content[: dice.randrange(1, len(content) + 1)])
            for _ in range(dice.randrange(4)):
                broken[dice.randrange(len(broken))] = dice.randrange(256)
            assert answered(bytes(broken)) < PATIENCE


@pytest.mark.parametrize(
    "content",
    [
        b"9" * 300_000,
        b"1,1." * 100_000,
        b"A-" * 150_000,
        ("Invoice: " + "1 " * 100_000).encode(),
        b"ST*820*1~" + b"RMR*IV*1**1~" * 30_000,
        b"UNH+1+REMADV'" + b"?" * 300_000 + b"'",
        b"100" + b" " * 20 + b"260918\n" + b"7001000\n" * 30_000 + b"6",
        b"From: a\nTo: b\nContent-Type: multipart/mixed; boundary=x\n\n" + b"--x\n\nhello\n" * 2_000,
        b"<div>" * 60_000,
        b"apply 1.00 to " * 20_000,
    ],
)
def test_what_never_ends_is_answered_soon(content: bytes) -> None:
    assert answered(content) < PATIENCE
