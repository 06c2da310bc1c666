"""Remittances that are dropped into a folder come in by themselves."""

import os
from pathlib import Path
from typing import Any

import pytest

from cashapp.models import Remittance
from cashapp.remittance_folder import take_in_remittance_folder
from cashapp.tasks import take_in_statements
from core.models import LegalEntity, User
from customers.models import Customer

TEXT = "Payer: Castle Fibre Ltd\nCheck number: 4711042\nAmount paid: 120.00\nInvoices: INV-1001\n"


@pytest.fixture
def folder(tmp_path: Path, uk: LegalEntity, castle: Customer) -> Path:
    (tmp_path / "UK" / "remittances").mkdir(parents=True)
    return tmp_path


def test_what_is_dropped_is_taken_in_and_moved_with_its_sentence(folder: Path, system: User) -> None:
    own = folder / "UK" / "remittances"
    (own / "advice.txt").write_text(TEXT)
    (own / "letter.txt").write_text("Good morning.")
    (own / "upload.part").write_text(TEXT)

    assert take_in_remittance_folder(system, folder, settled_seconds=0) == 2

    assert (own / "done" / "advice.txt").read_text() == TEXT
    assert (own / "done" / "advice.txt.txt").read_text() == "1 remittance taken in.\n"
    assert "names no document and no amount" in (own / "refused" / "letter.txt.txt").read_text()
    assert (own / "upload.part").exists()
    assert Remittance.objects.get().source == "folder"


def test_the_same_again_is_taken_in_once(folder: Path, system: User) -> None:
    for _ in range(2):
        (folder / "UK" / "remittances" / "advice.txt").write_text(TEXT)
        take_in_remittance_folder(system, folder, settled_seconds=0)

    assert Remittance.objects.count() == 1
    assert len(list((folder / "UK" / "remittances" / "done").glob("*.txt"))) == 4


def test_beat_looks_into_the_folder(folder: Path, settings: Any) -> None:
    settings.STATEMENT_FOLDER = str(folder)
    file = folder / "UK" / "remittances" / "advice.txt"
    file.write_text(TEXT)
    os.utime(file, (0, 0))

    assert take_in_statements() == 1
    assert Remittance.objects.exists()
