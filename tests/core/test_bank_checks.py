"""Bank accounts that can exist and those that can't: IBANs, US routing numbers, and the UK's modulus rules as data.

The rules below are lines laid out as Pay.UK's table has them. The pairs of sort code and account number are the ones
that its description of the check works through, where a line's weights are known; the others are worked out by hand.
"""

from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import Error, transaction

from core.actions import load_modulus_rules
from core.actions.modulus import IssueTaken
from core.bank_checks import NotAModulusTable, Outcome, check_account, check_modulus, read_modulus_table
from core.errors import NotAllowed
from core.models import AuditEvent, LegalEntity, ModulusIssue, User
from core.modulus import modulus_table_on

WEIGHTS = """
070116 070116 MOD11 0 0 7 6 5 8 9 4 5 6 7 8 9 -1 12
070116 070116 MOD10 0 3 2 4 5 8 9 4 5 6 7 8 9 -1 13
074456 074456 MOD11 0 0 7 6 5 8 9 4 5 6 7 8 9 -1 12
074456 074456 MOD10 0 3 2 4 5 8 9 4 5 6 7 8 9 -1 13
086090 086090 MOD10 1 1 1 1 1 1 1 0 0 0 0 0 0 1 8
089000 089999 MOD10 0 0 0 0 0 0 7 1 3 7 1 3 7 1
107999 107999 MOD11 0 0 0 0 0 0 8 7 6 5 4 3 2 1
118765 118765 DBLAL 0 0 0 0 0 0 2 1 2 1 2 1 2 1 1
134012 134020 MOD11 0 0 0 7 5 9 8 4 6 3 5 2 0 0 4
180002 180002 MOD11 0 0 0 0 0 0 8 7 6 5 4 3 2 1 14
200901 201159 MOD11 0 0 0 0 0 0 0 7 6 5 4 3 2 1 6
200901 201159 DBLAL 2 1 2 1 2 1 2 1 2 1 2 1 2 1 6
202700 203239 MOD11 0 0 0 0 0 0 0 7 6 5 4 3 2 1
202700 203239 DBLAL 2 1 2 1 2 1 2 1 2 1 2 1 2 1
309070 309070 MOD11 0 0 0 0 0 0 8 7 6 5 4 3 2 1 2
309070 309070 MOD10 1 1 1 1 1 1 0 0 0 0 0 0 0 1 9
772600 772899 MOD11 0 0 1 2 5 3 6 4 8 7 10 9 3 1 7
820000 827999 MOD11 0 0 0 0 0 0 0 0 7 3 4 9 2 1
820000 827999 DBLAL 2 1 2 1 2 1 2 1 2 1 2 1 2 1 3
871427 871427 MOD11 0 0 1 2 5 3 6 4 8 7 10 9 3 1 10
871427 871427 MOD11 0 0 0 0 0 0 0 0 8 7 10 9 3 1 11
938000 938999 MOD11 7 6 5 4 3 2 7 6 5 4 3 2 0 0 5
938000 938999 DBLAL 2 1 2 1 2 1 2 1 2 1 2 1 2 0 5
"""
SUBSTITUTES = "938600 938611\n"
TABLE = read_modulus_table(WEIGHTS, SUBSTITUTES)

FITS = """
089999 66374958 | modulus 10
107999 88837491 | modulus 11
202959 63748472 | modulus 11 and double alternate
118765 64371381 | exception 1: 27 more
309070 12345677 | exception 2: other weights for numbers that don't begin with 0
309070 99345694 | exception 2: and others again where the seventh digit is 9
309070 02355685 | exception 9: the second rule, as if it were 309634
820000 73688637 | exception 3: the second rule too
827999 73988638 | exception 3: no second rule where the third digit is 9
827101 28748352 | exception 3
134020 63849203 | exception 4: the last two digits are the remainder
938611 07806039 | exception 5: two check digits of its own
938600 42368003 | exception 5: as another sort code
938063 55065200 | exception 5: both remainders nothing
772798 99345694 | exception 7: no weights but the last six
086090 20000000 | exception 8: as if it were 090126
871427 46238510 | exceptions 10 and 11: either will do
871427 09123496 | exception 10: begins with 09, seventh digit 9
871427 99123496 | exception 10: begins with 99, seventh digit 9
074456 12345112 | exceptions 12 and 13
070116 34012583 | exceptions 12 and 13
074456 11104102 | exceptions 12 and 13
180002 98093517 | exception 14
180002 00000190 | exception 14: without its last digit
"""
DOES_NOT_FIT = """
938063 15764273 | exception 5: only the first digit is right
938063 15764264 | exception 5: only the second is
938063 15763217 | exception 5: a remainder of 1 has no digit
118765 64371385 | exception 1
203099 66831036 | modulus 11 holds, the double alternate doesn't
203099 58716970 | the double alternate holds, modulus 11 doesn't
089999 66374959 | modulus 10
107999 88837493 | modulus 11
180002 00000002 | exception 14: the last digit is none of 0, 1 and 9
"""


def cases(text: str) -> list[tuple[str, str, str]]:
    rows = [line.partition(" | ") for line in text.strip().splitlines()]
    return [(*pair.split(), why) for pair, _, why in rows]  # type: ignore[misc]


@pytest.mark.parametrize(("sort_code", "number", "why"), cases(FITS))
def test_an_account_that_fits_its_sort_code(sort_code: str, number: str, why: str) -> None:
    assert check_modulus(sort_code, number, TABLE) is True, why


@pytest.mark.parametrize(("sort_code", "number", "why"), cases(DOES_NOT_FIT))
def test_an_account_that_does_not(sort_code: str, number: str, why: str) -> None:
    assert check_modulus(sort_code, number, TABLE) is False, why


def test_what_no_rule_covers_is_not_called_valid() -> None:
    assert check_modulus("999999", "12345678", TABLE) is None
    assert check_modulus("200915", "41011166", TABLE) is None, "exception 6: an account in foreign currency"


@pytest.mark.parametrize(
    ("weights", "sentence"),
    [
        ("", "holds no rule"),
        ("089000 MOD10 1 2 3", "Line 1"),
        ("089000 089999 MOD9 0 0 0 0 0 0 7 1 3 7 1 3 7 1", "isn't known"),
        ("089000 089999 MOD10 0 0 0 0 0 0 7 1 3 7 1 3 7 x", "isn't known"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_its_line(weights: str, sentence: str) -> None:
    with pytest.raises(NotAModulusTable, match=sentence):
        read_modulus_table(weights)
    with pytest.raises(NotAModulusTable, match="Line 1 of the substitutes"):
        read_modulus_table(WEIGHTS, "938600")


@pytest.mark.parametrize(
    ("iban", "code", "number", "country", "outcome"),
    [
        ("DE89370400440532013000", "", "", "DE", Outcome.VALID),
        ("DE89370400440532013001", "", "", "DE", Outcome.INVALID),
        ("", "021000021", "123456789", "US", Outcome.VALID),
        ("", "021000022", "123456789", "US", Outcome.INVALID),
        ("", "021000021", "12/34", "US", Outcome.INVALID),
        ("", "089999", "66374958", "GB", Outcome.VALID),
        ("", "089999", "66374959", "GB", Outcome.INVALID),
        ("", "08999", "66374958", "GB", Outcome.INVALID),
        ("", "089999", "663749581", "GB", Outcome.INVALID),
        ("", "999999", "12345678", "GB", Outcome.NOT_CHECKED),
        ("", "", "1234567", "JP", Outcome.NOT_CHECKED),
    ],
)
def test_each_country_has_its_check(iban: str, code: str, number: str, country: str, outcome: Outcome) -> None:
    check = check_account(iban=iban, bank_code=code, number=number, country=country, table=TABLE)
    assert check.outcome is outcome
    assert check.words


def test_without_the_table_a_uk_account_is_not_checked() -> None:
    check = check_account(iban="", bank_code="089999", number="66374958", country="GB", table=None)
    assert (check.outcome, check.words) == (Outcome.NOT_CHECKED, "Not checked: no table of modulus rules is loaded.")


def test_the_rules_that_count_are_those_of_the_day(administrator: User) -> None:
    assert modulus_table_on(date(2026, 5, 1)) is None
    first = load_modulus_rules(by=administrator, weights=WEIGHTS, substitutes=SUBSTITUTES, valid_from=date(2026, 5, 1))
    later = "089000 089999 MOD11 0 0 0 0 0 0 7 1 3 7 1 3 7 1"
    load_modulus_rules(by=administrator, weights=later, substitutes="", valid_from=date(2026, 6, 8))

    may, june = modulus_table_on(date(2026, 6, 7)), modulus_table_on(date(2026, 6, 8))
    assert may is not None and june is not None
    assert (len(may.rules), len(june.rules)) == (23, 1)
    assert AuditEvent.objects.filter(event="modulus_rules.loaded").count() == 2
    again = load_modulus_rules(by=administrator, weights=WEIGHTS, substitutes=SUBSTITUTES, valid_from=date(2026, 5, 1))
    assert again == first
    with pytest.raises(IssueTaken, match="from 01 May 2026 already"):
        load_modulus_rules(by=administrator, weights=later, substitutes="", valid_from=date(2026, 5, 1))


def test_only_who_runs_the_house_loads_rules_and_nobody_changes_them(clerk: User, administrator: User) -> None:
    with pytest.raises(NotAllowed, match="load modulus rules"):
        load_modulus_rules(by=clerk, weights=WEIGHTS, substitutes="", valid_from=date(2026, 5, 1))
    issue = load_modulus_rules(by=administrator, weights=WEIGHTS, substitutes="", valid_from=date(2026, 5, 1))
    with pytest.raises(Error, match="never changed"), transaction.atomic():
        ModulusIssue.objects.filter(pk=issue.pk).update(weights="")


def test_the_command_brings_the_official_files_in(uk: LegalEntity, tmp_path: Path) -> None:
    (tmp_path / "valacdos.txt").write_text(WEIGHTS)
    (tmp_path / "scsubtab.txt").write_text(SUBSTITUTES)
    files = (str(tmp_path / "valacdos.txt"), str(tmp_path / "scsubtab.txt"))
    call_command("load_modulus_rules", *files, "--valid-from", "2026-05-01", "--json")

    table = modulus_table_on(date(2026, 5, 1))
    assert table is not None and table.substitutes == {"938600": "938611"}
