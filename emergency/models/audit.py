"""Who changed what of the set-up, and who handed out or took in what."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from emergency.models.staff import Staff


class AuditEntry(models.Model):
    """One fact, for good: the database refuses to change or remove it.

    ``subject`` names a row, as ``account:10042``; ``values`` are codes, ids and
    numbers. Without ``staff`` it was nobody who is signed in; ``via`` says what it
    was. What the database itself saw of permissions is entered by a trigger.
    """

    class Area(models.TextChoices):
        ROSTER = "roster", _("Roster")
        POLICY = "policy", _("Escalation policies")
        REACH = "reach", _("Contact methods")
        CONTACT = "contact", _("Contacts of customers")
        ACCOUNT = "account", _("Accounts and servers")
        OPERATOR = "operator", _("Operator")
        PERMISSION = "permission", _("Permissions")
        PRIVACY = "privacy", _("Personal data")
        TRANSFER = "transfer", _("Imports and exports")
        SIGN_IN = "sign_in", _("Sign-in")
        BILLING = "billing", _("Prices and billing")
        STATUS = "status", _("Status pages")
        AUTHORITY = "authority", _("Reports to the authority")

    class Via(models.TextChoices):
        DESK = "desk", _("Desk")
        COMMAND = "command", _("Command")
        ENGINE = "engine", _("By itself")
        DATABASE = "database", _("Database")

    at = models.DateTimeField(_("at"))
    area = models.CharField(_("area"), max_length=10, choices=Area)
    code = models.CharField(max_length=60)
    staff = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    via = models.CharField(_("way"), max_length=8, choices=Via)
    subject = models.CharField(max_length=80, blank=True)
    values = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["-at", "-id"], name="audit_newest"),
            models.Index(fields=["area", "-at"], name="audit_of_area"),
            models.Index(fields=["subject"], name="audit_of_subject"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    area__in=[
                        *("roster", "policy", "reach", "contact", "account"),
                        *("operator", "permission", "privacy", "transfer"),
                        *("billing", "status", "authority", "sign_in"),
                    ]
                ),
                name="audit_area_is_known",
            ),
            models.CheckConstraint(
                condition=Q(via__in=["desk", "command", "engine", "database"]),
                name="audit_way_is_known",
            ),
        ]
