"""The production entry point: `gunicorn dorotea_samverkan.wsgi`.

The development server (`manage.py runserver`) does not pass through here, so
this module can refuse to serve the portal with DEBUG on.
"""

import os

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dorotea_samverkan.settings")

if settings.DEBUG:
    raise ImproperlyConfigured(
        "DEBUG är på. I drift visar det hemligheter för vem som helst: "
        "ta bort DEBUG ur miljön eller sätt DEBUG=off."
    )

application = get_wsgi_application()
