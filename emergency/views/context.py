"""Values that every page shows."""

from django.http import HttpRequest


def operator(request: HttpRequest) -> dict[str, object]:
    """The operator's name for headers and titles."""
    return {}
