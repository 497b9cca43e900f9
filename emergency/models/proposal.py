"""Asking before charging: cost limits, proposals, and what the customer answered."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from emergency.models.incident import Incident
from emergency.models.report import Report
from emergency.models.staff import Staff


class CostLimit(models.Model):
    """The customer wants to be asked before it costs more than ``gross``. The newest
    one of an incident counts; without an amount there is no limit any more."""

    report = models.ForeignKey(
        Report, on_delete=models.CASCADE, related_name="cost_limits"
    )
    at = models.DateTimeField()
    gross = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3)

    class Meta:
        verbose_name = _("cost limit")
        verbose_name_plural = _("cost limits")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(gross__isnull=True) | Q(gross__gt=0),
                name="cost_limit_is_an_amount",
            ),
        ]


class Proposal(models.Model):
    """We ask the customer before we charge more: for analysing the application at its
    hourly rate, or for going beyond the cost limit, up to ``limit_gross``.

    ``text`` is the question as it was asked, in the customer's language. Rates are per
    hour, limits gross, all in ``currency``.
    """

    class Kind(models.TextChoices):
        APPLICATION_ANALYSIS = "application_analysis", _("Application analysis")
        BEYOND_LIMIT = "beyond_limit", _("Beyond the cost limit")

    incident = models.ForeignKey(
        Incident, on_delete=models.PROTECT, related_name="proposals"
    )
    kind = models.CharField(max_length=20, choices=Kind)
    at = models.DateTimeField()
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    hourly_net = models.DecimalField(
        max_digits=12, decimal_places=2, null=True, blank=True
    )
    hourly_gross = models.DecimalField(
        max_digits=12, decimal_places=2, null=True, blank=True
    )
    limit_gross = models.DecimalField(
        max_digits=12, decimal_places=2, null=True, blank=True
    )
    language = models.CharField(max_length=5)
    text = models.TextField()

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind="application_analysis",
                    hourly_net__isnull=False,
                    hourly_gross__isnull=False,
                )
                | Q(kind="beyond_limit", limit_gross__gt=0),
                name="proposal_names_its_amount",
            ),
        ]


class Answer(models.Model):
    """What the customer said to a proposal, once. ``spoken_by`` is who said it on the
    telephone, as ``staff`` noted it; on the tracking page both stay empty."""

    class Verdict(models.TextChoices):
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")

    class Via(models.TextChoices):
        TRACKING = "tracking", _("On the tracking page")
        TELEPHONE = "telephone", _("By telephone")

    proposal = models.OneToOneField(
        Proposal, on_delete=models.PROTECT, related_name="answer"
    )
    verdict = models.CharField(max_length=10, choices=Verdict)
    at = models.DateTimeField()
    via = models.CharField(max_length=10, choices=Via)
    report = models.ForeignKey(
        Report, null=True, blank=True, on_delete=models.PROTECT, related_name="answers"
    )
    staff = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    spoken_by = models.CharField(_("who said it"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("answer to a proposal")
        verbose_name_plural = _("answers to proposals")
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict__in=["accepted", "declined"]),
                name="answer_verdict_is_known",
            ),
            models.CheckConstraint(
                condition=Q(via="tracking", report__isnull=False)
                | Q(via="telephone", staff__isnull=False),
                name="answer_says_where_it_came_from",
            ),
        ]
