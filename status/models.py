"""What the product knows about maintenance: pages it reads and windows it found."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from status.rules.windows import WindowState


class SourceKind(models.TextChoices):
    STATUSPAGE = "statuspage", _("Statuspage (version 2)")
    INCIDENTIO = "incidentio", "incident.io"
    CACHET2 = "cachet2", "Cachet 2"
    CACHET3 = "cachet3", "Cachet 3"
    UPTIMEKUMA = "uptimekuma", "Uptime Kuma"
    ICS = "ics", _("Calendar (iCalendar, MAINTNOTE)")
    STATIC = "static", _("Fixed times, typed in here")
    LOCAL = "local", _("Our own status page")
    INSTATUS = "instatus", "Instatus"
    BETTERSTACK = "betterstack", "Better Stack"
    STATUSPAL = "statuspal", "StatusPal"
    STATUSIO = "statusio", "status.io"
    SORRY = "sorry", "Sorry"
    CSTATE = "cstate", "cState"
    ONEUPTIME = "oneuptime", "OneUptime"
    OPENSTATUS = "openstatus", "openstatus"
    UPPTIME = "upptime", "Upptime"
    HUND = "hund", "Hund"
    FLASHDUTY = "flashduty", "flashduty"
    RSS = "rss", _("RSS or Atom feed (a hint only)")


class Health(models.TextChoices):
    """How a page does, the worst first; computed, not stored."""

    NEVER = "never", _("never read")
    STALE = "stale", _("too old to rule anything out")
    FAILING = "failing", _("fails at the moment")
    GOOD = "good", _("read")
    OFF = "off", _("switched off")


class WindowStatus(models.TextChoices):
    SCHEDULED = WindowState.SCHEDULED.value, _("Scheduled")
    RUNNING = WindowState.RUNNING.value, _("Running")
    FINISHED = WindowState.FINISHED.value, _("Finished")
    TIMED = WindowState.TIMED.value, _("By the clock")
    TENTATIVE = WindowState.TENTATIVE.value, _("Not confirmed")
    AHEAD = WindowState.AHEAD.value, _("Not begun")
    UNKNOWN = WindowState.UNKNOWN.value, _("Not understood")


class Source(models.Model):
    """One status page. ``next_fetch_at`` is the due row the poller claims.

    ``fetched_at`` is the last reading that was understood or confirmed as unchanged;
    failures never move it. ``allow_host`` is the one host (with or without port) that
    may be private and plain http. ``config`` is what the operator told us about the
    page (zone, key, meaning); ``good_until``, ``poll_after`` and ``doubt`` are what the
    page itself says of its answers. Our own page and fixed times have no address.
    """

    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(
        _("kind"),
        max_length=30,
        choices=SourceKind.choices,
        default=SourceKind.STATUSPAGE,
    )
    url = models.URLField(_("address"), max_length=500, blank=True)
    config = models.JSONField(_("settings"), default=dict, blank=True)
    allow_host = models.CharField(_("allowed host"), max_length=255, blank=True)
    enabled = models.BooleanField(_("enabled"), default=True)
    interval = models.DurationField(_("interval"), default=timedelta(seconds=60))
    next_fetch_at = models.DateTimeField(_("next reading"))
    fetched_at = models.DateTimeField(_("last good reading"), null=True, blank=True)
    good_until = models.DateTimeField(_("good until"), null=True, blank=True)
    poll_after = models.DurationField(_("wanted interval"), null=True, blank=True)
    doubt = models.CharField(_("doubt"), max_length=40, blank=True)
    etag = models.CharField(max_length=500, blank=True)
    last_modified = models.CharField(max_length=200, blank=True)
    body_hash = models.CharField(_("hash of the body"), max_length=64, blank=True)
    components = models.JSONField(_("components"), default=list, blank=True)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    last_error = models.CharField(_("last error"), max_length=60, blank=True)
    backoff_until = models.DateTimeField(_("resting until"), null=True, blank=True)

    class Meta:
        verbose_name = _("status page")
        verbose_name_plural = _("status pages")
        constraints = [
            models.CheckConstraint(
                name="status_source_kind_known",
                condition=Q(kind__in=SourceKind.values),
            ),
            models.UniqueConstraint(
                fields=["url"],
                name="status_source_once_per_address",
                condition=~Q(url=""),
            ),
            models.UniqueConstraint(
                fields=["kind"],
                name="status_source_one_page_of_our_own",
                condition=Q(kind=SourceKind.LOCAL),
            ),
            models.CheckConstraint(
                name="status_source_interval_positive",
                condition=Q(interval__gt=timedelta(0)),
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_fetch_at"],
                name="status_source_due",
                condition=Q(enabled=True),
            )
        ]


class Window(models.Model):
    """One maintenance window as its page announced it last.

    ``components`` is a list of {"id", "name", "group"}; empty means the whole page. The
    flags mean what they mean in ``status.rules.maintenance.WindowFacts``. When it was
    announced and changed is known of our own windows only.
    """

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="windows")
    external_id = models.CharField(_("id on the page"), max_length=200)
    name = models.CharField(_("name"), max_length=500, blank=True)
    state = models.CharField(_("state"), max_length=20, choices=WindowStatus.choices)
    starts_at = models.DateTimeField(_("planned start"), null=True, blank=True)
    ends_at = models.DateTimeField(_("planned end"), null=True, blank=True)
    components = models.JSONField(_("components"), default=list, blank=True)
    url = models.URLField(_("address"), max_length=500, blank=True)
    open_ended = models.BooleanField(_("until further notice"), default=False)
    zone_known = models.BooleanField(_("zone known"), default=True)
    no_impact = models.BooleanField(_("without impact"), default=False)
    mentions = models.TextField(_("hosts its text may name"), blank=True)
    announced_at = models.DateTimeField(_("announced"), null=True, blank=True)
    changed_at = models.DateTimeField(_("changed"), null=True, blank=True)

    class Meta:
        verbose_name = _("maintenance window")
        verbose_name_plural = _("maintenance windows")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "external_id"], name="status_window_once_per_source"
            ),
            models.CheckConstraint(
                name="status_window_state_known",
                condition=Q(state__in=WindowStatus.values),
            ),
        ]
        indexes = [
            models.Index(
                F("ends_at").asc(nulls_last=True),
                name="status_window_open",
                condition=~Q(state=WindowStatus.FINISHED),
            )
        ]


class ComponentForm(models.Model):
    """One spelling of one part of a page, so that a typed name finds it by an index.

    Made from ``Source.components`` whenever these change; a part with several
    spellings has several rows.
    """

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="forms")
    form = models.CharField(_("spelling"), max_length=450)
    external_id = models.CharField(_("id on the page"), max_length=200)
    name = models.CharField(_("name"), max_length=200, blank=True)
    group = models.CharField(_("group"), max_length=200, blank=True)
    in_maintenance = models.BooleanField(_("in maintenance"), default=False)

    class Meta:
        verbose_name = _("spelling of a component")
        verbose_name_plural = _("spellings of components")
        indexes = [models.Index(fields=["form"], name="status_component_by_form")]
