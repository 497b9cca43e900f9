"""Who is meant by a step, and how they can be reached: the reads that actions use."""

from emergency.queries.reaching import (
    as_methods,
    methods_of,
    people_of,
    planned_for,
)
from emergency.queries.roster import roster_of, technicians_on_call

__all__ = [
    "as_methods",
    "methods_of",
    "people_of",
    "planned_for",
    "roster_of",
    "technicians_on_call",
]
