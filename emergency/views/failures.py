"""Pages for requests that cannot be served."""

from django.http import HttpRequest, HttpResponse, HttpResponseForbidden


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answers a request without a valid form token."""
    return HttpResponseForbidden()
