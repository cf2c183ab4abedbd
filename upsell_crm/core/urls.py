"""Addresses of signing in, preferences, drafts, jobs and the gallery of components."""

from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, path

from upsell_crm.core.views import drafts, jobs, kams, saved_views, signing_in, styleguide

app_name = "core"
urlpatterns: list[URLPattern] = [
    path("", signing_in.home, name="home"),
    path("login/", signing_in.SignInView.as_view(), name="login"),
    path("logout/", LogoutView.as_view(next_page="core:login"), name="logout"),
    path("session/", signing_in.session, name="session"),
    path("welcome/<str:token>/", signing_in.welcome, name="welcome"),
    path("password/", signing_in.PasswordChangeView.as_view(), name="password_change"),
    path("preferences/", signing_in.preferences, name="preferences"),
    path("jobs/", jobs.job_list, name="job_list"),
    path("jobs/<str:code>/start/", jobs.job_start, name="job_start"),
    path("views/", saved_views.save_view, name="save_view"),
    path("views/<int:pk>/drop/", saved_views.drop_view, name="drop_view"),
    path("kams/<slug:right>/", kams.kam_options, name="kam_options"),
    path("drafts/<str:key>/", drafts.draft, name="draft"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    path("styleguide/panel/", styleguide.styleguide_panel, name="styleguide_panel"),
]
