"""Whatever is amended in whatever order: no day is billed twice, none is left out, and each costs what was agreed."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from invoicing.amending import AmendmentDraft, AmendmentRefused, work_out
from invoicing.charges import charges_due, cycles_of, surplus
from invoicing.cycles import ONE_DAY, Days, uncovered
from invoicing.models import Amendment, Contract, ContractLine, Product

Kind = Amendment.Kind
STARTS = date(2026, 1, 15)
PRODUCT = Product(code="SEAT", name="Seats", list_price=Decimal(200), currency="GBP")
PENNY = Decimal("0.01")


@dataclass
class Life:
    """A contract in memory, with what was billed for which days of its lines."""

    contract: Contract
    lines: list[ContractLine]
    billed: dict[int, list[tuple[Days, Decimal]]] = field(default_factory=lambda: defaultdict(list))
    documents: int = 0

    def bill(self, through: date) -> None:
        """What is due goes onto an invoice."""
        for line in self.lines:
            days = [days for days, _ in self.billed[line.position]]
            for charge in charges_due(line, days, through):
                self.billed[line.position].append((charge.days, charge.net("GBP") or Decimal(0)))
                self.documents += 1

    def amend(self, draft: AmendmentDraft) -> None:
        """Lines end and follow as the action writes them, and a credit note frees what was billed beyond an end."""
        try:
            outcome = work_out(self.contract, self.lines, draft, {})
        except AmendmentRefused:
            return
        for ending in outcome.endings:
            ending.line.ends_on = ending.ends_on
            self._credit(ending.line)
        for following in outcome.followings:
            following.line.position = len(self.lines) + 1
            self.lines.append(following.line)
        self.contract.ends_on, self.contract.renews = outcome.ends_on, outcome.renews

    def _credit(self, line: ContractLine) -> None:
        kept = []
        for days, net in self.billed[line.position]:
            assert line.ends_on is not None
            unused = surplus(days, net, line.ends_on, "GBP")
            self.documents += unused is not None
            if unused is None:
                kept.append((days, net))
            elif unused.unused != days:
                kept.append((Days(days.first_on, unused.unused.first_on - ONE_DAY), net - unused.net))
        self.billed[line.position] = kept


def life(cycle: str, timing: str, *, quantity: int = 20) -> Life:
    contract = Contract(
        number="K-1", kind="lease", currency="GBP", starts_on=STARTS, ends_on=date(2027, 1, 14), renews=True,
        renewal_months=12, activated_at=datetime(2026, 1, 1, tzinfo=UTC),
    )  # fmt: skip
    line = ContractLine(
        contract=contract, product=PRODUCT, position=1, description="Seats", quantity=Decimal(quantity),
        unit_price=Decimal(120), cycle=cycle, timing=timing, anchor_on=STARTS, starts_on=STARTS,
        ends_on=contract.ends_on,
    )  # fmt: skip
    return Life(contract, [line])


steps = st.lists(
    st.tuples(
        st.sampled_from(["bill", *Kind.values]),
        st.integers(0, 800),
        st.integers(1, 6),
        st.integers(1, 25),
        st.sampled_from([Decimal(90), Decimal("133.37"), Decimal(1000)]),
    ),
    max_size=10,
)


def played(lived: Life, taken: list[tuple[str, int, int, int, Decimal]]) -> None:
    for what, after, position, quantity, price in taken:
        on = STARTS + timedelta(days=after)
        if what == "bill":
            lived.bill(on)
            continue
        on = lived.contract.ends_on + ONE_DAY if what == Kind.RENEWAL and lived.contract.ends_on else on
        draft = AmendmentDraft(
            kind=what,
            effective_on=on,
            position=None if what in (Kind.EARLY_END, Kind.BUY_OUT, Kind.RENEWAL) else position,
            quantity=Decimal(quantity),
            unit_price=None if what == Kind.ADD else price,
            product=PRODUCT,
        )
        lived.amend(draft)


def agreed_value(line: ContractLine) -> Decimal:
    """Each day at its share of its cycle."""
    assert line.ends_on is not None
    run = Days(line.starts_on, max(line.ends_on, line.starts_on))
    whole = line.quantity * (line.unit_price or Decimal(0))
    parts = [(cycle, cycle.shared_with(run)) for cycle in cycles_of(line, line.ends_on)]
    return sum((whole * len(part) / len(cycle) for cycle, part in parts if part), Decimal(0))


@settings(max_examples=150, deadline=None)
@given(
    cycle=st.sampled_from(["monthly", "quarterly", "annual"]), timing=st.sampled_from(["advance", "arrears"]),
    taken=steps,
)  # fmt: skip
def test_every_day_is_billed_once_at_its_price(
    cycle: str, timing: str, taken: list[tuple[str, int, int, int, Decimal]]
) -> None:
    lived = life(cycle, timing)
    played(lived, taken)
    lived.bill(date(2040, 1, 1))

    for line in lived.lines:
        billed = sorted(days for days, _ in lived.billed[line.position])
        assert all(one.last_on < other.first_on for one, other in zip(billed, billed[1:], strict=False))
        if line.never_ran:
            assert billed == []
            continue
        assert line.ends_on is not None
        assert list(uncovered(Days(line.starts_on, line.ends_on), billed)) == []
        total = sum((net for _, net in lived.billed[line.position]), Decimal(0))
        assert abs(total - agreed_value(line)) <= PENNY * (lived.documents + 1)


@settings(max_examples=150, deadline=None)
@given(timing=st.sampled_from(["advance", "arrears"]), taken=steps)
def test_a_line_and_those_that_follow_it_never_bill_the_same_day(
    timing: str, taken: list[tuple[str, int, int, int, Decimal]]
) -> None:
    lived = life("annual", timing)
    played(lived, taken)
    lived.bill(date(2040, 1, 1))

    chains: dict[int, list[Days]] = defaultdict(list)
    for line in lived.lines:
        root = line
        while root.follows is not None:
            root = root.follows
        chains[root.position] += [days for days, _ in lived.billed[line.position]]
    for days in chains.values():
        ordered = sorted(days)
        assert all(one.last_on < other.first_on for one, other in zip(ordered, ordered[1:], strict=False))
