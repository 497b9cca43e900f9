from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StatusConfig(AppConfig):
    name = "status"
    verbose_name = _("Maintenance check")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from status import checks  # noqa: F401, PLC0415
