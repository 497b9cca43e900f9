"""Which windows are about a server, and on what ground: the strongest one first."""

import pytest

from status.rules.maintenance import (
    Reason,
    Result,
    SourceFacts,
    Verdict,
    judge,
    strongest,
)
from status.rules.matching import Asked, Component, Ground
from status.rules.windows import WindowFacts, WindowState
from tests.unit.status.sample import NOW

pytestmark = pytest.mark.no_servers

HOST = "web-01.example.net"
GROUP = Component(id="g", name="Hosting")
WEB = Component(id="c1", name="web-01", group="Hosting")
DB = Component(id="c2", name="db-01", group="Hosting")
MAIL = Component(id="c3", name="mail", group="Mail")


def verdict(
    *parts: Component,
    name: str = "Work",
    mentions: str = "",
    names: tuple[str, ...] = (HOST,),
    mapped: tuple[str, ...] = (),
    known: tuple[Component, ...] = (WEB, DB, MAIL),
) -> Verdict:
    window = WindowFacts(
        id="w",
        name=name,
        state=WindowState.RUNNING,
        starts_at=None,
        ends_at=None,
        components=parts,
        mentions=mentions,
    )
    source = SourceFacts(
        name="Status",
        fetched_at=NOW,
        components=known,
        windows=(window,),
        body_hash="h",
    )
    return judge([source], now=NOW, names=names, mapped=mapped)


def ground(found: Verdict) -> Ground | None:
    return found.windows[0].ground if found.windows else None


@pytest.mark.parametrize(
    ("part", "mapped", "expected"),
    [
        (Component(id="c8", name=f"Hosting - {HOST}"), (), Ground.NAME),
        (MAIL, ("mail",), Ground.MAPPED),
        (Component(id=HOST, name="x"), (), Ground.EXACT),
        (Component(id="c9", name=HOST), (), Ground.NAME),
        (WEB, (), Ground.SHORT),
    ],
)
def test_a_part_is_the_server_on_this_ground(part, mapped, expected):
    found = verdict(part, mapped=mapped, known=(part,))
    assert (found.result, ground(found)) == (Result.ACTIVE, expected)
    assert found.windows[0].source == "Status"


def test_a_group_that_is_worked_on_covers_what_belongs_to_it():
    found = verdict(GROUP)
    assert (found.result, ground(found)) == (Result.ACTIVE, Ground.PARENT)
    assert verdict(Component(id="m", name="Mail")).result is Result.NONE


def test_a_group_beside_some_of_its_parts_stands_for_these_alone():
    assert verdict(GROUP, WEB).result is Result.ACTIVE
    assert verdict(GROUP, WEB, names=("db-01",)).result is Result.NONE


def test_a_mapping_by_staff_beats_a_name():
    assert verdict(WEB, mapped=("db-01",)).result is Result.NONE


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        (f"Reboot of {HOST} tonight", Ground.MENTIONED),
        ("Reboot of WEB-01", Ground.MENTIONED),
        ("Reboot of web-011", Ground.WHOLE_PAGE),
        ("Reboot of web-01.", Ground.MENTIONED),
        ("Reboot of web-01.other.example", Ground.WHOLE_PAGE),
        ("Reboot of my-web-01", Ground.WHOLE_PAGE),
    ],
)
def test_a_window_without_parts_may_name_the_server_in_its_title(title, expected):
    found = verdict(name=title)
    assert (found.result, ground(found)) == (Result.ACTIVE, expected)


def test_the_host_of_another_domain_is_another_server():
    other = Component(id="c9", name="web-01.example.org")
    found = verdict(MAIL, known=(other, MAIL))
    assert (found.result, found.reason) == (Result.UNKNOWN, Reason.NOT_MATCHED)
    assert verdict(other, names=("web-01",), known=(other,)).result is Result.ACTIVE
    assert verdict(other, known=(other,)).result is not Result.ACTIVE


def test_a_window_may_name_the_server_in_its_text():
    found = verdict(mentions="db-01 web-01")
    assert (found.result, ground(found)) == (Result.ACTIVE, Ground.MENTIONED)


def test_work_that_one_part_should_not_notice_talks_nobody_out_of_a_report():
    quiet = Component(id="c1", name="web-01", no_impact=True)
    assert verdict(quiet, DB).result is Result.DUE
    assert verdict(quiet, DB, names=("db-01",)).result is Result.ACTIVE


def test_an_address_is_the_same_however_it_is_written():
    part = Component(id="c9", name="2001:DB8::7")
    found = verdict(part, names=("[2001:db8:0:0::7]",), known=(part,))
    assert (found.result, ground(found)) == (Result.ACTIVE, Ground.NAME)


def test_a_mere_mention_beside_other_parts_is_a_neutral_note():
    found = verdict(MAIL, name=f"Mail of {HOST}", known=(MAIL,))
    assert (found.result, ground(found)) == (Result.DUE, Ground.MENTIONED)
    plain = verdict(MAIL, known=(MAIL,))
    assert (plain.result, plain.reason) == (Result.UNKNOWN, Reason.NOT_MATCHED)


def test_a_word_that_could_be_anything_is_no_mention():
    assert not Asked.of(names=["web"]).is_mentioned_in("All web servers")


def test_two_parts_of_one_name_are_shown_and_decide_nothing():
    twin = Component(id="c9", name="web-01", group="Elsewhere")
    found = verdict(WEB, known=(WEB, twin))
    assert (found.result, found.reason) == (Result.UNKNOWN, Reason.NOT_MATCHED)
    assert [window.id for window in found.others] == ["w"]


def test_an_answer_says_what_it_rests_on():
    (page,) = verdict(WEB).pages
    assert (page.name, page.fetched_at, page.body_hash) == ("Status", NOW, "h")


def test_nothing_is_said_of_several_servers_that_is_not_said_of_each():
    mine = verdict(MAIL)
    unknown = verdict(MAIL, names=("elsewhere",))
    worked_on = verdict(MAIL, names=("mail",))
    assert [v.result for v in (mine, unknown, worked_on)] == [
        *(Result.NONE, Result.UNKNOWN, Result.ACTIVE),
    ]
    assert strongest([mine, mine]).result is Result.NONE
    assert strongest([mine, unknown]).result is Result.UNKNOWN
    found = strongest([mine, unknown, worked_on])
    assert (found.result, len(found.windows), found.others) == (Result.ACTIVE, 1, ())
