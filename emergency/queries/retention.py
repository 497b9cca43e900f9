"""What is due for erasure: the facts of incidents, judged by the rule."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.apps import apps
from django.conf import settings
from django.db.models import Model, Q, QuerySet

from emergency.models import Erasure, Incident, LegalHold
from emergency.rules.personal_data import REGISTER, Kept
from emergency.rules.retention import Charge, Class, Facts, Periods, is_due

ERASED_BY_INCIDENT = (Class.CASE, Class.EVIDENCE)


def periods() -> Periods:
    """How long this installation keeps what."""
    return Periods(
        short=timedelta(days=settings.RETENTION_SHORT_DAYS),
        case=timedelta(days=settings.RETENTION_CASE_DAYS),
        evidence=timedelta(days=settings.RETENTION_EVIDENCE_DAYS),
    )


def facts_of(incident: Incident) -> Facts:
    """What decides how long this incident's data are kept. One that was merged goes
    with the incident it went into."""
    decides = incident
    while decides.merged_into is not None:
        decides = decides.merged_into
    settlement = getattr(decides, "settlement", None)
    charges = [
        Charge(at=told.issued_at, gross_cents=int(told.gross * 100))
        for told in decides.documents.all()
    ]
    if decides.is_drill and decides.closed_at is not None:
        # Billing never hears of it, so that nobody else says that nothing is owed.
        charges.append(Charge(at=decides.closed_at, gross_cents=0))
    return Facts(
        ended_at=decides.closed_at,
        paid_at=settlement.at if settlement else None,
        charges=tuple(charges),
        held=LegalHold.objects.in_force()
        .filter(incident__in=[incident, decides])
        .exists(),
    )


def due_for_erasure(now: datetime) -> Iterator[tuple[Incident, Class]]:
    """Each incident with the class that is due and not erased yet, oldest first."""
    kept = periods()
    for kind in ERASED_BY_INCIDENT:
        period = kept.case if kind is Class.CASE else kept.evidence
        # Nothing is due sooner than its period after the end.
        rows = (
            Incident.objects.filter(closed_at__lte=now - min(period, kept.evidence))
            .exclude(pk__in=Erasure.objects.filter(kind=kind).values("incident"))
            .select_related("merged_into", "settlement")
            .prefetch_related("documents")
            .order_by("closed_at", "pk")
        )
        for incident in rows.iterator(chunk_size=200):
            if is_due(kind, facts_of(incident), kept, now):
                yield incident, kind


def tables() -> Iterator[tuple[type[Model], Kept]]:
    """Every table of the register with its entry."""
    for name, kept in REGISTER.items():
        yield apps.get_model("emergency", name), kept


def rows_of(
    model: type[Model], kept: Kept, kind: Class, incidents: Sequence[Incident]
) -> "QuerySet[Model]":
    """The rows of this table that belong to these incidents and, where they belong to
    others, too, to none whose data of this class are still kept."""
    ways, others = Q(), Q()
    kept_still = Incident.objects.exclude(
        pk__in=Erasure.objects.filter(kind=kind.value).values("incident")
    ).exclude(pk__in=[incident.pk for incident in incidents])
    for path in kept.through:
        ways |= Q(**{f"{path}__in": [incident.pk for incident in incidents]})
        others |= Q(**{f"{path}__in": kept_still.values("pk")})
    rows = model._default_manager.all()
    found = rows.filter(pk__in=rows.filter(ways).values("pk")) if ways else rows.none()
    if kept.shared:
        found = found.exclude(pk__in=rows.filter(others).values("pk"))
    return found


def outlived(
    model: type[Model], kept: Kept, kind: Class, now: datetime
) -> "QuerySet[Model]":
    """The rows of this table that are older than their class is kept, without those of
    incidents that are held or decide themselves; emptied ones are left out."""
    period = getattr(periods(), kind.value)
    rows = model._default_manager.filter(**{f"{kept.aged_by}__lte": now - period})
    for path in kept.through:
        if kind in ERASED_BY_INCIDENT:
            rows = rows.filter(**{f"{path}__isnull": True})
        lifted = f"{path}__legal_holds__lifted_at__isnull"
        held = model._default_manager.filter(
            **{f"{path}__legal_holds__isnull": False, lifted: True}
        )
        rows = rows.exclude(pk__in=held.values("pk"))
    if not kept.goes:
        emptied = Q(**dict.fromkeys(kept.fields[kind], ""))
        rows = rows.exclude(emptied)
    return rows
