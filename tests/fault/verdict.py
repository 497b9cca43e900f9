"""What must hold after a night, whatever happened in it."""

from datetime import datetime, timedelta

from emergency.models import Incident, Message, Page, PageAttempt, Technician
from tests.fault.sums import Verdict
from tests.fault.world import World

# Whatever is due longer than this when the night ends was forgotten.
OVERDUE = timedelta(minutes=1)
# The entry that explains a page of this purpose.
EXPLAINED_BY = {
    Page.Purpose.EMERGENCY: {"step_fired"},
    Page.Purpose.REMINDER: {"reminded"},
    Page.Purpose.MISSED: {"deadline_missed", "still_not_reached"},
    Page.Purpose.TAKEN: {"acknowledged"},
}


def judged(
    world: World, incidents: dict[str, int], ordered: dict[str, datetime]
) -> Verdict:
    """What became of every order of the night."""
    verdict = Verdict(incidents=len(ordered), faults=world.troubles.met)
    for key in ordered.keys() - incidents.keys():
        verdict.lost += 1
        verdict.wrong.append(f"the order {key!r} was never taken")
    for key, incident_id in incidents.items():
        incident = Incident.objects.get(pk=incident_id)
        _judge_pages(verdict, world, incident, ordered[key])
        _judge_messages(verdict, world, incident)
        _judge_people(verdict, world, incident)
        _judge_timeline(verdict, world, incident)
    _judge_requests(verdict, world)
    return verdict


def _judge_pages(
    verdict: Verdict, world: World, incident: Incident, ordered_at: datetime
) -> None:
    firsts = []
    for page in incident.pages.all():
        tokens = page.attempts.values_list("token", flat=True)
        times = sum(world.exchange.accepted[token] for token in tokens)
        verdict.pages += times
        verdict.duplicates += max(0, times - 1)
        firsts += [
            world.exchange.first_accepted[token]
            for token in tokens
            if token in world.exchange.first_accepted
        ]
        reason = _why_lost(page, times or _read_out(page, world), world.now)
        if reason:
            verdict.lost += 1
            verdict.wrong.append(f"{incident.reference}, page {page.pk}: {reason}")
    if firsts:
        delay = (min(firsts) - ordered_at).total_seconds()
        verdict.worst_delay = max(verdict.worst_delay, delay)
    elif not incident.timeline.filter(code__in=["acknowledged", "reached"]).exists():
        verdict.lost += 1
        verdict.wrong.append(f"{incident.reference}: no page ever left the house")


def _read_out(page: Page, world: World) -> int:
    """How often a call was taken that reads this page out with others."""
    if page.digest is None:
        return 0
    tokens = page.digest.attempts.values_list("token", flat=True)
    return sum(world.exchange.accepted[token] for token in tokens)


def _why_lost(page: Page, times: int, now: datetime) -> str:
    """Why this page does not stand as it should, or nothing."""
    if page.status == Page.Status.WITHDRAWN:
        return "" if page.ended_at else "withdrawn, nobody knows when"
    if page.status == Page.Status.QUEUED:
        return "forgotten in the queue" if page.due_at < now - OVERDUE else ""
    if page.status == Page.Status.CLAIMED:
        overdue = page.lease_until is None or page.lease_until < now - OVERDUE
        return "its sender died and nobody went on" if overdue else ""
    if page.status == Page.Status.FAILED:
        return "" if page.error_code else "failed, nobody knows why"
    if page.status == Page.Status.SENT and page.kind == "voice":
        silent = page.sent_at is None or page.sent_at < now - timedelta(minutes=5)
        return "silence was not noticed" if silent else ""
    return "" if times else "called sent, but the provider never got it"


def _judge_messages(verdict: Verdict, world: World, incident: Incident) -> None:
    """The customer was told what had to be said, or it says why not."""
    told = list(incident.messages.filter(kind="sms"))
    purposes = {message.purpose for message in told}
    due = {Message.Purpose.RECEIVED.value}
    if incident.callback_outcome == Incident.CallbackOutcome.MISSED:
        due.add(Message.Purpose.MISSED.value)
    if all(report.above_limits for report in incident.reports.all()):
        # A number that orders without end is not texted without end; that is said.
        unsaid = incident.timeline.filter(code="no_way_to_tell")
        due -= {entry.values["purpose"] for entry in unsaid}
    for purpose in due - purposes:
        verdict.lost += 1
        verdict.wrong.append(
            f"{incident.reference}: no text of {purpose!r} was written"
        )
    for message in told:
        times = world.exchange.accepted[message.token]
        verdict.duplicates += max(0, times - 1)
        reason = _why_untold(message, times, world.now)
        if reason:
            verdict.lost += 1
            verdict.wrong.append(f"{incident.reference}, {message.purpose}: {reason}")


def _why_untold(message: Message, times: int, now: datetime) -> str:
    """Why this text does not stand as it should, or nothing."""
    if message.status == Message.Status.WITHDRAWN:
        return "" if message.ended_at else "withdrawn, nobody knows when"
    if message.status == Message.Status.QUEUED:
        return "forgotten in the queue" if message.due_at < now - OVERDUE else ""
    if message.status == Message.Status.CLAIMED:
        overdue = message.lease_until is None or message.lease_until < now - OVERDUE
        return "its sender died and nobody went on" if overdue else ""
    if message.status == Message.Status.FAILED:
        return "" if message.error_code else "failed, nobody knows why"
    return "" if times else "called sent, but no provider ever got it"


def _judge_people(verdict: Verdict, world: World, incident: Incident) -> None:
    """A person has it, or everybody was paged."""
    taken = incident.timeline.filter(code__in=["acknowledged", "reached"]).exists()
    if taken:
        return
    paged = set(
        incident.pages.filter(purpose=Page.Purpose.EMERGENCY).values_list(
            "technician", flat=True
        )
    )
    active = Technician.objects.filter(staff__is_active=True)
    if paged >= set(active.values_list("pk", flat=True)):
        return
    verdict.wrong.append(f"{incident.reference}: nobody has it, not all were paged")


def _judge_timeline(verdict: Verdict, world: World, incident: Incident) -> None:
    codes = set(incident.timeline.values_list("code", flat=True))
    steps = {
        (entry["round"], entry["step"])
        for entry in incident.timeline.filter(code="step_fired").values_list(
            "values", flat=True
        )
    }
    failures = {
        entry.get("page")
        for entry in incident.timeline.filter(code="page_failed").values_list(
            "values", flat=True
        )
    }
    for page in incident.pages.all():
        explained = EXPLAINED_BY.get(Page.Purpose(page.purpose))
        emergency = page.purpose == Page.Purpose.EMERGENCY
        known = not emergency or (page.round, page.step) in steps
        if not known or (explained and not explained & codes):
            verdict.wrong.append(f"{incident.reference}: page {page.pk} unexplained")
        if page.status == Page.Status.FAILED and page.pk not in failures:
            verdict.wrong.append(f"{incident.reference}: failure {page.pk} untold")
    deadline = incident.callback_deadline_at
    kept = incident.reached_at is not None and incident.reached_at <= deadline
    settled = incident.callback_outcome != Incident.CallbackOutcome.PENDING
    if deadline < world.now - OVERDUE and not settled and not kept:
        verdict.wrong.append(f"{incident.reference}: no decision at the deadline")
    forgotten = incident.due_rows.filter(
        done_at__isnull=True, due_at__lt=world.now - OVERDUE
    )
    verdict.wrong += [
        f"{incident.reference}: {row.kind} due at {row.due_at:%H:%M:%S} not decided"
        for row in forgotten
    ]


def _judge_requests(verdict: Verdict, world: World) -> None:
    known = set(
        PageAttempt.objects.filter(token__in=list(world.exchange.accepted)).values_list(
            "token", flat=True
        )
    )
    asked_for = list(world.exchange.accepted)
    known |= set(
        Message.objects.filter(token__in=asked_for).values_list("token", flat=True)
    )
    for token in world.exchange.accepted.keys() - known:
        verdict.wrong.append(f"the provider was asked for something unknown: {token}")
    bound = world.troubles.doubling
    if verdict.duplicates > bound:
        verdict.wrong.append(
            f"{verdict.duplicates} pages went out twice, {bound} faults may do that"
        )
