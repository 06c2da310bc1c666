"""Strategies: taken up as they come with the product, drafted anew, changed while drafts, switched on and off."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from ar_collections.models import Segment, Step, Strategy, StrategyVersion
from ar_collections.segments import USUAL, StepFacts, UsualSegment
from core import clock
from core.audit import audit
from core.errors import Refused
from core.models import LegalEntity, User
from core.permissions import require

LAST_OF_ALL = 10
COPIED = (
    "code", "name", "day", "tone", "template", "channel", "asks_call", "copy_to", "copy_addresses", "is_courtesy",
    "is_by_hand",
)  # fmt: skip


class NotADraft(Refused):
    """The version was switched on, so it stays as it is."""

    code = "not_a_draft"


class NoLadder(Refused):
    """What was written down is no ladder that could be climbed."""

    code = "no_ladder"


@transaction.atomic
def set_up_strategies(*, by: User, entity: LegalEntity) -> list[Segment]:
    """Take up the seven usual segments with their ladders, as drafts; those that are there stay as they are."""
    require(by, "collections.set_up_strategies", entity)
    _take_turn(entity)
    there = set(Segment.objects.filter(entity=entity).values_list("code", flat=True))

    for place, usual in enumerate(USUAL, 1):
        if usual.code not in there:
            _set_up(by, entity, usual, place * LAST_OF_ALL)
    return list(Segment.objects.filter(entity=entity).select_related("strategy").order_by("position"))


@transaction.atomic
def draft_strategy(*, by: User, strategy: Strategy) -> StrategyVersion:
    """Begin the next version of a strategy as a copy of the latest; a draft that is there is given."""
    require(by, "collections.draft_strategy", strategy.entity)
    _take_turn(strategy.entity)
    latest = strategy.versions.first()
    if latest is not None and latest.is_draft:
        return latest

    steps = [_facts_of(step) for step in latest.steps.order_by("day")] if latest else []
    gap = latest.gap_days if latest else 3
    draft = _write(by, strategy, latest.number + 1 if latest else 1, steps, gap)

    audit(by, "strategy.drafted", draft, entity=strategy.entity)
    return draft


@transaction.atomic
def change_strategy(
    *, by: User, version: StrategyVersion, steps: Sequence[StepFacts], gap_days: int, note: str = ""
) -> StrategyVersion:
    """Write the steps of a draft anew."""
    entity = version.strategy.entity
    require(by, "collections.change_strategy", entity)
    _take_turn(entity)
    version = _locked(version)
    if not version.is_draft:
        raise NotADraft(f"{version} was switched on and stays as it is. Draft the next version.")
    _refuse_steps(steps)

    before = [f"{step.day:+d} {step.name}" for step in version.steps.order_by("day")]
    version.gap_days, version.note = gap_days, note.strip()[:300]
    version.clean_fields(exclude=["switched_on_by", "switched_off_by", "switched_on_at", "switched_off_at"])
    version.save(update_fields=["gap_days", "note"])
    version.steps.all().delete()
    _add_steps(version, steps)

    after = {"gap_days": gap_days, "steps": [f"{step.day:+d} {step.name}" for step in _by_day(steps)]}
    audit(by, "strategy.changed", version, entity=entity, before={"steps": before}, after=after, reason=version.note)
    return version


@transaction.atomic
def switch_strategy_on(*, by: User, version: StrategyVersion) -> StrategyVersion:
    """Let customers be written to by a version. The one before it ends; steps that were taken stay taken."""
    entity = version.strategy.entity
    require(by, "collections.switch_strategy_on", entity)
    _take_turn(entity)
    version = _locked(version)
    if version.is_on:
        return version
    if version.switched_off_at is not None:
        raise NotADraft(f"{version} was switched off. Draft the next version.")
    _refuse_steps([_facts_of(step) for step in version.steps.all()])

    moment = clock.now()
    for old in version.strategy.versions.filter(switched_on_at__isnull=False, switched_off_at=None):
        old.switched_off_at, old.switched_off_by = moment, by
        old.off_reason = f"Version {version.number} took its place"
        old.save(update_fields=["switched_off_at", "switched_off_by", "off_reason"])
    version.switched_on_at, version.switched_on_by = moment, by
    version.save(update_fields=["switched_on_at", "switched_on_by"])

    steps = [f"{step.day:+d} {step.name}" for step in version.steps.order_by("day")]
    audit(by, "strategy.switched_on", version, entity=entity, after={"steps": steps})
    return version


@transaction.atomic
def switch_strategy_off(*, by: User, version: StrategyVersion, reason: str) -> StrategyVersion:
    """Write to nobody by this strategy any more. Its customers stand in the preview with that as the reason."""
    entity = version.strategy.entity
    require(by, "collections.switch_strategy_off", entity)
    _take_turn(entity)
    version = _locked(version)
    if not version.is_on:
        return version
    if not reason.strip():
        raise Refused(f"Say why “{version.strategy.name}” is switched off.")

    version.switched_off_at, version.switched_off_by, version.off_reason = clock.now(), by, reason.strip()[:200]
    version.save(update_fields=["switched_off_at", "switched_off_by", "off_reason"])

    audit(by, "strategy.switched_off", version, entity=entity, reason=version.off_reason)
    return version


# Writing -------------------------------------------------------------------------------------------------------------


def _set_up(by: User, entity: LegalEntity, usual: UsualSegment, position: int) -> None:
    facts = {"name": usual.name, "purpose": usual.purpose, "made_by": by, "made_at": clock.now()}
    strategy, is_new = Strategy.objects.get_or_create(entity=entity, code=usual.code, defaults=facts)
    segment = Segment.objects.create(
        entity=entity,
        code=usual.code,
        name=usual.name,
        position=position,
        rule=usual.rule,
        keyword=usual.keyword,
        threshold=usual.threshold,
        strategy=strategy,
    )
    if is_new:
        _write(by, strategy, 1, usual.steps, 3)
    audit(by, "segment.set_up", segment, entity=entity, after={"rule": usual.rule, "strategy": strategy.code})


def _write(by: User, strategy: Strategy, number: int, steps: Sequence[StepFacts], gap_days: int) -> StrategyVersion:
    version = StrategyVersion.objects.create(
        strategy=strategy, number=number, gap_days=gap_days, written_by=by, written_at=clock.now()
    )
    _add_steps(version, steps)
    return version


def _add_steps(version: StrategyVersion, steps: Sequence[StepFacts]) -> None:
    rows = [Step(version=version, **_as_fields(step)) for step in _by_day(steps)]
    for row in rows:
        try:
            row.full_clean(exclude=["version"], validate_constraints=False)
        except ValidationError as error:
            raise NoLadder(f"{row.name}: {' '.join(error.messages)}") from None
    Step.objects.bulk_create(rows)


def _as_fields(step: StepFacts) -> dict[str, Any]:
    fields: dict[str, Any] = {name: getattr(step, name) for name in COPIED}
    return {**fields, "copy_addresses": list(step.copy_addresses)}


def _facts_of(step: Step) -> StepFacts:
    facts = {name: getattr(step, name) for name in COPIED}
    return StepFacts(**{**facts, "copy_addresses": tuple(step.copy_addresses)})


def _by_day(steps: Sequence[StepFacts]) -> list[StepFacts]:
    return sorted(steps, key=lambda step: step.day)


def _refuse_steps(steps: Sequence[StepFacts]) -> None:
    if not steps:
        raise NoLadder("A ladder has at least one step.")
    for what in ("code", "day"):
        count = Counter(getattr(step, what) for step in steps)
        if twice := [each for each, found in count.items() if found > 1]:
            raise NoLadder(f"Two steps have the {what} {twice[0]}. Give each its own.")
    for step in steps:
        if step.channel != Step.Channel.NONE and not step.template:
            raise NoLadder(f"{step.name} is written, so choose its wording.")
        if step.channel == Step.Channel.NONE and not (step.asks_call or step.is_by_hand):
            raise NoLadder(f"{step.name} does nothing: let it write, call, or be a manager's.")


def _take_turn(entity: LegalEntity) -> None:
    LegalEntity.objects.select_for_update(no_key=True).get(pk=entity.pk)


def _locked(version: StrategyVersion) -> StrategyVersion:
    rows = StrategyVersion.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("strategy__entity").get(pk=version.pk)
