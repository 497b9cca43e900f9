"""Many issue at once: no gap, no duplicate, dates in order."""

import threading
from datetime import date, timedelta
from random import Random

import pytest
from django.db import connection, transaction

from billing.actions.numbers import take_number
from billing.actions.refusal import BillingRefusal
from billing.rules.numbering import Number, parse_number

THREADS = 8
EACH = 20


class Changed(Exception):
    """Something went wrong after the number was taken."""


@pytest.mark.django_db(transaction=True)
def test_rollbacks_and_threads_leave_no_gap():
    taken: list[str] = []
    problems: list[Exception] = []

    def work(seed: int) -> None:
        random = Random(seed)
        try:
            for _ in range(EACH):
                fails = random.random() < 0.2
                try:
                    with transaction.atomic():
                        number = take_number(kind="invoice", day=date(2026, 3, 4))
                        if fails:
                            raise Changed
                    taken.append(number)
                except Changed:
                    continue
        except Exception as error:  # noqa: BLE001 - told to the test
            problems.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not problems
    assert len(taken) < THREADS * EACH, "some attempts must have been rolled back"
    expected = [Number("invoice", 2026, n) for n in range(1, len(taken) + 1)]
    assert sorted(taken) == [str(number) for number in expected]


@pytest.mark.django_db
def test_a_number_never_gets_an_earlier_date_than_the_one_before():
    take_number(kind="invoice", day=date(2027, 1, 1))
    with pytest.raises(BillingRefusal) as refused:
        take_number(kind="invoice", day=date(2027, 1, 1) - timedelta(days=1))
    assert refused.value.code == "date_before_last_number"
    assert take_number(kind="credit_note", day=date(2026, 1, 1)) == "RK-2026-00001"


def test_a_number_is_read_back_as_it_was_written():
    number = Number("credit_note", 2026, 123456)
    assert parse_number(str(number)) == number
    assert parse_number("RE-26-1") is None
