"""Messages: what the operator tells a customer by SMS or e-mail, and staff about their
own sign-in."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from emergency.models.incident import Incident
from emergency.models.mail import ReceivedMail
from emergency.models.report import Report
from emergency.models.sending import Sending, SendingQuerySet
from emergency.models.staff import Staff


class Message(Sending):
    """One text to one contact, kept as it was sent: a promise in words.

    ``address``, ``subject`` and ``text`` are personal data of this row. Where the text
    leads to the tracking page it holds ``{link}``; the address itself is a secret and
    is filled in when the message leaves. ``token`` travels in the callback address of
    an SMS and in the Message-ID of a mail, and is written before anybody is asked to
    send. ``asked_at`` is since when an earlier request has been without an outcome.
    ``mail`` is the one that this message answers by itself, ``staff`` the person whose
    own sign-in it is about; then it is about no incident.
    """

    class Kind(models.TextChoices):
        SMS = "sms", _("SMS")
        EMAIL = "email", _("E-mail")

    class Purpose(models.TextChoices):
        RECEIVED = "received", _("We have your report")
        JOINED = "joined", _("Your report joined an open emergency")
        TAKEN = "taken", _("A technician has taken it")
        ATTEMPTED = "attempted", _("We called and did not reach you")
        MISSED = "missed", _("The callback is late")
        FINDINGS = "findings", _("What we found")
        RESOLVED = "resolved", _("Solved")
        INVOICE = "invoice", _("The invoice is ready")
        WITHDRAWAL = "withdrawal", _("Your withdrawal has arrived")
        CONFIRMATION = "confirmation", _("What you ordered by telephone")
        MAIL_ANSWER = "mail_answer", _("Answer to a mail")
        OWN_SIGN_IN = "own_sign_in", _("Your sign-in has changed")

    incident = models.ForeignKey(
        Incident,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="messages",
    )
    mail = models.ForeignKey(
        ReceivedMail,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="answers",
    )
    staff = models.ForeignKey(
        Staff,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    report = models.ForeignKey(
        Report,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="messages",
    )
    kind = models.CharField(max_length=10, choices=Kind)
    purpose = models.CharField(max_length=12, choices=Purpose)
    address = models.CharField(max_length=254)
    language = models.CharField(max_length=5)
    subject = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    token = models.CharField(max_length=43, unique=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    provider = models.CharField(max_length=20, blank=True)
    provider_id = models.CharField(max_length=64, blank=True, db_index=True)
    provider_status = models.CharField(max_length=20, blank=True)

    objects = SendingQuerySet.as_manager()

    class Meta(Sending.Meta):
        abstract = False
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes = [
            *Sending.Meta.indexes,
            # How many texts went to a number lately, asked with every order.
            models.Index(
                fields=["address", "due_at"],
                name="text_to_number",
                condition=Q(kind="sms"),
            ),
        ]
        constraints = [
            *Sending.Meta.constraints,
            models.CheckConstraint(
                condition=Q(kind__in=["sms", "email"]), name="message_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(
                    purpose__in=[
                        "received",
                        "joined",
                        "taken",
                        "attempted",
                        "missed",
                        "findings",
                        "resolved",
                        "invoice",
                        "withdrawal",
                        "confirmation",
                        "mail_answer",
                        "own_sign_in",
                    ]
                ),
                name="message_purpose_is_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    incident__isnull=False, mail__isnull=True, staff__isnull=True
                )
                | Q(incident__isnull=True, mail__isnull=False, staff__isnull=True)
                | Q(incident__isnull=True, mail__isnull=True, staff__isnull=False),
                name="message_is_about_one_thing",
            ),
        ]
