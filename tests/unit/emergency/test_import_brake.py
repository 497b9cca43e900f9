"""A list that changes too much at once waits for a person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emergency.rules.import_brake import stops


@pytest.mark.parametrize(
    ("existing", "touched", "retired", "stopped"),
    [
        (0, 0, 0, False),
        (1000, 100, 0, False),
        (1000, 101, 0, True),
        (1000, 101, 101, True),
        (10, 3, 0, False),
        (10, 4, 0, True),
        (2, 2, 2, True),
        (1, 1, 1, False),
    ],
)
def test_the_share_decides_and_few_rows_pass(
    existing, touched, retired, stopped
) -> None:
    found = stops(existing=existing, touched=touched, retired=retired, percent=10)
    assert found is stopped


COUNT = st.integers(0, 10_000)


@given(COUNT, COUNT, COUNT, st.integers(0, 100))
def test_more_changes_never_loosen_the_brake(existing, touched, more, percent) -> None:
    said = {"existing": existing, "retired": 0, "percent": percent}
    if stops(touched=touched, **said):
        assert stops(touched=touched + more, **said)
