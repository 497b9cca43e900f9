"""One seeded night for each kind of trouble.

``make faults N=200`` spends many more, with everything at once, and prints the sums.
"""

import pytest

from tests.fault.random_night import hire_people, spend
from tests.fault.troubles import KINDS

pytestmark = [
    pytest.mark.fault,
    pytest.mark.django_db(transaction=True),
]

MOST_SEEDS = 8


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_lost_in_a_night_of_one_kind_of_trouble(kind, settings):
    settings.ALLOWED_HOSTS = ["*"]
    night = hire_people()
    # A death at a boundary that is never met is none: then another seed is tried.
    for seed in range(1, MOST_SEEDS):
        verdict = spend(night, seed=seed, number=seed, only=kind)
        assert not verdict.wrong
        assert verdict.lost == 0
        if verdict.faults[kind]:
            return
    pytest.fail("the trouble never came")
