"""What waits for accounting, the most urgent part first."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from billing.models import Document, HandOver, Hold, Transmission
from billing.queries import Sums, open_holds, sums, with_signs
from billing.queries.handed_over import over_there
from billing.queries.lists import BIG

# A part of the page shows so many; the rest is a click away, behind its filter.
SHOWN = 50
# Here and not done yet.
WAITING = (Document.Status.DRAFT, Document.Status.APPROVED)
OVER = (Transmission.Status.FAILED, Transmission.Status.BOUNCED)


@dataclass(frozen=True, kw_only=True)
class Part:
    """One kind of waiting: how much there is, and the oldest of it."""

    sums: Sums
    documents: list[Document]

    @property
    def count(self) -> int:
        return self.sums.count

    @property
    def more(self) -> int:
        return self.count - len(self.documents)


@dataclass(frozen=True, kw_only=True)
class HeldPart:
    """Open holds: how many, and the oldest of them with their documents."""

    count: int
    holds: list[Hold]

    @property
    def more(self) -> int:
        return self.count - len(self.holds)


@dataclass(frozen=True, kw_only=True)
class ToDo:
    """The page of what waits. ``refused``: by the billing system it was handed over to.
    ``in_total``: everything that is here and has no number yet."""

    unsent: Part
    refused: Part
    objections: HeldPart
    held: HeldPart
    ready: Part
    approved: Part
    in_total: Sums

    @property
    def is_empty(self) -> bool:
        parts = (self.unsent, self.refused, self.ready, self.approved)
        holds = (self.objections, self.held)
        return not any(part.count for part in (*parts, *holds))


def to_do() -> ToDo:
    """Everything that waits, in a fixed number of queries however much it is. What is
    gathered into another document waits there."""
    single = Document.objects.filter(gathered_into__isnull=True)
    objections = Hold.Reason.CUSTOMER_OBJECTS
    waiting = Hold.objects.filter(released_at=None)
    return ToDo(
        unsent=_part(unsent()),
        refused=_part(over_there(HandOver.Status.REFUSED)),
        objections=_held(waiting.filter(reason=objections)),
        held=_held(waiting.exclude(reason=objections)),
        ready=_part(ready()),
        approved=_part(single.filter(status=Document.Status.APPROVED)),
        in_total=sums(single.filter(status__in=WAITING)),
    )


def ready() -> QuerySet[Document]:
    """Drafts without an open hold."""
    held = Hold.objects.filter(document=OuterRef("pk"), released_at=None)
    return Document.objects.filter(~Exists(held), status=Document.Status.DRAFT)


def unsent() -> QuerySet[Document]:
    """Documents of which some way of sending has failed, or whose e-mail came back, and
    that nobody tries again; and what was issued with nowhere to send it."""
    attempts = Transmission.objects.filter(document=OuterRef("pk"))
    stuck = Q(~Exists(attempts), status=Document.Status.ISSUED)
    by_hand = attempts.filter(kind=Transmission.Kind.OTHER)
    for kind in Transmission.Kind:
        of_kind = attempts.filter(kind=kind)
        over = of_kind.filter(status__in=OVER)
        alive = of_kind.exclude(status__in=OVER)
        lost = Q(Exists(over) & ~Exists(alive))
        if kind == Transmission.Kind.EMAIL:
            # What a person delivered instead has arrived.
            lost &= Q(~Exists(by_hand))
        stuck |= lost
    return Document.objects.exclude(status__in=WAITING).filter(stuck)


def _part(documents: QuerySet[Document]) -> Part:
    oldest = with_signs(documents).defer(*BIG).prefetch_related(open_holds())
    return Part(
        sums=sums(documents),
        documents=list(oldest.order_by("created_at", "pk")[:SHOWN]),
    )


def _held(holds: QuerySet[Hold]) -> HeldPart:
    big = [f"document__{name}" for name in BIG]
    oldest = holds.select_related("document").defer(*big).order_by("created_at", "pk")
    return HeldPart(count=holds.count(), holds=list(oldest[:SHOWN]))
