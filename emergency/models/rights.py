"""What the customer may do with the order: cancel, withdraw, object, confirm."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from emergency.models.incident import Incident
from emergency.models.report import Report
from emergency.models.staff import Staff


class Cancellation(models.Model):
    """The order was cancelled before we spoke with the customer. ``free`` was decided
    then, from the end of the free window and the take-over that stand beside it.

    ``report`` is whose page it came from; ``staff`` cancelled at the customer's word.
    """

    incident = models.OneToOneField(
        Incident, on_delete=models.PROTECT, related_name="cancellation"
    )
    at = models.DateTimeField()
    free = models.BooleanField()
    free_until = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, blank=True)
    report = models.ForeignKey(
        Report, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    staff = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("cancellation")
        verbose_name_plural = _("cancellations")
        constraints = [
            models.CheckConstraint(
                condition=Q(report__isnull=False) | Q(staff__isnull=False),
                name="cancellation_says_who",
            ),
        ]


class Withdrawal(models.Model):
    """A consumer's withdrawal from the contract, confirmed in a second step.

    Source: Directive 2011/83/EU Art. 11a. ``acknowledgement`` is the text that was
    handed out on the page and by e-mail, word for word.
    """

    report = models.OneToOneField(
        Report, on_delete=models.PROTECT, related_name="withdrawal"
    )
    at = models.DateTimeField()
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail address for the acknowledgement"), blank=True)
    language = models.CharField(max_length=5)
    acknowledgement = models.TextField()

    class Meta:
        verbose_name = _("withdrawal")
        verbose_name_plural = _("withdrawals")


class Objection(models.Model):
    """The customer objects to cause, time or invoice. Accounting does not charge
    before a person has looked at it. ``seen_at`` is when billing had taken it up."""

    class About(models.TextChoices):
        CAUSE = "cause", _("The cause")
        TIME = "time", _("The time")
        INVOICE = "invoice", _("The invoice")

    report = models.ForeignKey(
        Report, on_delete=models.PROTECT, related_name="objections"
    )
    about = models.CharField(_("what you object to"), max_length=10, choices=About)
    at = models.DateTimeField()
    text = models.TextField(_("why"), blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        ordering = ["at", "pk"]
        indexes = [
            models.Index(
                fields=["report"],
                name="objection_not_seen",
                condition=Q(seen_at__isnull=True),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "about"], name="objection_once_per_matter"
            ),
            models.CheckConstraint(
                condition=Q(about__in=["cause", "time", "invoice"]),
                name="objection_matter_is_known",
            ),
        ]


class SolutionAnswer(models.Model):
    """Whether the customer says that the problem is solved."""

    report = models.ForeignKey(
        Report, on_delete=models.CASCADE, related_name="solution_answers"
    )
    at = models.DateTimeField()
    solved = models.BooleanField()

    class Meta:
        verbose_name = _("answer to the solution")
        verbose_name_plural = _("answers to the solution")
        ordering = ["at", "pk"]
