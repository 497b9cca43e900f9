"""Documents in the hands of the operator's own billing system."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import TruncDate

from billing.models import Document, HandOver, HandOverEvent
from billing.queries import with_signs
from billing.rules.hand_over import NUMBERED


def over_there(*statuses: str) -> QuerySet[Document]:
    """Documents whose hand-over stands so, the oldest first."""
    latest = HandOver.objects.filter(document=OuterRef("pk")).order_by("-pk")
    return (
        Document.objects.filter(status=Document.Status.HANDED_OVER)
        .annotate(status_there=Subquery(latest.values("status")[:1]))
        .filter(status_there__in=statuses)
        .order_by("pk")
    )


def invoiced_there() -> Exists:
    """Whether the other system has made an invoice of it, and stands by that."""
    return Exists(
        HandOver.objects.filter(document=OuterRef("pk"), status__in=list(NUMBERED))
    )


def day_there() -> Subquery:
    """The operator's day on which it told the number of what it stands by."""
    told = HandOverEvent.objects.filter(
        hand_over__document=OuterRef("pk"),
        hand_over__status__in=list(NUMBERED),
        status__in=list(NUMBERED),
        applied=True,
    )
    return Subquery(
        told.order_by("pk").annotate(day=TruncDate("received_at")).values("day")[:1]
    )


@dataclass(frozen=True)
class HandedOver:
    """What the billing system has in hand. ``unfiled``: how many no file holds."""

    refused: list[Document]
    waiting: list[Document]
    done: list[Document]
    unfiled: int


def handed_over(*, latest: int = 100) -> HandedOver:
    """Refused, without a number yet, and the latest that are done."""
    status = HandOver.Status
    done = over_there(status.BOOKED, status.PAID, status.CANCELLED).order_by("-pk")
    open_ones = [status.WAITING, status.ACCEPTED]
    return HandedOver(
        refused=list(with_signs(over_there(status.REFUSED))),
        waiting=list(with_signs(over_there(*open_ones))),
        done=list(with_signs(done)[:latest]),
        unfiled=HandOver.objects.filter(batch=None, status__in=open_ones).count(),
    )
