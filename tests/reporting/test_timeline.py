"""One stream of what happened with a customer: each thing once."""

from datetime import date

import pytest

from core.models import LegalEntity, User
from customers.actions import add_note, attach_file
from customers.models import Customer
from reporting.queries.timeline import timeline

pytestmark = pytest.mark.django_db
LAST = date(2999, 1, 1)


def test_a_note_and_a_file_are_told_once(books: LegalEntity, acme: Customer, collector: User) -> None:
    add_note(by=collector, customer=acme, text="Pays on the last Friday.")
    attach_file(by=collector, customer=acme, name="contract.txt", content=b"Two years")

    told = timeline(customer=acme, as_of=LAST)

    assert [(one.kind, one.text) for one in told if one.kind in {"notes", "changes"}] == [
        ("notes", "Pays on the last Friday.")
    ]
    assert [one.title for one in told if one.kind == "files"] == ["Other: contract.txt"]
