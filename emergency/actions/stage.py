"""The demo's stage: a story begins, and its director moves it on.

No row of its own: a story is known by the keys of its orders, what comes next by the
state of its incidents, and which telephones it has borrowed by the telephones. So the
process may die at any point, and a story that is left alone ends all the same.
"""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from emergency import outbound
from emergency.actions.bridge import start_bridge
from emergency.actions.closing import close, resolve
from emergency.actions.feedback import Findings, give_feedback
from emergency.actions.identifiers import new_reference, new_token
from emergency.actions.refusal import Refused
from emergency.actions.report import MaintenanceCheck, Opening, OrderForm, order
from emergency.actions.timelog import log_time
from emergency.models import (
    EscalationPolicy,
    Feedback,
    Incident,
    Technician,
    TimeEntry,
)
from emergency.pagers.sentences.base import spoken_reference
from emergency.queries.customers import Customer, of_contact
from emergency.queries.stage import (
    ACCOUNT_NUMBER,
    Told,
    contact_of_the_stage,
    free_server,
    scene_of,
    told_lately,
    tracking_token,
    troupe,
    under_way,
)
from emergency.rules.stage import (
    CAST_WITHOUT_INCIDENT,
    CUSTOMER,
    POLICY_NAME,
    STORIES,
    Act,
    Story,
    casting,
    next_act,
    order_key,
)
from emergency.terms import offered_terms

logger = logging.getLogger(__name__)

# Where the customers of the stage are called; from the range for films.
CUSTOMERS = (("Nora Leitner", "+493023125113"), ("Emil Leitner", "+493023125114"))
LONGEST_PROMISE = timedelta(minutes=5)


def start_story(*, story: str, key: str, language: str, now: datetime) -> None:
    """The telephones are set and the first report is ordered, as the form orders it.

    While a story is told no other begins, and the same ``key`` never begins twice.
    Raises Refused (``story_runs``, ``stage_not_set``, ``telephones_silent``).
    """
    told = STORIES[story]
    if any(one.key == key for one in told_lately(now)):
        return
    if under_way(now):
        raise Refused("story_runs")
    numbers = [number for _name, number in CUSTOMERS[: told.reports]]
    scripts = casting(told, troupe()) | dict.fromkeys(numbers, CUSTOMER)
    reference = new_reference()
    _lend(key, scripts, about=spoken_reference(reference))
    with transaction.atomic():
        policy = _policy()
        # Whoever began a story at the same moment was first.
        if under_way(now):
            raise Refused("story_runs")
        _order(told, key, 0, policy, language, reference, now)


def direct(*, now: datetime) -> None:
    """Every story under way has moved on as far as it may by now, and no telephone is
    borrowed for one that is over."""
    told = told_lately(now)
    for one in told:
        for number in range(len(one.reports)):
            try:
                _move(one, number, now)
            except (Refused, outbound.TelephonesSilent) as error:
                # Somebody else acts on this stage, too; the next look sees what is.
                logger.info("stage: %s waits: %r", one.key, error)
    if told:
        _return_telephones(now)


def _move(told: Told, number: int, now: datetime) -> None:
    scene = scene_of(told, number)
    report = told.reports[number]
    incident = report.incident
    match next_act(scene, now):
        case Act.REPORT:
            _report_again(told, number + 1, report.language, now)
        case Act.RELENT:
            _lend(told.key, casting(told.story, troupe(), late=True))
        case Act.CALL if incident.owner is not None:
            staff = incident.owner.staff
            token = new_token()
            _lend(told.key, {}, about=token)
            start_bridge(incident_id=incident.pk, staff=staff, token=token, now=now)
        case Act.FINISH if incident.owner is not None:
            _finish(incident, incident.owner, report.language, now)


def _report_again(told: Told, number: int, language: str, now: datetime) -> None:
    reference = new_reference()
    _lend(told.key, {}, about=spoken_reference(reference))
    with transaction.atomic():
        policy = _policy()
        _order(told.story, told.key, number, policy, language, reference, now)


def _return_telephones(now: datetime) -> None:
    """A cast whose story has no open incident, or is long over, is at an end."""
    url = settings.STAGE_TELEPHONES
    needed = {one.key for one in told_lately(now) if one.is_open}
    try:
        for cast, age in outbound.lent_telephones(url).items():
            if cast not in needed and age > CAST_WITHOUT_INCIDENT.total_seconds():
                outbound.return_telephones(url, cast=cast)
    except outbound.TelephonesSilent as error:
        logger.warning("stage: the telephones do not answer: %s", error)


def _lend(cast: str, scripts: dict[str, str], about: str = "") -> None:
    """The telephones know what their calls are about before anybody calls: those of
    other incidents meet meanwhile what they meet every day."""
    known = [about] if about else []
    if not settings.STAGE_TELEPHONES:
        raise Refused("telephones_silent")
    try:
        outbound.lend_telephones(
            settings.STAGE_TELEPHONES, cast=cast, scripts=scripts, about=known
        )
    except outbound.TelephonesSilent as error:
        raise Refused("telephones_silent") from error


def _policy() -> EscalationPolicy:
    """The policy of the stage, locked: one story is told at a time."""
    locked = EscalationPolicy.objects.select_for_update(no_key=True)
    policy = locked.filter(name=POLICY_NAME).first()
    if policy is None:
        raise Refused("stage_not_set")
    return policy


def _caller() -> Customer:
    contact = contact_of_the_stage()
    if contact is None:
        raise Refused("stage_not_set")
    return of_contact(contact)


def _order(
    story: Story,
    key: str,
    number: int,
    policy: EscalationPolicy,
    language: str,
    reference: str,
    now: datetime,
) -> Incident:
    """A verified contact of the stage's account orders, under the terms of its
    contract: they promise the callback within minutes."""
    server, caller = free_server(), _caller()
    with override(language):
        terms = offered_terms(account_number=ACCOUNT_NUMBER, at=now, language=language)
        if server is None or terms.terms.callback_within > LONGEST_PROMISE:
            raise Refused("stage_not_set")
        name, telephone = CUSTOMERS[number]
        named = order_key(story.key, key, number)
        return order(
            form=OrderForm(
                servers=(server.name,),
                problem_description=_("The ticket shop shows error 502."),
                reproduction_steps=_("Open the start page of the shop."),
                recent_changes=_("None."),
                callback_number=telephone,
                callback_number_typed=telephone,
                callback_extension="",
                reporter_name=name,
                language=language,
            ),
            order_key=named,
            tracking_token=tracking_token(named),
            terms=terms,
            maintenance=MaintenanceCheck(result="none"),
            button_text=_("Order with obligation to pay"),
            now=now,
            caller=caller,
            opening=Opening(policy=policy, reference=reference),
        )


def _finish(
    incident: Incident, owner: Technician, language: str, now: datetime
) -> None:
    """Time is logged, the customer is told, the cause named and the incident closed, as
    its owner would."""
    reached = incident.reached_at
    with transaction.atomic(), override(language):
        if reached is not None and reached < now:
            log_time(
                incident_id=incident.pk,
                technician=owner,
                staff=owner.staff,
                kind=TimeEntry.Kind.SUPPORT,
                started_at=reached,
                ended_at=now,
                now=now,
            )
        give_feedback(
            incident_id=incident.pk,
            staff=owner.staff,
            findings=Findings(
                network=Feedback.Network.GOOD.value,
                application_ruled_out=Feedback.RuledOut.YES.value,
                next_step=_("We keep an eye on it tonight."),
                services=frozenset(),
            ),
            now=now,
        )
        resolve(
            incident_id=incident.pk,
            staff=owner.staff,
            cause=Incident.Cause.INFRASTRUCTURE,
            resolution=_("The web server was started again."),
            now=now,
        )
        close(incident_id=incident.pk, staff=owner.staff, now=now)
