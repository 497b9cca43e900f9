"""Why rows and whole lists were not taken, and what would change, in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from emergency.rules.account_plan import Change, Plan
from emergency.rules.account_rows import Record

MOST_CHANGES = 200


@dataclass(frozen=True, kw_only=True)
class Count:
    """One line of the table of a run."""

    label: str
    added: int = 0
    changed: int = 0
    back: int = 0
    retired: int = 0
    same: int = 0


@dataclass(frozen=True, kw_only=True)
class ChangeLine:
    """One change for reading. ``fate``: added | changed | back | retired."""

    place: str
    what: str
    name: str
    fate: str
    fields: str


def counts_in_words(counts: Mapping[str, Mapping[str, int]]) -> list[Count]:
    """The counts of a run, one line for each kind of rows."""
    return [
        Count(label=label, **counts.get(record, {}))
        for record, label in (
            ("account", _("Accounts")),
            ("server", _("Servers")),
            ("contact", _("Contacts")),
        )
    ]


def changes_in_words(plan: Plan) -> list[ChangeLine]:
    """The first changes of a plan: what is retired, then what is written over, then
    what is new."""
    retired = [
        ChangeLine(
            place="",
            what=_what(record),
            name=str(one.values["name"]),
            fate="retired",
            fields="",
        )
        for record, gone in plan.retired.items()
        for one in gone
    ]
    ordered = sorted(plan.changes, key=lambda change: change.fate == "added")
    room = MOST_CHANGES - len(retired)
    return [*retired[:MOST_CHANGES], *(_line(one) for one in ordered[: max(0, room)])]


def problems_in_words(
    problems: Iterable[Mapping[str, str]],
) -> list[tuple[str, str]]:
    """Each problem as its place and a sentence."""
    return [(one.get("place", ""), problem_in_words(one)) for one in problems]


def problem_in_words(problem: Mapping[str, str]) -> str:
    """What is wrong with a row, and with which column."""
    sentences = {**_about_rows(), **_about_lists()}
    values = {
        "column": problem.get("column", ""),
        "value": problem.get("value", ""),
        "other": problem.get("other", ""),
    }
    sentence = sentences.get(problem["code"], problem["code"]) % values
    said = problem.get("value")
    return f"{sentence} {_('It says “%(value)s”.') % values}" if said else sentence


def failure_in_words(code: str) -> str:
    """Why a list could not be read or fetched at all."""
    known = {**_about_lists(), **_about_fetching()}
    if code in known:
        return known[code]
    if code.startswith("http_"):
        return _("The other side answered with status %(status)s.") % {
            "status": code.removeprefix("http_")
        }
    return code


def brake_in_words(records: Sequence[Record], percent: int) -> str:
    """What the brake stopped."""
    named = {
        Record.ACCOUNT: _("accounts"),
        Record.SERVER: _("servers"),
        Record.CONTACT: _("contacts"),
    }
    return _(
        "More than %(percent)s %% of the %(records)s would change or be retired at"
        " once. Look at it before you confirm."
    ) % {"percent": percent, "records": ", ".join(named[one] for one in records)}


def _line(change: Change) -> ChangeLine:
    return ChangeLine(
        place=change.place,
        what=_what(change.record),
        name=str(change.values["name"]),
        fate=change.fate,
        fields="" if change.key is None else ", ".join(change.changed),
    )


def _what(record: Record) -> str:
    return {
        Record.ACCOUNT: pgettext("kind of a row", "Account"),
        Record.SERVER: pgettext("kind of a row", "Server"),
        Record.CONTACT: pgettext("kind of a row", "Contact"),
    }[record]


def _about_rows() -> dict[str, str]:
    return {
        "unknown_record": _("The column “record” must be account, server or contact."),
        "wrong_cells": _("The line has more or fewer cells than the first line."),
        "no_text": _("“%(column)s” must be a text or a list of texts."),
        "missing": _("“%(column)s” is missing."),
        "too_long": _("“%(column)s” is too long."),
        "too_many": _("“%(column)s” lists too much."),
        "signs": _("“%(column)s” holds signs that cannot be seen."),
        "bad_account": _(
            "An account number has at most 32 letters, digits, dots, dashes and"
            " underscores."
        ),
        "unknown_word": _("“%(column)s” has a word that is not known."),
        "bad_address": _("“%(column)s” is no IP address."),
        "bad_alias": _("This alias is no address, no domain and no service number."),
        "bad_email": _("This is no e-mail address."),
        "bad_phone": _("This is no number that can be called."),
        "no_way_to_contact": _("A contact needs an e-mail address or a phone number."),
        "twice": _("The same stands at %(other)s already."),
        "taken": _("At %(other)s another row means the same by its external id."),
        "number_in_use": _("Another account has this number."),
        "name_in_use": _("Another server in service has this name."),
        "unknown_account": _(
            "There is no account with this number, and no row for it."
        ),
        "taken_off": _(
            "This contact was taken off at the desk. Put them on file there, or remove"
            " the row."
        ),
    }


def _about_lists() -> dict[str, str]:
    return {
        "not_utf8": _("The list is not in UTF-8."),
        "bad_csv": _("The list cannot be read as CSV."),
        "bad_json": _("The list cannot be read as JSON."),
        "no_header": _("The first line must name the columns, record and account too."),
        "unknown_column": _("The list has a column that is not known."),
        "column_twice": _("The list has a column twice."),
        "no_accounts": _("The document must be an object with a list “accounts”."),
        "no_object": _("Here an object was expected."),
        "no_list": _("Here a list was expected."),
        "no_rows": _("The list is empty. Nothing was changed."),
        "too_many_rows": _("The list has more than 100,000 rows."),
        "too_large": _("The list is larger than 20 MB."),
    }


def _about_fetching() -> dict[str, str]:
    return {
        "not_https": _("The address is not https."),
        "bad_address": _("The address cannot be read."),
        "private_address": _("The host is not on the open network and not allowed."),
        "too_many_redirects": _("The other side leads elsewhere; we do not follow."),
        "bad_redirect": _("The other side leads elsewhere; we do not follow."),
        "timeout": _("The other side did not answer in time."),
        "tls": _("The certificate of the other side is not valid."),
        "unreachable": _("The other side cannot be reached."),
        "broken": _("Something broke on our side; the log says what."),
        "damaged_body": _("What the other side sent is damaged."),
    }
