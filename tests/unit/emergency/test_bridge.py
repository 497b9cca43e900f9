"""What a provider's words about a call over the bridge prove."""

from datetime import UTC, datetime, timedelta

import pytest

from emergency.rules.bridge import (
    LONGEST_TALK,
    OUTCOME_OF_KEY,
    OUTCOME_OF_WORD,
    PLACED_WITHIN,
    SILENCE,
    Stage,
    answered,
    is_silent,
    is_too_late_to_place,
    outcome_needs_a_word,
)

DIALLED = datetime(2026, 3, 10, 1, 20, tzinfo=UTC)
HEARD = DIALLED + timedelta(seconds=40)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("said", "at"),
    [
        (None, HEARD),
        (DIALLED + 9 * SECOND, DIALLED + 9 * SECOND),
        # Clocks differ a little; nobody answers before the number was dialled.
        (DIALLED - 3 * SECOND, DIALLED),
        (HEARD + 3 * SECOND, HEARD),
        # Not believable: what we know ourselves counts.
        (DIALLED - 6 * SECOND, HEARD),
        (HEARD + timedelta(days=260), HEARD),
    ],
)
def test_the_providers_instant_counts_where_it_can_be_true(said, at):
    found = answered(said=said, heard_at=HEARD, dialled_at=DIALLED)
    assert (found.at, found.said) == (at, said)


def test_a_late_report_does_not_make_the_answer_late():
    said = DIALLED + 5 * SECOND
    late = DIALLED + timedelta(minutes=20)
    assert answered(said=said, heard_at=late, dialled_at=DIALLED).at == said


def test_a_call_that_nobody_waits_for_any_more_is_not_placed():
    last = DIALLED + PLACED_WITHIN
    assert not is_too_late_to_place(started_at=DIALLED, now=last)
    assert is_too_late_to_place(started_at=DIALLED, now=last + SECOND)


@pytest.mark.parametrize("stage", [Stage.SENT, Stage.DIALLING, Stage.ASKING])
def test_a_call_without_a_word_is_over(stage):
    def silent(now):
        return is_silent(stage, talking=False, heard_at=DIALLED, now=now)

    assert not silent(DIALLED + SILENCE)
    assert silent(DIALLED + SILENCE + SECOND)


def test_people_who_talk_are_silent_by_nature():
    def silent(after):
        return is_silent(
            Stage.DIALLING, talking=True, heard_at=DIALLED, now=DIALLED + after
        )

    assert not silent(LONGEST_TALK)
    assert silent(LONGEST_TALK + SILENCE + SECOND)


@pytest.mark.parametrize("stage", [Stage.QUEUED, Stage.CLAIMED, Stage.ENDED])
def test_what_is_not_at_the_provider_is_not_silent(stage):
    later = DIALLED + timedelta(days=1)
    assert not is_silent(stage, talking=False, heard_at=DIALLED, now=later)


@pytest.mark.parametrize("word", ["completed", "canceled", "", "in-progress"])
def test_the_technician_says_what_the_provider_cannot(word):
    assert outcome_needs_a_word(dialled=True, word=word, settled=False)
    assert not outcome_needs_a_word(dialled=True, word=word, settled=True)
    assert not outcome_needs_a_word(dialled=False, word=word, settled=False)


@pytest.mark.parametrize("word", [*OUTCOME_OF_WORD, "failed"])
def test_busy_no_answer_and_failed_need_nobody(word):
    assert not outcome_needs_a_word(dialled=True, word=word, settled=False)


def test_a_failed_call_is_no_try_and_reached_is_never_the_providers_word():
    assert "failed" not in OUTCOME_OF_WORD
    assert "canceled" not in OUTCOME_OF_WORD
    assert "reached" not in OUTCOME_OF_WORD.values()
    assert OUTCOME_OF_KEY["1"] == "reached"
