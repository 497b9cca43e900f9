"""Many documents approved or issued at once: a batch, and what became of each."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models.document import Document


class Batch(models.Model):
    """What somebody asked for, and when the last of its documents was looked at."""

    class Act(models.TextChoices):
        APPROVE = "approve", _("Approve")
        ISSUE = "issue", _("Issue")
        APPROVE_AND_ISSUE = "approve_issue", _("Approve and issue")

    act = models.CharField(max_length=14, choices=Act)
    # Instead of issuing: that was the mode when it was asked for.
    hands_over = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("batch")
        verbose_name_plural = _("batches")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="batch_act_known",
                condition=Q(act__in=["approve", "issue", "approve_issue"]),
            ),
        ]
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=Q(finished_at__isnull=True),
                name="batch_open",
            ),
        ]

    @property
    def title(self) -> str:
        """What it does, in words."""
        there = {
            self.Act.ISSUE: _("Hand over"),
            self.Act.APPROVE_AND_ISSUE: _("Approve and hand over"),
        }
        title = there.get(self.Act(self.act)) if self.hands_over else None
        return str(title or self.Act(self.act).label)


class BatchItem(models.Model):
    """One document of a batch. ``problem`` is a code; ``document`` is None when a draft
    has gone because nothing was to be charged. ``attempts`` counts how often a worker
    began with it."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Done")
        REFUSED = "refused", _("Not done")

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="items")
    position = models.PositiveIntegerField()
    document = models.ForeignKey(Document, models.SET_NULL, null=True, related_name="+")
    reference = models.CharField(max_length=40)
    status = models.CharField(max_length=8, choices=Status, default=Status.WAITING)
    problem = models.CharField(max_length=40, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "position"], name="batch_position_once"
            ),
            models.UniqueConstraint(
                fields=["batch", "document"], name="batch_document_once"
            ),
            models.CheckConstraint(
                name="batch_item_end_is_told",
                condition=Q(status="waiting", done_at__isnull=True, problem="")
                | Q(status="done", done_at__isnull=False, problem="")
                | (Q(status="refused", done_at__isnull=False) & ~Q(problem="")),
            ),
        ]
