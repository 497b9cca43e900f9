from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EmergencyConfig(AppConfig):
    name = "emergency"
    verbose_name = _("Emergency support")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from emergency import celery, checks, signin_checks  # noqa: F401, PLC0415
