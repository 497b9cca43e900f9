"""The desk as an app on a telephone's home screen: its manifest and its icon.

Browsers ask for both without cookies, so both are for everybody; they tell no more than
the customers' pages do.
"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from emergency.app_icon import SIZES, NoIcon, icon_of
from emergency.models import OperatorLogo
from emergency.operator_facts import current_operator

# As in desk.css: the paper and the bar in daylight. At night the pages say otherwise.
PAPER, BAR = "#f5f6f5", "#ffffff"


@require_safe
@cache_control(public=True, max_age=300)
def manifest(request: HttpRequest) -> HttpResponse:
    """What the home screen shows (W3C, Web Application Manifest)."""
    operator = current_operator()
    own = operator.name or _("Emergency support")
    start = reverse("emergency:board")
    content = {
        "id": start,
        "start_url": start,
        "scope": start,
        "name": _("%(operator)s: desk") % {"operator": own},
        "short_name": own,
        "lang": get_language(),
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": BAR,
        "icons": _icons(operator.logo),
    }
    return JsonResponse(content, content_type="application/manifest+json")


def _icons(logo: str) -> list[dict[str, Any]]:
    """Each size for both purposes: its middle is all that must be seen."""
    return [
        {
            "src": reverse("emergency:app_icon", args=[logo, size])
            if logo
            else static(f"emergency/app-{size}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": purpose,
        }
        for size in SIZES
        for purpose in ("any", "maskable")
    ]


@require_safe
@cache_control(public=True, max_age=31_536_000, immutable=True)
def app_icon(request: HttpRequest, digest: str, size: int) -> HttpResponse:
    """The operator's picture as a square icon; its address changes with it."""
    if size not in SIZES:
        raise Http404
    logo = get_object_or_404(OperatorLogo, digest=digest)
    try:
        content = icon_of(bytes(logo.content), size)
    except NoIcon as error:
        raise Http404 from error
    response = HttpResponse(content, content_type="image/png")
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
