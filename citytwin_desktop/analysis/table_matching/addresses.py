"""Addresses brought to one form: street, number, unit, postcode and town, whatever the country's order."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

# The last word of a street in English and French, and the first in French; others stay as they are.
_LAST_WORDS = {
    "st": "street", "str": "strasse", "rd": "road", "ave": "avenue", "av": "avenue", "ln": "lane",
    "dr": "drive", "ct": "court", "crt": "court", "cres": "crescent", "cr": "crescent", "sq": "square", "pl": "place",
    "ter": "terrace", "terr": "terrace", "tce": "terrace", "gdns": "gardens", "gdn": "garden", "gr": "grove",
    "gro": "grove",
    "pk": "park", "blvd": "boulevard", "hwy": "highway", "pkwy": "parkway", "cl": "close", "clo": "close",
    "mt": "mount",
    "bldgs": "buildings", "bldg": "building", "hse": "house", "est": "estate", "wy": "way", "wk": "walk",
}  # fmt: skip
_FIRST_WORDS = {
    "r": "rue", "av": "avenue", "ave": "avenue", "bd": "boulevard", "bld": "boulevard", "blvd": "boulevard",
    "ch": "chemin", "che": "chemin", "imp": "impasse", "pl": "place", "rte": "route", "all": "allee", "sq": "square",
    "v": "via", "p.za": "piazza", "pza": "piazza", "c": "calle", "saint": "st", "sainte": "ste", "sankt": "st",
}  # fmt: skip
_UNIT = re.compile(
    r"\b(?:flat|apartment|apt|unit|studio|room|suite|appartement|appt|app|wohnung|whg|interno|maisonette)\s*(?:no\s*)?"
    r"(\d+[a-z]?|[a-z]\d*)\b"
)
_POSTCODES = (
    re.compile(r"\b([a-z]{1,2}\d[a-z\d]?)\s*(\d[a-z]{2})\b"),  # United Kingdom
    re.compile(r"\b([a-z]\d[a-z])\s*(\d[a-z]\d)\b"),  # Canada
    re.compile(r"\b([1-9]\d{3})\s?([a-z]{2})\b"),  # Netherlands
    re.compile(r"\b(\d{5})()\b"),  # Germany, France, Italy, United States
    re.compile(r"\b([1-9]\d{3})()\b"),  # Switzerland, Austria, Belgium
)
_STARTS = re.compile(
    r"(\d{1,5})\s?([a-z]\b)?(?:\s?[-/]\s?(\d{1,5})\s?([a-z]\b)?)?(?:\s+(bis|ter)\b)?\s+(?=.*[a-z])(.+)"
)
_ENDS = re.compile(r"(.*\D)\s(\d{1,5})\s?([a-z]\b)?(?:\s?[-/]\s?(\d{1,5})?\s?([a-z]\b)?)?$")
_NUMBER_ONLY = re.compile(r"(\d{1,5})\s?([a-z])?(?:\s?[-/]\s?(\d{1,5})\s?([a-z])?)?")


@dataclass(frozen=True)
class Address:
    """An address in one form; empty where nothing is known.

    Parameters
    ----------
    street : str
        Lower case, without accents, abbreviations written out.
    low, high : int
        House number and the last of a range, the same where there is none; 0 for none.
    letter : str
        Behind the number.
    unit : str
        Flat within the building.
    postcode : str
        Without blanks.
    town : str
    """

    street: str = ""
    low: int = 0
    high: int = 0
    letter: str = ""
    unit: str = ""
    postcode: str = ""
    town: str = ""

    @property
    def known(self) -> bool:
        """Whether there is enough to look for."""
        return bool(self.street)


def parsed_address(lines: Sequence[str], number: str = "", postcode: str = "", town: str = "") -> Address:
    """Bring an address to one form.

    Parameters
    ----------
    lines : sequence of str
        Lines of the address, or one line with its parts parted by commas.
    number, postcode, town : str
        Where they stand apart.
    """
    parts = [plain(part) for line in lines for part in re.split(r"[,;\n]", line)]
    parts = [part for part in parts if part]
    unit, parts = _without_unit(parts)
    code = _postcode(plain(postcode))
    if not code:
        code, parts = _found_postcode(parts)
    place = plain(town)
    parts = [part for part in parts if part != place] or parts
    if number.strip():
        low, high, letter = _number(plain(number))
        street = next((part for part in parts), "")
    else:
        street, low, high, letter = _street_and_number(parts)
    return Address(_written_out(street), low, high, letter, unit, code, place)


def plain(text: str) -> str:
    """Lower case, without accents and marks, single blanks."""
    text = unicodedata.normalize("NFKD", text.casefold().replace("ß", "ss"))
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[.'’`´\"()]+", " ", text.replace("n°", " ")).split())


def _without_unit(parts: list[str]) -> tuple[str, list[str]]:
    unit, rest = "", []
    for part in parts:
        match = _UNIT.search(part)
        if match and not unit:
            unit = match.group(1)
            part = " ".join((part[: match.start()] + " " + part[match.end() :]).split())
        if part:
            rest.append(part)
    return unit, rest


def _postcode(text: str) -> str:
    for pattern in _POSTCODES:
        if match := pattern.search(text):
            return match.group(1) + match.group(2)
    return text.replace(" ", "")


def _found_postcode(parts: list[str]) -> tuple[str, list[str]]:
    """Postcode at the end of an address, never in its first part, where a number is that of the house."""
    for pattern in _POSTCODES:
        for place in range(len(parts) - 1, 0, -1):
            if match := pattern.search(parts[place]):
                rest = " ".join((parts[place][: match.start()] + " " + parts[place][match.end() :]).split())
                return match.group(1) + match.group(2), [*parts[:place], *([rest] if rest else []), *parts[place + 1 :]]
    return "", parts


def _street_and_number(parts: list[str]) -> tuple[str, int, int, str]:
    for place, part in enumerate(parts):
        if match := _STARTS.fullmatch(part):
            low, letter, high, _, bis, street = match.groups()
            return street, int(low), max(int(high or low), int(low)), letter or bis or ""
        if match := _ENDS.fullmatch(part):
            street, low, letter, high, _ = match.groups()
            return street, int(low), max(int(high or low), int(low)), letter or ""
        if _NUMBER_ONLY.fullmatch(part) and place + 1 < len(parts):
            return parts[place + 1], *_number(part)
    return (parts[0] if parts else ""), 0, 0, ""


def _number(text: str) -> tuple[int, int, str]:
    match = _NUMBER_ONLY.match(text)
    if not match:
        return 0, 0, ""
    low, letter, high, _ = match.groups()
    return int(low), max(int(high or low), int(low)), letter or ""


def _written_out(street: str) -> str:
    words = re.sub(r"[^\w ]+", " ", street).split()
    if not words:
        return ""
    if len(words) > 1:
        words[0] = _FIRST_WORDS.get(words[0], words[0])
        words[-1] = _LAST_WORDS.get(words[-1], words[-1])
    if words[-1].endswith("str") and len(words[-1]) > 5:
        words[-1] += "asse"
    return " ".join(words)
