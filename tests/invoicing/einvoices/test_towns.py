"""The town and postcode of a seller, read from the lines of its own address."""

import pytest

from invoicing.models import Party
from invoicing.towns import Town, town_of


@pytest.mark.parametrize(
    ("country", "lines", "town"),
    [
        ("DE", "Speicherstraße 4\n20457 Hamburg", Town(["Speicherstraße 4"], "20457", "Hamburg")),
        ("DE", "Speicherstraße 4\n20457 Hamburg\nDeutschland", Town(["Speicherstraße 4"], "20457", "Hamburg")),
        ("GB", "1 Harbour Street\nBristol BS1 4RN\nUnited Kingdom", Town(["1 Harbour Street"], "BS1 4RN", "Bristol")),
        ("GB", "Harbour House\n1 Harbour Street", Town(["Harbour House", "1 Harbour Street"])),
        ("GB", "Bristol", Town(["Bristol"])),
        ("GB", "", Town([])),
    ],
)
def test_the_last_line_names_the_town_or_the_country_behind_it(country: str, lines: str, town: Town) -> None:
    assert town_of(Party(country=country, address_lines=lines)) == town


def test_parts_that_are_known_are_not_guessed() -> None:
    party = Party(country="FR", address_lines="1 rue du Port\n69002 Lyon", postcode="69002", city="Lyon", region="ARA")
    assert town_of(party) == Town(["1 rue du Port"], "69002", "Lyon", "ARA")
