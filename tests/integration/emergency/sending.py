"""What a sender does, in one word each."""

from emergency.actions.send import claim, send_page
from tests.people import NIGHT


def call_of(incident, person=None):
    pages = incident.pages.filter(kind="voice", purpose="emergency")
    return (pages.filter(technician=person) if person else pages).earliest("pk")


def send(page, at=NIGHT):
    send_page(page_id=page.pk, clock=lambda: at)
    page.refresh_from_db()
    return page


def claimed(page_id, at):
    """The order of a page that a sender now holds."""
    claim_of_it = claim(page_id=page_id, now=at)
    assert claim_of_it is not None
    return claim_of_it[0]


def fired(incident):
    return [
        entry["step"]
        for entry in incident.timeline.filter(code="step_fired").values_list(
            "values", flat=True
        )
    ]
