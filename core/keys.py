"""Keys of rows as addresses and forms write them."""

from collections.abc import Iterable

MOST_DIGITS = 18
"""As many as every number of a key column has room for."""


def key_in(text: str) -> int | None:
    """The key that somebody wrote; nothing where it is none that a row could have."""
    return int(text) if text.isdecimal() and len(text) <= MOST_DIGITS else None


def keys_in(texts: Iterable[str]) -> list[int]:
    """The keys among what somebody wrote, in their order."""
    return [key for text in texts if (key := key_in(text)) is not None]
