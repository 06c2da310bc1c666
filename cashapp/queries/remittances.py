"""Remittances: the lists, the facts that tie them to bank lines, and their lines beside what is open."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum

from ar_collections.reasons import DeductionReason
from cashapp.matching import KeptBack, StatedPart, StatedRemittance
from cashapp.models import BankStatementLine, MatchTask, Receipt, Remittance, RemittanceLine, RemittanceTie
from cashapp.remittances.tying import Money as LineMoney
from cashapp.remittances.tying import Waiting, may_belong
from cashapp.settlements import SETTLEMENT_CODES
from core.models import LegalEntity, User
from core.money import ZERO, Money, amount_in, to_minor
from customers.models import Customer

VIEWS = (
    ("waiting", "Waiting for its money"),
    ("tied", "Tied"),
    ("differs", "With differences"),
    ("booked", "Booked"),
    ("given_up", "Given up"),
)
MOST_SUGGESTED = 12


def waiting_for_money(entity: LegalEntity) -> QuerySet[Remittance]:
    """Remittances that no bank line is tied to, and that nobody gave up."""
    tied = RemittanceTie.objects.filter(remittance=OuterRef("pk"), ended_at=None)
    rows = Remittance.objects.filter(entity=entity, given_up_at=None)
    return rows.filter(~Exists(tied)).select_related("customer", "entity")


def waiting_of(remittance: Remittance) -> Waiting:
    """A remittance as tying looks at it."""
    names = [remittance.payer]
    if remittance.customer is not None:
        names.append(remittance.customer.name)
    return Waiting(
        id=remittance.pk,
        total=remittance.total,
        currency=remittance.currency,
        paid_on=remittance.paid_on,
        payers=tuple(dict.fromkeys(name for name in names if name)),
        payer_account=remittance.payer_account,
        traces=tuple(dict.fromkeys(each for each in (remittance.trace, remittance.reference) if each)),
    )


def money_of(line: BankStatementLine) -> LineMoney:
    """A bank line as tying looks at it."""
    return LineMoney(
        id=line.pk,
        amount=line.amount,
        currency=line.currency,
        booked_on=line.booked_on,
        payer=line.ultimate_payer or line.payer,
        payer_account=line.payer_account,
        text=line.text,
        references=tuple(str(value) for value in line.references.values()),
    )


# For matching --------------------------------------------------------------------------------------------------------


def stated_for(lines: Iterable[BankStatementLine]) -> dict[int, StatedRemittance]:
    """Per bank line, what the remittance that is tied to it says, or several of them together."""
    ties = RemittanceTie.objects.filter(line__in=[line.pk for line in lines], ended_at=None)
    rows = ties.select_related("remittance").prefetch_related(Prefetch("remittance__lines"))
    told: dict[int, list[StatedRemittance]] = {}
    for tie in rows.order_by("pk"):
        told.setdefault(tie.line_id, []).append(_stated(tie))
    return {line: each[0] if len(each) == 1 else _together(each) for line, each in told.items()}


def _together(told: Sequence[StatedRemittance]) -> StatedRemittance:
    """Several remittances of one bank line as one: what all of them name, and whom all of them name."""
    totals = [each.total for each in told]
    customers, payers = {each.customer_id for each in told}, {each.payer for each in told}
    return StatedRemittance(
        id=told[0].id,
        label=f"{', '.join(each.label for each in told[:-1])} and {told[-1].label}",
        total=None if None in totals else sum(total or 0 for total in totals),
        parts=tuple(part for each in told for part in each.parts),
        tied_by=told[0].tied_by,
        payer=payers.pop() if len(payers) == 1 else "",
        customer_id=customers.pop() if len(customers) == 1 else None,
    )


def _stated(tie: RemittanceTie) -> StatedRemittance:
    told = tie.remittance
    return StatedRemittance(
        id=told.pk,
        label=str(told),
        total=None if told.total is None else to_minor(told.total, told.currency),
        parts=tuple(_part(line, told.currency) for line in told.lines.all()),
        tied_by=tie.words,
        payer=told.payer,
        customer_id=told.customer_id if told.is_certain else None,
    )


def _part(line: RemittanceLine, currency: str) -> StatedPart:
    return StatedPart(
        number=line.number,
        purchase_order=line.purchase_order,
        paid=None if line.paid is None else to_minor(line.paid, currency),
        gross=None if line.gross is None else to_minor(line.gross, currency),
        kept=tuple(_kept(line, currency)),
        document_id=line.item_id,
    )


def _kept(line: RemittanceLine, currency: str) -> Iterator[KeptBack]:
    if line.discount:
        yield KeptBack(to_minor(line.discount, currency), DeductionReason.SETTLEMENT_DISCOUNT.value, "Discount taken")
    for told in line.deductions:
        words = told["words"] or (f"Code {told['code']}" if told["code"] else "")
        yield KeptBack(to_minor(Decimal(told["amount"]), currency), told["reason"], words)


# Lists ---------------------------------------------------------------------------------------------------------------


def remittances_of(entity: LegalEntity, by: User) -> QuerySet[Remittance]:
    """The company's remittances, the latest first, each with its bank line, that line's list and its receipt."""
    tie = RemittanceTie.objects.filter(remittance=OuterRef("pk"), ended_at=None)
    receipt = Receipt.objects.filter(line=OuterRef("line_id"), ended_on=None).order_by("-pk")
    rows = Remittance.objects.visible_to(by).filter(entity=entity).select_related("customer", "entity")
    return rows.annotate(
        line_id=Subquery(tie.values("line")[:1]),
        state=Subquery(MatchTask.objects.filter(line=OuterRef("line_id")).values("state")[:1]),
        receipt_id=Subquery(receipt.values("pk")[:1]),
        differs=Exists(_lines_that_differ()),
    ).order_by("-paid_on", "-pk")


def _lines_that_differ() -> QuerySet[RemittanceLine]:
    """Lines without a document, with one of another customer, or with one that has another amount open."""
    lines = RemittanceLine.objects.filter(remittance=OuterRef("pk"))
    unknown = Q(item=None)
    foreign = Q(remittance__customer__isnull=False) & ~Q(item__customer=F("remittance__customer"))
    settled = Q(item__open_amount=0)
    more = Q(paid__gt=F("item__open_amount"), item__side="debit")
    less = Q(paid__lt=F("item__open_amount"), item__side="debit", paid__isnull=False)
    return lines.filter(unknown | foreign | settled | more | less)


def in_view(rows: QuerySet[Any], view: str) -> QuerySet[Any]:
    """Those of one list; `rows` are as `remittances_of` gives them."""
    if view == "given_up":
        return rows.filter(given_up_at__isnull=False)
    rows = rows.filter(given_up_at=None) if view else rows
    if view == "waiting":
        return rows.filter(line_id=None)
    if view == "tied":
        return rows.filter(line_id__isnull=False, receipt_id=None)
    if view == "booked":
        return rows.filter(receipt_id__isnull=False)
    return rows.filter(differs=True, receipt_id=None) if view == "differs" else rows


def found_remittances(rows: QuerySet[Remittance], query: str) -> QuerySet[Remittance]:
    """Those that a trace, a reference, a payer, a document's number or an exact amount finds."""
    if not query:
        return rows
    found = Q(trace__icontains=query) | Q(reference__icontains=query) | Q(payer__icontains=query)
    found |= Q(customer__name__icontains=query) | Q(customer__code__iexact=query)
    found |= Q(pk__in=RemittanceLine.objects.filter(number__iexact=query).values("remittance"))
    if (amount := amount_in(query)) is not None:
        found |= Q(total=amount)
    return rows.filter(found)


def by_trace(entity: LegalEntity, by: User, text: str) -> QuerySet[Remittance]:
    """For the palette: the beginning of a trace or a reference."""
    rows = Remittance.objects.visible_to(by).filter(entity=entity).select_related("customer")
    return rows.filter(Q(trace__istartswith=text) | Q(reference__istartswith=text)).order_by("-paid_on", "-pk")


def remittances_of_line(line: BankStatementLine) -> list[RemittanceTie]:
    """The live ties of a bank line."""
    rows = RemittanceTie.objects.filter(line=line, ended_at=None).select_related("remittance__customer")
    return list(rows.order_by("pk"))


# One remittance ------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class LineBeside:
    """A line of a remittance beside the document that it names."""

    line: RemittanceLine
    differences: list[str] = field(default_factory=list)

    @property
    def deducted(self) -> list[dict[str, Any]]:
        """What is kept back, with its amount and reason in words."""
        return [
            {**each, "amount": Decimal(each["amount"]), "reason": DeductionReason(each["reason"]).label}
            for each in self.line.deductions
        ]


def lines_beside(remittance: Remittance, is_booked: bool) -> list[LineBeside]:
    """Every line with its document and what doesn't fit; what was booked is no difference any more."""
    rows = remittance.lines.select_related("item__customer").order_by("position")
    return [LineBeside(line, [] if is_booked else list(_differences(remittance, line))) for line in rows]


def _differences(remittance: Remittance, line: RemittanceLine) -> Iterator[str]:
    item = line.item
    if item is None:
        yield "No document of ours"
        return
    if remittance.customer_id and item.customer_id != remittance.customer_id:
        yield f"Of {item.customer.name}"
    if not item.open_amount:
        yield "Settled already"
        return
    net = _net(line)
    if net is not None and item.currency == remittance.currency:
        owed = item.open_amount * item.sign
        if net != owed:
            yield f"{Money(abs(owed - net), item.currency)} {'less' if net < owed else 'more'} than is open"
    elif item.currency != remittance.currency:
        yield f"In {item.currency}"


def _net(line: RemittanceLine) -> Decimal | None:
    kept = sum((Decimal(each["amount"]) for each in line.deductions), line.discount or ZERO)
    told: Decimal | None = line.paid
    if told is None and line.gross is not None:
        told = line.gross - kept
    if told is None and line.item is not None:
        told = line.item.open_amount * line.item.sign - kept
    return told


def differences_of(remittance: Remittance, rows: Sequence[LineBeside], line: BankStatementLine | None) -> list[str]:
    """What doesn't fit about the whole: the total beside its lines, and beside the bank."""
    found = list(remittance.findings)
    nets = [_net(each.line) for each in rows]
    told = sum((net for net in nets if net is not None), ZERO)
    if remittance.total is not None and rows and None not in nets and told != remittance.total:
        total, sum_ = Money(remittance.total, remittance.currency), Money(told, remittance.currency)
        found.append(f"It says {total}, its lines come to {sum_}.")
    if line is not None and remittance.total is not None:
        found += _beside_the_bank(remittance, line)
    if not rows:
        found.append("It names no document.")
    return found


def _beside_the_bank(remittance: Remittance, line: BankStatementLine) -> Iterator[str]:
    """Whether the money is what it says, together with the other remittances of the same line."""
    others = [each.remittance for each in remittances_of_line(line) if each.remittance_id != remittance.pk]
    told = [each.total or ZERO for each in (remittance, *others)]
    said = Money(sum(told, ZERO), remittance.currency)
    if said.amount != line.amount:
        who = f"it and {len(others)} more say" if others else "it says"
        yield f"The bank booked {Money(line.amount, line.currency)}, {who} {said}."


def suggested_lines(remittance: Remittance) -> list[BankStatementLine]:
    """Bank lines that a person may tie: the same sum within days, or the payment's number in them."""
    waiting = waiting_of(remittance)
    tied = RemittanceTie.objects.filter(ended_at=None).values("line")
    wanted = Q(amount=remittance.total)
    if remittance.trace:
        wanted |= Q(text__icontains=remittance.trace)
    if remittance.customer_id:
        wanted |= Q(task__customer=remittance.customer_id, task__state=MatchTask.State.TO_MATCH)
    rows = BankStatementLine.objects.filter(
        wanted, bank_account__entity=remittance.entity_id, currency=remittance.currency, amount__gt=0
    )
    rows = rows.exclude(pk__in=tied)
    if remittance.total is not None:
        rows |= BankStatementLine.objects.filter(_has_room_for(remittance), currency=remittance.currency)
    rows = rows.exclude(transaction_code__in=SETTLEMENT_CODES)
    rows = rows.select_related("bank_account").order_by("-booked_on", "-pk")
    found = list(rows[: 5 * MOST_SUGGESTED])
    found.sort(
        key=lambda line: (not may_belong(waiting, money_of(line)), abs((line.booked_on - remittance.paid_on).days))
    )
    return found[:MOST_SUGGESTED]


def _has_room_for(remittance: Remittance) -> Q:
    """Lines of which remittances of the same customer or payer explain a part, and this one explains what is left."""
    same = Q(remittance__payer=remittance.payer)
    if remittance.customer_id:
        same |= Q(remittance__customer=remittance.customer_id)
    ties = RemittanceTie.objects.filter(same, line=OuterRef("pk"), ended_at=None).order_by().values("line")
    explained = ties.annotate(sum=Sum("remittance__total")).values("sum")
    rows = BankStatementLine.objects.filter(
        bank_account__entity=remittance.entity_id, amount=Subquery(explained) + remittance.total
    )
    return Q(pk__in=rows.values("pk"))


def customers_of(remittance: Remittance) -> set[int]:
    """Whose documents it names, and whose it is."""
    owners = set(remittance.lines.filter(item__isnull=False).values_list("item__customer", flat=True))
    if remittance.customer_id:
        owners.add(remittance.customer_id)
    groups = Customer.objects.filter(pk__in=owners).values_list("pk", "parent")
    return {pk for pair in groups for pk in pair if pk is not None}
