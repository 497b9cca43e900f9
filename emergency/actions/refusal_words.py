"""Sentences of refusals by what they are about, with their placeholders."""

from django.utils.translation import gettext as _


def about_files() -> dict[str, str]:
    return {
        "logo_too_large": _("This picture is larger than %(kilobytes)d kB."),
        "logo_kind": _("Choose a picture in PNG, JPEG or WebP."),
        "file_empty": _("This file is empty. Choose another one."),
        "file_kind": _(
            "We take pictures, PDF, text and log files, zip and gz. Choose another"
            " file, or pack this one."
        ),
        "file_too_large": _(
            "This file is larger than %(megabytes)d MB. Send a part of it, or pack it."
        ),
        "files_too_many": _(
            "There are %(most)d files already, and no more can be added here. Tell us"
            " of the others when we call."
        ),
        "files_later": _(
            "No more files can be taken here at the moment. Add them right after the"
            " order."
        ),
        "files_too_large": _(
            "Together the files would be larger than %(megabytes)d MB. Send a part, or"
            " pack them."
        ),
    }


def about_auditors() -> dict[str, str]:
    return {
        "not_an_auditor": _(
            "Somebody with this address works here already. An auditor needs an"
            " address of their own."
        ),
        "access_too_long": _("At most %(days)s days from today."),
        "access_is_past": _("The last day must not be past."),
    }


def about_colleagues() -> dict[str, str]:
    return {
        "address_in_use": _("Somebody signs in with this address already."),
        "own_rights": _(
            "Nobody takes away or changes their own rights. Ask another administrator."
        ),
        "not_here": _("This cannot be done for this person here."),
    }


def about_the_stage() -> dict[str, str]:
    return {
        "story_runs": _("A story is being told. Wait for its end, then begin another."),
        "stage_not_set": _(
            "This demo has no stage, or all its servers have open incidents. Close"
            " those, or stop the product, run “make reset” and start it again."
        ),
        "telephones_silent": _(
            "The demo's telephones do not answer, so no story can begin. Nothing was"
            " ordered."
        ),
    }
