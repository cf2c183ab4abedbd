"""Makes our site the admin site of every room."""

from django.contrib.admin.apps import AdminConfig


class CrmAdminConfig(AdminConfig):
    default_site = "upsell_crm.core.admin_site.CrmAdminSite"
