"""What the cash desk shows: the lists of lines, and for one line the documents that it may pay."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Sum, Value, When

from cashapp.matching import MatchRule
from cashapp.models import BankStatementLine, DeductionReason, MatchTask, Receipt, RemittanceTie, UnidentifiedReceipt
from cashapp.queries.desk_marks import marks_of, with_marks
from cashapp.queries.money import live_receipts, waiting_in_suspense
from cashapp.queries.payer_groups import paid_for_with
from cashapp.queries.remittances import remittances_of_line
from cashapp.queries.shortages import ShortRules
from cashapp.shortages import Likely
from core.models import LegalEntity
from core.money import Money, amount_in
from customers.models import Customer
from ledger.models import OpenItem

State = MatchTask.State
LEAVE_OPEN, DISPUTE = "leave_open", "claim"
MOST_DOCUMENTS = 300
ICONS = {
    "number": "hash",
    "credit": "link",
    "amount": "scale",
    "text": "file-text",
    "doubt": "triangle-alert",
    "abroad": "arrow-left-right",
    "group": "users",
    "rule": "notebook-pen",
}
EXACT = {
    MatchRule.REFERENCE.value,
    MatchRule.NUMBER.value,
    MatchRule.ONE_AMOUNT.value,
    MatchRule.PURCHASE_ORDER.value,
}
TOLD = {
    MatchRule.WHOLE_BALANCE.value: ("Pays balance", "ok"),
    MatchRule.ALL_OVERDUE.value: ("Pays overdue", "ok"),
    MatchRule.STATEMENT_TOTAL.value: ("Pays statement", "ok"),
    MatchRule.INSTALMENT.value: ("Pays instalment", "ok"),
    MatchRule.PROMISE.value: ("As promised", "ok"),
    MatchRule.ALREADY_SETTLED.value: ("Paid already", "warn"),
    MatchRule.OLDEST_FIRST.value: ("Nothing fits", "warn"),
    MatchRule.PAYER_ONLY.value: ("Nothing fits", "warn"),
}


@dataclass(frozen=True, slots=True)
class Badge:
    """A line's answer in two words."""

    text: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class DeskRow:
    """A line on a list."""

    task: MatchTask
    name: str
    badge: Badge


@dataclass(frozen=True, slots=True)
class Why:
    """A reason in words, with the drawing beside it."""

    words: str
    icon: str = ""


@dataclass(slots=True)
class DocumentRow:
    """An open document of the customer, and what the line would pay of it."""

    item: OpenItem
    apply: Decimal | None = None
    why: list[Why] = field(default_factory=list)
    short: str = LEAVE_OPEN
    claim: str = ""
    note: str = ""
    owner: str = ""
    due: str = ""
    error: str = ""
    likely: Likely | None = None
    """What the terms, tolerances and taxes say about what is missing."""
    of_other: str = ""
    """The customer, where it is another one of the group."""
    marks: list[str] = field(default_factory=list)
    """A promise, a payment plan or a dispute that is about it."""

    @property
    def order(self) -> str:
        """The customer's order, with the word that some numbers bring along and others lack."""
        order = self.item.purchase_order
        return order if not order or order.upper().startswith("PO") else f"PO {order}"

    @property
    def owed(self) -> Decimal:
        """What is open, negative for credits."""
        owed: Decimal = self.item.open_amount * self.item.sign
        return owed

    @property
    def owed_minor(self) -> int:
        """The same in minor units, for scripts."""
        return Money(self.owed, self.item.currency).minor

    @property
    def left(self) -> Decimal:
        """What stays open."""
        return self.owed - (self.apply or Decimal(0))

    @property
    def is_ticked(self) -> bool:
        """Whether the line pays it."""
        return self.apply is not None

    @property
    def is_short(self) -> bool:
        """Whether an invoice is paid in part."""
        return self.apply is not None and self.item.side == OpenItem.Side.DEBIT and self.left > 0


def tasks_of(entity: LegalEntity, state: str, query: str = "") -> QuerySet[MatchTask]:
    """The lines of one list, the latest first and the surest of a day on top."""
    rows = MatchTask.objects.filter(entity=entity, state=state).select_related("line__bank_account", "customer")
    if query:
        rows = rows.filter(_holds(query))
    return rows.annotate(
        is_posted=Exists(Receipt.objects.filter(line=OuterRef("pk"), ended_on=None)),
        is_in_suspense=Exists(UnidentifiedReceipt.objects.filter(line=OuterRef("pk"), ended_on=None)),
    ).order_by("-line__booked_on", "-sureness", "pk")


def _holds(query: str) -> Q:
    found = Q(line__payer__icontains=query) | Q(line__text__icontains=query) | Q(customer__name__icontains=query)
    if (amount := amount_in(query)) is not None:
        found |= Q(line__amount=amount)
    return found


def rows_of(tasks: Iterable[MatchTask]) -> list[DeskRow]:
    """The lines as the list shows them."""
    return [DeskRow(task, name_of(task), badge_of(task)) for task in tasks]


def name_of(task: MatchTask) -> str:
    """The customer, else who paid, as far as anybody knows."""
    if task.customer is not None:
        return task.customer.name
    return task.line.ultimate_payer or task.line.payer or "Unknown payer"


def badge_of(task: MatchTask) -> Badge:
    """What the matcher or a person said, in two words."""
    if task.state == State.MATCHED:
        return Badge("Matched", "ok")
    if task.state == State.CHECK:
        return _badge_to_check(task)
    if not task.decision:
        return Badge("New")
    if task.decision == "unidentified":
        return Badge("No match", "bad")
    if task.alternatives:
        return Badge(f"{len(task.alternatives) + 1} options", "warn")
    return _badge_of_amounts(task)


def _badge_to_check(task: MatchTask) -> Badge:
    if getattr(task, "is_in_suspense", False):
        return Badge("Unidentified", "warn")
    if getattr(task, "is_posted", False):
        return Badge("On account", "info")
    return Badge("Asked", "info")


def _badge_of_amounts(task: MatchTask) -> Badge:
    currency = task.line.currency
    paid = sum(each["amount"] for each in task.applied)
    over = Money(task.line.amount, currency).minor - paid
    if not task.applied and any(each["kind"] == "abroad" for each in task.evidence):
        return Badge("Other currency", "info")
    if task.rule in TOLD and not (task.applied and over > 0):
        return Badge(*TOLD[task.rule])
    short = sum(each["open"] - each["amount"] for each in task.applied if each["amount"] > 0)
    if task.applied and over > 0:
        return Badge(f"Overpaid {_figure(over, currency)}", "warn")
    if short > 0:
        return Badge(f"Short by {_figure(short, currency)}", "warn")
    if len(task.applied) == 1 and task.rule in EXACT:
        return Badge("Exact", "ok")
    return Badge(f"{len(task.applied)} documents" if len(task.applied) > 1 else "Proposed", "info")


def _figure(minor: int, currency: str) -> str:
    return str(Money.from_minor(minor, currency)).rpartition(" ")[0]


@dataclass(frozen=True, slots=True)
class Counts:
    """How much is on each list, and what is left to match, per currency."""

    to_match: int
    check: int
    matched: int
    left: list[Money]


def counts_of(entity: LegalEntity) -> Counts:
    """The heads of the three lists."""
    tasks = MatchTask.objects.filter(entity=entity)
    by_state = dict(tasks.order_by().values_list("state").annotate(Count("pk")))
    sums = tasks.filter(state=State.TO_MATCH).order_by("line__currency").values_list("line__currency")
    left = [Money(amount, currency) for currency, amount in sums.annotate(Sum("line__amount"))]
    return Counts(by_state.get(State.TO_MATCH, 0), by_state.get(State.CHECK, 0), by_state.get(State.MATCHED, 0), left)


# One line ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answer:
    """What the matcher said: the customer, the documents with amounts, the reasons. One of several options."""

    customer: int | None
    applied: Sequence[Mapping[str, Any]]
    evidence: Sequence[Mapping[str, Any]]

    @property
    def about_the_line(self) -> list[str]:
        """Reasons that are about no document."""
        return [each["words"] for each in self.evidence if each.get("item") is None]

    def is_said(self, customer: int, amounts: Mapping[int, int]) -> bool:
        """Whether somebody says the very same: this customer, these amounts in minor units by document.

        Where nothing is proposed to be paid, keeping the money on the customer's account is the same.
        """
        proposed = {each["item"]: each["amount"] for each in self.applied}
        return proposed == amounts and self.customer == customer


def answers_of(task: MatchTask) -> list[Answer]:
    """The proposal first, then the other options."""
    first = Answer(task.customer_id, task.applied, task.evidence)
    others = [Answer(each["customer"], each["applied"], each["evidence"]) for each in task.alternatives]
    return [first, *others]


@dataclass(frozen=True, slots=True)
class LineOnDesk:
    """A line with the money's whereabouts."""

    task: MatchTask
    line: BankStatementLine
    receipts: list[Receipt]
    in_suspense: UnidentifiedReceipt | None

    @property
    def receipt(self) -> Receipt | None:
        """The receipt that holds the money now."""
        return self.receipts[0] if self.receipts else None

    @property
    def remittances(self) -> list[RemittanceTie]:
        """What the payer says of it, where that came."""
        return remittances_of_line(self.line)

    @property
    def available(self) -> Money:
        """What can be applied: the whole line, or what its receipt has left on account."""
        if self.receipt is not None:
            return self.receipt.item.open_money
        return Money(self.line.amount, self.line.currency)


def line_on_desk(task: MatchTask) -> LineOnDesk:
    """Gather what is known of a line."""
    return LineOnDesk(task, task.line, live_receipts(task.line), waiting_in_suspense(task.line))


def document_rows(desk: LineOnDesk, customer: Customer | None, answer: Answer | None) -> list[DocumentRow]:
    """Open documents: those of the answer first, then the customer's oldest, then those that it may pay for others."""
    if customer is None:
        return []
    others = paid_for_with(customer, on=desk.line.booked_on)
    said = {each["item"]: each["amount"] for each in answer.applied} if answer else {}
    own = [receipt.pk for receipt in desk.receipts]
    items = OpenItem.objects.filter(
        customer__in=[customer.pk, *others], currency=desk.line.currency, open_amount__gt=0
    ).exclude(pk__in=own)
    places = [When(pk=pk, then=Value(place)) for place, pk in enumerate(said)]
    proposed = [Case(*places, default=Value(len(places)), output_field=IntegerField())] if places else []
    own_first = Case(When(customer=customer, then=Value(0)), default=Value(1), output_field=IntegerField())
    found = list(
        with_marks(items)
        .select_related("customer__terms")
        .order_by(*proposed, own_first, "due_on", "number")[:MOST_DOCUMENTS]
    )
    rows = [_document_row(item, said.get(item.pk), answer) for item in found]
    for row in rows:
        row.of_other = row.item.customer.name if row.item.customer_id != customer.pk else ""
    explain_shortages(rows, desk.line)
    kept = _kept_by_the_payer(answer)
    for row in rows:
        _suggest(row, kept.get(row.item.pk))
    return rows


def _kept_by_the_payer(answer: Answer | None) -> dict[int, Mapping[str, Any]]:
    """Per document: what the payer's remittance says is kept back, where it gives one reason."""
    applied = answer.applied if answer else ()
    return {each["item"]: each["kept"][0] for each in applied if len(each.get("kept", ())) == 1}


def _suggest(row: DocumentRow, kept: Mapping[str, Any] | None) -> None:
    """What the payer says goes before what the figures say."""
    if kept is not None:
        row.note = kept["words"]
    reason = DeductionReason(kept["reason"]) if kept else row.likely.reason if row.likely else None
    if reason is None:
        return
    is_disputed = not reason.is_settled_at_once and reason != DeductionReason.DISCOUNT_UNEARNED
    row.short = DISPUTE if is_disputed else reason.value
    row.claim = reason.value if is_disputed else ""


def explain_shortages(rows: Iterable[DocumentRow], line: BankStatementLine) -> None:
    """Say what the figures speak for where a document is paid short."""
    rules = ShortRules(line.bank_account.entity)
    for row in rows:
        if row.is_short:
            row.likely = rules.likely(row.item, Money(row.left, row.item.currency), line, line.booked_on)


def _document_row(item: OpenItem, minor: int | None, answer: Answer | None) -> DocumentRow:
    row = DocumentRow(item, marks=marks_of(item))
    if minor is not None:
        amount = Money.from_minor(minor, item.currency).amount
        row.apply = max(min(amount, row.owed), -item.open_amount)
    if answer is not None:
        about = [each for each in answer.evidence if each.get("item") == item.pk]
        row.why = [Why(each["words"], ICONS.get(each["kind"], "")) for each in about]
    return row
