"""Mail to the emergency address: read once, attached to an incident or put aside."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from emergency.models.incident import Incident
from emergency.models.staff import Staff


class ReceivedMail(models.Model):
    """One mail as it was read. Sender, subject and text are personal data of this row.

    ``mailbox``, ``uid_validity`` and ``uid`` say where it lies; ``message_id`` is empty
    where it has none or another row has the same. ``machine`` says why no machine may
    answer, as a code. ``answered_on`` is the day, in the operator's zone, on which this
    sender got an automatic answer for this mail. ``whole`` is False where only the
    first part of a mail that is too large was read.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits for somebody")
        ATTACHED = "attached", _("Attached")
        DISMISSED = "dismissed", _("Put aside")
        IGNORED = "ignored", _("Written by a machine")

    mailbox = models.CharField(max_length=200)
    uid_validity = models.CharField(max_length=20, blank=True)
    uid = models.CharField(max_length=200)
    message_id = models.CharField(max_length=255, blank=True)
    received_at = models.DateTimeField()
    sender = models.CharField(_("sender"), max_length=254, blank=True)
    sender_name = models.CharField(_("name"), max_length=200, blank=True)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    text = models.TextField(_("text"), blank=True)
    whole = models.BooleanField(default=True)
    machine = models.CharField(max_length=20, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    incident = models.ForeignKey(
        Incident,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="mails",
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        ordering = ["-received_at", "-pk"]
        indexes = [
            models.Index(
                fields=["received_at"],
                name="mail_waiting",
                condition=Q(state="waiting"),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["mailbox", "uid_validity", "uid"], name="mail_is_read_once"
            ),
            models.UniqueConstraint(
                fields=["message_id"],
                name="mail_is_taken_in_once",
                condition=~Q(message_id=""),
            ),
            models.UniqueConstraint(
                fields=["sender", "answered_on"],
                name="one_answer_per_sender_and_day",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "attached", "dismissed", "ignored"]),
                name="mail_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state="attached", incident__isnull=False)
                | ~Q(state="attached"),
                name="attached_mail_names_its_incident",
            ),
        ]


class MailAttachment(models.Model):
    """A file that came with a mail; served as a download only. ``size`` in bytes."""

    mail = models.ForeignKey(
        ReceivedMail, on_delete=models.CASCADE, related_name="attachments"
    )
    name = models.CharField(max_length=200, blank=True)
    content_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        verbose_name = _("attachment of a mail")
        verbose_name_plural = _("attachments of mails")
        ordering = ["pk"]
