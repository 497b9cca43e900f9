"""The demo's stage: stories are told by the real engine and real telephones."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from billing.models import Contract, Issuer, RateCard
from emergency.actions import stage
from emergency.actions.refusal import Refused
from emergency.management.demo.people import LOGO, make_customers
from emergency.management.demo.rosters import make_policy_of_the_stage
from emergency.models import (
    Incident,
    OperatorProfile,
    Role,
    Staff,
    TimeEntry,
)
from emergency.operator_facts import kept
from emergency.queries.stage import told_lately, tracking_token
from emergency.rules.stage import STORIES
from emergency.terms import offered_terms
from tests import people
from tests.night import NUMBERS, Night
from tests.people import NIGHT
from tests.telephone import eventually

KEY = "0123456789ab"
CUSTOMER = "+493023125113"
PATHS = {
    "/demo/": "get",
    "/demo/now/": "get",
    "/demo/story/": "post",
    "/demo/desk/": "post",
    "/demo/brand/": "post",
}


def set_the_stage(night: Night) -> None:
    """What the demo's seed makes for the stage."""
    make_policy_of_the_stage(night.policy, night.people["Anna"])
    make_customers()
    promise(timedelta(minutes=3), night.people["Eva"].staff)


def promise(within: timedelta | None, manager: Staff) -> None:
    Contract.objects.create(
        account_number="K-1013",
        valid_from=NIGHT.date(),
        callback_within=within,
        recorded_at=NIGHT,
        recorded_by=manager,
        why="stage",
    )


def at_once(plays: str) -> str:
    return re.sub(r"robot:\d+", "robot", plays)


@pytest.fixture
def stage_night(night: Night, settings, monkeypatch) -> Night:
    """A night on the stage, with telephones that are quick to pick up."""
    set_the_stage(night)
    settings.DEMO = True
    settings.STAGE_TELEPHONES = night.network.url
    settings.VOICE_RING_SECONDS = 1
    quick = {
        key: replace(
            story,
            first=at_once(story.first),
            duty_manager=at_once(story.duty_manager),
            late=at_once(story.late),
        )
        for key, story in STORIES.items()
    }
    for module in ("emergency.actions.stage", "emergency.queries.stage"):
        monkeypatch.setattr(f"{module}.STORIES", quick)
    monkeypatch.setattr("emergency.actions.stage.CUSTOMER", "talks:1")
    monkeypatch.setattr(
        "emergency.actions.stage.CAST_WITHOUT_INCIDENT", timedelta(seconds=-1)
    )
    return night


def begin(night: Night, story: str, key: str = KEY) -> None:
    stage.start_story(story=story, key=key, language="de", now=night.now)
    night.act()


def incidents() -> list[Incident]:
    rows = Incident.objects.filter(reports__order_key__startswith="stage-")
    return list(rows.order_by("opened_at", "pk"))


def until(night: Night, *statuses: str) -> list[Incident]:
    """Seconds pass, the director looks, and telephones do what they play, until the
    incidents stand so."""

    def stands() -> bool:
        night.pass_time(seconds=1)
        stage.direct(now=night.now)
        night.act()
        return [one.status for one in incidents()] == list(statuses)

    eventually(stands, every=0.1, within=40.0, why=f"the incidents are {statuses}")
    return incidents()


def account_of(incident: Incident) -> str:
    return incident.account.number if incident.account else ""


def casts(night: Night) -> Any:
    return night.network.ask("/sim/casts.json")


def test_two_at_once_are_told_to_the_end_and_the_telephones_are_given_back(
    stage_night: Night,
) -> None:
    night = stage_night
    night.phone("Anna").script("busy", "manual")
    begin(night, "two")
    (incident,) = incidents()
    assert incident.callback_deadline_at - incident.opened_at == timedelta(minutes=3)
    assert incident.policy_snapshot["policy"] == "Demo stage"
    assert account_of(incident) == "K-1013"
    begin(night, "two")  # pressed twice
    with pytest.raises(Refused, check=lambda refused: refused.code == "story_runs"):
        begin(night, "mailbox", key="ba9876543210")
    first, second = until(night, "closed", "closed")
    assert {first.owner, second.owner} == {night.people["Anna"], night.people["Eva"]}
    for one in (first, second):
        assert one.callback_outcome == "met"
        assert one.callback_attempts.get().proof == "bridge"
        assert TimeEntry.objects.get(incident=one).technician == one.owner
    (told,) = told_lately(night.now)
    assert told.is_whole
    assert casts(night) == {}
    (anna,) = [p for p in night.network.state() if p["number"] == NUMBERS["Anna"]]
    assert anna["scripts"]["calls"] == ["busy", "manual"]


def test_when_nobody_answers_the_promise_is_broken_and_then_kept_late(
    stage_night: Night,
) -> None:
    night = stage_night
    begin(night, "nobody")
    for name in ("Anna", "Eva", "Bernd"):
        behaviour = night.network.ask(f"/sim/phones/{NUMBERS[name]}.json")["behaviour"]
        assert behaviour == "no_answer", name
    night.phone("Anna").ringing()
    night.pass_time(minutes=3, seconds=11)
    stage.direct(now=night.now)
    (incident,) = until(night, "closed")
    assert incident.callback_outcome == "missed"
    assert "deadline_missed" in night.timeline(incident)


def test_a_story_that_somebody_else_ends_gives_the_telephones_back(
    stage_night: Night,
) -> None:
    begin(stage_night, "nobody")
    assert list(casts(stage_night)) == [KEY]
    Incident.objects.update(status="cancelled")
    stage.direct(now=stage_night.now)
    assert casts(stage_night) == {}


@pytest.fixture
def demo(quiet_night: Night, settings, tmp_path) -> Iterator[Client]:
    """A browser in front of the stage, in English; nobody has signed in."""
    night = quiet_night
    Staff.objects.update(is_demo=True)
    people.administrator("Jakob Winter", is_demo=True)
    set_the_stage(night)
    OperatorProfile.objects.create(
        valid_from=night.now, name="Hoster", imprint="Hoster, Linz"
    )
    settings.DEMO, settings.DATA_DIR = True, tmp_path
    settings.STAGE_TELEPHONES = night.network.url
    kept.forget()
    yield people.stranger()
    kept.forget()


def start(client: Client, story: str = "good", key: str = KEY):
    return client.post("/demo/story/", {"story": story, "key": key}, follow=True)


@pytest.mark.parametrize("path", PATHS)
def test_outside_the_demo_there_is_no_stage(demo, settings, path) -> None:
    settings.DEMO = False
    for client in (demo, people.signed_in(Staff.objects.get(role=Role.ADMINISTRATOR))):
        for method in ("get", "post"):
            answer = getattr(client, method)(path, {"story": "good", "key": KEY})
            assert answer.status_code == 404, method
            assert "frame-src" not in answer.headers["Content-Security-Policy"]
    assert not Incident.objects.exists()


@pytest.mark.parametrize("path", PATHS)
def test_what_changes_something_is_posted_from_our_own_page(demo, path) -> None:
    other = "post" if PATHS[path] == "get" else "get"
    assert getattr(demo, other)(path).status_code == 405
    if PATHS[path] == "post":
        strict = Client(enforce_csrf_checks=True)
        answer = strict.post(path, {"story": "good", "key": KEY})
        assert answer.status_code == 403
        assert not Incident.objects.exists()


def test_only_the_stage_may_show_others_in_frames(demo, settings) -> None:
    policy = demo.get("/demo/").headers["Content-Security-Policy"]
    port = settings.SIMULATOR_PORT
    assert f"frame-src 'self' http://127.0.0.1:{port} http://localhost:{port}" in policy
    for path in ("/", "/desk/login/", "/imprint/", "/demo/now/"):
        policy = demo.get(path).headers["Content-Security-Policy"]
        assert "frame-src" not in policy
        assert "default-src 'none'" in policy


def test_the_page_says_which_promise_holds_where(demo) -> None:
    page = demo.get("/demo/").content.decode()
    assert "a promise of 3 minutes" in page
    assert "a callback within 30 minutes" in page
    assert 'src="/"' in page
    assert 'src="http://127.0.0.1:8900/?lang=en"' in page
    assert "No story is being told" in page


def test_a_click_orders_for_the_account_and_opens_the_desk(demo, quiet_night) -> None:
    page = start(demo).content.decode()
    (incident,) = incidents()
    report = incident.reports.get()
    assert (report.verification, account_of(incident)) == ("link", "K-1013")
    assert report.consent.terms["callback_within_seconds"] == 180
    token = tracking_token(report.order_key)
    assert demo.get(f"/t/{token}/").status_code == 200
    assert incident.reference in page
    assert "2:5" in page or "3:00" in page
    # Anna is paged first and of the demo; the board is hers now.
    assert "Anna Test" in page
    assert demo.get("/desk/").status_code == 200
    # The same button pressed again, and another story meanwhile, order nothing.
    start(demo)
    assert "A story is being told." in start(demo, "two", "a" * 12).content.decode()
    assert incidents() == [incident]
    assert start(demo, "unknown").status_code == 400


def test_when_the_telephones_do_not_answer_nothing_is_ordered(demo, settings) -> None:
    for nowhere in ("http://127.0.0.1:9", ""):
        settings.STAGE_TELEPHONES = nowhere
        assert "telephones do not answer" in start(demo).content.decode()
    assert not incidents()
    page = demo.get("/demo/").content.decode()
    assert "telephones over another network" in page


def test_a_demo_without_the_contract_tells_no_story(demo, quiet_night) -> None:
    promise(None, quiet_night.people["Eva"].staff)
    page = demo.get("/demo/").content.decode()
    assert "This demo has no stage" in page
    assert "keeps a promise" not in page
    assert "This demo has no stage" in start(demo).content.decode()
    assert not incidents()


def test_the_desk_opens_for_people_of_the_demo_alone(demo) -> None:
    Staff.objects.update(is_demo=False)
    demo.post("/demo/desk/")
    assert demo.get("/desk/").status_code == 302
    Staff.objects.update(is_demo=True)
    demo.post("/demo/desk/")
    assert demo.get("/desk/").status_code == 200


def test_one_form_changes_name_logo_and_price_everywhere(demo, quiet_night) -> None:
    now = quiet_night.now
    before = offered_terms(account_number=None, at=now, language="en").terms
    values = {"name": "Nachtwache GmbH", "initial_fee": "175.50"}
    quiet_night.now += timedelta(seconds=1)
    logo = SimpleUploadedFile("logo.png", LOGO.read_bytes(), "image/png")
    answer = demo.post("/demo/brand/", {**values, "logo_file": logo}, follow=True)
    assert "new name and price" in answer.content.decode()
    form = demo.get("/").content.decode()
    assert "175.50" in form
    assert '<img src="/logo/' in form
    assert 'alt="Nachtwache GmbH"' in form
    assert "Nachtwache GmbH, Linz" in demo.get("/imprint/").content.decode()
    assert Issuer.objects.on(now.date()).legal_name == "Nachtwache GmbH"
    after = offered_terms(account_number="K-1013", at=quiet_night.now, language="en")
    assert str(after.terms.initial_fee_gross) == "210.60"
    # What was ordered before keeps its card, and another name its letters.
    assert RateCard.objects.in_force(now).initial_fee == before.initial_fee_net
    demo.post("/demo/brand/", {**values, "name": "Wachdienst"})
    assert RateCard.objects.count() == 2
    assert "<img" not in demo.get("/").content.decode().partition("<main")[0]


def test_a_brand_that_cannot_be_is_refused_beside_its_field(demo) -> None:
    svg = SimpleUploadedFile("logo.svg", b"<svg onload='x()'/>", "image/svg+xml")
    for values, words in (
        ({"name": "", "initial_fee": "1"}, "required"),
        ({"name": "N", "initial_fee": "-1"}, "greater than or equal to 0"),
        ({"name": "N", "initial_fee": "1", "logo_file": svg}, "PNG"),
    ):
        answer = demo.post("/demo/brand/", values)
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert OperatorProfile.objects.count() == 1
    assert RateCard.objects.count() == 1
