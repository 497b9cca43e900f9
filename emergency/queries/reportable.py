"""How it stands with the cases that may have to be reported to an authority."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet

from emergency.models import Incident, ReportableCase, ReportableFact
from emergency.queries.reportable_extent import Extent, Likely, extent_of, likely_of
from emergency.queries.reportable_wording import left_words, state_word, tone_of
from emergency.rules.reportable import (
    STEPS,
    Deadline,
    Kind,
    Reminder,
    Said,
    Settled,
    Step,
    deadlines,
    next_due,
)

Code = ReportableFact.Code
ON_THE_BOARD = 3


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What the facts of a case come to. ``stated``: somebody has said when we knew; by
    default it is when the first report was received."""

    known_at: datetime
    stated: bool
    steps: tuple[Deadline, ...]
    said: frozenset[Said]

    @property
    def next(self) -> Deadline | None:
        return next_due(self.steps)

    @property
    def is_settled(self) -> bool:
        return self.next is None


@dataclass(frozen=True, kw_only=True)
class StepLine:
    """A step in words and the fact that settled it, if one has."""

    deadline: Deadline
    title: str
    state: str
    tone: str
    left: str
    fact: ReportableFact | None


@dataclass(frozen=True, kw_only=True)
class CaseView:
    """A case as a page shows it. Facts stand in their order."""

    case: ReportableCase
    known_at: datetime
    stated: bool
    steps: tuple[StepLine, ...]
    next: StepLine | None
    incidents: tuple[Incident, ...]
    facts: tuple[ReportableFact, ...]
    extent: Extent


@dataclass(frozen=True, kw_only=True)
class CaseLine:
    """An open case in one line."""

    case: ReportableCase
    references: tuple[str, ...]
    next: StepLine | None


def operator_zone() -> ZoneInfo:
    """The zone whose calendar counts."""
    return ZoneInfo(settings.TIME_ZONE)


def standing_of(
    case: ReportableCase, facts: Sequence[ReportableFact], now: datetime
) -> Standing:
    """How it stands at ``now``, by the facts of this case in their order."""
    known = [fact for fact in facts if fact.code == Code.KNOWN]
    said = {
        (Step(fact.step), Reminder(fact.reminder), fact.moment)
        for fact in facts
        if fact.code == Code.REMINDED and fact.moment is not None
    }
    known_at = (known[-1].moment if known else None) or case.flagged_at
    settled = {
        step: Settled(done_at=fact.moment) for step, fact in _settling(facts).items()
    }
    if case.ending == ReportableCase.Ending.NOT_REPORTABLE:
        # Nobody need do any more what was not done.
        settled = dict.fromkeys(STEPS[Kind(case.kind)], Settled(done_at=None)) | settled
    return Standing(
        known_at=known_at,
        stated=any(fact.incident_id is None for fact in known),
        steps=deadlines(
            kind=Kind(case.kind),
            known_at=known_at,
            settled=settled,
            now=now,
            zone=operator_zone(),
        ),
        said=frozenset(said),
    )


def open_cases(now: datetime) -> list[CaseView]:
    """Every open case, what is due next first."""
    found = [
        case_view(case, now) for case in _with_facts(ReportableCase.objects.open())
    ]
    return sorted(found, key=_due_next)


def ended_cases(most: int) -> list[ReportableCase]:
    """The cases that ended last."""
    rows = ReportableCase.objects.filter(ended_at__isnull=False)
    return list(rows.prefetch_related("incidents").order_by("-ended_at", "-pk")[:most])


def case_view(case: ReportableCase, now: datetime) -> CaseView:
    """The whole case at ``now``."""
    facts = tuple(case.facts.all())
    standing = standing_of(case, facts, now)
    incidents = tuple(case.incidents.all())
    steps = _lines(standing, facts, now)
    return CaseView(
        case=case,
        known_at=standing.known_at,
        stated=standing.stated,
        steps=steps,
        next=_next_line(steps, standing),
        incidents=incidents,
        facts=facts,
        extent=extent_of(incidents),
    )


def likely_incidents(view: CaseView) -> list[Likely]:
    """Incidents of the same days that look like more of the same, and belong to no
    open case of this kind."""
    return likely_of(view.case, view.incidents)


def lines_of(incident: Incident, now: datetime) -> list[CaseLine]:
    """The open cases that this incident belongs to, itself or by one that it took
    over."""
    own = Q(incidents=incident) | Q(incidents__merged_into=incident)
    cases = ReportableCase.objects.open()
    mine = cases.filter(pk__in=cases.filter(own).values("pk"))
    return [_line(case, now) for case in _with_facts(mine)]


def board_lines(now: datetime) -> tuple[list[CaseLine], int]:
    """The open cases that are due first, and how many more there are. At most three
    queries."""
    found = [_line(case, now) for case in _with_facts(ReportableCase.objects.open())]
    found.sort(key=_due_next)
    return found[:ON_THE_BOARD], max(len(found) - ON_THE_BOARD, 0)


def _line(case: ReportableCase, now: datetime) -> CaseLine:
    facts = tuple(case.facts.all())
    standing = standing_of(case, facts, now)
    return CaseLine(
        case=case,
        references=tuple(one.reference for one in case.incidents.all()),
        next=_next_line(_lines(standing, facts, now), standing),
    )


def _with_facts(
    cases: "QuerySet[ReportableCase]",
) -> "QuerySet[ReportableCase]":
    facts = ReportableFact.objects.select_related("staff", "incident")
    incidents = Incident.objects.select_related("account").order_by("opened_at", "pk")
    return cases.prefetch_related(
        Prefetch("facts", queryset=facts.order_by("at", "pk")),
        Prefetch("incidents", queryset=incidents),
    )


def _lines(
    standing: Standing, facts: Iterable[ReportableFact], now: datetime
) -> tuple[StepLine, ...]:
    settling = _settling(facts)
    titles = dict(ReportableFact.Step.choices)
    return tuple(
        StepLine(
            deadline=step,
            title=str(titles[step.step.value]),
            state=state_word(step),
            tone=tone_of(step, now),
            left=left_words(step, now),
            fact=settling.get(step.step),
        )
        for step in standing.steps
    )


def _settling(facts: Iterable[ReportableFact]) -> dict[Step, ReportableFact]:
    """What was entered last about each step."""
    codes = {Code.DONE, Code.NOT_NEEDED}
    return {Step(fact.step): fact for fact in facts if fact.code in codes}


def _next_line(steps: Iterable[StepLine], standing: Standing) -> StepLine | None:
    return next((line for line in steps if line.deadline == standing.next), None)


def _due_next(line: CaseView | CaseLine) -> tuple[datetime, int]:
    at = line.next.deadline.due_at if line.next else line.case.flagged_at
    return at, line.case.pk
