"""Each boundary of the price text on its own second, and a second to either side."""

import pytest

from billing.rules.answer import answer
from billing.rules.work import Refused
from tests.unit.billing.night_shift import at, case, entry

pytestmark = pytest.mark.no_servers

SECOND = 1 / 60
DUE = ("invoice", ["cancelled_before_callback"])
NEVER = ("none", ["callback_never_made"])


def outcome(*entries, **facts):
    result = answer(case(*entries, **facts))
    return result["document"], result["review"]


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [(30 - SECOND, DUE), (30, DUE), (30 + SECOND, NEVER)],
)
def test_cancelling_is_in_time_up_to_the_last_second_of_the_promise(minutes, expected):
    facts = {"cancelled_at": at(minutes), "taken_over_at": at(5)}
    assert outcome(callback_reached_at=None, **facts) == expected


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (30, ("invoice", ["customer_not_reached"])),
        (30 + SECOND, NEVER),
    ],
)
def test_the_third_attempt_counts_up_to_the_last_second(minutes, expected):
    tried = [at(4), at(11), at(minutes)]
    assert outcome(callback_reached_at=None, callback_attempts=tried) == expected


@pytest.mark.parametrize(
    ("minutes", "review"),
    [(10 - SECOND, ["cancelled_before_callback"]), (10, []), (10 + SECOND, [])],
)
def test_who_is_called_in_that_second_has_not_cancelled_before(minutes, review):
    facts = {"cancelled_at": at(minutes), "taken_over_at": at(1)}
    assert outcome(callback_reached_at=at(10), **facts) == ("invoice", review)


def test_an_entry_without_length_is_no_work_and_no_contradiction():
    nothing = entry(15, 15)
    assert outcome(entry(10, 40), nothing) == ("invoice", [])
    assert outcome(nothing, callback_reached_at=None) == NEVER
    with pytest.raises(Refused, match=r"entries\[0\]\.ended_at"):
        answer(case(entry(15, 15 - SECOND)))


def test_a_fee_that_is_waived_for_lateness_stays_where_we_were_in_time():
    policy = {"late_callback": "waive"}
    in_time = answer(case(callback_reached_at=at(30), policy=policy))
    late = answer(case(callback_reached_at=at(30 + SECOND), policy=policy))
    assert (in_time["net"], late["net"]) == ("200.00", "0.00")


def test_no_analysis_is_free_for_a_cause_that_somebody_found():
    given = case(entry(10, 20, "application_analysis"), cause="application")
    found = answer({**given, "policy": {"undetermined": "no_analysis"}})
    assert found["net"] == "233.33"


@pytest.mark.parametrize(
    ("codes", "problem"),
    [
        (["application_analysis"], "is no line of the original"),
        (["support_beyond_included"], "is already credited"),
        (["emergency_response_fee"] * 2, "is named twice"),
    ],
)
def test_it_is_said_why_a_line_cannot_be_credited(codes, problem):
    credits = [["support_beyond_included"], codes]
    with pytest.raises(Refused, match=problem):
        answer({"original": case(entry(10, 41)), "credits": credits})
