"""One base error for everything that the product refuses to do."""


class Refused(Exception):
    """Raised by an action that will not be carried out.

    The message is a sentence for the person at the screen: it names the document and the amount and says
    what to do. `code` is for machines: the API answers 409 with both.
    """

    code = "refused"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotAllowed(Refused):
    """The person holds no role in the entity that allows the action."""

    code = "not_allowed"


class SameKeyOtherContent(Refused):
    """An idempotency key came back with other content than the first time."""

    code = "same_key_other_content"
