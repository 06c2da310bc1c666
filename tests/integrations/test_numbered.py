"""The table of ids of a ledger that is brought in takes no more memory than a real ledger needs."""

import pytest

from integrations.intake import Numbered


def test_ids_are_kept_and_found() -> None:
    numbered = Numbered()
    numbered["7"] = 70

    assert numbered["7"] == 70
    with pytest.raises(ValueError, match="no document 8"):
        numbered["8"]


@pytest.mark.parametrize("hostile", ["999999999999", "-1"])
def test_an_id_that_no_ledger_has_is_refused(hostile: str) -> None:
    numbered = Numbered()
    numbered["7"] = 70

    with pytest.raises(ValueError, match="ids lie between 0 and 50,000,000"):
        numbered[hostile] = 1
