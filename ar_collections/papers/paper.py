"""The statement as its pages show it: only text, in the order in which it is read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ar_collections.papers.writer import Writer
from ar_collections.statements import CurrencyStatement, CustomerStatement, Item, Movement, StatementLine
from core.models import BankAccount
from core.papers import Fact, PayBox, Words, footer_of, pay_box, sign_of
from core.pdf import picture_url
from customers.models import Address
from ledger.models import OpenItem

AGE_LABELS = ("not_due", "days_1_30", "days_31_60", "days_61_90", "days_91")
ROOMY = 11


@dataclass(frozen=True, slots=True)
class Row:
    """An open item as text."""

    date: str
    number: str
    order: str
    due: str
    days_over: str
    waits: str
    amount: str
    settled: str
    open: str
    balance: str


@dataclass(frozen=True, slots=True)
class MovementRow:
    """A posting as text."""

    date: str
    number: str
    kind: str
    debit: str
    credit: str
    balance: str


@dataclass(frozen=True, kw_only=True)
class PartPaper:
    """The pages of one currency."""

    facts: Sequence[Fact]
    strip: Sequence[Fact]
    is_late: bool
    ages: Sequence[Decimal]
    age_facts: Sequence[Fact]
    credits: Fact
    age_in_words: str
    sign: str
    rows: Sequence[Row]
    total: Fact
    pay: PayBox
    pay_text: str
    movements: Sequence[MovementRow]
    movements_title: str
    brought_forward: str

    @property
    def is_tight(self) -> bool:
        """Whether the figures are so long that the columns need smaller print."""
        figures = [row.balance for row in self.rows] + [row.amount for row in self.rows]
        return max(map(len, figures), default=0) > ROOMY


@dataclass(frozen=True, kw_only=True)
class StatementPaper:
    """Everything that the pages say."""

    language: str
    words: Words
    name: str
    seller_name: str
    logo: str
    account_of: Sequence[str]
    parts: Sequence[PartPaper]
    notes: Sequence[str]
    footer: str


def paper_of(
    statement: CustomerStatement, *, accounts: Mapping[str, BankAccount], address: Address | None
) -> StatementPaper:
    """A statement ready for the template."""
    writer = Writer(statement)
    return StatementPaper(
        language=writer.language,
        words=writer.words,
        name=f"{writer.words.statement} {writer.short_day(statement.as_of)}",
        seller_name=writer.entity.name,
        logo=picture_url(writer.entity.logo),
        account_of=writer.account_of(address),
        parts=[_part(writer, part, accounts.get(part.currency)) for part in statement.parts],
        notes=_notes(writer),
        footer=footer_of(writer.entity, writer.words),
    )


def _part(writer: Writer, part: CurrencyStatement, account: BankAccount | None) -> PartPaper:
    words, statement = writer.words, writer.statement
    age_facts = [
        Fact(getattr(words, label), writer.amount(amount, part))
        for label, amount in zip(AGE_LABELS, part.ages, strict=True)
    ]
    return PartPaper(
        facts=_facts(writer, part),
        strip=_strip(writer, part),
        is_late=bool(part.overdue),
        ages=part.ages,
        age_facts=age_facts,
        credits=Fact(words.credits, writer.amount(part.unapplied, part)),
        age_in_words=", ".join(f"{fact.label} {fact.value}" for fact in age_facts),
        sign=sign_of(writer.locale, part.currency),
        rows=[_row(writer, part, line) for line in part.lines],
        total=Fact(words.balance, writer.money(part.balance, part)),
        pay=pay_box(writer.entity, words, account, part.to_pay, statement.customer.payment_reference),
        pay_text=_pay_text(writer, part),
        movements=[_movement(writer, part, movement) for movement in part.movements],
        movements_title=words.say("movements", day=writer.day(statement.starts_on)) if statement.starts_on else "",
        brought_forward=writer.amount(part.brought_forward, part),
    )


def _facts(writer: Writer, part: CurrencyStatement) -> list[Fact]:
    words, customer = writer.words, writer.statement.customer
    facts = [
        Fact(words.as_at, writer.day(writer.statement.as_of)),
        Fact(words.customer, customer.code),
        Fact(words.currency, writer.currency(part)),
        Fact(words.queries, "\n".join(part for part in (writer.entity.email, writer.entity.phone) if part)),
    ]
    return [fact for fact in facts if fact.value]


def _strip(writer: Writer, part: CurrencyStatement) -> list[Fact]:
    words, last = writer.words, part.last_payment
    paid = f"{writer.money(last.amount, part)}\n{writer.day(last.received_on)}" if last else str(words.none_yet)
    return [
        Fact(words.overdue_now if part.overdue else words.nothing_overdue, writer.money(part.overdue, part)),
        Fact(words.balance_after_credits, writer.money(part.balance, part)),
        Fact(words.open_documents, str(len(part.lines))),
        Fact(words.last_payment, paid),
    ]


def _row(writer: Writer, part: CurrencyStatement, line: StatementLine) -> Row:
    item = line.item
    return Row(
        date=writer.short_day(item.document_on),
        number=item.number,
        order=_order(item, writer),
        due=writer.short_day(item.due_on),
        days_over=str(line.days_overdue or ""),
        waits=str(writer.words.not_applied) if line.is_credit else "",
        amount=writer.amount(item.amount, part),
        settled=writer.amount(line.settled or None, part),
        open=writer.amount(item.open_amount, part),
        balance=writer.amount(line.balance, part),
    )


def _movement(writer: Writer, part: CurrencyStatement, movement: Movement) -> MovementRow:
    posting = movement.posting
    return MovementRow(
        date=writer.short_day(posting.posted_on),
        number=posting.number,
        kind=writer.kind(posting.kind, posting.amount),
        debit=writer.amount(movement.debit, part),
        credit=writer.amount(movement.credit, part),
        balance=writer.amount(movement.balance, part),
    )


def _pay_text(writer: Writer, part: CurrencyStatement) -> str:
    if not part.to_pay:
        return ""
    name = "pay_overdue" if part.overdue else "pay_balance"
    return writer.words.say(name, amount=writer.money(part.to_pay.amount, part))


def _notes(writer: Writer) -> list[str]:
    words, statement = writer.words, writer.statement
    notes = [words.say("not_shown", day=writer.day(statement.as_of))]
    if statement.known_at:
        moment = statement.known_at.astimezone(writer.entity.zone)
        notes.append(words.say("known_at", moment=f"{writer.day(moment.date())}, {moment:%H:%M}"))
    if statement.customer.payment_reference:
        notes.append(str(words.quote_reference))
    if writer.entity.email:
        notes.append(words.say("ask", email=writer.entity.email))
    return [*notes, str(words.not_a_demand)]


def _order(item: Item, writer: Writer) -> str:
    """The customer's order; what is no invoice says what it is."""
    is_bill = item.kind == OpenItem.Kind.INVOICE
    return item.purchase_order or ("–" if is_bill else writer.kind(item.kind, item.amount))
