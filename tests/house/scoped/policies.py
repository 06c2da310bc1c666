"""A policy with its version."""

from controls.actions.policies import PolicyText, write_policy
from tests.house.scoped import MARKER, Addresses, Stage


def addresses(stage: Stage) -> Addresses:
    policy = write_policy(by=stage.manager, entity=stage.uk, written=PolicyText(title=MARKER, text=MARKER))
    names = "policy change_policy confirm_reading end_policy".split()
    return {f"controls:{name}": {"pk": policy.pk} for name in names}
