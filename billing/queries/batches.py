"""Batches and how far they are."""

from dataclasses import dataclass

from django.db.models import Case, Count, Q, QuerySet, When

from billing.models import Batch, BatchItem


@dataclass(frozen=True)
class Progress:
    """How many documents of a batch are where."""

    total: int
    done: int
    refused: int

    @property
    def looked_at(self) -> int:
        return self.done + self.refused


def progress_of(batch: Batch) -> Progress:
    """How far the batch is, in one query."""
    found = batch.items.aggregate(
        total=Count("pk"),
        done=Count("pk", filter=Q(status=BatchItem.Status.DONE)),
        refused=Count("pk", filter=Q(status=BatchItem.Status.REFUSED)),
    )
    return Progress(**found)


def batches() -> QuerySet[Batch]:
    """All batches with their counts, newest first."""
    counted = Batch.objects.select_related("created_by").annotate(
        total=Count("items"),
        done=Count("items", filter=Q(items__status=BatchItem.Status.DONE)),
        refused=Count("items", filter=Q(items__status=BatchItem.Status.REFUSED)),
    )
    return counted.order_by("-created_at", "-pk")


def items_of(batch: Batch) -> QuerySet[BatchItem]:
    """The documents of a batch, those first that need a person."""
    return (
        batch.items.select_related("document")
        .defer("document__work", "document__terms", "document__issuer")
        .order_by(
            Case(
                When(status=BatchItem.Status.REFUSED, then=0),
                When(status=BatchItem.Status.WAITING, then=1),
                default=2,
            ),
            "position",
        )
    )
