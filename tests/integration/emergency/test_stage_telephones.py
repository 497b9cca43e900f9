"""What the telephones of a story do while others are called, too."""

from tests.integration.emergency.test_stage import begin, until
from tests.integration.emergency.test_stage import stage_night as stage_night
from tests.night import Night


def test_a_storys_telephones_answer_no_call_of_another_incident(
    stage_night: Night,
) -> None:
    night = stage_night
    begin(night, "good")
    # A visitor orders meanwhile; Anna's telephone is one of the story's.
    other = night.order(key="visitor-1")
    (told,) = until(night, "closed")
    assert told.owner == night.people["Anna"]
    other.refresh_from_db()
    assert other.owner is None
    called = other.pages.filter(kind="voice", technician=night.people["Anna"])
    assert called.filter(sent_at__isnull=False).exists()
