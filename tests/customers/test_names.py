"""Names as duplicates are compared."""

import pytest

from customers.names import name_key


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("Acme Ltd", "acme"),
        ("ACME Limited.", "acme"),
        ("The Acme Company", "acme"),
        ("Müller & Söhne GmbH & Co. KG", "muller and sohne"),
        ("Øresund Fødevarer A/S", "oresund fodevarer"),
        ("J. P. Morgan Chase", "jp morgan chase"),
        ("Banco Santander, S.A.", "banco santander"),
        ("Ab Oy", "ab oy"),
        ("3M", "3m"),
        ("", ""),
    ],
)
def test_legal_forms_accents_and_punctuation_are_laid_aside(written: str, key: str) -> None:
    assert name_key(written) == key
