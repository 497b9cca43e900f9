"""The tries to call the customer back."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from emergency.models.incident import Incident
from emergency.models.staff import Staff, Technician


class CallbackAttempt(models.Model):
    """One try to call the customer back.

    ``proof`` says how it is proven: ``bridge`` where the provider vouches for the
    customer's leg, ``declared`` where it is the technician's word alone. At most one
    attempt comes of a bridge.
    """

    class Proof(models.TextChoices):
        BRIDGE = "bridge", _("Proven by the telephone network")
        DECLARED = "declared", _("Self-declared")

    class Outcome(models.TextChoices):
        REACHED = "reached", _("Customer reached")
        NO_ANSWER = "no_answer", _("No answer")
        BUSY = "busy", _("Busy")
        MAILBOX = "mailbox", _("Mailbox")
        WRONG_NUMBER = "wrong_number", _("Wrong number")
        WRONG_PERSON = "wrong_person", _("Wrong person")

    incident = models.ForeignKey(
        Incident, on_delete=models.CASCADE, related_name="callback_attempts"
    )
    technician = models.ForeignKey(
        Technician, null=True, blank=True, on_delete=models.PROTECT
    )
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    outcome = models.CharField(max_length=15, choices=Outcome)
    # E.164, as given in the report; empty where the technician did not say.
    number = models.CharField(max_length=20, blank=True)
    # When the technician means to try again; the customer is told it. None: not said.
    next_at = models.DateTimeField(null=True, blank=True)
    proof = models.CharField(max_length=10, choices=Proof, default=Proof.DECLARED)
    bridge = models.OneToOneField(
        "emergency.Bridge",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="attempt",
    )

    class Meta:
        verbose_name = _("callback attempt")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(proof="declared") | Q(proof="bridge", bridge__isnull=False),
                name="proof_by_the_network_names_its_call",
            ),
            models.CheckConstraint(
                condition=Q(
                    outcome__in=[
                        *("reached", "no_answer", "busy", "mailbox"),
                        *("wrong_number", "wrong_person"),
                    ]
                ),
                name="attempt_outcome_is_known",
            ),
        ]
