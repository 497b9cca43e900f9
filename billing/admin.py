"""Billing in the staff admin: to look at, never to change."""

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from billing.models import (
    BillingProfile,
    Document,
    DocumentStep,
    ExportRun,
    Hold,
    Issuer,
    NumberSeries,
    RateCard,
    Transmission,
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
    list_display = ("valid_from", "legal_name", "vat_rate")


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


@admin.register(ExportRun)
class ExportRunAdmin(ReadOnly):
    list_display = ("pk", "format", "requested_at", "documents", "gross", "status")
    list_filter = ("format", "status")
