"""ASGI entry point for operators whose server speaks only ASGI."""

import os

from django.core.asgi import get_asgi_application

from emergency.credentials import demand_credentials

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "emergency.settings")

application = get_asgi_application()
demand_credentials("the web process")
