"""Calendar feeds: the secret address is the permission, nobody signs in."""

from hashlib import sha256

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from emergency.exports.calendar import feed


@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """The feed, or 304 when the reader has it; 404 for an address that is none."""
    content = feed(token, now=timezone.now())
    if content is None:
        raise Http404
    etag = quote_etag(sha256(content).hexdigest()[:32])
    whole = HttpResponse(
        content,
        content_type="text/calendar; charset=utf-8",
        headers={
            "ETag": etag,
            "Content-Disposition": 'inline; filename="on-call.ics"',
            "X-Robots-Tag": "noindex",
        },
    )
    answer = get_conditional_response(request, etag=etag, response=whole)
    response = whole if answer is None else answer
    patch_cache_control(response, private=True, no_cache=True)
    return response
