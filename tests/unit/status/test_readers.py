"""What each reader makes of a page, and that damage never reads as "no maintenance"."""

import json
import os
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from status.rules.windows import Phase, phase_at
from status.sources.base import Document, SourceError, worth_keeping
from status.sources.kinds import ALIASES
from tests.unit.status.sample import NOW, Sample
from tests.unit.status.samples import BUSY, QUIET

pytestmark = pytest.mark.no_servers

JUNK: tuple[Any, ...] = (
    *(None, True, -1, 7, 10**400, 1e300, "", "\ud800\x00"),
    *([], [[]], {}, [{}], {"id": []}),
)
SILENT = {Phase.OVER, Phase.UPCOMING}


def rules_out(document: Document, now: datetime = NOW) -> bool:
    """True when this page would let "no maintenance" be said at ``now``."""
    if document.doubt is not None:
        return False
    if document.good_until is not None and document.good_until < now:
        return False
    windows = worth_keeping(document.windows, now)
    return all(phase_at(window, now) in SILENT for window in windows)


def as_json(value: Any) -> bytes:
    return json.dumps(value).encode()


def name(sample: Sample) -> str:
    return sample.kind


@pytest.mark.parametrize("sample", BUSY, ids=name)
def test_the_window_of_a_page_is_found_with_what_it_affects(sample: Sample):
    (window,) = sample.read().windows if sample.kind != "ics" else found_now(sample)
    assert (window.series or window.id) == "w1"
    assert phase_at(window, NOW) is sample.phase
    assert tuple(part.name for part in window.components) == sample.affected
    assert not rules_out(sample.read())


def found_now(sample: Sample):
    windows = sample.read().windows
    return [window for window in windows if phase_at(window, NOW) not in SILENT]


@pytest.mark.parametrize("sample", QUIET, ids=name)
def test_a_quiet_page_rules_maintenance_out(sample: Sample):
    assert rules_out(sample.read())


def paths(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [here]
    if isinstance(value, dict):
        for key, inner in value.items():
            found += paths(inner, (*here, key))
    elif isinstance(value, list):
        for key, inner in enumerate(value):
            found += paths(inner, (*here, key))
    return found


def at(value: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


def replaced(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    copy: Any = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = replaced(copy[path[0]], path[1:], new)
    return copy


def is_no_damage(old: Any, new: Any) -> bool:
    """An emptied list is a page with nothing planned, a turned flag another word."""
    if isinstance(old, list) and new == []:
        return True
    if isinstance(old, bool):
        return isinstance(new, bool)
    # Another word, of which there are many.
    return isinstance(old, str) and isinstance(new, str) and new != ""


def shared() -> list[Sample]:
    """The shared samples with their companions left out, where there are any."""
    folder = os.environ.get("EMERGENCY_TEST_DATA", "")
    found = []
    for meta_path in sorted(Path(folder, "status").glob("*/*.meta.json")):
        meta = json.loads(meta_path.read_text())
        body = (meta_path.parent / meta["file"]).read_bytes()
        kind = ALIASES.get(meta["product"], meta["product"])
        config = meta.get("adapter_config", {})
        now = datetime.fromisoformat(meta["now"])
        found.append(Sample(kind=kind, value=body, config=config, now=now))
    return found


SHARED = shared() if os.environ.get("EMERGENCY_TEST_DATA") else []


# Products with states of their own: an hour after its planned end the window runs on.
OVERRUN = tuple(
    replace(sample, now=NOW + timedelta(hours=3))
    for sample in BUSY
    if sample.kind
    in {"statuspage", "incidentio", "uptimekuma", "instatus", "statusio", "sorry"}
    | {"oneuptime", "hund"}
    and sample.phase is Phase.ACTIVE
)


@pytest.mark.parametrize("sample", OVERRUN, ids=name)
def test_what_its_provider_calls_running_runs_on_after_its_end(sample: Sample):
    assert not rules_out(sample.read(), sample.now)


@pytest.mark.parametrize(
    "sample", [s for s in (*BUSY, *OVERRUN) if not isinstance(s.value, str)], ids=name
)
def test_a_page_whose_types_are_swapped_never_reads_as_none(sample: Sample):
    silent = []
    for path in paths(sample.value):
        for junk in JUNK:
            if is_no_damage(at(sample.value, path), junk):
                continue
            try:
                document = sample.read(as_json(replaced(sample.value, path, junk)))
            except SourceError:
                continue
            if rules_out(document, sample.now):
                silent.append((path, junk))
    assert silent == []


@pytest.mark.parametrize("sample", [s for s in (*BUSY, *QUIET) if s.needed], ids=name)
def test_what_makes_a_document_one_of_its_kind_may_not_be_missing(sample: Sample):
    for path in sample.needed:
        old = at(sample.value, path)
        wrong = [junk for junk in JUNK if type(junk) is not type(old)]
        changes = [replaced(sample.value, path, junk) for junk in wrong]
        for changed in (*changes, without(sample.value, path)):
            with pytest.raises(SourceError) as refusal:
                sample.read(as_json(changed))
            assert refusal.value.unreadable


def without(value: Any, path: tuple[Any, ...]) -> Any:
    if not path:
        return "gone"
    copy: Any = dict(value) if isinstance(value, dict) else list(value)
    if len(path) == 1:
        del copy[path[0]]
    else:
        copy[path[0]] = without(copy[path[0]], path[1:])
    return copy


@pytest.mark.parametrize("sample", [*BUSY, *QUIET, *SHARED], ids=name)
def test_a_page_that_was_cut_short_is_refused(sample: Sample):
    whole = sample.body.rstrip()
    step = max(1, len(whole) // 150)
    for length in range(0, len(whole), step):
        with pytest.raises(SourceError) as refusal:
            sample.read(whole[:length])
        assert refusal.value.unreadable


@pytest.mark.parametrize("sample", [*BUSY, *QUIET, *SHARED], ids=name)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_page_that_was_overwritten_raises_nothing_but_a_refusal(sample, data):
    whole = sample.body
    place = data.draw(st.integers(0, len(whole)))
    junk = data.draw(st.binary(min_size=1, max_size=6))
    try:
        sample.read(whole[:place] + junk + whole[place + len(junk) :])
    except SourceError:
        return


@pytest.mark.parametrize(
    "sample", [s for s in SHARED if s.body.lstrip()[:1] in b"{["], ids=name
)
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_a_shared_page_with_swapped_types_raises_nothing_but_a_refusal(sample, data):
    try:
        value = json.loads(sample.body)
    except ValueError:
        return
    path = data.draw(st.sampled_from(paths(value)))
    junk = data.draw(st.sampled_from(JUNK))
    whole = at(value, path)
    try:
        before = rules_out(sample.read(), sample.now)
        damaged = as_json(replaced(value, path, junk))
        after = rules_out(sample.read(damaged), sample.now)
    except SourceError:
        return
    assert before or not after or is_no_damage(whole, junk), (path, junk)


@pytest.mark.parametrize("sample", [s for s in BUSY if s.companions], ids=name)
@settings(max_examples=40, deadline=None)
@given(junk=st.sampled_from(JUNK) | st.binary(max_size=20))
def test_a_broken_companion_hides_no_window(sample: Sample, junk):
    def more(path: str) -> bytes:
        return junk if isinstance(junk, bytes) else json.dumps(junk).encode()

    assert not rules_out(sample.read(more=more))


def test_a_page_whose_own_limit_of_freshness_has_passed_rules_nothing_out():
    (quiet,) = (sample for sample in QUIET if sample.kind == "flashduty")
    assert quiet.read().poll_after == timedelta(seconds=30)
    old = {**quiet.value, "generated_at": "2026-11-22T01:00:00Z"}
    assert not rules_out(quiet.read(as_json(old)))
