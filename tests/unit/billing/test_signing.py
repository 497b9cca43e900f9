"""Signed requests: who does not know the secret changes nothing unnoticed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rules.signing import (
    SIGNATURE,
    TIMESTAMP,
    TOLERANCE,
    headers,
    is_signed,
    signature,
)

pytestmark = pytest.mark.no_servers

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


def believed(body, *, secrets=("word",), now=NOW, sent=None, **changed):
    sent = sent or headers("word", body, NOW)
    values = {"timestamp": sent[TIMESTAMP], "signed": sent[SIGNATURE], **changed}
    return is_signed(secrets, body=body, now=now, **values)


def test_the_signature_is_the_one_that_anybody_else_computes():
    # printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac secret
    assert signature("secret", 1_700_000_000, b'{"a":1}') == (
        "v1=49f24e537407743fa4a0242bb63b94b9a47ee99cbbe071ccd8a22550ae411686"
    )


@given(st.binary(max_size=200), st.text(min_size=1, max_size=40))
def test_what_was_signed_is_believed(body, secret):
    sent = headers(secret, body, NOW)
    assert believed(body, secrets=("", secret), sent=sent)


@given(st.binary(max_size=50), st.binary(max_size=50))
def test_another_body_is_not(body, other):
    sent = headers("word", body, NOW)
    assert believed(other, sent=sent) == (body == other)


@given(st.text(max_size=80), st.text(max_size=80))
def test_nonsense_is_refused_and_never_an_error(timestamp, signed):
    assert not believed(b"{}", timestamp=timestamp, signed=signed)


@pytest.mark.parametrize("direction", [1, -1])
def test_it_is_believed_for_five_minutes_either_way(direction):
    edge = NOW + direction * TOLERANCE
    assert believed(b"{}", now=edge)
    assert not believed(b"{}", now=edge + direction * timedelta(seconds=1))


def test_without_a_secret_of_ours_nothing_is_believed():
    assert not believed(b"{}", secrets=())
    assert not believed(b"{}", secrets=("",), sent=headers("", b"{}", NOW))


def test_keys_are_changed_without_a_gap():
    old = headers("old", b"{}", NOW)[SIGNATURE]
    new = headers("new", b"{}", NOW)[SIGNATURE]
    assert believed(b"{}", secrets=("new",), signed=f"{old}, {new}")
    assert believed(b"{}", secrets=("new", "old"), signed=old)
    assert not believed(b"{}", secrets=("new",), signed=old)


@pytest.mark.parametrize("timestamp", ["", "-1", "1e9", "9" * 30, "１７"])
def test_a_time_that_is_none_is_refused(timestamp):
    assert not believed(b"{}", timestamp=timestamp)
