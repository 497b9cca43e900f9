"""The permission table of all apps, as the settings name its parts."""

from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from emergency.rules.permissions import ADMINISTRATORS, STRICTEST, Permission

ADMIN = "admin:"


@cache
def permissions() -> dict[str, Permission]:
    """Every address by its name, with who may open it."""
    return {
        name: Permission(*line)
        for part in settings.PERMISSION_TABLES
        for name, line in import_string(part).items()
    }


def permission_of(name: str) -> Permission:
    """The line of this address. The staff admin has one for all of its pages: they only
    show. Whatever else has none is as closed as can be."""
    if name.startswith(ADMIN):
        return Permission(ADMINISTRATORS)
    return permissions().get(name, STRICTEST)
