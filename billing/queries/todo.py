"""What waits for accounting, the most urgent part first."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from billing.models import Document, Hold, Transmission
from billing.queries import Sums, open_holds, sums, with_signs
from billing.queries.lists import BIG

# A part of the page shows so many; the rest is a click away, behind its filter.
SHOWN = 50
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
    """The page of what waits. ``in_total``: everything that has no number yet."""

    unsent: Part
    objections: HeldPart
    held: HeldPart
    ready: Part
    approved: Part
    in_total: Sums

    @property
    def is_empty(self) -> bool:
        parts = (self.unsent, self.objections, self.held, self.ready, self.approved)
        return not any(part.count for part in parts)


def to_do() -> ToDo:
    """Everything that waits, in a fixed number of queries however much it is. What is
    gathered into another document waits there."""
    single = Document.objects.filter(gathered_into__isnull=True)
    objections = Hold.Reason.CUSTOMER_OBJECTS
    waiting = Hold.objects.filter(released_at=None)
    return ToDo(
        unsent=_part(unsent()),
        objections=_held(waiting.filter(reason=objections)),
        held=_held(waiting.exclude(reason=objections)),
        ready=_part(ready()),
        approved=_part(single.filter(status=Document.Status.APPROVED)),
        in_total=sums(single.filter(number__isnull=True)),
    )


def ready() -> QuerySet[Document]:
    """Drafts without an open hold."""
    held = Hold.objects.filter(document=OuterRef("pk"), released_at=None)
    return Document.objects.filter(~Exists(held), status=Document.Status.DRAFT)


def unsent() -> QuerySet[Document]:
    """Issued documents whose sending has failed, or whose e-mail came back, and that
    nobody tries again."""
    attempts = Transmission.objects.filter(document=OuterRef("pk"))
    over = attempts.filter(status__in=OVER)
    alive = attempts.exclude(status__in=OVER)
    return Document.objects.filter(Exists(over) & ~Exists(alive))


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
