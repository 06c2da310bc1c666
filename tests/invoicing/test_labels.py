"""Every language of the papers says everything that English says, with the same gaps to fill."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from core.papers import SHARED_LABELS
from invoicing.models import Language, TaxCategory, Unit
from invoicing.papers.words import LABELS
from messaging.shipped import FOLDER

GAP = re.compile(r"\{(\w+)\}")
KINDS = ("invoice", "credit_note", "pro_forma")


@pytest.mark.parametrize("path", [LABELS, SHARED_LABELS], ids=lambda path: path.name)
@pytest.mark.parametrize("language", Language.values)
def test_no_label_is_missing_and_no_gap_is_lost(path: Path, language: str) -> None:
    labels: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))

    english, other = labels["en"], labels[language]
    assert set(other) == set(english)
    for name, text in english.items():
        if isinstance(text, str):
            assert set(GAP.findall(other[name])) == set(GAP.findall(text)), name


@pytest.mark.parametrize("language", Language.values)
def test_categories_and_units_have_their_words(language: str) -> None:
    labels: dict[str, Any] = tomllib.loads(LABELS.read_text(encoding="utf-8"))[language]

    assert set(labels["category"]) == set(TaxCategory.values)
    assert set(labels["unit"]) == set(Unit.values) - {Unit.PIECE.value}


@pytest.mark.parametrize("language", Language.values)
@pytest.mark.parametrize("kind", KINDS)
def test_each_mail_is_worded_in_each_language(kind: str, language: str) -> None:
    worded = (FOLDER / f"{kind}.{language}.txt").read_text(encoding="utf-8")

    assert worded.startswith("Subject: ")
    assert "{{ seller }}" in worded
