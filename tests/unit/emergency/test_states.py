"""The table of moves is complete and has no way back from the end."""

import pytest

from emergency.rules.states import (
    MOVES,
    OPEN_STATES,
    WAITING_STATES,
    ForbiddenMove,
    State,
    Verb,
    after,
    sources,
)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("verb", Verb)
def test_a_verb_is_allowed_exactly_where_the_table_has_it(state, verb):
    if state in sources(verb):
        assert after(state, verb) is MOVES[state][verb]
    else:
        with pytest.raises(ForbiddenMove):
            after(state, verb)


def test_every_verb_is_allowed_somewhere():
    assert all(sources(verb) for verb in Verb)


def test_nothing_leads_out_of_closed_and_cancelled():
    assert State.CLOSED not in OPEN_STATES
    assert State.CANCELLED not in OPEN_STATES


def test_every_open_state_can_be_brought_to_an_end():
    def ends(state, seen):
        if state not in OPEN_STATES:
            return True
        return any(
            ends(target, seen | {state})
            for target in MOVES[state].values()
            if target not in seen
        )

    assert all(ends(state, frozenset()) for state in OPEN_STATES)


def test_the_customer_waits_until_somebody_reached_them():
    assert {State.PAGING, State.ACKNOWLEDGED} == WAITING_STATES
    assert set(sources(Verb.REACH)) == WAITING_STATES | {State.UNREACHED}
