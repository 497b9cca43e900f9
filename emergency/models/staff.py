"""People who work here: staff who sign in, technicians who can be on call."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    TECHNICIAN = "technician", _("Technician")
    DUTY_MANAGER = "duty_manager", _("Duty manager")
    ACCOUNTING = "accounting", _("Accounting")
    ADMINISTRATOR = "administrator", _("Administrator")
    AUDITOR = "auditor", _("Auditor")


class StaffManager(BaseUserManager["Staff"]):
    def create_user(
        self, email: str, password: str | None = None, **fields: Any
    ) -> "Staff":
        """A staff member with this sign-in address exists. Raises ValueError without
        one."""
        if not email:
            raise ValueError("a staff member needs an e-mail address")
        staff = self.model(email=self.normalize_email(email).lower(), **fields)
        staff.set_password(password)
        staff.save(using=self._db)
        return staff

    def create_superuser(
        self, email: str, password: str | None = None, **fields: Any
    ) -> "Staff":
        """An administrator exists who may also open the staff admin."""
        fields.setdefault("role", Role.ADMINISTRATOR)
        fields.setdefault("is_superuser", True)
        return self.create_user(email, password, **fields)


class Staff(AbstractBaseUser, PermissionsMixin):
    """Somebody who signs in at the desk or in billing. Never a customer."""

    email = models.EmailField(_("e-mail address"), unique=True)
    full_name = models.CharField(_("name"), max_length=120)
    role = models.CharField(
        _("role"), max_length=20, choices=Role, default=Role.TECHNICIAN
    )
    language = models.CharField(_("language"), max_length=5, default="de")
    is_active = models.BooleanField(_("may sign in"), default=True)
    # From this instant on nobody signs in and no session counts; None: no end is set.
    access_until = models.DateTimeField(_("access until"), null=True, blank=True)
    is_demo = models.BooleanField(default=False, editable=False)
    # Counted up to end every session there is, as when a telephone was lost.
    session_round = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = StaffManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    class Meta:
        verbose_name = _("staff member")
        verbose_name_plural = _("staff")
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=Role.values), name="staff_role_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(role="auditor") | Q(access_until__isnull=False),
                name="auditors_access_has_an_end",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def is_staff(self) -> bool:
        """Whether the staff admin opens: administrators only."""
        return self.role == Role.ADMINISTRATOR

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What every session of this person must hold; Django compares it for every
        request."""
        own: str = super()._get_session_auth_hash(secret=secret)  # type: ignore[misc]
        return f"{own}:{self.session_round}" if self.session_round else own

    def has_access(self, now: datetime) -> bool:
        """Whether this person may sign in and be signed in at this instant."""
        return self.is_active and (self.access_until is None or now < self.access_until)


class AuditorGrant(models.Model):
    """An administrator let somebody look at the books until an instant, and why.

    ``ended_at`` is when an administrator ended it before. The newest grant of a person
    is the one that counts.
    """

    staff = models.ForeignKey(
        Staff, on_delete=models.PROTECT, related_name="auditor_grants"
    )
    granted_at = models.DateTimeField()
    granted_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    until = models.DateTimeField(_("until"))
    why = models.CharField(_("what is audited"), max_length=200)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("auditor's access")
        verbose_name_plural = _("auditors' access")
        ordering = ["-granted_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gt=models.F("granted_at")),
                name="auditor_grant_looks_ahead",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="auditor_grant_end_says_who",
            ),
        ]


class Technician(models.Model):
    """Staff who can be paged. ``first_name`` is what the customer may see."""

    staff = models.OneToOneField(
        Staff, on_delete=models.PROTECT, related_name="technician"
    )
    first_name = models.CharField(_("first name"), max_length=60)
    # A robot that answers the self-test: never on call, never paged for a customer.
    is_house_phone = models.BooleanField(_("house phone"), default=False)
    # Counted up to end every calendar address given out so far.
    feed_version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("technician")
        verbose_name_plural = _("technicians")

    def __str__(self) -> str:
        return self.staff.full_name


class ContactMethodQuerySet(models.QuerySet["ContactMethod"]):
    def usable(self) -> "ContactMethodQuerySet":
        """Verified and not switched off: what an ordinary page may use."""
        return self.filter(verified_at__isnull=False, disabled_at__isnull=True)


class ContactMethod(models.Model):
    """A way to reach a technician. It counts from its verification on.

    ``disabled_reason`` is a code: switched_off | invalid | not_for_sms | opted_out |
    unreachable. ``strikes`` counts failures that only together make a number bad.
    """

    class Kind(models.TextChoices):
        VOICE = "voice", _("Voice call")
        SMS = "sms", _("SMS")
        EMAIL = "email", _("E-mail")
        PUSH = "push", _("Push")

    technician = models.ForeignKey(
        Technician, on_delete=models.CASCADE, related_name="contact_methods"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    address = models.CharField(_("number or address"), max_length=500)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    verified_at = models.DateTimeField(_("verified at"), null=True, blank=True)
    disabled_at = models.DateTimeField(_("switched off at"), null=True, blank=True)
    disabled_reason = models.CharField(max_length=60, blank=True)
    strikes = models.PositiveSmallIntegerField(default=0)

    objects = ContactMethodQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact method")
        verbose_name_plural = _("contact methods")
        ordering = ["technician", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["technician", "kind", "address"],
                name="contact_method_once_per_technician",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["voice", "sms", "email", "push"]),
                name="contact_method_kind_is_known",
            ),
        ]


class NotificationRule(models.Model):
    """When a page of this urgency fires, this contact method follows after ``delay``.

    A technician without rules for an urgency is paged by the first method of each kind
    at once.
    """

    class Urgency(models.TextChoices):
        HIGH = "high", _("An emergency")
        LOW = "low", _("Everything else")

    technician = models.ForeignKey(
        Technician, on_delete=models.CASCADE, related_name="notification_rules"
    )
    urgency = models.CharField(_("for"), max_length=5, choices=Urgency)
    contact_method = models.ForeignKey(
        ContactMethod, on_delete=models.CASCADE, related_name="notification_rules"
    )
    delay = models.DurationField(_("after"), default=timedelta)

    class Meta:
        verbose_name = _("notification rule")
        verbose_name_plural = _("notification rules")
        ordering = ["technician", "urgency", "delay", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["technician", "urgency", "contact_method", "delay"],
                name="notification_rule_stands_once",
            ),
            models.CheckConstraint(
                condition=Q(urgency__in=["high", "low"]),
                name="notification_rule_urgency_is_known",
            ),
            models.CheckConstraint(
                condition=Q(delay__gte=timedelta(0)),
                name="notification_rule_looks_ahead",
            ),
        ]
