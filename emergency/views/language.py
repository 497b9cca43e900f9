"""The language of the customer's pages: a switch that needs no session."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

Rest = ParamSpec("Rest")


def is_switch(request: HttpRequest) -> bool:
    """Whether the customer pressed the switch instead of going on."""
    return request.method == "POST" and _known(request.POST.get("lang")) is not None


def in_chosen_language(
    view: Callable[Concatenate[HttpRequest, Rest], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Rest], HttpResponse]:
    """The view speaks the language chosen by switch, else that of the posted form.

    A switch (``lang`` in the address or the form) is also remembered in a cookie;
    ``language`` in a form keeps the choice where no cookie is kept.
    """

    @wraps(view)
    def speaking(
        request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs
    ) -> HttpResponse:
        switched = _known(request.GET.get("lang"))
        spoken = None
        if request.method == "POST":
            switched = _known(request.POST.get("lang")) or switched
            spoken = _known(request.POST.get("language"))
        chosen = switched or spoken
        if chosen is not None:
            translation.activate(chosen)
            request.LANGUAGE_CODE = chosen
        response = view(request, *args, **kwargs)
        if switched is not None:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                switched,
                max_age=365 * 24 * 3600,
                samesite="Lax",
                secure=settings.CSRF_COOKIE_SECURE,
            )
        return response

    return speaking


def _known(code: str | None) -> str | None:
    return code if code in dict(settings.LANGUAGES) else None
