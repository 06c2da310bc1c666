"""The bank accounts on which cash arrives, and statements of our own writing for them."""

from collections.abc import Callable

import pytest

from core.models import BankAccount, LegalEntity

IBAN = "GB33BUKB20201555555555"
StatementText = Callable[..., bytes]


@pytest.fixture
def bank_account(uk: LegalEntity) -> BankAccount:
    """Brightwater's current account."""
    return BankAccount.objects.create(
        entity=uk, name="Barclays current", currency="GBP", iban=IBAN, bank_name="Barclays", is_default=True
    )


@pytest.fixture
def statement_text() -> StatementText:
    """An MT940 statement for May 2026: statement_text(12, "1000.00", [("C100,00", "INV-1")], opened=11)."""

    def write(
        day: int,
        opening: str,
        lines: list[tuple[str, str]],
        *,
        closing: str = "",
        opened: int | None = None,
        number: str = "",
    ) -> bytes:
        signed = [
            (-1 if mark.startswith("D") else 1) * _cents(mark.lstrip("CD").partition("//")[0]) for mark, _ in lines
        ]
        end = closing or _written(_cents(opening.replace(".", ",")) + sum(signed))
        body = [
            f":20:ST{day}",
            f":25:{IBAN}",
            f":28C:{number or day}/1",
            f":60F:{_balance(opened or day - 1, opening)}",
        ]
        for mark, text in lines:
            amount, slashes, reference = mark.partition("//")
            body += [f":61:2605{day:02}05{day:02}{amount}NTRFNONREF{slashes}{reference}", f":86:{text}"]
        return "\n".join([*body, f":62F:{_balance(day, end)}", "-", ""]).encode()

    return write


def _moved(mark: str) -> int:
    cents = _cents(mark.lstrip("CD").partition("//")[0])
    return -cents if mark.startswith("D") else cents


def _cents(written: str) -> int:
    whole, _, cents = written.partition(",")
    return int(whole) * 100 + int((cents or "0").ljust(2, "0"))


def _written(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"


def _balance(day: int, amount: str) -> str:
    return f"C2605{day:02}GBP{amount.replace('.', ',')}"
