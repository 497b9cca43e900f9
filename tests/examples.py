"""How many examples a property gets whose single example is costly."""

import os

from hypothesis import settings

# Set by `make faults`, where time is not short.
TIMES = 10 if os.environ.get("MORE_EXAMPLES") else 1


def examples(number: int) -> settings:
    """So many in ``make test``, ten times as many in ``make faults``."""
    return settings(max_examples=number * TIMES)
