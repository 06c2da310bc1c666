"""Bringing in bank statements: it works, each refusal, twice, and who may not."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from functools import partial
from threading import Barrier

import pytest
from django.db import DatabaseError, connection, transaction

from cashapp.actions.statements import (
    MappingNotChosen,
    import_statement,
    save_mapping,
    try_import,
    upload_statement,
)
from cashapp.importing.accounts import AccountUnknown
from cashapp.importing.overlap import BalancesDiffer
from cashapp.importing.plan import NothingInStatement
from cashapp.models import BankStatement, BankStatementLine
from cashapp.queries.mappings import mapping_named
from cashapp.statements import StatementRefused
from cashapp.statements.mapping import ColumnMapping, MappingRefused
from core.errors import NotAllowed
from core.models import AuditEvent, BankAccount, LegalEntity, RoleGrant, StoredFile, User
from tests.cashapp.statements.samples import ENTRY, MT940, camt

StatementText = Callable[..., bytes]
COFFEE = ("D3,00", "Coffee")


@pytest.fixture
def bring(clerk: User, uk: LegalEntity, bank_account: BankAccount) -> Callable[..., BankStatement]:
    """Nora imports one statement: bring(text)."""

    def bring_in(content: bytes | str, name: str = "may.sta") -> BankStatement:
        content = content.encode() if isinstance(content, str) else content
        (imported,) = import_statement(by=clerk, entity=uk, name=name, content=content)
        return imported.statement

    return bring_in


def texts(statement: BankStatement) -> list[str]:
    return [listing.line.text for listing in statement.listings.order_by("position")]


def test_a_statement_is_kept_with_its_file_lines_and_audit(
    bring: Callable[..., BankStatement], bank_account: BankAccount
) -> None:
    statement = bring(MT940)

    assert statement.bank_account == bank_account
    assert (statement.opening, statement.closing) == (Decimal(1000), Decimal(1225))
    assert statement.file.read() == MT940.encode()
    lines = list(BankStatementLine.objects.filter(statement=statement))
    assert [(line.amount, line.payer) for line in lines] == [
        (Decimal(100), ""),
        (Decimal(150), "Bolt plc"),
        (Decimal(-25), ""),
    ]
    assert lines[1].references["end_to_end"] == "E2E-2"
    assert AuditEvent.objects.filter(event="statement.imported", after__lines=3).count() == 1


def test_the_same_file_twice_gives_the_first_statement_again(
    bring: Callable[..., BankStatement],
) -> None:
    first, second = bring(MT940), bring(MT940, "copy.sta")

    assert first == second
    assert BankStatementLine.objects.count() == 3
    assert StoredFile.objects.count() == 1


def test_another_format_of_the_same_day_is_refused_and_doubles_nothing(
    bring: Callable[..., BankStatement],
) -> None:
    bring(MT940)

    with pytest.raises(BalancesDiffer, match="same day and balances as statement 12"):
        bring(camt())
    assert BankStatementLine.objects.count() == 3


def test_identical_lines_of_a_day_are_all_kept(
    bring: Callable[..., BankStatement], statement_text: StatementText
) -> None:
    statement = bring(statement_text(12, "1000.00", [COFFEE, COFFEE, COFFEE]))

    assert statement.lines.count() == 3
    assert statement.closing == Decimal(991)


def test_a_second_statement_of_the_day_brings_identical_lines_again(
    bring: Callable[..., BankStatement], statement_text: StatementText
) -> None:
    bring(statement_text(12, "1000.00", [COFFEE], number="12"))
    second = bring(statement_text(12, "997.00", [COFFEE, COFFEE], opened=12, number="13"))

    assert second.lines.count() == 2
    assert second.findings == []


def test_an_overlapping_period_adds_only_what_is_new(clerk: User, uk: LegalEntity, bank_account: BankAccount) -> None:
    head = "Date,Details,Debit,Credit,Balance\n"
    day_one = "12/05/2026,Coffee,3.00,,997.00\n12/05/2026,Coffee,3.00,,994.00\n"
    day_two = "13/05/2026,INV-1,,100.00,1094.00\n"

    bank_account.currency = "EUR"
    bank_account.save()

    def import_csv(rows: str) -> tuple[int, int]:
        (imported,) = import_statement(
            by=clerk, entity=uk, name="boi.csv", content=(head + rows).encode(), bank_account=bank_account
        )
        return imported.new_lines, imported.known_lines

    assert import_csv(day_one) == (2, 0)
    assert import_csv(day_one + day_two) == (1, 2)
    assert import_csv(day_two) == (0, 1)
    assert BankStatementLine.objects.count() == 3


def test_a_repeated_day_that_cancels_out_is_not_taken_for_new_lines(
    clerk: User, uk: LegalEntity, bank_account: BankAccount
) -> None:
    bank_account.currency = "EUR"
    bank_account.save()
    head = "Date,Details,Debit,Credit,Balance\n"
    zero_day = "12/05/2026,In,,5.00,1005.00\n12/05/2026,Out,5.00,,1000.00\n"
    for rows in (zero_day, zero_day + "13/05/2026,INV-1,,100.00,1100.00\n"):
        import_statement(by=clerk, entity=uk, name="boi.csv", content=(head + rows).encode(), bank_account=bank_account)

    assert BankStatementLine.objects.count() == 3


def test_a_gap_is_named_and_the_statement_taken(
    bring: Callable[..., BankStatement], statement_text: StatementText
) -> None:
    bring(statement_text(12, "1000.00", [("C100,00", "INV-1")]))
    statement = bring(statement_text(14, "1500.00", [("C1,00", "INV-2")]))

    (finding,) = statement.findings
    assert "1,100.00 on 12 May 2026" in finding and "a statement in between is missing" in finding


def test_balances_that_contradict_a_stored_statement_are_refused(
    bring: Callable[..., BankStatement], statement_text: StatementText
) -> None:
    bring(statement_text(12, "1000.00", [("C100,00", "INV-1")]))

    with pytest.raises(BalancesDiffer, match="Ask the bank which one holds"):
        bring(statement_text(12, "1000.00", [("C100,00", "INV-1"), ("C1,00", "INV-2")]))
    assert BankStatementLine.objects.count() == 1


def test_lines_that_do_not_give_the_closing_balance_are_refused(
    bring: Callable[..., BankStatement], statement_text: StatementText
) -> None:
    with pytest.raises(BalancesDiffer, match="7.00 GBP is unexplained"):
        bring(statement_text(12, "1000.00", [("C100,00", "INV-1")], closing="1107.00"))
    assert not StoredFile.objects.exists()


def test_the_notification_first_then_the_statement_keeps_the_single_payments(
    bring: Callable[..., BankStatement],
) -> None:
    notification = camt().replace(b"camt.053", b"camt.054").replace(b"BkToCstmrStmt", b"BkToCstmrDbtCdtNtfctn")
    notification = notification.replace(b"<Stmt>", b"<Ntfctn>").replace(b"</Stmt>", b"</Ntfctn>")
    details = ENTRY[ENTRY.index("<NtryDtls>") : ENTRY.index("</NtryDtls>") + len("</NtryDtls>")]
    bring(notification, "camt054.xml")
    statement = bring(camt(ENTRY.replace(details, "")), "camt053.xml")

    assert BankStatementLine.objects.count() == 3
    assert [listing.line.amount for listing in statement.listings.order_by("position")] == [100, 150, -25]
    assert statement.findings == []


def test_the_statement_first_says_that_its_sum_stays_one_line(bring: Callable[..., BankStatement]) -> None:
    details = ENTRY[ENTRY.index("<NtryDtls>") : ENTRY.index("</NtryDtls>") + len("</NtryDtls>")]
    bring(camt(ENTRY.replace(details, "")), "camt053.xml")
    notification = camt().replace(b"camt.053", b"camt.054").replace(b"Stmt>", b"Ntfctn>")
    later = bring(notification, "camt054.xml")

    assert BankStatementLine.objects.count() == 2
    assert any("BR-1 came before as one sum" in finding for finding in later.findings)


def test_statements_of_one_file_follow_each_other(
    clerk: User, uk: LegalEntity, bank_account: BankAccount, statement_text: StatementText
) -> None:
    content = statement_text(12, "1000.00", [COFFEE]) + statement_text(13, "997.00", [("C1,00", "INV-1")])
    imported = import_statement(by=clerk, entity=uk, name="two.sta", content=content)

    assert [each.new_lines for each in imported] == [1, 1]
    assert imported[0].statement.file == imported[1].statement.file


def test_nothing_of_a_file_is_kept_when_one_statement_is_refused(
    clerk: User, uk: LegalEntity, bank_account: BankAccount, statement_text: StatementText
) -> None:
    content = statement_text(12, "1000.00", [COFFEE]) + statement_text(13, "997.00", [COFFEE], closing="1.00")

    with pytest.raises(BalancesDiffer):
        import_statement(by=clerk, entity=uk, name="two.sta", content=content)
    assert not BankStatement.objects.exists()


def test_an_account_that_is_not_ours_is_refused(clerk: User, uk: LegalEntity) -> None:
    with pytest.raises(AccountUnknown, match="none of Brightwater's"):
        import_statement(by=clerk, entity=uk, name="may.sta", content=MT940.encode())


def test_an_account_of_another_company_is_as_unknown_as_any(
    clerk: User, uk: LegalEntity, de: LegalEntity, bank_account: BankAccount
) -> None:
    BankAccount.objects.filter(pk=bank_account.pk).update(entity=de)

    with pytest.raises(AccountUnknown, match="none of Brightwater's"):
        import_statement(by=clerk, entity=uk, name="may.sta", content=MT940.encode())


def test_a_file_without_account_needs_one_chosen(clerk: User, uk: LegalEntity, bank_account: BankAccount) -> None:
    content = MT940.replace(":25:GB33BUKB20201555555555\n", "").encode()

    with pytest.raises(AccountUnknown, match="does not name its account"):
        import_statement(by=clerk, entity=uk, name="may.sta", content=content)
    (imported,) = import_statement(by=clerk, entity=uk, name="may.sta", content=content, bank_account=bank_account)
    assert imported.statement.bank_account == bank_account


def test_a_file_of_another_account_than_the_chosen_one_is_refused(
    clerk: User, uk: LegalEntity, bank_account: BankAccount
) -> None:
    savings = BankAccount.objects.create(entity=uk, name="Savings", currency="GBP", iban="GB94BARC10201530093459")

    with pytest.raises(AccountUnknown, match="not of Savings"):
        import_statement(by=clerk, entity=uk, name="may.sta", content=MT940.encode(), bank_account=savings)


def test_another_currency_than_the_accounts_is_refused(
    bring: Callable[..., BankStatement], bank_account: BankAccount
) -> None:
    BankAccount.objects.filter(pk=bank_account.pk).update(currency="EUR")

    with pytest.raises(BalancesDiffer, match="is in GBP, but Barclays current is kept in EUR"):
        bring(MT940)


def test_a_table_in_another_currency_says_which_company_has_an_account_in_it(
    clerk: User, person: Callable[..., User], uk: LegalEntity, de: LegalEntity, bank_account: BankAccount
) -> None:
    BankAccount.objects.create(entity=de, name="Commerzbank", currency="EUR", iban="DE89370400440532013000")
    table = b"Date,Amount,Currency\n12/05/2026,100.00,EUR\n"
    mapping = ColumnMapping(booked_on="Date", amount="Amount", currency="Currency", date_format="DD/MM/YYYY")
    euros = partial(import_statement, entity=uk, name="may.csv", content=table, mapping=mapping)
    both = person("Bea", uk, "ar_specialist")
    RoleGrant.objects.create(user=both, entity=de, role="ar_specialist", granted_by=clerk)

    for chosen in (None, bank_account):
        with pytest.raises(StatementRefused, match=r"no account in EUR, but Halden \(Commerzbank\) has"):
            euros(by=User.objects.get(pk=both.pk), bank_account=chosen)
    with pytest.raises(AccountUnknown, match="Brightwater has no account in EUR. Add it in the settings first") as told:
        euros(by=clerk)
    assert "Halden" not in told.value.message


def test_a_statement_of_another_company_says_whose_it_is_to_those_who_may_know(
    clerk: User, person: Callable[..., User], uk: LegalEntity, de: LegalEntity, bank_account: BankAccount
) -> None:
    BankAccount.objects.filter(pk=bank_account.pk).update(entity=de)
    both = person("Bea", uk, "ar_specialist")
    RoleGrant.objects.create(user=both, entity=de, role="ar_specialist", granted_by=clerk)

    with pytest.raises(AccountUnknown, match="It belongs to Halden: change to that company"):
        import_statement(by=User.objects.get(pk=both.pk), entity=uk, name="may.sta", content=MT940.encode())
    with pytest.raises(AccountUnknown, match="Add it to the company's bank accounts") as told:
        import_statement(by=clerk, entity=uk, name="may.sta", content=MT940.encode())
    assert "Halden" not in told.value.message


def test_an_unknown_currency_is_refused(bring: Callable[..., BankStatement]) -> None:
    with pytest.raises(StatementRefused, match="ZZZ"):
        bring(MT940.replace("GBP", "ZZZ"))


def test_more_decimals_than_the_currency_has_are_refused(bring: Callable[..., BankStatement]) -> None:
    with pytest.raises(StatementRefused, match="more decimals than GBP"):
        bring(MT940.replace("P100,00", "P100,001"))


@pytest.mark.parametrize("year", ["1111", "0001", "9999"])
def test_a_day_that_no_bank_has_booked_on_is_refused(
    clerk: User, uk: LegalEntity, bank_account: BankAccount, year: str
) -> None:
    content = f"Date,Amount\n{year}-05-12,1.00\n".encode()
    mapping = ColumnMapping(booked_on="Date", amount="Amount")

    with pytest.raises(StatementRefused, match="row 2: .* is no day"):
        import_statement(by=clerk, entity=uk, name="x.csv", content=content, bank_account=bank_account, mapping=mapping)


def test_a_guessed_mapping_imports_nothing(clerk: User, uk: LegalEntity, bank_account: BankAccount) -> None:
    with pytest.raises(MappingNotChosen, match="only guessed"):
        import_statement(
            by=clerk, entity=uk, name="x.csv", content=b"Date,Amount\n12/05/2026,1\n", bank_account=bank_account
        )


def test_a_statement_with_nothing_in_it_is_refused(bring: Callable[..., BankStatement]) -> None:
    with pytest.raises(NothingInStatement):
        bring(":20:X\n:25:GB33BUKB20201555555555\n:60F:C260511GBP1000,00\n")


def test_a_person_without_the_role_is_refused(
    collector: User, stranger: User, uk: LegalEntity, bank_account: BankAccount
) -> None:
    for person in (collector, stranger):
        with pytest.raises(NotAllowed):
            import_statement(by=person, entity=uk, name="may.sta", content=MT940.encode())


def test_other_companies_see_no_statement(bring: Callable[..., BankStatement], stranger: User, clerk: User) -> None:
    bring(MT940)

    assert BankStatement.objects.visible_to(clerk).count() == 1
    assert not BankStatement.objects.visible_to(stranger).exists()
    assert not BankStatementLine.objects.visible_to(stranger).exists()


def test_postgres_refuses_to_change_what_the_bank_said(bring: Callable[..., BankStatement]) -> None:
    statement = bring(MT940)
    line = BankStatementLine.objects.first()
    assert line

    attempts: list[Callable[[], object]] = [
        lambda: BankStatement.objects.filter(pk=statement.pk).update(closing=0),
        lambda: BankStatementLine.objects.filter(pk=line.pk).update(amount=0),
        lambda: BankStatementLine.objects.filter(pk=line.pk)._raw_delete("default"),
        lambda: statement.listings.all().delete(),
    ]
    for attempt in attempts:
        with pytest.raises(DatabaseError, match="never changed or deleted"), transaction.atomic():
            attempt()


@pytest.mark.django_db(transaction=True)
def test_two_people_who_import_the_same_file_at_once_store_it_once(
    clerk: User, uk: LegalEntity, bank_account: BankAccount
) -> None:
    ready = Barrier(2)

    def bring_in(_: int) -> bool:
        try:
            ready.wait(10)
            (imported,) = import_statement(by=clerk, entity=uk, name="may.sta", content=MT940.encode())
            return imported.is_new
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        new = list(pool.map(bring_in, range(2)))

    assert sorted(new) == [False, True]
    assert BankStatementLine.objects.count() == 3


def test_a_mapping_is_saved_replaced_and_kept_once(clerk: User, uk: LegalEntity) -> None:
    mapping = ColumnMapping(name="Our bank", booked_on="Date", amount="Amount", text=("Details",))

    first = save_mapping(by=clerk, entity=uk, mapping=mapping)
    again = save_mapping(by=clerk, entity=uk, mapping=mapping)
    changed = save_mapping(by=clerk, entity=uk, mapping=replace(mapping, decimal=","))

    assert first == again == changed
    assert AuditEvent.objects.filter(event="mapping.saved").count() == 2
    assert mapping_named(uk, "Our bank") == replace(mapping, decimal=",")


def test_a_mapping_needs_a_name_and_the_role(clerk: User, collector: User, uk: LegalEntity) -> None:
    mapping = ColumnMapping(booked_on="Date", amount="Amount")

    with pytest.raises(MappingRefused, match="Give the mapping a name"):
        save_mapping(by=clerk, entity=uk, mapping=mapping)
    with pytest.raises(NotAllowed):
        save_mapping(by=collector, entity=uk, mapping=replace(mapping, name="Ours"))


def test_a_company_sees_no_mapping_of_another(clerk: User, uk: LegalEntity, de: LegalEntity) -> None:
    save_mapping(by=clerk, entity=uk, mapping=ColumnMapping(name="Ours", booked_on="Date", amount="Amount"))

    with pytest.raises(MappingRefused, match="There is no mapping “Ours”"):
        mapping_named(de, "Ours")


def test_trying_an_import_says_what_would_happen_and_keeps_nothing(
    clerk: User, uk: LegalEntity, bank_account: BankAccount
) -> None:
    file = upload_statement(by=clerk, entity=uk, name="may.sta", content=MT940.encode())

    (tried,) = try_import(by=clerk, entity=uk, file=file)

    assert (tried.account, tried.new_lines, tried.before) == (bank_account, 3, None)
    assert not BankStatement.objects.exists() and not BankStatementLine.objects.exists()
