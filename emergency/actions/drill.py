"""Drills: the desk hands out a link, and the one report that is made by it is marked
from the start. It walks the public form and real phones and is charged nowhere."""

from datetime import datetime, timedelta

from django.db import transaction

from emergency.actions.audit import Area, record
from emergency.actions.identifiers import new_token
from emergency.actions.refusal import Refused
from emergency.actions.timeline import enter
from emergency.models import DrillLink, Incident, Staff
from emergency.models.report import hash_token

COUNTS_FOR = timedelta(hours=4)


def make_drill_link(*, staff: Staff, now: datetime) -> str:
    """The secret of a new drill link, which is known only now. It counts once."""
    token = new_token()
    with transaction.atomic():
        link = DrillLink.objects.create(
            token_hash=hash_token(token),
            made_at=now,
            made_by=staff,
            until=now + COUNTS_FOR,
        )
        record(
            Area.OPERATOR, "drill_prepared", now=now, by=staff, about=f"drill:{link.pk}"
        )
    return token


def open_link(*, token: str, now: datetime) -> DrillLink:
    """The link behind this secret, locked. Raises Refused (``drill_link_used``) when it
    was used or has run out: such a report must not turn into a real order unseen."""
    link = (
        DrillLink.objects.select_for_update(no_key=True)
        .filter(token_hash=hash_token(token))
        .first()
    )
    if link is None or link.incident_id is not None or link.until <= now:
        raise Refused("drill_link_used")
    return link


def use_link(*, link: DrillLink, incident: Incident, now: datetime) -> None:
    """The incident is this link's drill, and its timeline says so first."""
    link.incident = incident
    link.save(update_fields=["incident"])
    enter(incident, "drill", now=now)
