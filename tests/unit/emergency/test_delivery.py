"""Provider words: late, doubled and reordered callbacks never move a page back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emergency.rules.delivery import (
    FINAL_RANK,
    SMS_RANK,
    VOICE_RANK,
    FailureClass,
    Fate,
    failure_class,
    rank,
    supersedes,
    verdict,
)

KINDS = {"voice": VOICE_RANK, "sms": SMS_RANK}
kind_and_words = st.sampled_from(sorted(KINDS)).flatmap(
    lambda kind: st.tuples(
        st.just(kind), st.lists(st.sampled_from(sorted(KINDS[kind])), max_size=12)
    )
)


def play(kind, words):
    known = ""
    history = [known]
    for word in words:
        if supersedes(kind, known=known, known_sequence=-1, word=word, sequence=-1):
            known = word
            history.append(known)
    return history


@given(kind_and_words)
def test_the_rank_only_grows_whatever_the_order(case):
    kind, words = case
    ranks = [rank(kind, word) for word in play(kind, words)]
    assert ranks == sorted(set(ranks))


@given(kind_and_words)
def test_the_first_final_word_wins(case):
    kind, words = case
    final = [word for word in words if rank(kind, word) == FINAL_RANK[kind]]
    if final:
        assert play(kind, words)[-1] == final[0]


@given(kind_and_words)
def test_repeating_a_word_changes_nothing(case):
    kind, words = case
    doubled = [word for word in words for _ in range(2)]
    assert play(kind, doubled) == play(kind, words)


def test_an_older_sequence_number_is_ignored():
    assert not supersedes(
        "voice", known="initiated", known_sequence=3, word="ringing", sequence=2
    )


@given(st.text())
def test_a_word_nobody_knows_changes_nothing(word):
    if word not in VOICE_RANK:
        assert not supersedes(
            "voice", known="ringing", known_sequence=-1, word=word, sequence=9
        )


def test_an_answered_call_that_ended_without_a_key_is_a_failure():
    assert verdict("voice", "completed").fate is Fate.FAILED


@pytest.mark.parametrize("machine", ["machine_start", "machine_end_beep", "fax"])
def test_a_machine_is_a_failure_at_once(machine):
    found = verdict("voice", "in-progress", answered_by=machine)
    assert (found.fate, found.error_code) == (Fate.FAILED, "machine")


def test_an_undelivered_text_is_a_failure_with_its_code():
    found = verdict("sms", "undelivered", error_code="30003")
    assert (found.fate, found.error_code) == (Fate.FAILED, "30003")


def test_sent_is_not_delivered():
    assert verdict("sms", "sent").fate is Fate.IN_FLIGHT
    assert verdict("sms", "delivered").fate is Fate.DELIVERED


@pytest.mark.parametrize(
    ("kind", "code", "sip", "expected"),
    [
        ("voice", "http_503", "", FailureClass.UNKNOWN),
        ("sms", "no_answer_from_provider", "", FailureClass.UNKNOWN),
        ("sms", "20429", "", FailureClass.THROTTLED),
        ("sms", "30001", "", FailureClass.THROTTLED),
        ("voice", "20003", "", FailureClass.ACCOUNT),
        ("sms", "21609", "", FailureClass.CONFIGURATION),
        ("voice", "21217", "", FailureClass.NUMBER_INVALID),
        ("email", "address_refused", "", FailureClass.NUMBER_INVALID),
        ("sms", "21614", "", FailureClass.NOT_FOR_SMS),
        ("sms", "21612", "", FailureClass.NO_ROUTE),
        ("sms", "21610", "", FailureClass.OPTED_OUT),
        ("sms", "30005", "", FailureClass.HANDSET),
        ("sms", "30007", "", FailureClass.BLOCKED),
        ("voice", "no-answer", "", FailureClass.ENDED),
        ("voice", "machine", "", FailureClass.ENDED),
        ("voice", "failed", "480", FailureClass.ENDED),
        ("voice", "failed", "487", FailureClass.ENDED),
        ("voice", "failed", "404", FailureClass.FAILED),
        ("voice", "failed", "", FailureClass.HANDSET),
        ("sms", "failed", "", FailureClass.HANDSET),
    ],
)
def test_a_code_says_what_follows_from_it(kind, code, sip, expected):
    assert failure_class(kind, code, sip=sip) is expected


@given(st.sampled_from(["voice", "sms", "email", "push"]), st.text(), st.text())
def test_an_unknown_code_keeps_the_number(kind, code, sip):
    unknown = f"x{code}"
    assert failure_class(kind, unknown, sip=sip) is FailureClass.OTHER
