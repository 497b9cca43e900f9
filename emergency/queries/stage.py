"""The demo's stage as it stands: which story is told, by whom, and how far it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.crypto import salted_hmac

from emergency.models import (
    Bridge,
    Contact,
    ContactMethod,
    EscalationPolicy,
    Incident,
    Page,
    Report,
    Server,
    Staff,
    Technician,
)
from emergency.queries.roster import able
from emergency.queries.wording import Sentence, in_words
from emergency.rules.deadline import time_left
from emergency.rules.stage import (
    LONGEST,
    POLICY_NAME,
    PREFIX,
    STORIES,
    Scene,
    Story,
    read_order_key,
)
from emergency.rules.states import OPEN_STATES, WAITING_STATES, State

# The account of the stage; its contract promises a callback within three minutes.
ACCOUNT_NUMBER = "K-1013"
LINES_SHOWN = 8


@dataclass(frozen=True, kw_only=True)
class Told:
    """A story that was begun: one incident for each of its reports, in their order."""

    story: Story
    key: str
    reports: tuple[Report, ...]

    @property
    def is_open(self) -> bool:
        return any(r.incident.status in OPEN_STATES for r in self.reports)

    @property
    def is_whole(self) -> bool:
        return len(self.reports) >= self.story.reports


def told_lately(now: datetime) -> list[Told]:
    """Stories whose first order is younger than LONGEST, the newest first. One query;
    their incidents come along."""
    rows = (
        Report.objects.filter(
            order_key__startswith=f"{PREFIX}-", ordered_at__gt=now - LONGEST
        )
        .select_related("incident__owner__staff")
        .order_by("-ordered_at", "-pk")
    )
    found: dict[tuple[str, str], list[Report]] = {}
    for report in rows:
        read = read_order_key(report.order_key)
        if read is not None:
            found.setdefault(read[:2], []).insert(0, report)
    return [
        Told(story=STORIES[story], key=key, reports=tuple(reports))
        for (story, key), reports in found.items()
    ]


def under_way(now: datetime) -> Told | None:
    """The story that is being told, if any."""
    return next((told for told in told_lately(now) if told.is_open), None)


def scene_of(told: Told, number: int) -> Scene:
    """One incident of the story as its director sees it. One query."""
    incident = told.reports[number].incident
    last = incident.bridges.order_by("-started_at", "-pk").first()
    return Scene(
        story=told.story,
        number=number,
        is_last=number == len(told.reports) - 1,
        status=State(incident.status),
        deadline_at=incident.callback_deadline_at,
        acknowledged_at=incident.acknowledged_at,
        reached_at=incident.reached_at,
        called_at=last.started_at if last else None,
        calls=bool(last and last.ended_at is None),
    )


def policy_of_the_stage() -> EscalationPolicy | None:
    """The policy with the short delays; an older demo has none."""
    return EscalationPolicy.objects.filter(name=POLICY_NAME).first()


def troupe() -> dict[str, list[list[str]]]:
    """The telephones of whoever the stage pages first, of its duty manager and of the
    others; each person's in their own order."""
    policy = policy_of_the_stage()
    first = _paged_first(policy)
    manager = [policy.duty_manager] if policy and policy.duty_manager else []
    named = {person.pk for person in (*first, *manager)}
    others = list(able().exclude(pk__in=named).order_by("pk"))
    groups = {"first": first, "duty_manager": manager, "others": others}
    return {group: _telephones(people) for group, people in groups.items()}


def _paged_first(policy: EscalationPolicy | None) -> list[Technician]:
    """Whom the policy pages first; nobody where that changes with the roster."""
    steps = policy.steps.select_related("technician__staff") if policy else None
    first = steps.order_by("position").first() if steps is not None else None
    return [first.technician] if first and first.technician else []


def _telephones(people: Sequence[Technician]) -> list[list[str]]:
    """One query for each person; a demo has few."""
    return [
        list(
            person.contact_methods.filter(kind=ContactMethod.Kind.VOICE)
            .order_by("position", "pk")
            .values_list("address", flat=True)
        )
        for person in people
    ]


def free_server() -> Server | None:
    """A server of the stage's account for which no incident is open: the next report
    is to be an incident of its own."""
    open_ones = Incident.objects.filter(status__in=OPEN_STATES)
    taken = Server.objects.filter(reportserver__report__incident__in=open_ones)
    return (
        Server.objects.filter(account__number=ACCOUNT_NUMBER, retired_at=None)
        .exclude(pk__in=taken)
        .order_by("pk")
        .first()
    )


def contact_of_the_stage() -> Contact | None:
    """Who orders in a story."""
    people = Contact.objects.current().select_related("account")
    return people.filter(account__number=ACCOUNT_NUMBER).order_by("pk").first()


def desk_person() -> Staff | None:
    """Whose desk the stage shows: that of whoever it pages first, if they are of the
    demo."""
    people = [person.staff for person in _paged_first(policy_of_the_stage())]
    return next((one for one in people if one.is_demo and one.is_active), None)


def tracking_token(order_key: str) -> str:
    """The secret of the tracking page of this order: the stage must know it again, and
    the row keeps only its hash."""
    return salted_hmac("emergency.stage", order_key, algorithm="sha256").hexdigest()


@dataclass(frozen=True, kw_only=True)
class Progress:
    """One incident of the story, for the eye. ``left`` is minutes and seconds to the
    promise while the customer waits, after a minus once it is broken, else empty."""

    incident: Incident
    tracking: str
    left: str
    lines: tuple[Sentence, ...]


def progress_of(told: Told, now: datetime) -> list[Progress]:
    """How far each incident of the story is; the newest lines of its timeline first."""
    return [_progress(report, now) for report in told.reports]


def _progress(report: Report, now: datetime) -> Progress:
    incident = report.incident
    entries = list(incident.timeline.select_related("staff"))
    return Progress(
        incident=incident,
        tracking=tracking_token(report.order_key),
        left=_left(incident, now) if incident.status in WAITING_STATES else "",
        lines=tuple(reversed(in_words(entries)))[:LINES_SHOWN],
    )


def _left(incident: Incident, now: datetime) -> str:
    seconds = round(time_left(incident.callback_deadline_at, now).total_seconds())
    minutes, rest = divmod(abs(seconds), 60)
    return f"{'−' if seconds < 0 else ''}{minutes}:{rest:02}"


def ringing(told: Told) -> str:
    """The number of the telephone that was rung last for this story and may still
    ring, or nothing."""
    incidents = [report.incident for report in told.reports]
    called = (
        Bridge.objects.live().filter(incident__in=incidents).order_by("-pk").first()
    )
    if called is None:
        calls = Page.objects.filter(
            incident__in=incidents,
            kind=ContactMethod.Kind.VOICE,
            status=Page.Status.SENT,
        )
        numbers = calls.order_by("-due_at", "-pk").values_list("address", flat=True)
        return numbers.first() or ""
    return called.customers_number if called.pressed_at else called.technicians_number
