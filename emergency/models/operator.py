"""Who runs this installation, and how alive its engine is."""

from collections.abc import Collection
from datetime import datetime, time

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from emergency.models.staff import Staff


def office_days() -> list[int]:
    return [0, 1, 2, 3, 4]


class OperatorProfileManager(models.Manager["OperatorProfile"]):
    def in_force(self, at: datetime) -> "OperatorProfile | None":
        """The newest version valid at this instant, or None before the first."""
        return self.filter(valid_from__lte=at).order_by("-valid_from", "-pk").first()


class OperatorLogo(models.Model):
    """A small picture, stored once and shown by any number of versions of the profile.

    ``digest`` is the SHA-256 of its content in hex; it is part of its address, so that
    browsers may keep it for good.
    """

    digest = models.CharField(max_length=64, unique=True)
    content_type = models.CharField(max_length=20)
    content = models.BinaryField()

    class Meta:
        verbose_name = _("logo")
        verbose_name_plural = _("logos")


class OperatorProfile(models.Model):
    """One version of the operator's own facts; a change is a new row.

    ``free_cancellation`` is in minutes, counted from the order; ``objection_days`` are
    days after the invoice. ``sells_to`` *mixed* means that consumers may order, too.
    """

    class SellsTo(models.TextChoices):
        BUSINESSES = "businesses", _("Businesses only")
        MIXED = "mixed", _("Businesses and consumers")

    valid_from = models.DateTimeField(_("valid from"))
    name = models.CharField(_("name"), max_length=120)
    hotline = models.CharField(_("hotline"), max_length=32, blank=True)
    support_email = models.EmailField(_("free support by e-mail"), blank=True)
    status_page_url = models.URLField(_("status page"), blank=True)
    imprint = models.TextField(_("imprint"), blank=True)
    # Monday is 0. Half-open in the operator's zone; holidays are never office hours.
    office_days = models.JSONField(_("office days"), default=office_days)
    office_opens = models.TimeField(_("office opens"), default=time(8))
    office_closes = models.TimeField(_("office closes"), default=time(17))
    support_phone = models.CharField(
        _("free support by telephone"), max_length=32, blank=True
    )
    support_text = models.TextField(_("more about free support"), blank=True)
    logo = models.ForeignKey(
        OperatorLogo,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="profiles",
    )
    sells_to = models.CharField(
        _("customers"), max_length=10, choices=SellsTo, default=SellsTo.MIXED
    )
    privacy = models.TextField(_("privacy"), blank=True)
    accessibility_contact = models.CharField(
        _("contact about accessibility"), max_length=200, blank=True
    )
    free_cancellation = models.PositiveSmallIntegerField(
        _("minutes of free cancellation"),
        default=2,
        validators=[MaxValueValidator(1440)],
    )
    objection_days = models.PositiveSmallIntegerField(
        _("days for objections"), default=14, validators=[MaxValueValidator(365)]
    )
    staff = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = OperatorProfileManager()

    class Meta:
        verbose_name = _("operator profile")
        verbose_name_plural = _("operator profiles")
        ordering = ["-valid_from", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(sells_to__in=["businesses", "mixed"]),
                name="operator_sells_to_is_known",
            ),
        ]


class OperatorTextManager(models.Manager["OperatorText"]):
    def in_force(
        self, at: datetime, keys: Collection[str] | None = None
    ) -> "list[OperatorText]":
        """The newest version of each text and language valid at this instant."""
        rows = self.filter(valid_from__lte=at)
        if keys is not None:
            rows = rows.filter(key__in=keys)
        newest_first = rows.order_by("key", "language", "-valid_from", "-pk")
        return list(newest_first.distinct("key", "language"))


class OperatorText(models.Model):
    """One version of one public text in one language; a change is a new row.

    An empty text means the product's own words again.
    """

    key = models.CharField(_("text"), max_length=60)
    language = models.CharField(_("language"), max_length=5)
    text = models.TextField(_("wording"), blank=True)
    valid_from = models.DateTimeField(_("valid from"))
    staff = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = OperatorTextManager()

    class Meta:
        verbose_name = _("text of the operator")
        verbose_name_plural = _("texts of the operator")
        ordering = ["key", "language", "-valid_from", "-pk"]
        indexes = [
            models.Index(
                fields=["key", "language", "-valid_from"], name="operator_text_by_key"
            ),
        ]


class RateLimitManager(models.Manager["RateLimit"]):
    def in_force(self, at: datetime) -> "list[RateLimit]":
        """The newest version of each limit valid at this instant."""
        rows = self.filter(valid_from__lte=at).order_by("key", "-valid_from", "-pk")
        return list(rows.distinct("key"))


class RateLimit(models.Model):
    """One version of one limit of ``rules.limits``; a change is a new row.

    Without ``most`` and ``minutes`` the product's own holds again.
    """

    key = models.CharField(_("limit"), max_length=30)
    most = models.PositiveIntegerField(_("at most"), null=True, blank=True)
    minutes = models.PositiveIntegerField(_("within minutes"), null=True, blank=True)
    valid_from = models.DateTimeField(_("valid from"))
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    objects = RateLimitManager()

    class Meta:
        verbose_name = _("limit")
        verbose_name_plural = _("limits")
        ordering = ["key", "-valid_from", "-pk"]
        constraints = [
            # Neither closed nor without an end, whoever writes.
            models.CheckConstraint(
                condition=Q(most__isnull=True, minutes__isnull=True)
                | Q(most__gte=1, minutes__gte=1, minutes__lte=1440),
                name="rate_limit_is_one",
            ),
        ]


class Holiday(models.Model):
    """A day without office hours, kept as a row so that no upgrade of a library changes
    what was true when a customer ordered.

    ``fee_time`` False is an extra closing day on which no fee is due.
    """

    class Source(models.TextChoices):
        CALENDAR = "calendar", _("Public holiday")
        OPERATOR = "operator", _("Closing day")

    day = models.DateField(_("day"), unique=True)
    name = models.CharField(_("name"), max_length=80)
    source = models.CharField(_("kind"), max_length=10, choices=Source)
    fee_time = models.BooleanField(_("a fee is due"), default=True)

    class Meta:
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        ordering = ["day"]
        constraints = [
            models.CheckConstraint(
                condition=Q(source__in=["calendar", "operator"]),
                name="holiday_source_is_known",
            ),
        ]


class Heartbeat(models.Model):
    """The last sign of life of one loop of the engine (``tick``, ``watcher``)."""

    name = models.CharField(max_length=30, primary_key=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=60, blank=True)

    class Meta:
        verbose_name = _("heartbeat")
