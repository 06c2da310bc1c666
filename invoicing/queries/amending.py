"""What an amendment or a reading would be about, as the contract stands now."""

from collections.abc import Sequence
from datetime import date

from invoicing.amending import AmendmentDraft, AmendmentRefused, Outcome, runs_on, work_out
from invoicing.amendment_effects import Effect, effects_of
from invoicing.models import Contract, ContractLine
from invoicing.queries.charging import billed_nets_of, lines_of_meter, tiers_of


def lines_of(contract: Contract) -> list[ContractLine]:
    """The contract's lines in order, each knowing its contract."""
    lines = list(contract.lines.select_related("product").order_by("position"))
    for line in lines:
        line.contract = contract
    return lines


def outcome_of(contract: Contract, draft: AmendmentDraft) -> Outcome:
    """What an amendment would do to the contract; nothing is written."""
    lines = lines_of(contract)
    tiers = tiers_of(lines)
    return work_out(contract, lines, draft, {line.position: tiers.get(line.pk, ()) for line in lines})


def effects_on(contract: Contract, outcome: Outcome) -> Sequence[Effect]:
    """What it costs and gives back, with the working."""
    return effects_of(outcome, billed_nets_of(ending.line for ending in outcome.endings), contract.currency)


def usage_line(contract: Contract, position: int | None, used_on: date) -> ContractLine:
    """The usage line of this position, or the one that went on from it by the day; without one, the only one then."""
    metered = [line for line in lines_of(contract) if line.cycle == ContractLine.Cycle.USAGE]
    if position is not None:
        named = [line for line in metered if line.position == position]
        chain = lines_of_meter(named[0]) if named else []
        found = [line for line in metered if line.pk in chain and runs_on(line, used_on)] or named
    else:
        found = [line for line in metered if runs_on(line, used_on)]
    if len(found) != 1:
        wanted = f"no usage line {position}" if position is not None else f"{len(found)} usage lines on {used_on}"
        raise AmendmentRefused(f"{contract} has {wanted}. Name the position of the usage line.")
    return found[0]
