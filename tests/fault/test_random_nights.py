"""One seeded night for each kind of trouble, and some with everything at once.

``make faults N=200`` spends many more and prints the sums.
"""

import pytest

from tests.fault.random_night import hire_people, spend
from tests.fault.troubles import KINDS

pytestmark = [
    pytest.mark.fault,
    pytest.mark.django_db(transaction=True),
]


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_lost_in_a_night_of_one_kind_of_trouble(kind, settings):
    settings.ALLOWED_HOSTS = ["*"]
    verdict = spend(hire_people(), seed=1, only=kind)
    assert not verdict.wrong
    assert verdict.lost == 0
    assert verdict.faults[kind], "the trouble never came"


def test_nothing_is_lost_in_nights_of_all_kinds_of_trouble(settings):
    settings.ALLOWED_HOSTS = ["*"]
    night = hire_people()
    for seed in range(2):
        verdict = spend(night, seed=seed, number=seed)
        assert not verdict.wrong, f"seed {seed}"
        assert verdict.lost == 0
