"""The advance notice is written in each language that customers have, with every fact that a payer must be told."""

import pytest

from core.models import LegalEntity
from directdebit.messages import AdvanceNoticeMessage
from messaging.rendering import render
from messaging.shipped import shipped_wording

FACTS = ["INV-2026-000118", "BRIGHT-C-10420", "BRIGHTWATER", "123456", "…5555", "accounts@brightwater.example"]
SUBJECTS = {"en": "Direct debit of", "de": "Lastschrift über", "fr": "Prélèvement de", "es": "Adeudo de"}
ONCE = {"en": "a single collection", "de": "eine einmalige", "fr": "d’un prélèvement unique", "es": "un adeudo único"}


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_a_payer_reads_the_notice_in_their_language(language: str, uk: LegalEntity) -> None:
    wording = shipped_wording("advance_notice", language)
    assert wording is not None

    notice = render(wording, uk, language, {**AdvanceNoticeMessage.sample, "once": True})

    assert notice.subject.startswith(SUBJECTS[language])
    assert not [fact for fact in FACTS if fact not in notice.text or fact not in notice.html]
    assert ONCE[language] in notice.text and ONCE[language] in notice.html
