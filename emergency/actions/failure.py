"""What follows at once from a page that failed."""

from datetime import datetime

from emergency.actions.bad_numbers import judge_number
from emergency.actions.page_queue import pull_next_page, queue_pages
from emergency.actions.roster import methods_of
from emergency.actions.steps import pull_next_step
from emergency.actions.timeline import enter
from emergency.models import Incident, Page
from emergency.rules.delivery import failure_class
from emergency.rules.escalation import Page as PageState
from emergency.rules.escalation import next_method, step_is_spent


def page_failed(*, page: Page, error_code: str, now: datetime, sip: str = "") -> None:
    """The next contact method, or the next step, is due now.

    Only for the round that still runs: a late failure of an answered page changes
    nothing, and one of an overtaken step does not hurry the steps after it. The
    incident row is locked by the caller.
    """
    judge_number(
        page=page,
        failure=failure_class(page.kind, error_code, sip=sip),
        code=error_code,
        now=now,
    )
    if page.incident_id is None:
        return
    incident = Incident.objects.get(pk=page.incident_id)
    enter(
        incident,
        "page_failed",
        now=now,
        page=page.pk,
        kind=page.kind,
        technician=page.technician_id,
        error=error_code,
    )
    if (
        page.purpose != Page.Purpose.EMERGENCY
        or incident.status != Incident.Status.PAGING
        or page.round != incident.round
    ):
        return
    _take_the_next_way(page, incident, now)


def _take_the_next_way(page: Page, incident: Incident, now: datetime) -> None:
    of_step = Page.objects.filter(
        incident=incident,
        round=page.round,
        step=page.step,
        purpose=Page.Purpose.EMERGENCY,
    )
    if pull_next_page(failed=page, now=now):
        return
    another = next_method(
        methods_of(page.technician, also_unverified=False),
        failed=page.kind,
        tried=of_step.filter(technician=page.technician).values_list(
            "address", flat=True
        ),
    )
    if another is not None:
        queue_pages(
            incident=incident,
            technician=page.technician,
            methods=[another],
            purpose=Page.Purpose.EMERGENCY,
            step=page.step,
            now=now,
        )
        return
    if step_is_spent([(p.kind, _state(p)) for p in of_step]):
        pull_next_step(incident=incident, after=page.step, now=now)


def _state(page: Page) -> PageState:
    waiting = {Page.Status.CLAIMED, Page.Status.SENT, Page.Status.DELIVERED}
    if page.status in waiting:
        return PageState.IN_FLIGHT
    if page.status == Page.Status.QUEUED and page.sends == 0:
        return PageState.IN_FLIGHT
    return PageState.SPENT
