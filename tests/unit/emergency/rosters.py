"""Rosters as plain values, and Hypothesis strategies for whole ones."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from emergency.rules.office_hours import OfficeHours
from emergency.rules.rotation import Change, Roster, Turns
from emergency.rules.serving_hours import ALWAYS, Hours, Window

VIENNA = ZoneInfo("Europe/Vienna")
ZONES = (
    VIENNA,
    ZoneInfo("America/New_York"),
    ZoneInfo("Australia/Lord_Howe"),  # half an hour of summer time
    ZoneInfo("Asia/Beirut"),  # changes the clock at midnight
    ZoneInfo("UTC"),
)
HOLIDAYS = frozenset({date(2026, 10, 26), date(2026, 12, 8), date(2026, 12, 25)})
OFFICE = OfficeHours(
    zone=VIENNA,
    days=frozenset(range(5)),
    opens=time(8),
    closes=time(17),
    closed=HOLIDAYS,
)
OUTSIDE = Hours(kind="outside_office_hours")
WEEKLY = Turns(
    layer=0,
    starts_on=date(2026, 1, 5),
    handoff_time=time(8),
    shift_days=7,
    members=(1, 2, 3),
)


def roster(*rotations, changes=(), **fields):
    return Roster(zone=VIENNA, rotations=rotations, changes=tuple(changes), **fields)


def vienna(year, month, day, hour=0, minute=0, second=0):
    return datetime(year, month, day, hour, minute, second, tzinfo=VIENNA)


def daily(*members, handoff_time=time(0), **fields):
    return Turns(
        layer=0,
        starts_on=date(2026, 3, 1),
        handoff_time=handoff_time,
        shift_days=1,
        members=members,
        **fields,
    )


people = st.integers(1, 9)
instants = st.datetimes(
    datetime(2026, 1, 2),  # noqa: DTZ001 - the zone is given beside it
    datetime(2029, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)
clock_times = st.builds(time, st.integers(0, 23), st.sampled_from((0, 15, 30, 59)))
weekdays = st.frozensets(st.integers(0, 6), min_size=1)
windows = st.builds(Window, days=weekdays, starts=clock_times, ends=clock_times)
hours = st.one_of(
    st.just(ALWAYS),
    st.just(OUTSIDE),
    st.builds(
        Hours,
        kind=st.just("times"),
        windows=st.lists(windows, max_size=3).map(tuple),
    ),
)
always = st.just(ALWAYS)
ground = st.just(0)
numbers = st.integers(0, 5)
lengths = st.sampled_from(((1, 0), (7, 0), (14, 0), (0, 1), (0, 12), (3, 12), (30, 5)))


@st.composite
def turns(draw, /, layers=ground, limits=always, **fields):
    """A rotation; always on and without an end unless strategies say otherwise."""
    days, extra = draw(lengths)
    starts_on = draw(st.dates(date(2024, 1, 1), date(2025, 12, 31)))
    return Turns(
        layer=draw(layers),
        starts_on=starts_on,
        handoff_time=draw(clock_times),
        shift_days=days,
        shift_hours=extra,
        members=draw(st.lists(people, min_size=1, max_size=6).map(tuple)),
        limited_to=draw(limits),
        **fields,
    )


@st.composite
def changes(draw, /, around=instants, number=numbers):
    """An override of any kind, near the instants that a test looks at."""
    starts_at = draw(around)
    kind = draw(st.sampled_from(("replace", "add", "remove")))
    return Change(
        kind=kind,
        starts_at=starts_at,
        ends_at=starts_at + draw(st.timedeltas(timedelta(hours=1), timedelta(days=9))),
        technician=None if kind == "remove" else draw(people),
        replaced=draw(people)
        if kind == "remove"
        else draw(st.none() | people)
        if kind == "replace"
        else None,
        number=draw(number),
    )


@st.composite
def rosters_and_periods(draw):
    """Any roster, and a period of up to three weeks in which its changes fall."""
    start = draw(instants)
    near = st.timedeltas(timedelta(days=-5), timedelta(days=20)).map(
        lambda distance: start + distance
    )
    made = draw(st.lists(changes(around=near), max_size=5))
    rotations = draw(
        st.lists(turns(layers=st.integers(0, 2), limits=hours), max_size=3)
    )
    built = Roster(
        zone=draw(st.sampled_from(ZONES)),
        rotations=tuple(rotations),
        changes=tuple(made),
        office_hours=draw(st.none() | st.just(OFFICE)),
        coverage=draw(hours),
        out_of_service=draw(st.frozensets(people, max_size=2)),
    )
    return built, start, start + draw(st.timedeltas(timedelta(1), timedelta(21)))
