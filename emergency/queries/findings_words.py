"""The qualified feedback in words, as a message to the customer says it."""

from django.utils.translation import gettext as _
from django.utils.translation import override

from emergency.models import Feedback


def findings_in_words(feedback: Feedback, language: str) -> dict[str, str]:
    """The places of the texts about findings, in this language: ``network``,
    ``application``, ``next_step``, and ``findings`` line by line."""
    with override(language):
        network = str(feedback.get_network_display())
        application = str(feedback.get_application_ruled_out_display())
        lines = [(_("Network"), network)]
        for one in feedback.services.all():
            service = str(one.get_service_display())
            named = f"{service}, {one.server_name}" if one.server_name else service
            lines.append((named, str(one.get_state_display())))
        lines.append((_("Application issue ruled out"), application))
        return {
            "network": network,
            "application": application,
            "findings": "\n".join(f"{what}: {how}" for what, how in lines),
            "next_step": feedback.next_step,
        }
