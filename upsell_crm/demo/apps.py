from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "upsell_crm.demo"
    label = "demo"
