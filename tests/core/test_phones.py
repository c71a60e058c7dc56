"""Everything a person or a carrier may write as a number becomes one address or a clear refusal."""

import phonenumbers
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from smsinbox.core.phones import (
    Address,
    BadAddress,
    Kind,
    address,
    e164,
    is_e164,
    masked,
    pretty,
    region_of,
    zone_of,
)

REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)
COUNTRY_CODES = sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE)
digits = st.text("0123456789", min_size=3, max_size=14)
dialled = st.one_of(
    st.builds("+{}{}".format, st.sampled_from(COUNTRY_CODES), digits),
    st.builds("00{}{}".format, st.sampled_from(COUNTRY_CODES), digits),
    st.from_regex(r"\A\+?[0-9٠-٩０-９ ().\-/]{1,20}\0?\Z"),
    st.from_regex(r"\A[A-Za-z0-9 &_.-]{1,11}\Z"),
    st.text(max_size=20),
)


@pytest.mark.parametrize(
    ("raw", "region", "value"),
    [
        ("+14155551234", None, "+14155551234"),
        ("+1 415 555 1234", None, "+14155551234"),
        ("  +1-415-555-1234 \n", None, "+14155551234"),
        ("+14155551234\0", None, "+14155551234"),
        ("4155551234", "US", "+14155551234"),
        ("(415) 555-1234", "US", "+14155551234"),
        ("415.555.1234", "US", "+14155551234"),
        ("14155551234", "US", "+14155551234"),
        ("1 (415) 555-1234", "CA", "+14155551234"),
        ("４１５５５５１２３４", "US", "+14155551234"),
        ("＋１４１５５５５１２３４", None, "+14155551234"),
        ("٤١٥٥٥٥١٢٣٤", "US", "+14155551234"),
        ("+٤٤ ٢٠ ٧٩٤٦ ٠٠١٨", None, "+442079460018"),
        ("\u202a+1 415\u2011555\u20111234\u202c", None, "+14155551234"),
        ("+1\u00a0415\u2009555\u00a01234", None, "+14155551234"),
        ("0044 20 7946 0018", None, "+442079460018"),
        ("0044 20 7946 0018", "US", "+442079460018"),
        ("0044 20 7946 0018", "KR", "+442079460018"),
        ("0044 20 7946 0018", "DE", "+442079460018"),
        ("0011 44 20 7946 0018", "AU", "+442079460018"),
        ("011 44 20 7946 0018", "US", "+442079460018"),
        ("020 7946 0018", "GB", "+442079460018"),
        ("+44 (0)20 7946 0018", None, "+442079460018"),
        ("+39 06 1234 5678", None, "+390612345678"),
        ("22 11 33 44", "DK", "+4522113344"),
        ("22113344", "DK", "+4522113344"),
        ("+521 55 1234 5678", None, "+525512345678"),
    ],
)
def test_a_persons_number_is_e164_however_it_is_written(raw, region, value):
    assert address(raw, region) == Address(value, Kind.PERSON)


@pytest.mark.parametrize("raw", ["911", "12345", " 262966 ", "12345678", "١٢٣٤٥"])
def test_three_to_eight_digits_without_a_plus_are_a_short_code(raw):
    assert address(raw).kind is Kind.SHORT_CODE
    assert address(raw, "US").kind is Kind.SHORT_CODE


@pytest.mark.parametrize("raw", ["MyBank", "anonymous", "H&M", "O2", "AD-620016", "Ökostrom"])
def test_up_to_eleven_characters_with_a_letter_are_a_senders_name(raw):
    assert address(raw) == Address(raw, Kind.ALPHANUMERIC)


@pytest.mark.parametrize(
    ("raw", "region", "words"),
    [
        ("", None, "Write a phone number"),
        (" \0", None, "Write a phone number"),
        ("+", None, "not a phone number"),
        ("12", None, "country code"),
        ("4155551234", None, "country code"),
        ("4155551234", "ZZ", "country code"),
        ("+15551234", None, "area code"),
        ("555-1234", "US", "area code"),
        ("+1415555123", None, "too short"),
        ("+12345", None, "too short"),
        ("+1234567890123456", None, "too long"),
        ("+4912345678901234", None, "15 digits"),
        ("1" * 65, None, "too long"),
        ("+999123456789", None, "country code"),
        ("+14155551234x5", None, "extension"),
        ("415-555-1234 ext. 12", "US", "extension"),
        ("+14155551234;ext=5", None, "extension"),
        ("4155551o34", "US", "not a phone number"),
        ("1-800-FLOWERS-NOW", "US", "name"),
        ("+MyBank", None, "name"),
        ("<b>x</b>", None, "name"),
        ("МойБанк", None, "name"),
        ("+1 415 555 1234 +1 415 555 1235", None, "not a phone number"),
        ("+1 415 555 1234\n+1 415 555 1235", None, "not a phone number"),
    ],
)
def test_what_is_no_address_is_refused_in_words(raw, region, words):
    with pytest.raises(BadAddress, match=words):
        address(raw, region)


@given(dialled, st.sampled_from([None, *REGIONS]))
def test_an_address_is_its_own_address(raw, region):
    try:
        found = address(raw, region)
    except BadAddress:
        assume(False)
    assert address(found.value, region) == found
    if found.kind is Kind.PERSON:
        assert address(found.value) == found
        assert is_e164(found.value)


@given(dialled)
def test_an_address_without_a_region_is_its_own_address(raw):
    try:
        found = address(raw)
    except BadAddress:
        assume(False)
    assert address(found.value) == found


@given(st.from_regex(r"\A\+1[2-9][0-9]{9}\Z"))
def test_the_short_cut_for_north_america_gives_what_the_numbering_plan_gives(raw):
    number = phonenumbers.parse(raw)
    assert phonenumbers.is_possible_number_with_reason(number) == 0
    assert phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) == raw
    assert address(raw) == address(f" {raw} ") == Address(raw, Kind.PERSON)


@given(st.sampled_from(REGIONS), st.sampled_from(REGIONS))
def test_a_regions_own_number_is_the_same_however_it_is_dialled(region, elsewhere):
    number = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
    assume(number and len(str(number.national_number)) > 6)
    assert number
    styles = phonenumbers.PhoneNumberFormat
    value = phonenumbers.format_number(number, styles.E164)
    assert e164(phonenumbers.format_number(number, styles.NATIONAL), region) == value
    assert e164(phonenumbers.format_number(number, styles.INTERNATIONAL), elsewhere) == value
    assert e164(phonenumbers.format_out_of_country_calling_number(number, region), region) == value


def test_only_a_persons_number_is_e164():
    assert e164("(415) 555-1234", "US") == "+14155551234"
    with pytest.raises(BadAddress, match="short code"):
        e164("12345")
    with pytest.raises(BadAddress, match="name"):
        e164("MyBank")


@pytest.mark.parametrize(
    ("raw", "strict"),
    [
        ("+14155551234", True),
        ("+442079460018", True),
        ("14155551234", False),
        ("+1 4155551234", False),
        ("+14155551234\n", False),
        ("+１４１５５５５１２３４", False),
        ("+15551234", False),
        ("+1415555123400000", False),
        ("12345", False),
        ("MyBank", False),
        ("", False),
    ],
)
def test_programs_must_send_a_plus_and_only_digits(raw, strict):
    assert is_e164(raw) is strict


@pytest.mark.parametrize(
    ("value", "region_hint", "shown"),
    [
        ("+14155550142", "US", "(415) 555-0142"),
        ("+14165550142", "US", "(416) 555-0142"),
        ("+14155550142", None, "+1 415-555-0142"),
        ("+442079460018", "US", "+44 20 7946 0018"),
        ("+442079460018", "GB", "020 7946 0018"),
        ("+14155550142", "ZZ", "+1 415-555-0142"),
        ("12345", "US", "12345"),
        ("MyBank", "US", "MyBank"),
        ("+what", "US", "+what"),
    ],
)
def test_numbers_are_shown_as_people_write_them(value, region_hint, shown):
    assert pretty(value, region_hint) == shown


@pytest.mark.parametrize(
    ("value", "region"),
    [
        ("+14155550142", "US"),
        ("+15555550142", "US"),
        ("+442079460018", "GB"),
        ("+80012345678", None),
        ("12345", None),
        ("+what", None),
    ],
)
def test_a_number_tells_its_region(value, region):
    assert region_of(value) == region


def test_logs_see_the_last_four_characters_at_most():
    assert masked("+14155550142") == "…0142"
    assert masked("911") == "…"
    assert masked("1234") == "…"


@pytest.mark.parametrize(
    ("phone", "zone"),
    [
        ("+14155550142", "America/Los_Angeles"),
        ("+4930901820", "Europe/Berlin"),
        ("+18005550142", "UTC"),  # toll-free: anywhere
        ("12345", "UTC"),
        ("Acme", "UTC"),
    ],
)
def test_a_number_is_in_a_zone_when_it_can_be_in_no_other(phone, zone):
    assert zone_of(phone) == zone
