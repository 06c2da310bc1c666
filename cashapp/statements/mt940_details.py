"""Field 86 in its dialects: German and Polish subfields, Dutch slashes, keys with semicolons, plain words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from cashapp.statements.model import Charge
from cashapp.statements.values import reference, squeeze, swift_amount

FULL_LINE = 64
SUBFIELDS = re.compile(r"(\d{3})([?~<>^|])(?=\d{2})")
SLASH_CODES = (
    "TRTP IBAN BIC NAME REMI EREF ORDP BENM ADDR CSID MARF RTRN PREF ISDT UDTR UCRD PURP ULTD ULTC CNTP KREF TRCD "
    "OCMT CHGS EXCH INIT SVCL SUM PT PY BO BN"
).split()
SLASH_CODE = re.compile(rf"/({'|'.join(SLASH_CODES)})/")
SEPA_KEY = re.compile(r"(EREF|KREF|MREF|CRED|DEBT|COAM|OAMT|SVWZ|ABWA|ABWE|PURP)\+|(MTLG):")
SEPA_REFERENCES = {"EREF": "end_to_end", "KREF": "customer_reference", "MREF": "mandate", "CRED": "creditor_identifier"}
SLASH_REFERENCES = {
    "EREF": "end_to_end",
    "PREF": "payment",
    "KREF": "customer_reference",
    "MARF": "mandate",
    "CSID": "creditor_identifier",
}
COLON_KEY = re.compile(r"(ID IPH|Z RACH\.|NA RACH\.|OD|DLA|TYT\.|TNR): ?")
DUTCH_ACCOUNT = re.compile(r"REK: ?(?P<account>[A-Z0-9]+)(?:/NAAM: ?(?P<name>.*))?")
CODE_AND_WORDS = re.compile(r"([A-Z0-9]{3})\?(?!\d\d)(.*)$", re.DOTALL)
IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
LONG_ACCOUNT = re.compile(r"\d{16}|\d{24}|\d{26}")
AMOUNT = re.compile(r"([A-Z]{3})? ?(\d+,\d{0,3})")


@dataclass(frozen=True, slots=True)
class Details:
    """What field 86 gives to a line."""

    text: str = ""
    payer: str = ""
    payer_account: str = ""
    ultimate_payer: str = ""
    posting_text: str = ""
    return_reason: str = ""
    transaction_code: str = ""
    references: dict[str, str] = field(default_factory=dict)
    charges: tuple[Charge, ...] = ()
    original: tuple[Decimal, str] | None = None


def read_details(lines: Sequence[str], supplementary: str = "", customer_reference: str = "") -> Details:
    """Tell the dialect by its shape and read it."""
    joined = "".join(lines)
    start = SUBFIELDS.match(joined)
    if start:
        return _subfields(joined[start.end() - 1 :], start[1], start[2])
    if re.fullmatch(r"\d{3}", joined.strip()):
        return Details(transaction_code=joined.strip())
    if SLASH_CODE.match(joined):
        return _slashes(joined, supplementary)
    if len(COLON_KEY.findall(joined)) > 1:
        return _colon_keys(lines)
    return _plain(lines, supplementary, customer_reference)


def joined_lines(lines: Sequence[str]) -> str:
    """Words of one text: a line that is full to its width goes on in the middle of a word."""
    text = ""
    for position, line in enumerate(lines):
        full = len(line) >= FULL_LINE and position + 1 < len(lines)
        text += line if full else f"{line} "
    return squeeze(text)


def _subfields(joined: str, code: str, separator: str) -> Details:
    """The German and Polish shape: two digits behind a separator say what follows."""
    values: dict[str, str] = {}
    for part in joined.split(separator)[1:]:
        values[part[:2]] = values.get(part[:2], "") + part[2:]
    german = separator == "?"
    purpose = "".join(values.get(f"2{digit}", "") for digit in range(10))
    more = "".join(values.get(f"6{digit}", "") for digit in range(4)) if german else ""
    purpose += more if "29" in values else f" {more}".rstrip()
    keys, words, announced = _sepa_keys(purpose)
    references = {name: found for key, name in SEPA_REFERENCES.items() if (found := reference(keys.get(key)))}
    returned = values.get("34", "").strip()
    return Details(
        text=squeeze(words),
        payer=squeeze(values.get("32", "") + values.get("33", "")),
        payer_account=(values.get("38") or values.get("31", "")).replace(" ", ""),
        ultimate_payer=squeeze(keys.get("ABWA", "")),
        posting_text=squeeze(f"{values.get('00', '')} {announced}"),
        return_reason=returned if returned.strip("0") and german else "",
        transaction_code=code,
        references=references,
        charges=_charge(keys.get("COAM")),
        original=_money(keys.get("OAMT")),
    )


def _sepa_keys(purpose: str) -> tuple[dict[str, str], str, str]:
    """The SEPA keys inside the purpose, the payer's words, and the bank's words in front of the keys."""
    found = list(SEPA_KEY.finditer(purpose))
    if not found:
        return {}, purpose, ""
    keys: dict[str, str] = {}
    for position, key in enumerate(found):
        end = found[position + 1].start() if position + 1 < len(found) else len(purpose)
        keys[key[1] or key[2]] = purpose[key.end() : end]
    before = purpose[: found[0].start()]
    message = keys.get("MTLG", "")
    if "SVWZ" in keys:
        return keys, f"{keys['SVWZ']} {message}", before
    return keys, f"{before} {message}", ""


def _money(written: str | None) -> tuple[Decimal, str] | None:
    found = AMOUNT.search(written or "")
    return (swift_amount(found[2]), found[1] or "EUR") if found else None


def _charge(written: str | None) -> tuple[Charge, ...]:
    found = _money(written)
    return (Charge(*found),) if found else ()


def _slashes(joined: str, supplementary: str) -> Details:
    """The Dutch shape: codes between slashes, each followed by its value."""
    found = list(SLASH_CODE.finditer(joined))
    values: dict[str, str] = {}
    for position, code in enumerate(found):
        end = found[position + 1].start() if position + 1 < len(found) else len(joined)
        values.setdefault(code[1], joined[code.end() : end].strip("/ "))
    account, _, rest = values.get("CNTP", "").partition("/")
    name = rest.split("/")[1] if "/" in rest else ""
    references = {key: given for code, key in SLASH_REFERENCES.items() if (given := reference(values.get(code)))}
    text, structured = _remittance(values.get("REMI") or values.get("PY", ""))
    if structured:
        references["creditor_reference"] = structured
    return Details(
        text=text,
        payer=squeeze(name or _first_of(values, "NAME", "BO", "BN", "ORDP", "BENM")),
        payer_account=account or values.get("IBAN", "").replace(" ", "") or _account_in(supplementary),
        ultimate_payer=squeeze(values.get("UDTR") or values.get("ULTD", "")),
        posting_text=squeeze(values.get("TRTP", "")),
        return_reason=values.get("RTRN", ""),
        transaction_code=values.get("TRCD", ""),
        references=references,
    )


def _first_of(values: dict[str, str], *codes: str) -> str:
    return next((values[code] for code in codes if values.get(code)), "")


def _remittance(written: str) -> tuple[str, str]:
    """The text, and the structured reference that `STRD/CUR/…` or `STRD/ISO/…` holds."""
    if written.startswith("STRD/"):
        structured = reference(written.rpartition("/")[2])
        return structured, structured
    return squeeze(re.sub(r"^USTD//", "", written)), ""


def _account_in(text: str) -> str:
    found = IBAN.fullmatch(text.replace(" ", ""))
    return found[0] if found else ""


def _colon_keys(lines: Sequence[str]) -> Details:
    """The shape of Polish collecting accounts: `OD: payer; TYT.: words; TNR: unique number`."""
    joined = "\n".join(lines)
    found = list(COLON_KEY.finditer(joined))
    values: dict[str, str] = {}
    for position, key in enumerate(found):
        end = found[position + 1].start() if position + 1 < len(found) else len(joined)
        values[key[1]] = joined[key.end() : end].strip().rstrip(";").rstrip()
    who = values.get("OD") or values.get("DLA", "")
    references = {
        "virtual_account": squeeze(values.get("ID IPH", "")),
        "transaction": squeeze(values.get("TNR", "")),
    }
    return Details(
        text=squeeze(values.get("TYT.", "")),
        payer=squeeze(who.partition("\n")[0]),
        payer_account=re.sub(r"\s", "", values.get("Z RACH.") or values.get("NA RACH.", "")),
        posting_text=squeeze(joined[: found[0].start()].strip(" ;\n")),
        references={name: value for name, value in references.items() if value},
    )


def _plain(lines: Sequence[str], supplementary: str, customer_reference: str) -> Details:
    """Plain words, with what can be told of the payer from their habits."""
    coded = CODE_AND_WORDS.match("\n".join(lines))
    if coded:
        return _code_and_words(coded[1], coded[2].split("\n"), supplementary)
    dutch = next((found for line in lines if (found := DUTCH_ACCOUNT.search(line))), None)
    if dutch:
        return Details(text=joined_lines(lines), payer=squeeze(dutch["name"] or ""), payer_account=dutch["account"])
    if supplementary and lines and squeeze(lines[0]) == squeeze(f"{customer_reference} {supplementary}"):
        return Details(text=joined_lines(lines[1:]), payer=supplementary, payer_account=_account_in(customer_reference))
    if len(lines) > 2 and LONG_ACCOUNT.fullmatch(lines[1].strip()):
        return Details(text=joined_lines(lines), payer=squeeze(lines[2]), payer_account=lines[1].strip())
    return Details(text=joined_lines(lines))


def _code_and_words(code: str, lines: Sequence[str], supplementary: str) -> Details:
    """The Swiss shape: a code, a question mark, the other side, and the bank's words again at the end."""
    text = joined_lines(lines)
    named = bool(supplementary) and text != supplementary and text.endswith(supplementary)
    return Details(text=text, payer=squeeze(lines[0]) if named else "", transaction_code=code)
