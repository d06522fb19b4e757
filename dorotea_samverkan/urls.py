"""The portal's addresses: Swedish ASCII in the path, English in the name (DESIGN §8)."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("promises.urls")),
    path("", include("followup.urls")),
    path("konto/", include("promises.account_urls")),
    path("admin/", admin.site.urls),
]
