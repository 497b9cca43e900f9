"""The web process: WSGI, because every page is a short synchronous view."""

import os

from django.core.wsgi import get_wsgi_application

from emergency.credentials import demand_credentials

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "emergency.settings")

application = get_wsgi_application()
demand_credentials("the web process")
