"""Which processes refuse to start without the provider's token."""

from django.conf import settings


def demand_credentials(process: str) -> None:
    """A process that pages or hears the provider does not start without the token: it
    could page nobody and would believe no callback. Raises SystemExit.

    Commands that only compute or migrate do not ask for it.
    """
    if not settings.TWILIO_AUTH_TOKEN:
        raise SystemExit(
            f"{process} does not start: TWILIO_AUTH_TOKEN is not set, so no page could"
            " be sent and no callback believed. Set it (or TWILIO_AUTH_TOKEN_FILE), or"
            " use `make run` with its simulator."
        )
