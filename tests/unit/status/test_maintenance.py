"""The verdict on maintenance at an instant, from windows alone."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from status.rules.maintenance import (
    FRESHNESS_LIMIT,
    Reason,
    Result,
    SourceFacts,
    Verdict,
    judge,
)
from status.rules.matching import Component
from status.rules.windows import Phase, WindowFacts, WindowState, phase_at

NOW = datetime(2026, 11, 22, 1, 11, tzinfo=UTC)
HOUR = timedelta(hours=1)
WEB = Component(id="c1", name="web-01", group="Hosting")
DB = Component(id="c2", name="db-01", group="Hosting")
MAIL = Component(id="c3", name="mail-01")


def window(
    state=WindowState.SCHEDULED,
    start: timedelta | None = -HOUR,
    end: timedelta | None = HOUR,
    components: tuple[Component, ...] = (WEB,),
) -> WindowFacts:
    return WindowFacts(
        id="w1",
        name="Kernel update",
        state=state,
        starts_at=None if start is None else NOW + start,
        ends_at=None if end is None else NOW + end,
        components=components,
    )


def page(*windows: WindowFacts, age: timedelta | None = timedelta(0), parts=(WEB, DB)):
    return SourceFacts(
        name="Status",
        fetched_at=None if age is None else NOW - age,
        components=parts,
        windows=windows,
    )


def verdict(*sources: SourceFacts, names=("web-01",), mapped=()) -> Verdict:
    return judge(sources, now=NOW, names=names, mapped=mapped)


@pytest.mark.parametrize(
    ("state", "start", "end", "phase"),
    [
        (WindowState.RUNNING, -2 * HOUR, -HOUR, Phase.ACTIVE),
        (WindowState.RUNNING, HOUR, 2 * HOUR, Phase.ACTIVE),
        (WindowState.RUNNING, None, None, Phase.ACTIVE),
        (WindowState.FINISHED, -HOUR, HOUR, Phase.OVER),
        (WindowState.FINISHED, None, None, Phase.OVER),
        (WindowState.SCHEDULED, -HOUR, HOUR, Phase.DUE),
        (WindowState.UNKNOWN, -HOUR, HOUR, Phase.DUE),
        (WindowState.SCHEDULED, timedelta(0), HOUR, Phase.DUE),
        (WindowState.SCHEDULED, -HOUR, timedelta(0), Phase.OVER),
        (WindowState.SCHEDULED, -2 * HOUR, -HOUR, Phase.OVER),
        (WindowState.SCHEDULED, HOUR, 2 * HOUR, Phase.UPCOMING),
        (WindowState.SCHEDULED, HOUR, None, Phase.UPCOMING),
        (WindowState.SCHEDULED, -HOUR, None, Phase.UNCLEAR),
        (WindowState.SCHEDULED, None, HOUR, Phase.UNCLEAR),
        (WindowState.SCHEDULED, None, -HOUR, Phase.OVER),
        (WindowState.UNKNOWN, None, None, Phase.UNCLEAR),
        (WindowState.SCHEDULED, HOUR, -HOUR, Phase.UNCLEAR),
        (WindowState.SCHEDULED, -HOUR, -2 * HOUR, Phase.OVER),
        (WindowState.SCHEDULED, 2 * HOUR, HOUR, Phase.UPCOMING),
    ],
)
def test_the_state_beats_the_clock_and_the_clock_decides_the_rest(
    state, start, end, phase
):
    assert phase_at(window(state, start, end), NOW) is phase


def test_a_running_window_of_this_server_is_active():
    found = verdict(page(window(WindowState.RUNNING)))
    assert (found.result, found.reason) == (Result.ACTIVE, Reason.MATCHED)
    assert [entry.id for entry in found.windows] == ["w1"]
    assert found.sources == ("Status",)


def test_a_stored_window_answers_for_an_instant_after_the_last_reading():
    source = page(window(start=-timedelta(minutes=5)), age=timedelta(minutes=20))
    assert verdict(source).result is Result.DUE


def test_a_window_without_components_is_about_every_server():
    found = verdict(page(window(WindowState.RUNNING, components=())), names=())
    assert (found.result, found.reason) == (Result.ACTIVE, Reason.WHOLE_PAGE)


def test_a_window_of_other_components_rules_out_a_server_found_on_the_page():
    found = verdict(page(window(WindowState.RUNNING, components=(DB,))))
    assert (found.result, found.reason) == (Result.NONE, Reason.OTHER_COMPONENTS)
    assert [entry.id for entry in found.others] == ["w1"]


@pytest.mark.parametrize("names", [(), ("somewhere-else",), ("",)])
def test_a_server_not_found_on_the_page_is_never_ruled_out_while_work_goes_on(names):
    found = verdict(page(window(WindowState.RUNNING)), names=names)
    assert (found.result, found.reason) == (Result.UNKNOWN, Reason.NOT_MATCHED)
    assert [entry.id for entry in found.others] == ["w1"]


def test_with_nothing_running_an_unknown_server_is_in_no_maintenance():
    found = verdict(page(window(start=HOUR, end=2 * HOUR)), names=("elsewhere",))
    assert (found.result, found.reason) == (Result.NONE, Reason.NOTHING_RUNNING)


def test_an_ambiguous_name_is_shown_and_not_decided():
    one = Component(id="a", name="API", group="Vienna")
    other = Component(id="b", name="API", group="Graz")
    running = window(WindowState.RUNNING, components=(one,))
    source = page(running, parts=(one, other))
    assert verdict(source, names=("api",)).result is Result.UNKNOWN
    assert verdict(source, names=("Vienna - API",)).result is Result.ACTIVE
    assert verdict(source, names=("Graz - API",)).result is Result.NONE


@pytest.mark.parametrize(
    "typed", ["web-01", "WEB-01", " web-01 ", "web-01.example.net", "ｗｅｂ-01", "c1"]
)
def test_every_spelling_of_the_server_finds_its_component(typed):
    found = verdict(page(window(WindowState.RUNNING)), names=(typed,))
    assert found.result is Result.ACTIVE


def test_a_component_answers_to_the_name_that_its_window_gives_it():
    renamed = Component(id="c1", name="shop-01")
    source = page(window(WindowState.RUNNING, components=(renamed,)))
    assert verdict(source, names=("shop-01",)).result is Result.ACTIVE
    assert verdict(source, names=("web-01",)).result is Result.ACTIVE


def test_a_mapping_by_staff_decides_against_the_name():
    source = page(window(WindowState.RUNNING, components=(DB,)))
    assert verdict(source, mapped=("c2",)).result is Result.ACTIVE
    assert verdict(source, mapped=("db-01",)).result is Result.ACTIVE
    running_web = page(window(WindowState.RUNNING))
    assert verdict(running_web, mapped=("c2",)).result is Result.NONE


def test_an_address_on_the_page_is_matched_whole():
    address = Component(id="c9", name="192.0.2.10")
    source = page(window(WindowState.RUNNING, components=(address,)), parts=(address,))
    found = judge([source], now=NOW, names=(), addresses=("192.0.2.10",))
    assert found.result is Result.ACTIVE
    other = judge([source], now=NOW, names=(), addresses=("192.0.2.1",))
    assert other.result is Result.UNKNOWN


@pytest.mark.parametrize(
    ("age", "result", "reason"),
    [
        (FRESHNESS_LIMIT, Result.NONE, Reason.NOTHING_RUNNING),
        (FRESHNESS_LIMIT + timedelta(seconds=1), Result.UNKNOWN, Reason.STALE),
        (timedelta(days=7), Result.UNKNOWN, Reason.STALE),
        (None, Result.UNKNOWN, Reason.NEVER_READ),
    ],
)
def test_an_old_reading_cannot_rule_maintenance_out(age, result, reason):
    found = verdict(page(age=age))
    assert (found.result, found.reason) == (result, reason)


def test_an_old_reading_cannot_claim_maintenance_either():
    found = verdict(page(window(WindowState.RUNNING), age=timedelta(days=7)))
    assert found.result is Result.UNKNOWN
    assert found.windows == ()


def test_without_a_status_page_the_answer_is_unknown():
    assert verdict().reason is Reason.NO_SOURCE
    assert verdict().result is Result.UNKNOWN


def test_one_silent_page_beside_a_quiet_one_leaves_it_unknown():
    assert verdict(page(), page(age=None)).result is Result.UNKNOWN


def test_a_running_window_counts_even_when_another_page_is_silent():
    found = verdict(page(window(WindowState.RUNNING)), page(age=None))
    assert found.result is Result.ACTIVE


def test_a_window_that_names_no_end_leaves_it_unknown():
    found = verdict(page(window(end=None)))
    assert (found.result, found.reason) == (Result.UNKNOWN, Reason.UNCLEAR_WINDOW)


def test_a_component_coloured_as_in_maintenance_is_not_ruled_out():
    coloured = Component(id="c1", name="web-01", in_maintenance=True)
    found = verdict(page(parts=(coloured, DB)))
    assert (found.result, found.reason) == (Result.UNKNOWN, Reason.COMPONENT_COLOUR)
    assert verdict(page(parts=(coloured, DB)), names=("db-01",)).result is Result.NONE


moments = st.none() | st.integers(-500, 500).map(lambda m: timedelta(minutes=m))


@given(
    windows=st.lists(
        st.builds(
            window,
            state=st.sampled_from(WindowState),
            start=moments,
            end=moments,
            components=st.sampled_from([(), (WEB,), (DB,), (WEB, DB), (MAIL,)]),
        ),
        max_size=5,
    ),
    names=st.sampled_from([(), ("web-01",), ("db-01",), ("nobody",)]),
)
def test_none_is_only_answered_when_no_window_can_be_about_the_server(windows, names):
    found = verdict(page(*windows), names=names)
    open_phases = {Phase.ACTIVE, Phase.DUE, Phase.UNCLEAR}
    running = [w for w in windows if phase_at(w, NOW) in open_phases]
    if found.result is Result.NONE:
        assert all(w.components for w in running)
        assert not any(part.name in names for w in running for part in w.components)
        assert not running or names[0] in {"web-01", "db-01"}
    if found.result in {Result.ACTIVE, Result.DUE}:
        assert found.windows
