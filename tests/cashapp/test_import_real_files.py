"""Files of real banks go through the whole import: proved, chained, each line once."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from cashapp.actions.statements import ImportedStatement, import_statement
from cashapp.importing.overlap import BalancesDiffer
from cashapp.models import BankStatement, BankStatementLine
from cashapp.queries.statements import chain_of
from core.models import BankAccount, LegalEntity, User
from tests.shared import shared_path

Bring = Callable[[str], list[ImportedStatement]]


@pytest.fixture
def account(uk: LegalEntity) -> Callable[..., BankAccount]:
    """Open an account as a file names it: account("NL77…", "EUR")."""

    def make(number: str, currency: str, **more: str) -> BankAccount:
        return BankAccount.objects.create(entity=uk, name=number, currency=currency, **(more or {"iban": number}))

    return make


@pytest.fixture
def bring(clerk: User, uk: LegalEntity) -> Bring:
    def bring_in(path: str) -> list[ImportedStatement]:
        content = shared_path(f"data/bank/{path}").read_bytes()
        return import_statement(by=clerk, entity=uk, name=path.rpartition("/")[2], content=content)

    return bring_in


def test_a_month_of_asn_bank_chains_without_a_gap(bring: Bring, account: Callable[..., BankAccount]) -> None:
    asn = account("NL81ASNB9999999999", "EUR")

    first = bring("mt940/wolph__ASNB__mt940.sta")
    again = bring("mt940/wolph__ASNB__mt940.sta")

    assert (len(first), sum(each.new_lines for each in first)) == (31, 8)
    assert not any(each.is_new for each in again)
    links = chain_of(asn)
    assert len(links) == 31 and all(link.is_whole for link in links)
    assert links[-1].statement.closing == Decimal("501.23")


@pytest.mark.parametrize(
    ("path", "iban", "lines"),
    [
        ("mt940/oca10__test-ing.940", "NL77INGB0574908765", 8),
        ("mt940/oca10__test-rabo.swi", "NL34RABO0142623393", 2),
        ("mt940/pypi-beangulp-mt940__ubs-fixture.mt940", "CH9300762011623852957", 3),
        ("camt/oca16__test-camt054.xml", "NL77ABNA0574908765", 1),
    ],
)
def test_each_line_is_stored_once(
    bring: Bring, account: Callable[..., BankAccount], path: str, iban: str, lines: int
) -> None:
    account(iban, "CHF" if iban.startswith("CH") else "EUR")

    for _ in range(2):
        bring(path)

    assert BankStatementLine.objects.count() == lines


def test_the_intraday_report_and_the_statement_of_mbank_tell_the_same_lines(
    bring: Bring, account: Callable[..., BankAccount]
) -> None:
    account("PL29114010810000267002001002", "PLN")

    (report,) = bring("mt940/wolph__mBank__mt942.sta")
    (statement,) = bring("mt940/wolph__mBank__mt940.sta")

    assert (report.new_lines, statement.new_lines, statement.known_lines) == (3, 0, 3)
    assert BankStatementLine.objects.count() == 3
    assert statement.statement.listings.count() == 3


def test_a_swiss_file_whose_lines_do_not_give_its_balance_is_refused(
    bring: Bring, account: Callable[..., BankAccount]
) -> None:
    account("CH2909000000250094239", "CHF")

    with pytest.raises(BalancesDiffer, match="is unexplained"):
        bring("camt/libeufin__camt053_P_CH2909000000250094239_1110092698_0_2020062503071366_v2009.xml")
    assert not BankStatement.objects.exists()


def test_swiss_notifications_bring_their_single_payments(bring: Bring, account: Callable[..., BankAccount]) -> None:
    account("CH2909000000250094239", "CHF")

    bring("camt/libeufin__camt054-CHDD_P_CH2909000000250094239_1110097484_0_20220615375204228751067.xml")
    bring("camt/libeufin__camt054_P_CH2909000000250094239_1111111112_0_2022031011011199_v2019.xml")

    amounts = BankStatementLine.objects.order_by("amount").values_list("amount", flat=True)
    assert list(amounts) == [Decimal("1.50"), Decimal("3.00"), Decimal("522.10")]


def test_german_accounts_are_found_by_bank_code_and_number(bring: Bring, account: Callable[..., BankAccount]) -> None:
    account("wrapped", "EUR", sort_code="12345678", account_number="1020304050")

    (imported,) = bring("mt940/wolph__self-provided__transaction_details_wrapped.sta")

    assert imported.statement.bank_account.name == "wrapped"


def test_bank_tables_are_imported_by_the_mappings_that_come_with_the_product(
    bring: Bring, account: Callable[..., BankAccount]
) -> None:
    account("LT357300000000000000", "LTL")
    account("BE11123456789012", "EUR")
    account("NL47BUNQ2025181418", "EUR")

    swedbank = bring("csv/bank2ynab__test_swedebank_statement.xls")
    bring("csv/bank2ynab__export_BE11123456789012_20180304_1422.csv")
    bring("csv/bank2ynab__2018-04-14_10-52-13_bunq-transactieoverzicht.csv")

    assert swedbank[0].statement.closing == Decimal("12952.97")
    assert BankStatementLine.objects.count() == 13 + 1 + 3
