"""How a file names the readings of the price text: by a letter and a sentence."""

import json
import os
from pathlib import Path

import pytest

from billing.rules.policy import STANDARD
from billing.rules.readings import READINGS, read_policy
from billing.rules.work import Refused

pytestmark = pytest.mark.no_servers


# The readings as the price text's commentary recommends them, and the alternatives
# that the shared file names beside its cases.
@pytest.mark.parametrize(
    ("letter", "sentence", "changed"),
    [
        ("A1", "started minute, once per emergency and kind", {}),
        ("A1", "started quarter hour", {"increment": "quarter"}),
        ("A1", "started hour", {"increment": "hour"}),
        ("A1", "started minute, not quarter hour", {}),
        ("A1", "started minute, pro rata 200/60; see section 915", {}),
        ("A2", "person-time of billable entries; hand-over is non-billable", {}),
        ("A3", "not covered: charged from its first minute", {}),
        ("A3", "cover support, not any other kind", {}),
        ("A3", "included minutes cover any kind of work", {"included_cover": "any"}),
        ("A4", "infrastructure: nothing", {"infrastructure": "nothing"}),
        ("A4", "infrastructure: initial fee only", {}),
        ("A4", "all waived, only the initial fee", {}),
        ("A4", "initial fee only, nothing else", {}),
        ("A5", "entries on infrastructure marked non-billable with reason", {}),
        ("A6", "priced like application, held for review", {}),
        ("A7", "fee + support beyond 30", {}),
        ("A6", "undetermined: analysis not billable", {"undetermined": "no_analysis"}),
        ("A9", "late callback: waive the fee", {"late_callback": "waive"}),
        ("A9", "late callback: charge", {"late_callback": "charge"}),
        ("A9", "late callback: charge, no review", {"late_callback": "charge"}),
        (
            "A9",
            "late: hold, policy charge / review / waive, default review; "
            "never and no work: no document",
            {},
        ),
        ("A10", 'fee due ("regardless of time and working day")', {}),
        ("A11", "merged = one fee; different servers not merged = two", {}),
        ("A12", "elapsed real seconds between instants", {}),
        ("A13", "fee due, hold", {}),
        ("A13", "fee due", {"late_cancellation": "charge"}),
        ("A13", "waive", {"late_cancellation": "waive"}),
        ("A14", "200 per hour besides the fee, not 400", {}),
        ("A15", "line half-up; VAT half-up once per rate on the sum", {}),
        ("A16", "add seconds, then round", {}),
        ("A17", "counts as support once logged; waiting does not", {}),
        ("A18", "refused by a constraint, not silently merged", {}),
        ("A19", "terms accepted at triggering", {}),
        ("A20", "rate of the day the service is finished", {}),
        ("A21", "EU business with VAT id valid at issue; everyone else 20 %", {}),
        ("A22", "strictly greater than; refused without recipient UID", {}),
        ("A22", "required above 10,000 gross", {}),
    ],
)
def test_a_reading_is_named_by_its_letter(letter, sentence, changed):
    assert read_policy({letter: sentence}) == read_policy(changed)


@pytest.mark.parametrize(
    ("letter", "sentence"),
    [
        ("A1", "exact seconds"),
        ("A1", "exact seconds of the hour"),
        ("A1", "started minute or started quarter hour"),
        ("A2", "elapsed time"),
        ("A2", "elapsed time, not person-time"),
        ("A3", "included minutes do not cover support"),
        ("A4", "waiver for analysis only"),
        ("A5", "all or nothing"),
        ("A8", "fee is not due with zero time"),
        ("A9", "literal reading: fee is owed by triggering"),
        ("A9", "late callback: review; never called back: fee due"),
        ("A9", "late callback: waive or charge"),
        ("A10", "no fee inside office hours"),
        ("A11", "every submission"),
        ("A13", "fee not due"),
        ("A14", "400 per hour"),
        ("A15", "VAT per line"),
        ("A15", "VAT once per rate, half to even"),
        ("A19", "terms in force at closing, not at triggering"),
        ("A16", "round per entry, then sum"),
    ],
)
def test_a_reading_that_is_not_offered_is_refused(letter, sentence):
    with pytest.raises(Refused) as refused:
        read_policy({letter: sentence})
    assert refused.value.field == f"policy.{letter}"


def test_the_shared_files_policy_is_the_standard_one():
    folder = os.environ.get("EMERGENCY_TEST_DATA")
    path = Path(folder or "/nowhere") / "billing" / "cases.json"
    if not path.is_file():
        pytest.skip("EMERGENCY_TEST_DATA names no folder with billing/cases.json")
    given = json.loads(path.read_text("utf-8"))["policy"]
    assert read_policy(given) == STANDARD
    assert set(given) <= set(READINGS)


def test_every_letter_of_the_price_text_has_its_readings():
    assert list(READINGS) == [f"A{number}" for number in range(1, 23)]
