"""The roof: joins every room's addresses."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    path("", include("upsell_crm.core.urls")),
    path("", include("accounts.urls")),
    path("", include("deals.urls")),
    path("", include("trainings.urls")),
    path("", include("roadmaps.urls")),
    path("", include("reports.urls")),
    path("api/v1/", include("reports.api.urls")),
]

handler400 = "upsell_crm.core.views.errors.bad_request"
handler403 = "upsell_crm.core.views.errors.forbidden"
handler404 = "upsell_crm.core.views.errors.not_found"
handler500 = "upsell_crm.core.views.errors.server_error"
