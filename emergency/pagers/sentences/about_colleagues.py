"""Pages from one technician to another: take this over, help me."""

from django.utils.translation import gettext as _

from emergency.pagers.base import PageOrder
from emergency.pagers.sentences.about_an_incident import spoken_reference
from emergency.pagers.sentences.base import Sentences, Topic


def _hand_over(order: PageOrder) -> Sentences:
    with_code = _(
        "%(reference)s: %(owner)s wants to hand this emergency to you. Reply %(code)s"
        " to take it. %(url)s"
    )
    without_code = _(
        "%(reference)s: %(owner)s wants to hand this emergency to you. %(url)s"
    )
    return Sentences(
        speech=_("%(owner)s wants to hand emergency %(reference)s to you.")
        % _spoken(order),
        text=(with_code if order.code else without_code) % _written(order),
        subject=_("%(reference)s: %(owner)s wants to hand it to you") % _written(order),
        key_request=_("Press %(digit)s to take it."),
    )


def _join(order: PageOrder) -> Sentences:
    with_code = _(
        "%(reference)s: %(owner)s asks for your help with this emergency. Reply"
        " %(code)s if you come in. %(url)s"
    )
    without_code = _(
        "%(reference)s: %(owner)s asks for your help with this emergency. %(url)s"
    )
    return Sentences(
        speech=_("%(owner)s asks for your help with emergency %(reference)s.")
        % _spoken(order),
        text=(with_code if order.code else without_code) % _written(order),
        subject=_("%(reference)s: %(owner)s asks for your help") % _written(order),
        key_request=_("Press %(digit)s if you come in."),
    )


def _spoken(order: PageOrder) -> dict[str, str]:
    return {
        "reference": spoken_reference(order.reference),
        "owner": order.owner or _("A colleague"),
    }


def _written(order: PageOrder) -> dict[str, str]:
    return {
        "reference": order.reference,
        "owner": order.owner or _("A colleague"),
        "code": order.code,
        "url": order.desk_url,
    }


SENTENCES: Topic = {"join:hand_over": _hand_over, "join": _join}
