"""Ways out of the house: how healthy each is, and the self-tests that prove it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class RouteHealth(models.Model):
    """One route to a telephone or mailbox, with its circuit breaker.

    A route is a kind through a provider: ``voice:twilio``, ``sms:twilio``,
    ``sms:gateway``, ``email``, ``push``. While ``open_until`` lies ahead it is passed
    over wherever another route exists; then one page tries it again.
    """

    route = models.CharField(max_length=30, primary_key=True)
    failures = models.PositiveIntegerField(default=0)
    open_until = models.DateTimeField(null=True, blank=True)
    last_success_at = models.DateTimeField(null=True, blank=True)
    last_delivery_at = models.DateTimeField(null=True, blank=True)
    last_failure_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = _("route")
        verbose_name_plural = _("routes")
        ordering = ["route"]


class SelfTest(models.Model):
    """A synthetic page to the house phone by one route, and whether it came back."""

    class Outcome(models.TextChoices):
        PENDING = "pending", _("Under way")
        PASSED = "passed", _("Came back")
        FAILED = "failed", _("Did not come back")

    route = models.CharField(max_length=30)
    page = models.OneToOneField(
        "emergency.Page", null=True, on_delete=models.SET_NULL, related_name="self_test"
    )
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(_("must be back by"))
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.PENDING)
    error_code = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = _("self-test")
        verbose_name_plural = _("self-tests")
        ordering = ["-started_at", "-pk"]
        indexes = [
            models.Index(fields=["route", "-started_at"], name="self_test_by_route"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=["pending", "passed", "failed"]),
                name="self_test_outcome_is_known",
            ),
            models.CheckConstraint(
                condition=Q(outcome="pending") | Q(ended_at__isnull=False),
                name="ended_self_test_has_a_time",
            ),
        ]
