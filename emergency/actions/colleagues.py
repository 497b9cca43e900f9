"""Between colleagues: handing an incident over, and calling in a second person.

Whoever has the incident keeps it until the colleague confirms: an incident is never
without somebody because a message was sent.
"""

from datetime import datetime, timedelta

from django.db import transaction

from emergency.actions.acknowledge import acknowledge
from emergency.actions.answered import Answered
from emergency.actions.incident_pages import can_be_paged, page_people
from emergency.actions.page_queue import mark_answered
from emergency.actions.refusal import Refused
from emergency.actions.timeline import enter
from emergency.models import Incident, Page, Staff, Technician
from emergency.rules.states import Verb, sources

# The same request again so soon is one request that was sent twice.
SAME_REQUEST = timedelta(seconds=60)
HAND_OVER, JOIN = "hand_over", "join"


def hand_over(
    *, incident_id: int, colleague: Technician, staff: Staff, now: datetime
) -> Incident:
    """The colleague is paged to take the incident; the owner stays until they do.

    Raises Refused (``wrong_state``, ``already_theirs``, ``cannot_be_paged``).
    """
    with transaction.atomic():
        incident = _locked(incident_id, colleague)
        if _asked_just_now(incident, colleague, HAND_OVER, now):
            return incident
        enter(
            incident,
            "hand_over_asked",
            now=now,
            staff=staff,
            technician=colleague.pk,
        )
        _ask(incident, colleague, HAND_OVER, now)
    return incident


def call_in(
    *, incident_id: int, colleague: Technician, staff: Staff, now: datetime
) -> Incident:
    """The colleague is paged to help; the owner stays the owner. Raises Refused as
    ``hand_over`` does."""
    with transaction.atomic():
        incident = _locked(incident_id, colleague)
        if _asked_just_now(incident, colleague, JOIN, now):
            return incident
        enter(
            incident,
            "help_asked",
            now=now,
            staff=staff,
            technician=colleague.pk,
        )
        _ask(incident, colleague, JOIN, now)
    return incident


def accept(*, incident_id: int, technician: Technician, now: datetime) -> Answered:
    """As the key of the page, at the desk. Raises Refused (``not_asked_of_you``)."""
    with transaction.atomic():
        Incident.objects.select_for_update(no_key=True).get(pk=incident_id)
        page = (
            Page.objects.filter(
                incident=incident_id, technician=technician, purpose=Page.Purpose.JOIN
            )
            .select_related("technician__staff")
            .order_by("-pk")
            .first()
        )
        if page is None:
            raise Refused("not_asked_of_you")
        return answer_colleague(page, now, "desk")


def answer_colleague(page: Page, now: datetime, via: str) -> Answered:
    """The colleague has the incident, or helps. Nothing changes when it has ended or
    somebody else took it meanwhile; when it is paged again, they take it."""
    with transaction.atomic():
        incident = Incident.objects.select_for_update(no_key=True).get(pages=page)
        person = page.technician
        if incident.status in sources(Verb.ACKNOWLEDGE):
            acknowledge(
                incident_id=incident.pk,
                technician=person,
                now=now,
                via=via,
                page=page,
            )
        elif incident.status in sources(Verb.ASK_COLLEAGUE):
            mark_answered(page, now)
            _come_in(incident, page, now, via)
        else:
            mark_answered(page, now)
        _withdraw_requests(incident, person, now)
        return colleague_as_it_stands(page)


def colleague_as_it_stands(page: Page) -> Answered:
    """What the colleague is to this incident now."""
    incident = Incident.objects.select_related("owner__staff").get(pages=page)
    if incident.owner_id == page.technician_id:
        code = "handed_over"
    elif incident.helpers.filter(pk=page.technician_id).exists():
        code = "joined"
    elif incident.owner_id and incident.is_open:
        code = "taken_by_other"
    else:
        code = "over"
    return Answered(page=page, code=code, incident=incident, owner=incident.owner)


def _come_in(incident: Incident, page: Page, now: datetime, via: str) -> None:
    person = page.technician
    incident.active_at = now
    if page.values.get("code") == JOIN:
        if incident.owner_id != person.pk and not _helps(incident, person):
            incident.helpers.add(person)
            enter(incident, "joined", now=now, staff=person.staff, via=via)
    elif incident.owner_id == page.values.get("by"):
        former = incident.owner
        incident.owner = person
        incident.helpers.remove(person)
        enter(incident, "handed_over", now=now, staff=person.staff, via=via)
        page_people(
            incident=incident,
            people=[former] if former else [],
            purpose=Page.Purpose.TAKEN,
            now=now,
        )
    incident.save(update_fields=["owner", "active_at"])


def _locked(incident_id: int, colleague: Technician) -> Incident:
    incident = Incident.objects.select_for_update(no_key=True).get(pk=incident_id)
    if incident.status not in sources(Verb.ASK_COLLEAGUE):
        raise Refused("wrong_state")
    if incident.owner_id == colleague.pk:
        raise Refused("already_theirs", field="colleague")
    if not can_be_paged(colleague):
        raise Refused("cannot_be_paged", field="colleague")
    return incident


def _asked_just_now(
    incident: Incident, colleague: Technician, code: str, now: datetime
) -> bool:
    return Page.objects.filter(
        incident=incident,
        technician=colleague,
        purpose=Page.Purpose.JOIN,
        values__code=code,
        due_at__gt=now - SAME_REQUEST,
        answered_at__isnull=True,
    ).exists()


def _ask(incident: Incident, colleague: Technician, code: str, now: datetime) -> None:
    incident.active_at = now
    incident.save(update_fields=["active_at"])
    page_people(
        incident=incident,
        people=[colleague],
        purpose=Page.Purpose.JOIN,
        now=now,
        values={"code": code, "by": incident.owner_id},
    )


def _helps(incident: Incident, person: Technician) -> bool:
    return incident.helpers.filter(pk=person.pk).exists()


def _withdraw_requests(incident: Incident, person: Technician, now: datetime) -> None:
    Page.objects.filter(
        incident=incident,
        technician=person,
        purpose=Page.Purpose.JOIN,
        status=Page.Status.QUEUED,
    ).update(status=Page.Status.WITHDRAWN, ended_at=now)
