"""Billing in the staff admin: to look at, never to change."""

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from billing.models import (
    BillingProfile,
    Contract,
    Document,
    DocumentStep,
    ExportRun,
    HandOver,
    HandOverEvent,
    Hold,
    Issuer,
    NumberSeries,
    ProfileChange,
    RateCard,
    Transmission,
    VatIdCheck,
    VatRate,
)


class ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows are changed by actions only, so that nothing happens without its history."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: models.Model | None = None
    ) -> bool:
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: models.Model | None = None
    ) -> bool:
        return False


@admin.register(Document)
class DocumentAdmin(ReadOnly):
    list_display = ("number", "kind", "status", "incident_reference", "gross")
    list_filter = ("kind", "status")
    search_fields = ("number", "incident_reference", "account_number")


@admin.register(BillingProfile)
class BillingProfileAdmin(ReadOnly):
    list_display = ("account_number", "legal_name", "country", "kind", "vat_id")
    search_fields = ("account_number", "legal_name")


@admin.register(Transmission)
class TransmissionAdmin(ReadOnly):
    list_display = ("document_id", "attempt", "status", "due_at", "ended_at")
    list_filter = ("status",)


@admin.register(RateCard)
class RateCardAdmin(ReadOnly):
    list_display = ("valid_from", "initial_fee", "support_hourly", "currency")


@admin.register(Issuer)
class IssuerAdmin(ReadOnly):
    list_display = ("valid_from", "legal_name")


@admin.register(Hold)
class HoldAdmin(ReadOnly):
    list_display = ("document_id", "reason", "created_at", "released_at")
    list_filter = ("reason",)


@admin.register(DocumentStep)
class DocumentStepAdmin(ReadOnly):
    list_display = ("document_id", "code", "at")


@admin.register(NumberSeries)
class NumberSeriesAdmin(ReadOnly):
    list_display = ("kind", "year", "last", "last_date")


@admin.register(Contract)
class ContractAdmin(ReadOnly):
    list_display = ("account_number", "valid_from", "recorded_at", "why")
    search_fields = ("account_number",)


@admin.register(ProfileChange)
class ProfileChangeAdmin(ReadOnly):
    list_display = ("account_number", "at", "by")
    search_fields = ("account_number",)


@admin.register(VatRate)
class VatRateAdmin(ReadOnly):
    list_display = ("valid_from", "rate")


@admin.register(VatIdCheck)
class VatIdCheckAdmin(ReadOnly):
    list_display = ("vat_id", "source", "status", "answered_at", "consultation_number")
    list_filter = ("source", "status")
    search_fields = ("vat_id",)


@admin.register(HandOver)
class HandOverAdmin(ReadOnly):
    list_display = ("key", "status", "external_number", "made_at", "answered_at")
    list_filter = ("status",)
    exclude = ("body",)


@admin.register(HandOverEvent)
class HandOverEventAdmin(ReadOnly):
    list_display = ("hand_over", "source", "status", "number", "applied", "received_at")


@admin.register(ExportRun)
class ExportRunAdmin(ReadOnly):
    list_display = ("pk", "format", "requested_at", "documents", "gross", "status")
    list_filter = ("format", "status")
