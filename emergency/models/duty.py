"""The people behind a schedule: swaps, absences, hand-offs, drop-outs."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from emergency.models.schedule import Schedule
from emergency.models.staff import Technician


class Swap(models.Model):
    """An offer to exchange parts of shifts. Only the partner's consent makes it true.

    The proposer gives [given_from, given_until) and takes [taken_from, taken_until) in
    return; without the latter it is a request to cover.
    """

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("Waits for consent")
        ACCEPTED = "accepted", _("Agreed")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    schedule = models.ForeignKey(
        Schedule, on_delete=models.CASCADE, related_name="swaps"
    )
    proposer = models.ForeignKey(
        Technician, on_delete=models.PROTECT, related_name="swaps_proposed"
    )
    partner = models.ForeignKey(
        Technician, on_delete=models.PROTECT, related_name="swaps_asked"
    )
    given_from = models.DateTimeField(_("you give from"))
    given_until = models.DateTimeField(_("until"))
    taken_from = models.DateTimeField(_("you take from"), null=True, blank=True)
    taken_until = models.DateTimeField(_("until"), null=True, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.PROPOSED)
    proposed_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("swap")
        verbose_name_plural = _("swaps")
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(proposer=F("partner")), name="swap_is_between_two_people"
            ),
            models.CheckConstraint(
                condition=Q(given_until__gt=F("given_from")),
                name="swap_gives_a_period",
            ),
            models.CheckConstraint(
                condition=Q(taken_from__isnull=True, taken_until__isnull=True)
                | Q(taken_until__gt=F("taken_from")),
                name="swap_takes_a_period_or_none",
            ),
            models.CheckConstraint(
                condition=Q(status="proposed") | Q(decided_at__isnull=False),
                name="decided_swap_has_a_time",
            ),
        ]


class Absence(models.Model):
    """A technician is away in [starts_at, ends_at). ``uid`` is the calendar's name for
    it, so that the same calendar imported again changes nothing."""

    technician = models.ForeignKey(
        Technician, on_delete=models.CASCADE, related_name="absences"
    )
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    uid = models.CharField(max_length=255, blank=True)
    imported_at = models.DateTimeField()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["technician", "uid", "starts_at"],
                name="absence_is_imported_once",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="absence_ends_after_its_start",
            ),
        ]


class HandOff(models.Model):
    """One coming change of who is on call, and whether the incoming person confirmed.

    ``due_at`` is the next instant at which the engine acts: reminders before the
    hand-off, the question at it, the duty manager when nobody confirmed.
    """

    schedule = models.ForeignKey(
        Schedule, on_delete=models.CASCADE, related_name="hand_offs"
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    incoming = models.ForeignKey(
        Technician, on_delete=models.PROTECT, related_name="hand_offs"
    )
    outgoing = models.ForeignKey(
        Technician, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reminders_sent = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_via = models.CharField(max_length=10, blank=True)
    silent_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("hand-off")
        verbose_name_plural = _("hand-offs")
        ordering = ["starts_at", "pk"]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="hand_off_due",
                condition=Q(due_at__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["schedule", "starts_at", "incoming"],
                name="hand_off_stands_once",
            ),
        ]


class DropOut(models.Model):
    """A technician cannot go on. Until a successor confirms, both are paged.

    It needs nobody's consent, holds in [declared_at, ends_at), and leaves open
    incidents with their owner. ``due_at`` is when the successor is asked again.
    """

    schedule = models.ForeignKey(
        Schedule, on_delete=models.CASCADE, related_name="drop_outs"
    )
    technician = models.ForeignKey(
        Technician, on_delete=models.PROTECT, related_name="drop_outs"
    )
    declared_at = models.DateTimeField()
    declared_via = models.CharField(max_length=10)
    ends_at = models.DateTimeField()
    successor = models.ForeignKey(
        Technician, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("drop-out")
        verbose_name_plural = _("drop-outs")
        ordering = ["-declared_at", "-pk"]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="drop_out_due",
                condition=Q(due_at__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("declared_at")),
                name="drop_out_ends_after_its_start",
            ),
        ]


class RosterEntry(models.Model):
    """An append-only fact about a schedule: code and named values, worded when read."""

    schedule = models.ForeignKey(
        Schedule, on_delete=models.PROTECT, related_name="entries"
    )
    at = models.DateTimeField()
    code = models.CharField(max_length=40)
    technician = models.ForeignKey(
        Technician, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    values = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("roster entry")
        verbose_name_plural = _("roster entries")
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["schedule", "at"], name="roster_by_schedule")]
