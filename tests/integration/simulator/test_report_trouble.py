"""Trouble with status reports: lost, doubled, overtaken, late."""

import pytest

from tests.integration.simulator.exchange import (
    ANNA,
    OURS,
    Application,
    Simulator,
    callbacks,
    eventually,
    ring,
)

pytestmark = pytest.mark.no_servers

STEPS = ["queued", "sending", "sent", "delivered"]


def send(simulator: Simulator, application: Application, path: str = "/status") -> None:
    simulator.client().messages.create(
        to=ANNA, from_=OURS, body="x", status_callback=application.url + path
    )


def settled(simulator: Simulator) -> None:
    """Every message has arrived and nobody is being told any more."""
    eventually(
        lambda: (
            simulator.state()["callbacks_under_way"] == 0
            and simulator.phone(ANNA)["messages"][0]["status"] == "delivered"
        )
    )


def test_the_next_reports_are_lost(
    simulator: Simulator, application: Application
) -> None:
    simulator.trouble("lost", count=2)
    send(simulator, application)
    callbacks(application, ["sent", "delivered"])
    lost = [e for e in simulator.state()["callbacks"] if e["problem"] == "lost"]
    assert [e["fields"]["MessageStatus"] for e in lost] == ["sending", "queued"]


def test_reports_come_twice(simulator: Simulator, application: Application) -> None:
    simulator.trouble("doubled", count=1)
    send(simulator, application)
    callbacks(application, ["queued", *STEPS])


def test_a_later_report_overtakes_an_earlier_one(
    simulator: Simulator, application: Application
) -> None:
    simulator.trouble("reordered")
    send(simulator, application)
    callbacks(application, ["sending", "queued", "delivered", "sent"])


def test_the_numbers_of_overtaken_reports_tell_their_order(
    simulator: Simulator, application: Application
) -> None:
    simulator.trouble("reordered", only="calls")
    sid = str(ring(simulator, application).sid)
    simulator.pick_up(sid)
    callbacks(application, ["ringing", "initiated", "completed", "in-progress"])
    numbers = [e.fields["SequenceNumber"] for e in application.at("/status")]
    assert numbers == ["1", "0", "3", "2"]


def test_a_report_with_nothing_to_overtake_it_comes_all_the_same(
    simulator: Simulator, application: Application
) -> None:
    simulator.trouble("reordered", seconds=0.2)
    ring(simulator, application, status_callback_event=["initiated"])
    eventually(lambda: len(application.at("/status")) == 1)


def test_a_late_report_keeps_its_place(
    simulator: Simulator, application: Application
) -> None:
    simulator.trouble("late", count=1, seconds=0.4)
    send(simulator, application)
    eventually(lambda: simulator.phone(ANNA)["messages"][0]["status"] == "delivered")
    assert application.statuses("/status") == []
    callbacks(application, STEPS)


def test_only_the_reports_of_messages_are_lost(
    simulator: Simulator, application: Application
) -> None:
    simulator.trouble("lost", only="messages")
    send(simulator, application, "/messages")
    sid = str(ring(simulator, application).sid)
    simulator.pick_up(sid)
    settled(simulator)
    callbacks(application, ["initiated", "ringing", "in-progress", "completed"])
    assert application.at("/messages") == []


def test_the_same_seed_loses_the_same_reports(
    simulator: Simulator, application: Application
) -> None:
    kept = []
    for path in ("/a", "/b"):
        simulator.act("/sim/faults/clear")
        simulator.trouble("lost", share=0.5, seed=3)
        for _ in range(3):
            send(simulator, application, path)
            settled(simulator)
        kept.append(application.statuses(path))
    assert kept[0] == kept[1]
    assert 0 < len(kept[0]) < 12


def test_a_reset_sends_nothing_of_what_waits(
    simulator: Simulator, application: Application
) -> None:
    simulator.trouble("late", seconds=0.3)
    send(simulator, application)
    eventually(lambda: simulator.state()["callbacks_under_way"] > 0)
    simulator.act("/sim/reset")
    eventually(lambda: simulator.state()["callbacks_under_way"] == 0)
    assert application.at("/status") == []
