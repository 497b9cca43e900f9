"""One process's share of the random nights; started by ``tests.fault``."""

import json
import os

from tests.fault.random_night import hire_people, spend


def main() -> None:
    """Prints one line of JSON for each night."""
    seed, nights, first, step = json.loads(os.environ["NIGHTS"])
    people = hire_people()
    for number in range(first, nights, step):
        verdict = spend(people, seed + number, number=number)
        verdict.wrong = [f"seed {seed + number}: {one}" for one in verdict.wrong]
        print(json.dumps(vars(verdict)), flush=True)  # noqa: T201
