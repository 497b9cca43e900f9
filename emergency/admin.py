"""The administrators' look at what is stored. Reading only: rows change by actions."""

import allauth.account.admin
import allauth.mfa.admin
import allauth.socialaccount.admin
from django.contrib import admin
from django.http import HttpRequest

from emergency.models import (
    Account,
    Consent,
    Contact,
    ContactMethod,
    DueRow,
    EscalationPolicy,
    EscalationStep,
    Heartbeat,
    Incident,
    OperatorProfile,
    Override,
    Page,
    PageAttempt,
    Report,
    Role,
    Rotation,
    Schedule,
    Server,
    Staff,
    Technician,
    TimelineEntry,
)

# Theirs would let rows be changed, and shows secrets of second factors. They are
# imported above, so that nothing enters them again.
for _model in list(admin.site._registry):
    if _model.__module__.startswith(f"{allauth.__name__}."):
        admin.site.unregister(_model)


class ReadOnly:
    """Administrators may look; nobody may add, change or delete."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return _is_administrator(request)

    def has_view_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return _is_administrator(request)

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


def _is_administrator(request: HttpRequest) -> bool:
    person = request.user
    return (
        isinstance(person, Staff)
        and person.is_active
        and person.role == Role.ADMINISTRATOR
    )


@admin.register(Staff)
class StaffAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("full_name", "email", "role", "is_active", "last_login")
    list_filter = ("role", "is_active")
    search_fields = ("full_name", "email")
    fields = ("full_name", "email", "role", "language", "is_active", "last_login")


class ContactMethodInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = ContactMethod
    extra = 0


@admin.register(Technician)
class TechnicianAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("staff", "first_name")
    list_select_related = ("staff",)
    inlines = (ContactMethodInline,)


class ServerInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = Server
    extra = 0


class ContactInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = Contact
    extra = 0


@admin.register(Account)
class AccountAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("number", "name", "kind", "language", "retired_at")
    search_fields = ("number", "name", "servers__name")
    inlines = (ServerInline, ContactInline)


class DueRowInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = DueRow
    extra = 0


class TimelineInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = TimelineEntry
    extra = 0


@admin.register(Incident)
class IncidentAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("reference", "account", "status", "opened_at", "callback_outcome")
    list_filter = ("status", "callback_outcome", "cause")
    list_select_related = ("account",)
    search_fields = ("reference", "account__number", "account__name")
    inlines = (DueRowInline, TimelineInline)


class ConsentInline(ReadOnly, admin.StackedInline):  # type: ignore[type-arg]
    model = Consent
    extra = 0


@admin.register(Report)
class ReportAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """Without the hash of the tracking page's secret and without the order key."""

    list_display = ("incident", "ordered_at", "language", "maintenance_result")
    list_select_related = ("incident",)
    exclude = ("token_hash", "order_key")
    inlines = (ConsentInline,)


class PageAttemptInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = PageAttempt
    exclude = ("token",)
    extra = 0


@admin.register(Page)
class PageAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """Without the key and the word that acknowledge."""

    list_display = ("incident", "technician", "kind", "purpose", "status", "due_at")
    list_filter = ("status", "kind", "purpose")
    list_select_related = ("incident", "technician__staff")
    exclude = ("digit", "code")
    inlines = (PageAttemptInline,)


class RotationInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = Rotation
    extra = 0


class OverrideInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = Override
    extra = 0


@admin.register(Schedule)
class ScheduleAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "time_zone")
    inlines = (RotationInline, OverrideInline)


class StepInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = EscalationStep
    extra = 0


@admin.register(EscalationPolicy)
class EscalationPolicyAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "is_default", "rounds")
    inlines = (StepInline,)


@admin.register(OperatorProfile)
class OperatorProfileAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "valid_from", "hotline", "support_email")


@admin.register(Heartbeat)
class HeartbeatAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "at", "by")
