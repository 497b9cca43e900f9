"""What a human signal led to."""

from dataclasses import dataclass

from emergency.models import Incident, Page, Technician


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What the signal led to, to be worded for the person.

    ``code``: taken | taken_by_other | over | heard, or what a handler says.
    ``count`` is how many emergencies one key has taken.
    ``incident`` and its ``owner`` are None where the page is about none.
    """

    page: Page
    code: str
    incident: Incident | None = None
    owner: Technician | None = None
    count: int = 1
