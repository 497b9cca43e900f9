"""Which failures make a number bad."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emergency.rules.bad_numbers import STRIKES_THAT_COUNT, judge
from emergency.rules.delivery import FailureClass, failure_class


@pytest.mark.parametrize(
    ("kind", "code", "sip", "reason"),
    [
        ("voice", "21217", "", "invalid"),
        ("sms", "21211", "", "invalid"),
        ("sms", "21614", "", "not_for_sms"),
        ("sms", "30006", "", "not_for_sms"),
        ("sms", "21610", "", "opted_out"),
        ("sms", "21612", "", ""),
        ("sms", "30005", "", ""),
        ("sms", "30007", "", ""),
        ("sms", "20429", "", ""),
        ("voice", "busy", "", ""),
        ("voice", "failed", "404", ""),
        ("voice", "99999", "", ""),
    ],
)
def test_one_failure_settles_only_what_is_beyond_doubt(
    kind: str, code: str, sip: str, reason: str
) -> None:
    failure = failure_class(kind, code, sip=sip)
    assert judge(failure, code=code, strikes=0).reason == reason


@pytest.mark.parametrize(
    ("kind", "code", "sip"),
    [("sms", "21612", ""), ("sms", "30005", ""), ("voice", "failed", "404")],
)
def test_the_third_suspicion_counts(kind: str, code: str, sip: str) -> None:
    failure = failure_class(kind, code, sip=sip)
    reasons = [judge(failure, code=code, strikes=n).reason for n in range(3)]
    assert reasons == ["", "", "unreachable"]


@given(st.sampled_from(FailureClass), st.integers(0, STRIKES_THAT_COUNT - 1))
def test_a_failure_never_makes_a_number_better(
    failure: FailureClass, strikes: int
) -> None:
    assert judge(failure, code="30003", strikes=strikes).strikes >= strikes
