"""What an amendment does to the lines of a contract: which end, and which follow. Pure.

A line that changes ends on the day before, and a line that follows says what is agreed from then on, with the same
cycle. What was billed beyond the end is given back to the day, and the line that follows is billed from its first day;
so the two together cost what was agreed for each day.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from core.errors import Refused
from core.money import ZERO, round_to_currency
from invoicing.charges import PRICE_STEP
from invoicing.contract_drafts import digest_of
from invoicing.cycles import ONE_DAY, cycles, months_after
from invoicing.models import Amendment, Contract, ContractLine, PriceTier, Product
from invoicing.totals import HUNDRED

Kind = Amendment.Kind
Cycle, Timing, Tiering = ContractLine.Cycle, ContractLine.Timing, ContractLine.Tiering
Tiers = Mapping[int, Sequence[PriceTier]]
COPIED = (
    "product", "description", "quantity", "unit_price", "discount_percent", "tiering", "cycle", "timing", "anchor_on",
    "ends_on", "priced_until", "cost_centre",
)  # fmt: skip


class AmendmentRefused(Refused):
    """The contract can't be amended like that."""

    code = "amendment_refused"


@dataclass(frozen=True, slots=True)
class AmendmentDraft:
    """A change as somebody writes it. `effective_on` is the first day on which it counts."""

    kind: str
    effective_on: date
    position: int | None = None
    product: Product | None = None
    description: str = ""
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    percent: Decimal | None = None
    cycle: str = ""
    timing: str = ""
    cost_centre: str = ""
    reason: str = ""
    source: str = "form"
    source_id: str | None = None

    @property
    def content_hash(self) -> str:
        """Tells a repeated amendment from another one under the same id."""
        return digest_of(self)


@dataclass(frozen=True, slots=True)
class Ending:
    """A line that ends, and its last day from now on."""

    line: ContractLine
    ends_on: date


@dataclass(frozen=True, slots=True)
class Following:
    """A line that is new; `line.follows` is the one that it goes on from."""

    line: ContractLine
    tiers: Sequence[PriceTier] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an amendment does."""

    endings: Sequence[Ending]
    followings: Sequence[Following]
    ends_on: date | None
    renews: bool


def work_out(contract: Contract, lines: Sequence[ContractLine], draft: AmendmentDraft, tiers: Tiers) -> Outcome:
    """What the amendment does to an active contract; raises AmendmentRefused. `tiers` are by the line's position."""
    if not contract.is_active:
        raise AmendmentRefused(f"{contract} is still a draft. Change the draft instead.")
    latest = contract.ends_on
    if draft.kind in (Kind.RENEWAL, Kind.BUY_OUT) and latest is not None:
        latest += ONE_DAY
    if draft.effective_on < contract.starts_on or (latest is not None and draft.effective_on > latest):
        until = f" to {contract.ends_on:%d %b %Y}" if contract.ends_on else ""
        raise AmendmentRefused(
            f"{contract} runs from {contract.starts_on:%d %b %Y}{until}; "
            f"nothing can change from {draft.effective_on:%d %b %Y} on."
        )
    return CASES[draft.kind](Case(contract, lines, draft, tiers))


@dataclass(frozen=True, slots=True)
class Case:
    """A contract, its lines, and what is asked of them."""

    contract: Contract
    lines: Sequence[ContractLine]
    draft: AmendmentDraft
    tiers: Tiers

    def named_line(self) -> ContractLine:
        """The line that the draft names; it has to run on the day, or begin then."""
        line = next((one for one in self.lines if one.position == self.draft.position), None)
        if line is None:
            raise AmendmentRefused(f"{self.contract} has no line {self.draft.position or ''}. Say which one changes.")
        on = self.draft.effective_on
        if not runs_on(line, on):
            last = f" to {line.ends_on:%d %b %Y}" if line.ends_on else " on"
            raise AmendmentRefused(f"Line {line} runs from {line.starts_on:%d %b %Y}{last}, not on {on:%d %b %Y}.")
        return line

    def concerned(self) -> list[ContractLine]:
        """The named line; without one, every line that runs on the day or begins later."""
        if self.draft.position is not None:
            return [self.named_line()]
        return [line for line in self.lines if not line.never_ran and _lasts_until(line, self.draft.effective_on)]

    def replaced(self, line: ContractLine, tiers: Sequence[PriceTier] | None = None, **changed: object) -> Outcome:
        """The line ends and another follows it with what is changed."""
        starts_on = max(self.draft.effective_on, line.starts_on)
        return self.outcome(
            [Ending(line, starts_on - ONE_DAY)],
            [
                Following(
                    follower_of(line, starts_on, **changed),
                    self.tiers.get(line.position, ()) if tiers is None else tiers,
                )
            ],
        )

    def outcome(self, endings: Sequence[Ending] = (), followings: Sequence[Following] = ()) -> Outcome:
        """These lines, and the contract runs on as it did."""
        return Outcome(endings, followings, self.contract.ends_on, self.contract.renews)


def runs_on(line: ContractLine, day: date) -> bool:
    """Whether the day is one of the line's."""
    return line.starts_on <= day and _lasts_until(line, day)


def raised(price: Decimal, percent: Decimal, currency: str) -> Decimal:
    """A price raised by a percentage. Prices below 1 keep the decimals that a minor unit has no room for."""
    exact = price * (HUNDRED + percent) / HUNDRED
    if price < 1:
        return exact.quantize(PRICE_STEP, rounding=ROUND_HALF_UP)
    return round_to_currency(exact, currency)


def percent_of(contract: Contract, draft: AmendmentDraft) -> Decimal:
    """By how much prices change: as the draft says, and for a renewal else as the contract says."""
    if draft.percent is None and draft.kind == Kind.RENEWAL:
        return contract.indexation_percent or ZERO
    return draft.percent or ZERO


def follower_of(line: ContractLine, starts_on: date, **changed: object) -> ContractLine:
    """A line that goes on from another one, not saved."""
    facts = {name: getattr(line, name) for name in COPIED} | changed
    return ContractLine(contract=line.contract, starts_on=starts_on, follows=line, **facts)


def _lasts_until(line: ContractLine, day: date) -> bool:
    return line.ends_on is None or line.ends_on >= day


def _add(case: Case) -> Outcome:
    draft = case.draft
    quantity = _positive(draft.quantity, "how many are added")
    if draft.position is None:
        return case.outcome(followings=[Following(_new_line(case, quantity))])
    line = case.named_line()
    if line.cycle == Cycle.USAGE:
        raise AmendmentRefused(f"Line {line} is billed by usage; nothing has to be added to it.")
    if line.tiering != Tiering.NONE:
        return case.replaced(line, quantity=line.quantity + quantity)
    added = follower_of(line, draft.effective_on, quantity=quantity)
    added.follows = None
    if draft.unit_price is not None:
        added.unit_price = draft.unit_price
    return case.outcome(followings=[Following(added)])


def _new_line(case: Case, quantity: Decimal) -> ContractLine:
    draft, contract = case.draft, case.contract
    if draft.product is None:
        raise AmendmentRefused("Say which line gets more, or which product is added.")
    price = draft.unit_price if draft.unit_price is not None else draft.product.list_price
    if price is None:
        raise AmendmentRefused(f"Say what {draft.product} costs.")
    cycle = draft.cycle or _usual_cycle(case.lines)
    is_fixed = cycle == Cycle.FIXED
    ends_on = draft.effective_on if is_fixed else contract.ends_on
    return ContractLine(
        contract=contract,
        product=draft.product,
        description=draft.description.strip() or draft.product.name,
        quantity=quantity,
        unit_price=price,
        cycle=cycle,
        timing=draft.timing or (Timing.ARREARS if cycle == Cycle.USAGE else Timing.ADVANCE),
        anchor_on=draft.effective_on if is_fixed else _usual_anchor(case),
        starts_on=draft.effective_on,
        ends_on=ends_on,
        priced_until=ends_on if is_fixed else None,
        cost_centre=draft.cost_centre.strip(),
    )


def _usual_cycle(lines: Sequence[ContractLine]) -> str:
    return next((line.cycle for line in lines if line.cycle not in (Cycle.FIXED, Cycle.USAGE)), Cycle.ANNUAL.value)


def _usual_anchor(case: Case) -> date:
    """Bill what is added together with what is there."""
    anchors = (line.anchor_on for line in case.lines if line.cycle not in (Cycle.FIXED, Cycle.USAGE))
    return next(anchors, case.contract.starts_on)


def _remove(case: Case) -> Outcome:
    line = case.named_line()
    quantity = _positive(case.draft.quantity, "how many are removed")
    if quantity > line.quantity:
        raise AmendmentRefused(f"Line {line} has {_plain(line.quantity)}; {_plain(quantity)} can't be removed from it.")
    if quantity == line.quantity:
        return case.outcome([Ending(line, case.draft.effective_on - ONE_DAY)])
    return case.replaced(line, quantity=line.quantity - quantity)


def _price(case: Case) -> Outcome:
    draft = case.draft
    if (draft.unit_price is None) == (draft.percent is None):
        raise AmendmentRefused("Write the new price, or the percentage by which prices change.")
    if draft.unit_price is not None:
        line = case.named_line()
        if not draft.unit_price.is_finite() or draft.unit_price < 0:
            raise AmendmentRefused(f"{draft.unit_price} is no price.")
        return case.replaced(line, tiers=(), unit_price=draft.unit_price, tiering=Tiering.NONE)
    return _joined(case, (_at_other_price(case, line) for line in case.concerned() if line.cycle != Cycle.FIXED))


def _at_other_price(case: Case, line: ContractLine) -> Outcome:
    price, tiers = _raised_prices(case, line)
    return case.replaced(line, tiers=tiers, unit_price=price)


def _raised_prices(case: Case, line: ContractLine) -> tuple[Decimal | None, list[PriceTier]]:
    percent, currency = percent_of(case.contract, case.draft), case.contract.currency
    if percent <= -HUNDRED:
        raise AmendmentRefused(f"Prices can't fall by {_plain(-percent)} %.")
    price = None if line.unit_price is None else raised(line.unit_price, percent, currency)
    tiers = [
        PriceTier(from_quantity=tier.from_quantity, unit_price=raised(tier.unit_price, percent, currency))
        for tier in case.tiers.get(line.position, ())
    ]
    return price, tiers


def _upgrade(case: Case) -> Outcome:
    draft, line = case.draft, case.named_line()
    if draft.product is None:
        raise AmendmentRefused("Say which product the customer goes over to.")
    price = draft.unit_price if draft.unit_price is not None else draft.product.list_price
    if price is None:
        raise AmendmentRefused(f"Say what {draft.product} costs.")
    return case.replaced(
        line,
        tiers=(),
        product=draft.product,
        description=draft.description.strip() or draft.product.name,
        quantity=line.quantity if draft.quantity is None else _positive(draft.quantity, "the quantity"),
        unit_price=price,
        tiering=Tiering.NONE,
    )


def _end_early(case: Case) -> Outcome:
    last_on = case.draft.effective_on - ONE_DAY
    endings = [Ending(line, max(last_on, line.starts_on - ONE_DAY)) for line in case.concerned()]
    if not endings:
        raise AmendmentRefused(f"No line of {case.contract} runs on {case.draft.effective_on:%d %b %Y} or later.")
    if case.draft.position is not None:
        return case.outcome(endings)
    return Outcome(endings, (), max(last_on, case.contract.starts_on), renews=False)


def _buy_out(case: Case) -> Outcome:
    draft, contract = case.draft, case.contract
    if contract.kind != Contract.Kind.LEASE:
        raise AmendmentRefused(f"{contract} is no lease, so nothing can be bought out.")
    residual = _positive(draft.unit_price, "the residual value")
    leased = [line for line in case.lines if line.cycle != Cycle.FIXED]
    product = draft.product or (leased[0].product if leased else None)
    if product is None:
        raise AmendmentRefused("Say which product is bought out.")
    bought = ContractLine(
        contract=contract,
        product=product,
        description=draft.description.strip() or f"Buy-out: {product.name}",
        quantity=Decimal(1),
        unit_price=residual,
        cycle=Cycle.FIXED,
        timing=Timing.ADVANCE,
        anchor_on=draft.effective_on,
        starts_on=draft.effective_on,
        ends_on=draft.effective_on,
        priced_until=draft.effective_on,
        cost_centre=leased[0].cost_centre if leased else "",
    )
    last_on = draft.effective_on - ONE_DAY
    endings = [Ending(line, max(last_on, line.starts_on - ONE_DAY)) for line in case.concerned()]
    return Outcome(endings, [Following(bought)], draft.effective_on, renews=False)


def _renew(case: Case) -> Outcome:
    contract, draft = case.contract, case.draft
    if contract.ends_on is None:
        raise AmendmentRefused(f"{contract} runs until it is ended; there is nothing to renew.")
    if draft.effective_on != contract.ends_on + ONE_DAY:
        raise AmendmentRefused(
            f"{contract} is renewed from {contract.ends_on + ONE_DAY:%d %b %Y} on, the day after its end."
        )
    ends_on = months_after(draft.effective_on, contract.renewal_months or 12) - ONE_DAY
    renewed = [line for line in case.lines if _is_renewed(line, contract.ends_on)]
    if not renewed:
        raise AmendmentRefused(f"No line of {contract} runs to its end on {contract.ends_on:%d %b %Y}.")
    followings = []
    for line in renewed:
        price, tiers = _raised_prices(case, line)
        anchor_on = _next_anchor(line, draft.effective_on)
        next_line = follower_of(line, draft.effective_on, unit_price=price, ends_on=ends_on, anchor_on=anchor_on)
        followings.append(Following(next_line, tiers))
    return Outcome((), followings, ends_on, contract.renews)


def _next_anchor(line: ContractLine, starts_on: date) -> date:
    """A term that doesn't begin with a year or quarter of the line begins new ones; months stay as they are billed."""
    months = ContractLine.MONTHS[line.cycle]
    running = next(cycles(line.anchor_on, months, starts_on, starts_on))
    return line.anchor_on if months == 1 or running.first_on == starts_on else starts_on


def _is_renewed(line: ContractLine, ends_on: date) -> bool:
    return line.cycle != Cycle.FIXED and not line.never_ran and line.ends_on == ends_on


CASES: dict[str, Callable[[Case], Outcome]] = {
    Kind.ADD: _add,
    Kind.REMOVE: _remove,
    Kind.PRICE: _price,
    Kind.UPGRADE: _upgrade,
    Kind.EARLY_END: _end_early,
    Kind.BUY_OUT: _buy_out,
    Kind.RENEWAL: _renew,
}


def _joined(case: Case, outcomes: Iterator[Outcome]) -> Outcome:
    endings: list[Ending] = []
    followings: list[Following] = []
    for outcome in outcomes:
        endings += outcome.endings
        followings += outcome.followings
    if not endings:
        raise AmendmentRefused(f"No line of {case.contract} runs on {case.draft.effective_on:%d %b %Y} or later.")
    return case.outcome(endings, followings)


def _positive(number: Decimal | None, what: str) -> Decimal:
    if number is None or not number.is_finite() or number <= 0:
        raise AmendmentRefused(f"Say {what}: a number greater than 0.")
    return number


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"
