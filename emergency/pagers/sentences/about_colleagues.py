"""Pages from one technician to another: take this over, help me."""

from django.utils.translation import gettext_noop as _

from emergency.pagers.sentences.base import Kind, Topic

SENTENCES: Topic = {
    "join:hand_over": Kind(
        where=_("A colleague hands it over"),
        speech=_("%(owner)s wants to hand emergency %(reference)s to you."),
        text=_(
            "%(reference)s: %(owner)s wants to hand this emergency to you. %(answer)s"
            " %(url)s"
        ),
        subject=_("%(reference)s: %(owner)s wants to hand it to you"),
        answer=_("Reply %(code)s to take it."),
        key_request=_("Press %(digit)s to take it."),
    ),
    "join": Kind(
        where=_("A colleague asks for help"),
        speech=_("%(owner)s asks for your help with emergency %(reference)s."),
        text=_(
            "%(reference)s: %(owner)s asks for your help with this emergency."
            " %(answer)s %(url)s"
        ),
        subject=_("%(reference)s: %(owner)s asks for your help"),
        answer=_("Reply %(code)s if you come in."),
        key_request=_("Press %(digit)s if you come in."),
    ),
}
