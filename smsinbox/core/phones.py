"""Who a text is from or to: the one place where anything typed or sent becomes an address.

A person's number is E.164. Carriers also deliver from short codes and from names, which have no
E.164 form. Everything that enters goes through `address` or `e164`, so one person can never own
two conversations.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, ValidationResult
from phonenumbers.timezone import UNKNOWN_TIMEZONE, time_zones_for_number

from smsinbox.core.i18n import _, _l
from smsinbox.core.text import ascii_digits


class Kind(StrEnum):
    """What sort of thing an address is; only a person can be answered everywhere."""

    PERSON = "person"
    SHORT_CODE = "short_code"
    ALPHANUMERIC = "alphanumeric"


@dataclass(frozen=True, slots=True)
class Address:
    """The canonical form: equal values are the same correspondent."""

    value: str
    kind: Kind


class BadAddress(ValueError):
    """Nobody can be reached there; the message says why, in words for whoever wrote it."""


_EXAMPLE = _l("for example +1 415 555 0142")
_LONGEST = 64  # characters, decoration included
_CACHED = 16_384  # addresses; some 5 MB

_NORTH_AMERICAN = re.compile(r"\+1[2-9][0-9]{9}")  # is canonical as it stands
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_SHORT_CODE = re.compile(r"[0-9]{3,8}")
_DIALLED = re.compile(r"\+?[0-9]+")
_DECORATION = str.maketrans("", "", " ()-./")
_DASH = re.compile(r"[\u2010-\u2015\u2212]")
_EXTENSION = re.compile(r"[+0-9 ().\-/]{7,}(?:x|#|,|;|;?\s*ext(?:ension)?)[.=:]?\s*[0-9]+", re.I)
# What a handset shows as a sender's name: GSM-7's letters, digits and the punctuation of brands.
_NAME = re.compile(r"[A-Za-z0-9ÄÅÆÇÉÑÖØÜßàäåæèéìñòöøùü !&'*+,./:@_-]{1,11}")
# Old address books write Mexican mobiles with the 1 that Mexico dropped in 2019.
_OLD_MEXICAN = re.compile(r"\+521([0-9]{10})")


def address(raw: str, region: str | None = None) -> Address:
    """The canonical address; `region` (ISO 3166, of our own number) reads numbers without a +.

    Raises BadAddress. Any number that could exist passes: numbering plans change faster than we
    are upgraded. Seven or eight digits without a + are a number only where `region` has such
    numbers, else a short code.
    """
    return _address(raw, region)


def e164(raw: str, region: str | None = None) -> str:
    """A person's number as E.164; raises BadAddress for anything else."""
    found = _address(raw, region)
    match found.kind:
        case Kind.PERSON:
            return found.value
        case Kind.SHORT_CODE:
            raise BadAddress(
                _(
                    "This is a short code or lacks its area code; write it %(example)s.",
                    example=_EXAMPLE,
                )
            )
        case Kind.ALPHANUMERIC:
            raise BadAddress(_("This is a name, not a phone number."))


def is_e164(raw: str) -> bool:
    """Whether this is what programs must send: a +, then only the digits of a possible number."""
    if not _E164.fullmatch(raw):
        return False
    try:
        return _address(raw, None).kind is Kind.PERSON
    except BadAddress:
        return False


@lru_cache(maxsize=_CACHED)
def region_of(value: str) -> str | None:
    """The region (ISO 3166) of a person's number, the main one where several share its code."""
    number = _parse(value, None) if value.startswith("+") else None
    if number is None or number.country_code is None:
        return None
    found = phonenumbers.region_code_for_number(number)
    found = found or phonenumbers.region_code_for_country_code(number.country_code)
    return found if found in phonenumbers.SUPPORTED_REGIONS else None  # satellites have none


def zone_of(value: str) -> str:
    """The time zone (IANA) in which this number is, UTC where it could be in several."""
    number = _parse(value, None) if value.startswith("+") else None
    found = time_zones_for_number(number) if number else ()
    return found[0] if len(found) == 1 and found[0] != UNKNOWN_TIMEZONE else "UTC"


@lru_cache(maxsize=_CACHED)
def pretty(value: str, region_hint: str | None = None) -> str:
    """An address as people write it: nationally when seen from the same country's region."""
    number = _parse(value, None) if value.startswith("+") else None
    if number is None:
        return value
    at_home = region_hint and number.country_code == phonenumbers.country_code_for_region(
        region_hint
    )
    style = PhoneNumberFormat.NATIONAL if at_home else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, style)


def masked(value: str) -> str:
    """The last four characters, for logs."""
    return f"\N{HORIZONTAL ELLIPSIS}{value[-4:] if len(value) > 4 else ''}"


@lru_cache(maxsize=_CACHED)
def _address(raw: str, region: str | None) -> Address:
    if _NORTH_AMERICAN.fullmatch(raw):
        return Address(raw, Kind.PERSON)
    text = _plain(raw)
    dialled = text.translate(_DECORATION)
    if _SHORT_CODE.fullmatch(text) and not _is_whole_number(text, region):
        return Address(text, Kind.SHORT_CODE)
    if _DIALLED.fullmatch(dialled):
        return Address(_person(dialled, region), Kind.PERSON)
    return Address(_name(text), Kind.ALPHANUMERIC)


def _plain(raw: str) -> str:
    """ASCII digits, dashes and spaces, nothing invisible, nothing around it."""
    if len(raw) > _LONGEST:
        raise BadAddress(
            _("This is too long for a phone number; write it %(example)s.", example=_EXAMPLE)
        )
    text = raw
    if not raw.isascii():
        visible = (c for c in raw if unicodedata.category(c) != "Cf")
        text = ascii_digits(unicodedata.normalize("NFKC", "".join(visible)))
        text = _DASH.sub("-", text)
    text = text.strip().strip("\0").strip()
    if not text:
        raise BadAddress(_("Write a phone number, %(example)s.", example=_EXAMPLE))
    if _EXTENSION.fullmatch(text):
        raise BadAddress(_("Texts cannot reach an extension; write the number without it."))
    return text


def _is_whole_number(digits: str, region: str | None) -> bool:
    """Whether a few digits are a number of this region: Denmark's have eight, Lebanon's seven."""
    if region is None or len(digits) < 7:
        return False
    number = _parse(digits, region)
    if number is None or not phonenumbers.is_valid_number(number):
        return False
    length = phonenumbers.is_possible_number_with_reason(number)
    return length == ValidationResult.IS_POSSIBLE  # some valid ones lack their area code


def _person(dialled: str, region: str | None) -> str:
    """E.164 by the numbering plans; raises BadAddress."""
    number = _number(dialled, region)
    if number is None:
        raise BadAddress(
            _("Begin the number with + and the country code, %(example)s.", example=_EXAMPLE)
        )
    match phonenumbers.is_possible_number_with_reason(number):
        case ValidationResult.IS_POSSIBLE:
            pass
        case ValidationResult.IS_POSSIBLE_LOCAL_ONLY:
            raise BadAddress(
                _("This number lacks its area code; write it %(example)s.", example=_EXAMPLE)
            )
        case ValidationResult.TOO_SHORT:
            raise BadAddress(_("This number is too short for its country."))
        case ValidationResult.TOO_LONG:
            raise BadAddress(_("This number is too long for its country."))
        case _:
            raise BadAddress(_("No number of this country has this length."))
    value = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    if not _E164.fullmatch(value):
        raise BadAddress(_("A phone number has at most 15 digits."))
    return value if value == dialled else _person(value, None)


def _number(dialled: str, region: str | None) -> PhoneNumber | None:
    """The number that was meant: with +, as dialled in the region, or behind the usual 00."""
    if dialled.startswith("+"):
        return _parse(_OLD_MEXICAN.sub(r"+52\1", dialled), None)
    local = _parse(dialled, region) if region else None
    if not dialled.startswith("00") or (local and phonenumbers.is_valid_number(local)):
        return local
    abroad = _parse(f"+{dialled[2:]}", None)
    return abroad if abroad and phonenumbers.is_possible_number(abroad) else local or abroad


def _parse(text: str, region: str | None) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(text, region)
    except NumberParseException:
        return None


def _name(text: str) -> str:
    """A sender's name; seven digits and a letter are a mistyped number."""
    if not any(c.isalpha() for c in text) or sum(map(str.isdigit, text)) >= 7:
        raise BadAddress(_("This is not a phone number; write it %(example)s.", example=_EXAMPLE))
    if text.startswith("+") or not _NAME.fullmatch(text):
        raise BadAddress(_("A sender's name has at most 11 letters, digits and spaces."))
    return text
