"""What the customer wrote and accepted: report, named servers, consent."""

import hashlib

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from emergency.models.account import Contact, Server
from emergency.models.incident import Incident
from emergency.models.staff import Staff


def hash_token(token: str) -> str:
    """What is stored of a tracking page's secret: its SHA-256 in hex."""
    return hashlib.sha256(token.encode()).hexdigest()


class Report(models.Model):
    """The submitted form. Its texts and numbers are personal data of their own row.

    ``token_hash`` is the SHA-256 of the tracking page's secret; the secret itself is
    never stored. ``order_key`` makes a repeated order the same order.

    ``verification`` says how we know that the caller speaks for the account;
    ``contact`` is the person, where the caller signed in as one. ``joined``: the report
    came to an incident that was open already, which another report prices and dates.
    ``ordered_at`` is when the order was received, ``accepted_at`` when we accepted it:
    with the start of the paging, or with joining a running incident (ECG § 10: the
    receipt alone is no acceptance).
    ``above_limits`` holds the codes of the limits it was above: address | number |
    account | total.
    """

    class Verification(models.TextChoices):
        NONE = "none", _("Not verified")
        PIN = "pin", _("Verified by support PIN")
        LINK = "link", _("Verified by sign-in")
        TECHNICIAN = "technician", _("Confirmed by a technician")

    incident = models.ForeignKey(
        Incident, on_delete=models.PROTECT, related_name="reports"
    )
    order_key = models.CharField(max_length=64, unique=True)
    token_hash = models.CharField(max_length=64, unique=True)
    ordered_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    language = models.CharField(max_length=5)
    reporter_name = models.CharField(_("name"), max_length=120, blank=True)
    reporter_email = models.EmailField(_("e-mail address"), blank=True)
    callback_number = PhoneNumberField(_("callback number"))
    callback_number_typed = models.CharField(max_length=80)
    callback_extension = models.CharField(max_length=12, blank=True)
    problem_description = models.TextField(_("problem"))
    reproduction_steps = models.TextField(_("how to reproduce it"), blank=True)
    recent_changes = models.TextField(_("recent changes"), blank=True)
    maintenance_result = models.CharField(max_length=10)
    maintenance_evidence = models.JSONField(default=dict)
    verification = models.CharField(
        max_length=10, choices=Verification, default=Verification.NONE
    )
    contact = models.ForeignKey(
        Contact,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="reports",
    )
    joined = models.BooleanField(default=False)
    above_limits = models.JSONField(default=list)

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["ordered_at", "pk"]
        indexes = [
            models.Index(fields=["ordered_at"], name="report_by_time"),
            models.Index(
                fields=["callback_number", "ordered_at"], name="report_by_number"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(verification__in=["none", "pin", "link", "technician"]),
                name="report_verification_is_known",
            ),
        ]

    @property
    def is_verified(self) -> bool:
        """Whether we know that the caller speaks for the account."""
        return self.verification != self.Verification.NONE

    @property
    def sees_everything(self) -> bool:
        """Whether its tracking page may show findings, documents and rights: the report
        opened the incident, or its caller is verified."""
        return self.is_verified or not self.joined


class ReportServer(models.Model):
    """A server as the customer typed it, and the server it was matched to, if any.

    ``name`` is what was typed, normalised by ``rules.joining``: by it a second report
    finds the incident that is open already.
    """

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="servers")
    typed = models.CharField(_("server name as typed"), max_length=253)
    server = models.ForeignKey(Server, null=True, blank=True, on_delete=models.PROTECT)
    # Folding case may make three letters of one.
    name = models.CharField(max_length=760, blank=True, editable=False)

    class Meta:
        verbose_name = _("reported server")
        indexes = [models.Index(fields=["name"], name="reported_server_by_name")]


class Consent(models.Model):
    """The recorded acceptance: exact terms, amounts and button, never changed.

    ``terms_fresh`` is False when the last good copy of the terms had to be shown.
    ``ordered_as`` is business or consumer, empty for orders from before it was asked;
    ``declarations`` are the sentences beside the boxes that were ticked, word for word.

    By telephone there is no button: ``taken_by`` has read out ``read_out``, sentence by
    sentence as it stands there, has heard the yes and bears witness to it; ``rung_by``
    says who had called whom (FAGG § 9 (2)).
    """

    class Channel(models.TextChoices):
        PAGE = "page", _("On the check page")
        TELEPHONE = "telephone", _("By telephone")

    class RungBy(models.TextChoices):
        CUSTOMER = "customer", _("The caller rang us")
        OPERATOR = "operator", _("We rang the caller")

    class OrderedAs(models.TextChoices):
        BUSINESS = "business", _("Business")
        CONSUMER = "consumer", _("Consumer")

    report = models.OneToOneField(
        Report, on_delete=models.PROTECT, related_name="consent"
    )
    accepted_at = models.DateTimeField()
    language = models.CharField(max_length=5)
    terms_version = models.CharField(max_length=40)
    terms = models.JSONField()
    terms_fresh = models.BooleanField()
    button_text = models.CharField(max_length=80, blank=True)
    ordered_as = models.CharField(
        _("ordered as"), max_length=10, choices=OrderedAs, blank=True
    )
    declarations = models.JSONField(default=list)
    channel = models.CharField(
        _("way"), max_length=10, choices=Channel, default=Channel.PAGE
    )
    taken_by = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    rung_by = models.CharField(
        _("who called"), max_length=10, choices=RungBy, blank=True
    )
    read_out = models.JSONField(default=list, blank=True)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(channel="page", taken_by__isnull=True, rung_by="")
                    & ~Q(button_text="")
                )
                | Q(
                    channel="telephone",
                    taken_by__isnull=False,
                    button_text="",
                    rung_by__in=["customer", "operator"],
                ),
                name="consent_has_a_button_or_a_witness",
            ),
            models.CheckConstraint(
                condition=~Q(ordered_as="consumer", rung_by="operator"),
                name="consent_of_a_consumer_we_rang_is_written",
            ),
            models.CheckConstraint(
                condition=Q(ordered_as__in=["", "business", "consumer"]),
                name="consent_ordered_as_is_known",
            ),
        ]


class Circumstances(models.Model):
    """What was decided and said when the customer ordered, never changed.

    ``tariff_case`` and ``tariff_reason`` are those of ``rules.tariff``; ``values`` are
    their plain values (name of the day, next opening). ``worked_before`` is the
    customer's declaration, None where none was given. ``texts_version`` names the
    operator's texts that were shown.
    """

    class TariffCase(models.TextChoices):
        FREE_HOURS = "free_hours", _("Free support was open")
        FEE = "fee", _("Fee time")
        NO_FEE = "no_fee", _("Closing day without an initial fee")

    report = models.OneToOneField(
        Report, on_delete=models.PROTECT, related_name="circumstances"
    )
    tariff_case = models.CharField(max_length=10, choices=TariffCase)
    tariff_reason = models.CharField(max_length=20)
    values = models.JSONField(default=dict)
    worked_before = models.BooleanField(null=True)
    texts_version = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("circumstances of an order")
        verbose_name_plural = _("circumstances of orders")
        constraints = [
            models.CheckConstraint(
                condition=Q(tariff_case__in=["free_hours", "fee", "no_fee"]),
                name="circumstances_tariff_case_is_known",
            ),
        ]
