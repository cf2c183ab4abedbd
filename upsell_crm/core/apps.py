from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from upsell_crm.core.catalogues import compile_stale_catalogues


class CoreConfig(AppConfig):
    name = "upsell_crm.core"
    verbose_name = _("People and plumbing")

    def ready(self) -> None:
        compile_stale_catalogues()
