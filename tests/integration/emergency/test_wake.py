"""Nudges wait for the broker, never the other way round, and first pages overtake."""

import threading

from emergency import wake
from tests.telephone import eventually


def test_a_first_page_overtakes_what_waits_for_the_broker(monkeypatch):
    broker_answers = threading.Event()
    published = []

    def publish(task, arguments, priority):
        broker_answers.wait(20)
        published.append(arguments)

    monkeypatch.setattr(wake, "publish", publish)
    messenger = wake.Messenger()
    for number, priority in enumerate(
        (wake.IN_TURN, wake.IN_TURN, wake.AT_ONCE, wake.IN_TURN, wake.AT_ONCE)
    ):
        messenger.take((wake.SEND_PAGE, (number,), priority))
    broker_answers.set()
    eventually(lambda: len(published) == 5, why="all are published")
    # The very first was on its way already, or was overtaken, too.
    order = [number for (number,) in published]
    assert order in ([0, 2, 4, 1, 3], [2, 4, 0, 1, 3])


def test_a_first_page_has_a_head_start_once_in_a_breath(monkeypatch):
    now: list[float] = [100.0]
    done: list[object] = []
    monkeypatch.setattr(
        wake, "publish", lambda task, arguments, priority: done.append(*arguments)
    )
    messenger = wake.Messenger(
        clock=lambda: now[0], rest=lambda seconds: done.append("rest")
    )

    def take(name, priority):
        before = len(done)
        messenger.take((wake.SEND_PAGE, (name,), priority))
        eventually(lambda: len(done) > before, why=f"{name} is published")

    take("mail", wake.IN_TURN)
    take("call", wake.AT_ONCE)
    eventually(lambda: done[-1] == "rest", why="what comes with it waits")
    now[0] += wake.BREATH / 2
    take("text", wake.AT_ONCE)
    now[0] += wake.BREATH
    take("next call", wake.AT_ONCE)
    eventually(lambda: done[-1] == "rest", why="the next breath has its own")
    assert done == ["mail", "call", "rest", "text", "next call", "rest"]
