"""The fate of a page in words: why it failed, why it waits, by which way it went."""

from django.utils.translation import gettext as _


def error_word(code: str) -> str:
    """Why a page did not arrive; unknown codes stand for themselves."""
    words = {
        "busy": _("the line was busy"),
        "no-answer": _("nobody answered"),
        "canceled": _("the call was cancelled"),
        "failed": _("the provider could not place it"),
        "undelivered": _("the network did not deliver it"),
        "machine": _("a mailbox answered"),
        "no_key_pressed": _("answered, but no key was pressed"),
        "silence": _("no sign of life"),
        "not_configured": _("the provider is not set up"),
        "no_connection": _("no connection to the provider"),
        "no_answer_from_provider": _("the provider did not answer"),
        "unreadable_answer": _("the provider's answer could not be read"),
        "address_refused": _("the mail server refused the address"),
        "mail_server": _("the mail server cannot be reached"),
        "pager_broke": _("sending broke off"),
        "returned": _("the mail came back"),
        "not_placed": _("the provider did not place it"),
        "over": _("the emergency was over"),
    }
    if code.isdigit() or code.startswith("http_"):
        return _("provider error %(code)s") % {"code": code.removeprefix("http_")}
    return words.get(code, code or "–")


def waiting_word(code: str) -> str:
    """Why a page has to wait; empty for one that does not."""
    words = {
        "digest": _("waits until the line is free"),
        "retry": _("is tried again"),
        "own_rule": _("follows by the technician's own rule"),
    }
    return words.get(code, code)


def via_word(code: str) -> str:
    """By which way a person answered."""
    words = {
        "voice": _("key press in the call"),
        "sms": _("SMS"),
        "desk": _("the desk"),
        "link": _("the link in the message"),
    }
    return words.get(code, code or "–")


def route_word(route: str) -> str:
    """By which provider a text goes."""
    words = {
        "sms:twilio": _("the telephone provider"),
        "sms:gateway": _("the SMS gateway"),
    }
    return words.get(route, route or "–")
