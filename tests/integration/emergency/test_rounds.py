"""What happens once a night happens once, whoever asks for it."""

import threading
from datetime import timedelta

import pytest
from django.db import connections

from emergency.actions.rounds import is_ours
from tests.people import NIGHT

HALF_A_DAY = timedelta(hours=12)


def ours(now):
    return is_ours(name="readiness", every=HALF_A_DAY, by="test", now=now)


@pytest.mark.django_db
def test_a_round_is_taken_once_in_its_time():
    assert ours(NIGHT)
    assert not ours(NIGHT)
    assert not ours(NIGHT + HALF_A_DAY - timedelta(seconds=1))
    assert ours(NIGHT + HALF_A_DAY)


@pytest.mark.django_db
def test_a_clock_that_was_set_back_does_not_end_the_rounds():
    assert ours(NIGHT + timedelta(days=300))
    assert ours(NIGHT)
    assert not ours(NIGHT)


@pytest.mark.django_db(transaction=True)
def test_of_four_that_ask_together_one_has_the_round():
    together, taken = threading.Barrier(4), []

    def run():
        try:
            together.wait(10)
            taken.append(ours(NIGHT))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(taken) == [False, False, False, True]
