"""Files are opened by people who work with documents, and by nobody else."""

from collections.abc import Callable

from django.test import Client

from core.files import store_file
from core.models import LegalEntity, User

SignIn = Callable[[User], Client]


def test_a_collector_opens_a_customers_contract(
    uk: LegalEntity, clerk: User, collector: User, signed_in: SignIn
) -> None:
    stored = store_file(clerk, uk, "contract.pdf", b"%PDF-1.7 hello")

    answer = signed_in(collector).get(f"/files/{stored.pk}/")

    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("inline")


def test_an_administrator_of_people_does_not(
    uk: LegalEntity, clerk: User, administrator: User, signed_in: SignIn
) -> None:
    stored = store_file(clerk, uk, "contract.pdf", b"%PDF-1.7 hello")

    assert signed_in(administrator).get(f"/files/{stored.pk}/").status_code == 403


def test_who_works_elsewhere_finds_no_such_file(
    uk: LegalEntity, clerk: User, stranger: User, signed_in: SignIn
) -> None:
    stored = store_file(clerk, uk, "contract.pdf", b"%PDF-1.7 hello")

    assert signed_in(stranger).get(f"/files/{stored.pk}/").status_code == 404


def test_a_sealed_file_has_no_address(uk: LegalEntity, clerk: User, collector: User, signed_in: SignIn) -> None:
    """An order to the bank is fetched by its own action; nobody gets it here, not even who stored it."""
    order = store_file(clerk, uk, "refunds.txt", b"20000055779911", is_sealed=True)

    for who in (clerk, collector):
        assert signed_in(who).get(f"/files/{order.pk}/").status_code == 404
    for page in ("/bank-statements/files", "/remittances/files"):
        assert signed_in(clerk).get(f"{page}/{order.pk}/").status_code == 404
