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
