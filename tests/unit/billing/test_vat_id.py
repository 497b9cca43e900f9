"""The form of VAT ids: every member state, and what a person may type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rules.tax import EU_COUNTRIES
from billing.rules.vat_id import (
    PREFIXES,
    check_digit_doubtful,
    compact,
    form_problem,
    parts,
)

pytestmark = pytest.mark.no_servers

# Ids from the documentation of the tax offices and of python-stdnum.
VALID = [
    "ATU13585627",
    "BE0428759497",
    "BG175074752",
    "CY10259033P",
    "CZ25123891",
    "DE136695976",
    "DK13585628",
    "EE100931558",
    "EL094259216",
    "ESB58378431",
    "FI20774740",
    "FR40303265045",
    "HR33392005961",
    "HU12892312",
    "IE6433435F",
    "IT00743110157",
    "LT119511515",
    "LU15027442",
    "LV40003521600",
    "MT11679112",
    "NL004495445B01",
    "PL8567346215",
    "PT501964843",
    "RO18547290",
    "SE556188840401",
    "SI50223054",
    "SK2022749619",
]


def country_of(vat_id):
    own = {prefix: country for country, prefix in PREFIXES.items()}
    return own.get(vat_id[:2], vat_id[:2])


def test_every_member_state_is_here():
    assert {country_of(vat_id) for vat_id in VALID} == EU_COUNTRIES


@pytest.mark.parametrize("vat_id", VALID)
def test_a_good_id_has_no_problem(vat_id):
    assert form_problem(vat_id, country_of(vat_id)) is None
    assert not check_digit_doubtful(vat_id)
    assert "".join(parts(vat_id)) == vat_id


@pytest.mark.parametrize("vat_id", VALID)
def test_an_id_of_another_country_or_length_is_refused(vat_id):
    other = "DE" if country_of(vat_id) != "DE" else "AT"
    assert form_problem(vat_id, other) == "prefix"
    assert form_problem(vat_id + "0" * 10, country_of(vat_id)) == "format"


@pytest.mark.parametrize("vat_id", ["ATU13585628", "DE136695977", "IT00743110158"])
def test_a_wrong_check_digit_is_kept_and_doubted(vat_id):
    assert form_problem(vat_id, country_of(vat_id)) is None
    assert check_digit_doubtful(vat_id)


@pytest.mark.parametrize("vat_id", ["AT13585627", "DE13669597X", "DE 136695976", "DE"])
def test_these_are_no_ids(vat_id):
    assert form_problem(vat_id, vat_id[:2]) == "format"


def test_ids_outside_the_union_are_taken_as_they_are():
    assert form_problem("CHE-123.456.788 MWST", "CH") is None
    assert not check_digit_doubtful("CHE123456788")


@pytest.mark.parametrize("typed", ["atu 13585627", "ATU-1358.5627", "AT/U13585627"])
def test_spaces_and_signs_are_not_part_of_it(typed):
    assert compact(typed) == "ATU13585627"


@given(st.text(max_size=30), st.sampled_from(sorted(EU_COUNTRIES)))
def test_whatever_is_typed_is_judged_and_never_an_error(typed, country):
    assert form_problem(compact(typed), country) in {None, "prefix", "format"}
    assert check_digit_doubtful(compact(typed)) in {True, False}
