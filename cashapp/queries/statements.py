"""Statements, their mappings, and the chain that they form on an account."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, F, OuterRef, Prefetch, QuerySet, Subquery, Sum

from cashapp.models import BankStatement, BankStatementLine, Receipt, StatementListing
from core.models import BankAccount, LegalEntity, Run


def statements_of(entity: LegalEntity) -> QuerySet[BankStatement]:
    """The company's statements, the newest first, with what they brought: added up only for the rows that are shown."""
    listed = StatementListing.objects.filter(statement=OuterRef("pk")).order_by().values("statement")
    moved = Sum("line__amount")
    return (
        BankStatement.objects.filter(bank_account__entity=entity)
        .select_related("bank_account")
        .annotate(
            line_count=Subquery(listed.annotate(count=Count("pk")).values("count")),
            received=Subquery(listed.filter(line__amount__gt=0).annotate(sum=moved).values("sum")),
            paid=Subquery(listed.filter(line__amount__lt=0).annotate(sum=moved).values("sum")),
        )
        .order_by(F("to_on").desc(nulls_last=True), "-pk")
    )


def lines_of(statement: BankStatement) -> QuerySet[BankStatementLine]:
    """The statement's lines in the bank's order, each with its task and the `live_receipts` that hold its money."""
    live = Receipt.objects.filter(ended_on=None).select_related("item").order_by("-pk")
    lines = BankStatementLine.objects.filter(listings__statement=statement).select_related("task__customer")
    return lines.prefetch_related(Prefetch("receipts", live, to_attr="live_receipts")).order_by("listings__position")


def matching_of(statement: BankStatement) -> Run | None:
    """The run that matches the statement's lines, if it was started."""
    runs = Run.objects.filter(entity=statement.bank_account.entity, parameters__statement=statement.pk)
    return runs.order_by("-pk").first()


@dataclass(frozen=True, slots=True)
class Link:
    """One booked statement in an account's chain; `missing` is what the account moved by before it, unseen."""

    statement: BankStatement
    previous: BankStatement | None
    missing: Decimal

    @property
    def is_whole(self) -> bool:
        """True where nothing is missing in front of it."""
        return not self.missing


def chain_of(account: BankAccount) -> list[Link]:
    """The account's booked statements, oldest first, with every gap between them."""
    booked = BankStatement.objects.filter(
        bank_account=account, kind=BankStatement.Kind.BOOKED, opening__isnull=False, closing__isnull=False
    ).order_by("closing_on", "pk")
    return list(_links(booked))


def _links(booked: Iterable[BankStatement]) -> Iterable[Link]:
    previous: BankStatement | None = None
    for statement in booked:
        overlaps = previous is not None and _overlaps(previous, statement)
        missing = Decimal(0)
        if previous and not overlaps and previous.closing is not None and statement.opening is not None:
            missing = statement.opening - previous.closing
        yield Link(statement, previous, missing)
        previous = statement


def _overlaps(previous: BankStatement, statement: BankStatement) -> bool:
    if statement.opening_on is None or previous.closing_on is None:
        return False
    return statement.opening_on < previous.closing_on or statement.opening == previous.opening
