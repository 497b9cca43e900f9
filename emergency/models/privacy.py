"""What is done about personal data: holds, erasures, answers to people's requests."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from emergency.models.incident import Incident
from emergency.models.staff import Staff


class Settlement(models.Model):
    """Billing said that what this incident cost is paid."""

    incident = models.OneToOneField(
        Incident, on_delete=models.PROTECT, related_name="settlement"
    )
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("settlement")
        verbose_name_plural = _("settlements")


class LegalHoldQuerySet(models.QuerySet["LegalHold"]):
    def in_force(self) -> "LegalHoldQuerySet":
        """Holds that nobody has lifted."""
        return self.filter(lifted_at__isnull=True)


class LegalHold(models.Model):
    """Nothing of this incident is erased until the hold is lifted: a dispute, a court
    or an authority may need it."""

    incident = models.ForeignKey(
        Incident, on_delete=models.PROTECT, related_name="legal_holds"
    )
    why = models.CharField(_("why"), max_length=300)
    set_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    lifted_by = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True, blank=True)

    objects = LegalHoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        ordering = ["-set_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["incident"],
                condition=Q(lifted_at__isnull=True),
                name="incident_is_held_once",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True) | Q(lifted_by__isnull=False),
                name="lifted_hold_says_who",
            ),
        ]


class Erasure(models.Model):
    """What of an incident was erased, and when: by the clock, or because the person
    asked for it."""

    class Kind(models.TextChoices):
        CASE = "case", _("What explained the case")
        EVIDENCE = "evidence", _("Evidence of the order")

    incident = models.ForeignKey(
        Incident, on_delete=models.PROTECT, related_name="erasures"
    )
    kind = models.CharField(max_length=10, choices=Kind)
    at = models.DateTimeField()
    staff = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "kind"], name="kind_is_erased_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["case", "evidence"]),
                name="erasure_kind_is_known",
            ),
        ]


class PrivacyRequest(models.Model):
    """Somebody's data were handed out or erased: whose, by whom, how much. It proves
    that the request was answered (GDPR Art. 5(2), 12(3)).

    ``staff`` is empty where it was done at the command line. ``values`` are counts and
    codes.
    """

    class Kind(models.TextChoices):
        EXPORT = "export", _("Export")
        ERASURE = "erasure", _("Erasure")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    subject = models.CharField(_("e-mail address or number"), max_length=254)
    staff = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()
    values = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("request about personal data")
        verbose_name_plural = _("requests about personal data")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["export", "erasure"]),
                name="privacy_request_kind_is_known",
            ),
        ]
