"""What an emergency turned out to be, and what follows from what was found out.

Codes of Incident.Disposition, Incident.Cause, Feedback.RuledOut and TimeEntry.Kind.
Source: the price text promises the findings ("network status, availability of the
server services, exclusion of an application issue") for the fee.
"""

# Work was done for a customer who was reached: the promised findings are due.
NEEDS_FINDINGS = frozenset({"solved", "handed_to_free_support"})
# Priced like any emergency; the rating policy has a reading for each of the others.
ORDINARY = frozenset({"", "solved", "handed_to_free_support"})
DRILL = "drill"


def findings_are_due(disposition: str, *, reached: bool, given: bool) -> bool:
    """Whether the customer must still be told what was found before it is closed."""
    return reached and not given and disposition in NEEDS_FINDINGS


def for_rating(disposition: str, *, is_drill: bool) -> str:
    """The disposition as rating knows it; empty for an ordinary emergency. A drill is
    one whatever became of it."""
    if is_drill:
        return DRILL
    return "" if disposition in ORDINARY else disposition


def proposed_cause(ruled_out: str) -> str:
    """The cause that the findings suggest; empty where they leave it open."""
    return {"yes": "infrastructure", "no": "application"}.get(ruled_out, "")


def proposed_kind(ruled_out: str, running: str) -> str:
    """The kind of work that the findings suggest instead of the running one; empty
    where it fits."""
    kind = {"yes": "support", "no": "application_analysis"}.get(ruled_out, running)
    return "" if kind == running else kind
