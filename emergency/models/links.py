"""Where a server is found in the operator's other systems."""

from datetime import datetime

from django.db import connection, models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from emergency.models.staff import Staff

# The first half of the key of an advisory lock: "LT".
LOCK = 0x4C54


class LinkTemplateManager(models.Manager["LinkTemplate"]):
    def in_force(self, at: datetime) -> "list[LinkTemplate]":
        """The newest version of each kind valid at this instant, in the order of the
        kinds; an empty one means that there is no such link."""
        rows = self.filter(valid_from__lte=at).order_by("kind", "-valid_from", "-pk")
        newest = {row.kind: row for row in rows.distinct("kind")}
        return [newest[kind] for kind in LinkTemplate.Kind.values if kind in newest]

    def lock(self) -> None:
        """Whoever else publishes waits until this transaction ends."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [LOCK])


class LinkTemplate(models.Model):
    """One version of the address of a server in another system; a change is a new row.

    ``{server}``, ``{address}``, ``{account}`` and ``{external_id}`` are filled in.
    """

    class Kind(models.TextChoices):
        INVENTORY = "inventory", _("Inventory")
        MONITORING = "monitoring", _("Monitoring")
        CONSOLE = "console", _("Console")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    template = models.CharField(_("address"), max_length=500, blank=True)
    valid_from = models.DateTimeField(_("valid from"))
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    objects = LinkTemplateManager()

    class Meta:
        verbose_name = _("link template")
        verbose_name_plural = _("link templates")
        ordering = ["-valid_from", "-pk"]
        indexes = [
            models.Index(fields=["kind", "-valid_from"], name="link_template_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["inventory", "monitoring", "console"]),
                name="link_template_kind_is_known",
            ),
            models.CheckConstraint(
                condition=Q(template="") | Q(template__startswith="https://"),
                name="link_template_is_https",
            ),
        ]
