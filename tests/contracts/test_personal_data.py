"""Whoever adds a column with text says how long it is kept, and how it is erased."""

import pytest
from django.apps import apps
from django.db import models

from billing.rules import personal_data as of_billing
from emergency.queries import person
from emergency.rules import personal_data
from emergency.rules.personal_data import Kept
from emergency.rules.retention import PURGED, Class
from status.rules import personal_data as of_status
from tests.contracts.sources import APPS

pytestmark = pytest.mark.no_servers

TEXT = (
    *(models.CharField, models.TextField, models.JSONField, models.BinaryField),
    *(models.GenericIPAddressField, models.FileField),
)
FIX = "give its columns a class in APP/rules/personal_data.py (docs/privacy.md)"
REGISTERS = {
    "emergency": {
        name: {kind.value: fields for kind, fields in kept.fields.items()}
        for name, kept in personal_data.REGISTER.items()
    },
    "billing": of_billing.REGISTER,
    "status": of_status.REGISTER,
}
MODELS = [model for app in APPS for model in apps.get_app_config(app).get_models()]


def text_of(model: type[models.Model]) -> set[str]:
    """Columns that can hold what somebody wrote; a choice among ours cannot."""
    return {
        field.name
        for field in model._meta.local_concrete_fields
        if isinstance(field, TEXT) and not field.choices
    }


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_column_with_text_has_one_class(model: type[models.Model]) -> None:
    register = REGISTERS[model._meta.app_label]
    assert model.__name__ in register, FIX
    classed = register[model.__name__]
    assert set(classed) <= {kind.value for kind in Class}
    named = [field for fields in classed.values() for field in fields]
    assert sorted(named) == sorted(text_of(model)), FIX


def test_the_register_names_no_table_that_is_gone() -> None:
    for app, register in REGISTERS.items():
        there = {model.__name__ for model in apps.get_app_config(app).get_models()}
        assert set(register) <= there


@pytest.mark.parametrize("name", personal_data.REGISTER)
def test_what_is_purged_can_be_found_and_emptied(name: str) -> None:
    kept: Kept = personal_data.REGISTER[name]
    model = apps.get_model("emergency", name)
    purged = [f for kind in PURGED for f in kept.fields.get(kind, ())]
    assert bool(purged) == bool(kept.through or kept.aged_by)
    if kept.aged_by:
        assert isinstance(model._meta.get_field(kept.aged_by), models.DateTimeField)
    for path in kept.through:
        # Raises FieldError for a way that leads nowhere.
        model._default_manager.filter(**{f"{path}__in": []})
    for field in (model._meta.get_field(name) for name in purged if not kept.goes):
        assert isinstance(field, (models.CharField, models.TextField, models.JSONField))


def test_what_a_purge_erases_is_handed_out_to_whoever_asks() -> None:
    handed_out = {
        *(*person.BY_REPORT, *person.BY_INCIDENT, *person.BY_CONTACT),
        *person.BY_ADDRESS,
    }
    purged = {
        name
        for name, kept in personal_data.REGISTER.items()
        if PURGED & set(kept.fields)
    }
    assert purged - handed_out == person.NOT_HANDED_OUT
    for name, path in (*person.BY_REPORT.items(), *person.BY_INCIDENT.items()):
        apps.get_model("emergency", name)._default_manager.filter(**{f"{path}__in": []})


def test_a_column_that_nobody_classed_is_found() -> None:
    class Diary(models.Model):
        """Somebody's new table."""

        page = models.TextField()
        mood = models.CharField(max_length=1, choices={"g": "good"})

        class Meta:
            app_label = "contracts_of_tests"
            abstract = False

    assert text_of(Diary) == {"page"}


# What libraries keep: docs/privacy.md says which of it is about people.
OF_LIBRARIES = {
    *("admin.LogEntry", "auth.Group", "auth.Permission", "contenttypes.ContentType"),
    *("sessions.Session", "mfa.Authenticator", "account.EmailAddress"),
    *("account.EmailConfirmation", "socialaccount.SocialAccount"),
    *("socialaccount.SocialApp", "socialaccount.SocialToken"),
}


def test_no_library_brings_a_table_unseen() -> None:
    labels = {
        model._meta.label
        for model in apps.get_models()
        if model._meta.app_label not in APPS
    }
    assert labels == OF_LIBRARIES
