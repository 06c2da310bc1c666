"""Rules that people write: written, tried on lines of the past, switched on and off. Every version is kept."""

from datetime import date

from django.db import transaction

from cashapp.errors import NotTried, WrongDocument
from cashapp.models import DeductionReason, RuleTrial, RuleVersion, WrittenRule
from cashapp.queries.written_rules import lines_of_period, try_out
from cashapp.wordings import Wording, told, wording_of
from core import clock
from core.audit import audit
from core.errors import Refused
from core.models import LegalEntity, User
from core.permissions import require

MOST_DAYS = 100
MOST_KEPT = 500
Effect = RuleVersion.Effect
SWITCHES = ("switched_on_at", "switched_on_by", "switched_off_at", "switched_off_by")


@transaction.atomic
def write_rule(*, by: User, entity: LegalEntity, name: str, wording: Wording) -> RuleVersion:
    """Write a rule, or its next version. It does nothing before it is tried and switched on."""
    require(by, "cashapp.write_rule", entity)
    LegalEntity.objects.select_for_update(no_key=True).get(pk=entity.pk)
    if not name.strip():
        raise Refused("Give the rule a name.")
    _refuse_wording(entity, wording)
    rule, _ = WrittenRule.objects.get_or_create(
        entity=entity, name=name.strip(), defaults={"made_by": by, "made_at": clock.now()}
    )
    latest = rule.versions.order_by("-number").first()
    if latest is not None and wording_of(latest) == wording and latest.switched_off_at is None:
        return latest

    version = RuleVersion(
        rule=rule,
        number=latest.number + 1 if latest else 1,
        payer=wording.payer.strip(),
        text=wording.text.strip(),
        account="".join(wording.account.split()).upper(),
        bank_account=wording.bank_account,
        amount_from=wording.amount_from,
        amount_to=wording.amount_to,
        effect=wording.effect,
        customer=wording.customer,
        reason=wording.reason,
        written_by=by,
        written_at=clock.now(),
    )
    version.full_clean(exclude=SWITCHES)
    version.save(force_insert=True)

    audit(by, "rule.written", version, entity=entity, after=told(version))
    return version


@transaction.atomic
def try_rule(*, by: User, version: RuleVersion, from_on: date, until_on: date) -> RuleTrial:
    """Show what a version would have said of the lines of some days, beside what people decided on them."""
    entity = version.rule.entity
    require(by, "cashapp.try_rule", entity)
    if until_on < from_on or (until_on - from_on).days > MOST_DAYS:
        raise Refused(f"Choose a span of up to {MOST_DAYS} days.")

    lines = list(lines_of_period(entity, from_on, until_on))
    tried = list(try_out(version, lines))
    agreed = [each for each in tried if each.agrees]
    trial = RuleTrial(
        version=version,
        from_on=from_on,
        until_on=until_on,
        looked_at=len(lines),
        agreed=len(agreed),
        differed=sum(each.agrees is False for each in tried),
        undecided=sum(each.agrees is None for each in tried),
        spared=sum(each.by_a_person for each in agreed),
        lines=[each.as_data() for each in sorted(tried, key=lambda each: each.agrees is not False)[:MOST_KEPT]],
        tried_by=by,
        tried_at=clock.now(),
    )
    trial.save(force_insert=True)

    after = {"agreed": trial.agreed, "differed": trial.differed, "undecided": trial.undecided}
    audit(by, "rule.tried", version, entity=entity, after={"from": from_on, "until": until_on, **after})
    return trial


@transaction.atomic
def switch_rule_on(*, by: User, version: RuleVersion) -> RuleVersion:
    """Let the matcher follow a version that was tried and agreed with people. The version before it is switched off."""
    entity = version.rule.entity
    require(by, "cashapp.switch_rule_on", entity)
    LegalEntity.objects.select_for_update(no_key=True).get(pk=entity.pk)
    version = RuleVersion.objects.select_for_update(no_key=True, of=("self",)).select_related("rule").get(pk=version.pk)
    if version.is_on:
        return version
    _refuse_untried(version)

    moment = clock.now()
    in_force = RuleVersion.objects.filter(rule=version.rule, switched_on_at__isnull=False, switched_off_at=None)
    in_force.update(switched_off_at=moment, switched_off_by=by, off_reason=f"Version {version.number} took its place")
    version.switched_on_at, version.switched_on_by = moment, by
    version.save(update_fields=["switched_on_at", "switched_on_by"])

    audit(by, "rule.switched_on", version, entity=entity, after=told(version))
    return version


@transaction.atomic
def switch_rule_off(*, by: User, version: RuleVersion, reason: str) -> RuleVersion:
    """Let the matcher no longer follow a rule. What it decided stays explained by it."""
    entity = version.rule.entity
    require(by, "cashapp.switch_rule_off", entity)
    version = RuleVersion.objects.select_for_update(no_key=True, of=("self",)).select_related("rule").get(pk=version.pk)
    if not version.is_on:
        return version
    if not reason.strip():
        raise Refused(f"Say why “{version.rule.name}” is switched off.")

    version.switched_off_at, version.switched_off_by, version.off_reason = clock.now(), by, reason.strip()[:200]
    version.save(update_fields=["switched_off_at", "switched_off_by", "off_reason"])

    audit(by, "rule.switched_off", version, entity=entity, before=told(version), reason=reason)
    return version


def _refuse_wording(entity: LegalEntity, wording: Wording) -> None:
    if not any(part.replace("*", "").strip() for part in (wording.payer, wording.text, wording.account)):
        raise Refused("Write at least one condition: words of the payer, words of the text, or an account.")
    if wording.effect == Effect.EXPLAINS:
        if wording.reason not in DeductionReason.values:
            raise Refused("Choose the reason that explains what is missing.")
    elif wording.customer is None:
        raise Refused("Choose the customer whose money it is.")
    if wording.customer is not None and wording.customer.entity_id != entity.pk:
        raise WrongDocument(f"{wording.customer.name} is no customer of {entity.name}.")
    low, high = wording.amount_from, wording.amount_to
    if low is not None and high is not None and low > high:
        raise Refused(f"No amount lies between {low:,} and {high:,}.")


def _refuse_untried(version: RuleVersion) -> None:
    if version.switched_off_at is not None:
        raise NotTried(f"{version} was switched off. Write it anew as the next version.")
    trial = version.trials.first()
    if trial is None:
        raise NotTried(f"Try {version} on the lines of last month first.")
    if trial.differed:
        raise NotTried(
            f"People decided otherwise than {version} on {trial.differed} of {trial.agreed + trial.differed} lines. "
            "Narrow it, and try it again."
        )
    if not trial.is_enough:
        raise NotTried(
            f"People decided as {version} says on {trial.spared} of {trial.looked_at} lines, and {trial.LEAST_DECIDED} "
            "are needed. Try a longer span."
        )
