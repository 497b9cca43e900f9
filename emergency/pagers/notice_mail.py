"""The e-mail that a maintenance is over: one fact, one link, nothing of the report."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from emergency.rules.maintenance_notice import News


def send_notice(
    *, email: str, language: str, title: str, news: News, operator: str
) -> None:
    """The mail is with the mail server. Raises smtplib.SMTPException or OSError when it
    does not take it."""
    with override(language):
        link = settings.PUBLIC_BASE_URL + reverse("emergency:report")
        subject, told = _told(news, title)
        paragraphs = [
            _("Good day"),
            told,
            _("Does your server not work? Here you reach us at any hour, for a fee:"),
            link,
            operator,
        ]
        context = {
            "subject": subject,
            "language": language,
            "paragraphs": paragraphs,
            "link": link,
        }
        message = EmailMultiAlternatives(
            subject=subject,
            body="\n\n".join(paragraphs).strip() + "\n",
            to=[email],
            headers={"Auto-Submitted": "auto-generated"},
        )
        message.attach_alternative(
            render_to_string("emails/emergency/message.html", context), "text/html"
        )
    message.send()


def _told(news: News, title: str) -> tuple[str, str]:
    name = " ".join(title.split()) or _("Maintenance")
    if news is News.OVER:
        return _("The maintenance is over"), _(
            "The maintenance that you asked about is over: %(title)s"
        ) % {"title": name}
    return _("We cannot see whether the maintenance is over"), _(
        "We cannot see on the status page whether this maintenance is over: %(title)s."
        " We look no further."
    ) % {"title": name}
