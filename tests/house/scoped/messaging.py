"""A message that waits, and a wording of the company's."""

from messaging.actions import take_up_wording
from messaging.models import Message
from tests.house.scoped import Addresses, Stage

BY_MESSAGE = ("message as_sent mail_file cancel_message confirm_message release_message resend_message").split()


def addresses(stage: Stage) -> Addresses:
    version = take_up_wording(by=stage.system, entity=stage.uk, kind="invoice", language="en")
    message = Message.objects.filter(entity=stage.uk).latest("pk")
    return {
        **{f"messaging:{name}": {"pk": message.pk} for name in BY_MESSAGE},
        "messaging:template_version": {"pk": version.pk},
    }
