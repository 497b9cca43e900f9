"""The qualified feedback that the fee promises, as a technician records it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from emergency.models.incident import Incident
from emergency.models.staff import Staff


class Feedback(models.Model):
    """What we found: network, services of each server, whether the application is ruled
    out as the cause, and what happens next. The newest one counts.

    Source: the price text ("network status, availability of the server services,
    exclusion of an application issue"). ``next_step`` is text for the customer.
    """

    class Network(models.TextChoices):
        GOOD = "good", _("Works")
        IMPAIRED = "impaired", _("Impaired")
        DOWN = "down", _("Does not work")
        UNKNOWN = "unknown", _("Not known yet")

    class RuledOut(models.TextChoices):
        YES = "yes", _("Yes, the application is not the cause")
        NO = "no", _("No, the application is or may be the cause")
        UNKNOWN = "unknown", _("Not known yet")

    incident = models.ForeignKey(
        Incident, on_delete=models.CASCADE, related_name="feedback"
    )
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    network = models.CharField(_("network"), max_length=10, choices=Network)
    application_ruled_out = models.CharField(
        _("application issue ruled out"), max_length=10, choices=RuledOut
    )
    next_step = models.TextField(_("what happens next"), blank=True)

    class Meta:
        verbose_name = _("qualified feedback")
        verbose_name_plural = _("qualified feedback")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(network__in=["good", "impaired", "down", "unknown"]),
                name="feedback_network_is_known",
            ),
            models.CheckConstraint(
                condition=Q(application_ruled_out__in=["yes", "no", "unknown"]),
                name="feedback_application_is_known",
            ),
        ]


class ServiceState(models.Model):
    """Whether one service of one server answers, within one feedback."""

    class Service(models.TextChoices):
        WEB = "web", _("Web server")
        DATABASE = "database", _("Database")
        MAIL = "mail", _("Mail")
        NAMES = "names", _("Name server")
        ACCESS = "access", _("Remote access")

    class State(models.TextChoices):
        AVAILABLE = "available", _("Available")
        IMPAIRED = "impaired", _("Impaired")
        DOWN = "down", _("Not available")

    feedback = models.ForeignKey(
        Feedback, on_delete=models.CASCADE, related_name="services"
    )
    server_name = models.CharField(_("server"), max_length=253)
    service = models.CharField(_("service"), max_length=10, choices=Service)
    state = models.CharField(_("state"), max_length=10, choices=State)

    class Meta:
        verbose_name = _("state of a service")
        verbose_name_plural = _("states of services")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["feedback", "server_name", "service"],
                name="service_is_judged_once",
            ),
            models.CheckConstraint(
                condition=Q(service__in=["web", "database", "mail", "names", "access"]),
                name="service_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["available", "impaired", "down"]),
                name="service_state_is_known",
            ),
        ]
