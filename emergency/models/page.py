"""Pages, the attempts to send them, and what the provider reported back."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from emergency.models.bridge import Bridge
from emergency.models.duty import DropOut, HandOff
from emergency.models.incident import Incident
from emergency.models.message import Message
from emergency.models.sending import Sending, SendingQuerySet
from emergency.models.staff import ContactMethod, Technician


class Page(Sending):
    """One attempt to reach one technician by one contact method.

    The address is the copy taken when the step fired. ``digit`` is the key that
    answers by voice, ``code`` the word that answers by SMS. A page without an incident
    is about the roster, a contact method or the engine; ``values`` then holds codes and
    numbers to be worded when it is sent, never personal text.

    ``held_reason`` says why a queued page waits: own_rule | digest | retry | breaker.
    Pages in one digest call point to the page that is really sent; its fate is theirs.
    """

    class Purpose(models.TextChoices):
        EMERGENCY = "emergency", _("Emergency")
        REMINDER = "reminder", _("Reminder of the callback")
        MISSED = "missed", _("Callback deadline missed")
        TAKEN = "taken", _("Somebody else has it")
        IDLE = "idle", _("Nothing happens any more")
        TIMER = "timer", _("Timer to confirm")
        JOIN = "join", _("A colleague asks for help")
        ENGINE = "engine", _("Engine trouble")
        NOTICE = "notice", _("Something needs attention")
        SHIFT = "shift", _("Reminder of a shift")
        HANDOFF = "handoff", _("Hand-off")
        SUCCESSOR = "successor", _("Taking over a shift")
        VERIFY = "verify", _("Verification")
        TEST = "test", _("Test page")
        SELF_TEST = "self_test", _("Self-test")

    class Priority(models.IntegerChoices):
        """What goes first when more is due than can be sent at once."""

        FIRST = 0, _("First page of an incident")
        EMERGENCY = 10, _("Emergency or deadline")
        ORDINARY = 20, _("Everything else")

    incident = models.ForeignKey(
        Incident, null=True, blank=True, on_delete=models.CASCADE, related_name="pages"
    )
    hand_off = models.ForeignKey(
        HandOff, null=True, blank=True, on_delete=models.SET_NULL, related_name="pages"
    )
    drop_out = models.ForeignKey(
        DropOut, null=True, blank=True, on_delete=models.SET_NULL, related_name="pages"
    )
    technician = models.ForeignKey(Technician, on_delete=models.PROTECT)
    contact_method = models.ForeignKey(
        ContactMethod, null=True, blank=True, on_delete=models.SET_NULL
    )
    kind = models.CharField(max_length=10, choices=ContactMethod.Kind)
    address = models.CharField(max_length=500)
    purpose = models.CharField(max_length=12, choices=Purpose)
    round = models.PositiveSmallIntegerField(default=0)
    step = models.PositiveSmallIntegerField(default=0)
    digit = models.CharField(max_length=1, blank=True)
    code = models.CharField(max_length=8, blank=True)
    priority = models.PositiveSmallIntegerField(
        choices=Priority, default=Priority.ORDINARY
    )
    held_reason = models.CharField(max_length=20, blank=True)
    digest = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="digested",
    )
    values = models.JSONField(default=dict, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = SendingQuerySet.as_manager()

    class Meta(Sending.Meta):
        abstract = False
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        indexes = [
            *Sending.Meta.indexes,
            models.Index(
                fields=["priority", "due_at"],
                name="page_queued_by_priority",
                condition=Q(status="queued"),
            ),
            models.Index(
                fields=["address"],
                name="page_answerable",
                condition=~Q(code="") & Q(answered_at__isnull=True),
            ),
            # Whether a telephone is busy with us, asked before every call.
            models.Index(
                fields=["address"],
                name="page_on_the_line",
                condition=Q(kind="voice", status__in=["queued", "claimed", "sent"]),
            ),
        ]
        constraints = [
            *Sending.Meta.constraints,
            models.CheckConstraint(
                condition=Q(incident__isnull=False)
                | Q(
                    purpose__in=[
                        "notice",
                        "shift",
                        "handoff",
                        "successor",
                        "verify",
                        "test",
                        "self_test",
                    ]
                ),
                name="page_about_an_incident_names_it",
            ),
        ]


class PageAttempt(models.Model):
    """One call to the provider, written before it is made.

    ``token`` travels in the callback address, so that a callback finds its attempt even
    when our own answer was lost. ``finished_at`` is null while the outcome is unknown.
    """

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="attempts")
    token = models.CharField(max_length=43, unique=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    provider = models.CharField(max_length=20)
    provider_id = models.CharField(max_length=64, blank=True, db_index=True)
    provider_status = models.CharField(max_length=20, blank=True)
    sequence = models.IntegerField(default=-1)
    error_code = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = _("page attempt")
        ordering = ["started_at", "pk"]


class ProviderCallback(models.Model):
    """What the provider said, as received. The same saying is stored once."""

    attempt = models.ForeignKey(
        PageAttempt,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="callbacks",
    )
    message = models.ForeignKey(
        Message,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="callbacks",
    )
    bridge = models.ForeignKey(
        Bridge,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="callbacks",
    )
    kind = models.CharField(max_length=10)
    fingerprint = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    values = models.JSONField()

    class Meta:
        verbose_name = _("provider callback")
        constraints = [
            models.UniqueConstraint(
                fields=["attempt", "kind", "fingerprint"],
                name="provider_callback_stored_once",
            ),
            models.UniqueConstraint(
                fields=["message", "kind", "fingerprint"],
                name="provider_callback_of_a_message_stored_once",
            ),
            models.UniqueConstraint(
                fields=["bridge", "kind", "fingerprint"],
                name="provider_callback_of_a_bridge_stored_once",
            ),
            models.CheckConstraint(
                condition=Q(
                    attempt__isnull=False, message__isnull=True, bridge__isnull=True
                )
                | Q(attempt__isnull=True, message__isnull=False, bridge__isnull=True)
                | Q(attempt__isnull=True, message__isnull=True, bridge__isnull=False),
                name="provider_callback_is_about_one_thing",
            ),
        ]
