"""What the drop-downs of several forms offer."""

from babel import Locale

from customers.importing.values import countries

LANGUAGES = [(code, Locale("en").languages[code]) for code in "en de fr es it nl pt pl sv da fi nb cs".split()]


def country_choices() -> list[tuple[str, str]]:
    """Countries by their English names."""
    names = Locale("en").territories
    known = {code for code in countries().values() if code in names}
    return [("", "Choose")] + sorted(((code, names[code]) for code in known), key=lambda choice: choice[1])
