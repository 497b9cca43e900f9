"""The staff's look at what is stored. Reading only: rows change through actions."""

from django.contrib import admin
from django.http import HttpRequest

from status.models import Source, Window


class _ReadOnly:
    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Source)
class SourceAdmin(_ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "kind", "url", "enabled", "fetched_at", "last_error")


@admin.register(Window)
class WindowAdmin(_ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "source", "state", "starts_at", "ends_at")
    list_select_related = ("source",)
