"""A refusal says what somebody may not do, where, and who may, as people speak."""

import pytest

from core.errors import NotAllowed
from core.models import LegalEntity, User
from core.permission_words import UNUSUAL, in_words
from core.permissions import require, require_somewhere
from core.roles import ROLES


@pytest.mark.parametrize(
    ("permission", "words"),
    [
        ("invoicing.draft_invoice", "draft invoices"),
        ("customers.add_address", "add addresses"),
        ("customers.change_terms", "change payment terms"),
        ("customers.view", "see customers"),
        ("core.view_audit", "see the audit trail"),
        ("inbox.answer_query", "answer queries"),
        ("inbox.clear_box", "clear boxes"),
    ],
)
def test_a_permission_in_words(permission: str, words: str) -> None:
    assert in_words(permission) == words


def test_words_stand_for_permissions_that_there_are() -> None:
    assert set(UNUSUAL) - frozenset().union(*ROLES.values()) == set()


@pytest.mark.django_db
def test_the_sentence_names_the_roles_that_may(uk: LegalEntity, auditor: User) -> None:
    with pytest.raises(NotAllowed) as refused:
        require(auditor, "invoicing.draft_invoice", uk)

    assert refused.value.message == (
        "You may not draft invoices in Brightwater. Roles that may: AR specialist, AR manager. Ask an administrator."
    )


@pytest.mark.django_db
def test_what_no_role_gives_is_the_systems_own(uk: LegalEntity, auditor: User) -> None:
    with pytest.raises(NotAllowed, match="You may not set up the ledger in any company. Roles that may: Finance"):
        require_somewhere(auditor, "ledger.set_up_ledger")
    with pytest.raises(NotAllowed, match="You may not set parents in Brightwater. Only o2c itself does that."):
        require(auditor, "nowhere.set_parent", uk)
