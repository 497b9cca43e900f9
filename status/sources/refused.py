"""Products that cannot answer, each with the reason.

Gatus: its maintenance windows only mute notifications and stand in no public answer.
StatusCake: the public report knows up and down; windows are told to an account's key
alone, and that interface is not for status pages.
"""

from status.sources.base import Document, Page, refused

REASONS = {
    "gatus": "gatus_publishes_no_maintenance_windows",
    "statuscake": "statuscake_publishes_no_maintenance_windows",
}


def read_gatus(page: Page) -> Document:
    raise refused(REASONS["gatus"])


def read_statuscake(page: Page) -> Document:
    raise refused(REASONS["statuscake"])
