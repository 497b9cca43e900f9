"""Why a draft waits for a person, and what was done to a document by whom."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models.document import Document


class Hold(models.Model):
    """A doubt about a draft. It ends when a person says why, or when its cause ends."""

    class Reason(models.TextChoices):
        ACCOUNT_UNKNOWN = "account_unknown", _("No account is assigned")
        CALLER_UNCONFIRMED = (
            "caller_unconfirmed",
            _("Nobody has confirmed that the caller may order"),
        )
        RECIPIENT_INCOMPLETE = (
            "recipient_incomplete",
            _("The billing address is incomplete"),
        )
        RECIPIENT_KIND_UNKNOWN = (
            "recipient_kind_unknown",
            _("Business or consumer is not known; priced as a consumer"),
        )
        RECIPIENT_VAT_ID_REQUIRED = (
            "recipient_vat_id_required",
            _("Above 10,000 gross the law wants the recipient's VAT id"),
        )
        RECIPIENT_VAT_ID_INVALID = (
            "recipient_vat_id_invalid",
            _("The recipient's VAT id is missing or not confirmed"),
        )
        CAUSE_UNDETERMINED = "cause_undetermined", _("The cause is undetermined")
        CALLBACK_MISSED = "callback_missed", _("The callback came too late")
        CALLBACK_NEVER_MADE = (
            "callback_never_made",
            _("Work was logged, but the customer was never reached"),
        )
        CUSTOMER_NOT_REACHED = (
            "customer_not_reached",
            _("We tried in time, but could not reach the customer"),
        )
        CANCELLED_BEFORE_CALLBACK = (
            "cancelled_before_callback",
            _("The customer cancelled before the callback"),
        )
        MAINTENANCE_WINDOW = (
            "maintenance_window",
            _("A maintenance window was about this server at the order"),
        )
        MAINTENANCE_OVERRUN = (
            "maintenance_overrun",
            _("A maintenance window of this server ran over its announced end"),
        )
        INTO_FREE_HOURS = (
            "into_free_hours",
            _("The work ran on into the hours of free support"),
        )
        DISPOSITION_NOT_AN_EMERGENCY = (
            "disposition_not_an_emergency",
            _("It turned out to be no emergency"),
        )
        DISPOSITION_DUPLICATE = "disposition_duplicate", _("It was reported twice")
        DISPOSITION_WITHDRAWN = (
            "disposition_withdrawn",
            _("The customer took the report back"),
        )
        DISPOSITION_PRANK = "disposition_prank", _("It was a prank")
        ANALYSIS_NOT_AGREED = (
            "analysis_not_agreed",
            _("Nobody recorded that the customer agreed to application analysis"),
        )
        CONTRACT_WITHDRAWN = (
            "contract_withdrawn",
            _("The customer has withdrawn from the contract"),
        )
        CUSTOMER_OBJECTS = "customer_objects", _("The customer objects")
        MERGED_REPORTS = "merged_reports", _("Several reports share this fee")
        WAIVER_USED = "waiver_used", _("Some of the work is waived")
        TERMS_NOT_FRESH = (
            "terms_not_fresh",
            _("The order used an older copy of the fee terms"),
        )
        NO_FEE_DAY = (
            "no_fee_day",
            _("A closing day: the customer was told that no initial fee is due"),
        )
        VAT_ID_UNANSWERED = (
            "vat_id_unanswered",
            _("The authority has not answered about the VAT id lately"),
        )
        CONTRACT_DEARER = (
            "contract_dearer",
            _("By contract it costs more than what was accepted at the order"),
        )
        ORDERER_NOT_NAMED = (
            "orderer_not_named",
            _("Whoever ordered is not among those who may order by contract"),
        )
        ACCOUNT_STANDING = (
            "account_standing",
            _("The account's standing asks for a look"),
        )
        BEYOND_COST_LIMIT = (
            "beyond_cost_limit",
            _("More than the customer's own limit, and nobody recorded an agreement"),
        )
        AMOUNT_LARGE = "amount_large", _("The amount is unusually large")
        WORK_CONTRADICTS = (
            "work_contradicts",
            _("The logged facts contradict each other"),
        )

    document = models.ForeignKey(Document, models.CASCADE, related_name="holds")
    reason = models.CharField(max_length=40, choices=Reason)
    detail = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    why = models.CharField(max_length=500, blank=True)

    # A person's word cannot replace these facts; they end when the facts are there.
    UNRELEASABLE = frozenset(
        {
            Reason.ACCOUNT_UNKNOWN,
            Reason.CALLER_UNCONFIRMED,
            Reason.RECIPIENT_INCOMPLETE,
            Reason.RECIPIENT_VAT_ID_REQUIRED,
            Reason.WORK_CONTRADICTS,
        }
    )

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "reason"], name="hold_once_per_reason"
            ),
            models.CheckConstraint(
                name="hold_release_says_why",
                condition=Q(released_at__isnull=True)
                | (Q(released_by__isnull=False) & ~Q(why="")),
            ),
        ]

    @property
    def releasable(self) -> bool:
        return self.released_at is None and self.reason not in self.UNRELEASABLE


class DocumentStep(models.Model):
    """Append-only: what happened to a document, when and by whom (None: nobody)."""

    class Code(models.TextChoices):
        DRAFTED = "drafted", _("Draft made")
        RECOMPUTED = "recomputed", _("Draft recomputed")
        HELD = "held", _("Held")
        HOLD_ENDED = "hold_ended", _("Reason for the hold is gone")
        HOLD_RELEASED = "hold_released", _("Hold released")
        APPROVED = "approved", _("Approved")
        RETURNED = "returned", _("Returned to draft")
        ISSUE_REQUESTED = "issue_requested", _("Issue requested")
        ISSUE_REFUSED = "issue_refused", _("Not issued")
        ISSUED = "issued", _("Issued")
        TRANSMITTED = "transmitted", _("Sent")
        TRANSMISSION_FAILED = "transmission_failed", _("Sending failed")
        CREDITED = "credited", _("Credit note made")
        OBJECTION_NOTED = "objection_noted", _("Objection noted")
        OBJECTION_ANSWERED = "objection_answered", _("Objection answered")
        SETTLED = "settled", _("Settled")
        OPEN_AGAIN = "open_again", _("Open again")
        REMINDED = "reminded", _("Reminder sent")
        GATHERED = "gathered", _("Gathered into a collective invoice")
        SEND_REQUESTED = "send_requested", _("Sending requested")
        BOUNCED = "bounced", _("The e-mail came back")
        HANDED_OVER = "handed_over", _("Handed over")
        HAND_OVER_SENT = "hand_over_sent", _("Arrived at the billing system")
        HAND_OVER_FAILED = "hand_over_failed", _("Did not arrive at the billing system")
        HAND_OVER_ANSWERED = "hand_over_answered", _("The billing system answered")
        TAKEN_BACK = "taken_back", _("Taken back from the billing system")

    document = models.ForeignKey(Document, models.CASCADE, related_name="steps")
    at = models.DateTimeField()
    code = models.CharField(max_length=24, choices=Code)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    values = models.JSONField(default=dict)

    class Meta:
        ordering = ["at", "id"]
