"""Reading Statuspage documents: what they mean, and that damage never reads as none."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from status.rules.maintenance import Result, SourceFacts, judge
from status.rules.matching import Ground
from status.rules.windows import WindowState
from status.sources.base import Document, Page, SourceError
from status.sources.statuspage import read

NOW = datetime(2026, 11, 22, 1, 11, tzinfo=UTC)


def parse(value: bytes) -> Document:
    return read(Page(body=value, now=NOW))


def event(**changes: object) -> dict[str, object]:
    return {
        "id": "m1",
        "name": "Kernel update",
        "status": "in_progress",
        "scheduled_for": "2026-11-22T02:00:00.000+01:00",
        "scheduled_until": "2026-11-22T03:00:00.000+01:00",
        "shortlink": "https://stspg.io/m1",
        "components": [{"id": "c1", "name": "web-01"}],
        **changes,
    }


def document(*events: object, **changes: object) -> dict[str, object]:
    return {
        "page": {"id": "p", "name": "Example"},
        "components": [
            {"id": "g", "name": "Hosting", "group": True, "group_id": None},
            {"id": "c1", "name": "web-01", "group_id": "g", "status": "operational"},
            {"id": "c2", "name": "db-01", "group_id": "g", "status": "operational"},
        ],
        "scheduled_maintenances": list(events),
        **changes,
    }


def body(value: object) -> bytes:
    return json.dumps(value).encode()


def test_a_window_carries_its_instants_in_utc_and_the_names_of_its_components():
    (window,) = parse(body(document(event()))).windows
    assert window.starts_at == datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
    assert window.ends_at == datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
    assert window.state is WindowState.RUNNING
    assert [(part.name, part.group) for part in window.components] == [
        ("web-01", "Hosting")
    ]
    assert window.url == "https://stspg.io/m1"


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("scheduled", WindowState.SCHEDULED),
        ("verifying", WindowState.RUNNING),
        ("completed", WindowState.FINISHED),
        ("maintenance_in_progress", WindowState.RUNNING),
        ("paused_by_vendor", WindowState.UNKNOWN),
        (None, WindowState.UNKNOWN),
        (7, WindowState.UNKNOWN),
        ([], WindowState.UNKNOWN),
    ],
)
def test_states_outside_the_documented_ones_are_not_confirmed(status, state):
    assert parse(body(document(event(status=status)))).windows[0].state is state


def test_a_group_is_named_as_the_page_names_it_and_covers_all_its_children():
    read = parse(body(document(event(components=[{"id": "g", "name": "Hosting"}]))))
    assert [part.name for part in read.windows[0].components] == ["Hosting"]
    source = SourceFacts(
        name="Status",
        fetched_at=NOW,
        components=read.components or (),
        windows=read.windows,
    )
    found = judge([source], now=NOW, names=["web-01"])
    assert (found.result, found.windows[0].ground) == (Result.ACTIVE, Ground.PARENT)


def test_an_event_without_components_takes_them_from_its_newest_update():
    updates = [
        {"affected_components": None},
        {"affected_components": [{"code": "c2", "name": "Hosting - db-01"}]},
    ]
    changed = event(components=None, incident_updates=updates)
    (window,) = parse(body(document(changed))).windows
    assert [part.name for part in window.components] == ["db-01"]


def test_entries_written_for_machines_are_left_out():
    assert not parse(body(document(event(name="_system_metadata:x")))).windows


def test_the_dialect_that_writes_null_for_an_empty_list_is_understood():
    parts = [{"id": "c1", "name": "web-01", "status": "operational"}]
    read = parse(body(document(scheduled_maintenances=None, components=parts)))
    assert read.windows == ()
    with pytest.raises(SourceError):
        parse(body(document(scheduled_maintenances=None)))


def test_only_web_addresses_are_kept_as_links():
    changed = event(shortlink="javascript:alert(1)")
    assert parse(body(document(changed))).windows[0].url == ""


def test_text_that_a_database_refuses_is_cleaned():
    (window,) = parse(body(document(event(name="a\x00b\ud800c")))).windows
    window.name.encode()
    assert "\x00" not in window.name


@pytest.mark.parametrize(
    "garbage",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"\xff\xfe\x00",
        b"<!doctype html><html><title>Login</title>",
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><rss/>',
        b'<?xml version="1.0"?><rss><channel>',
        b"[" * 200_000,
        body({"page": {}, "status": {"indicator": "none"}}),
        body({"page": {}, "scheduled_maintenances": None}),
        body({"page": [], "scheduled_maintenances": []}),
        body({"page": {}, "components": [], "scheduled_maintenances": {}}),
        body({"error": {"code": "x"}}),
        body(document(event()))[:-40],
    ],
)
def test_whatever_is_not_such_a_document_is_refused(garbage):
    with pytest.raises(SourceError) as refusal:
        parse(garbage)
    assert refusal.value.unreadable


def paths(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [here]
    if isinstance(value, dict):
        for key, inner in value.items():
            found += paths(inner, (*here, key))
    elif isinstance(value, list):
        for key, inner in enumerate(value):
            found += paths(inner, (*here, key))
    return found


def replaced(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    copy: Any = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = replaced(copy[path[0]], path[1:], new)
    return copy


RUNNING = document(event())
JUNK: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, -1, 10**400, 1e300, "", "x", "\x00", "\ud800", [], [[]], {}, [{}]]
)


@settings(max_examples=400, deadline=None)
@given(path=st.sampled_from(paths(RUNNING)), junk=JUNK)
def test_a_damaged_document_about_running_maintenance_never_reads_as_none(path, junk):
    damaged = replaced(RUNNING, path, junk)
    if path == ("scheduled_maintenances",) and junk in ([], None):
        return  # a truly empty list
    try:
        read = parse(body(damaged))
    except SourceError:
        return
    source = SourceFacts(
        name="s", fetched_at=NOW, components=read.components or (), windows=read.windows
    )
    found = judge([source], now=NOW, names=("web-01",))
    assert found.result is not Result.NONE or not _still_names(damaged)


def _still_names(damaged: dict[str, Any]) -> bool:
    """False when the damage made the window be about another component."""
    listed = damaged["scheduled_maintenances"][0].get("components")
    return not (
        isinstance(listed, list)
        and any(isinstance(part, dict) and part for part in listed)
        and "c1" not in [part.get("id") for part in listed if isinstance(part, dict)]
    )


@settings(max_examples=300, deadline=None)
@given(cut=st.integers(0, len(body(RUNNING)) - 1), junk=st.binary(max_size=3))
def test_a_cut_or_overwritten_document_raises_nothing_but_a_refusal(cut, junk):
    whole = body(RUNNING)
    for damaged in (whole[:cut], whole[:cut] + junk + whole[cut + len(junk) :]):
        try:
            parse(damaged)
        except SourceError:
            continue
