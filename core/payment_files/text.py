"""Bringing names and texts into the letters that a payment format carries. Pure."""

import re
import unicodedata

BY_HAND = str.maketrans(
    {
        "ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", "ø": "o", "Ø": "O", "ł": "l",
        "Ł": "L", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "đ": "d", "Đ": "D", "þ": "th", "Þ": "Th", "€": "EUR",
        "’": "'", "‘": "'", "“": "'", "”": "'", "–": "-", "—": "-", "_": "-", "@": "(at)",
    }
)  # fmt: skip
NOT_SEPA = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]")
NOT_BACS = re.compile(r"[^A-Z0-9.\-/& ]")
NOT_ACH = re.compile(r"[^\x20-\x7e]")


def plain_letters(text: str) -> str:
    """The text without accents, on one line."""
    spread = unicodedata.normalize("NFKD", text.translate(BY_HAND))
    return " ".join("".join(letter for letter in spread if not unicodedata.combining(letter)).split())


def sepa_text(text: str, length: int) -> str:
    """Letters that every bank of the SEPA takes; “&” is written “+”, anything else unknown becomes a full stop."""
    written = NOT_SEPA.sub(".", plain_letters(text).replace("&", "+"))
    return written.strip("/ ").replace("//", "/")[:length].strip() or "."


def bacs_text(text: str, length: int) -> str:
    """Capitals, digits and . - / & as Bacs takes them, padded to the field's length."""
    return NOT_BACS.sub(" ", plain_letters(text).upper())[:length].ljust(length)


def ach_text(text: str, length: int) -> str:
    """Plain ASCII in capitals, padded to the field's length."""
    return NOT_ACH.sub(" ", plain_letters(text)).upper()[:length].ljust(length)
