"""Django's command line; `./crm manage …` runs it inside the project's own environment."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upsell_crm.settings")
    execute_from_command_line(sys.argv)
