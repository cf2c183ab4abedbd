"""Every scheduled job of the product, in Moscow time (domain.md §2.12); printed to docs/architecture.md.

Beat only asks each minute what is due: the JobRun table decides, so two beats or a late one do no harm.
"""

from datetime import time, timedelta

from django.utils.translation import gettext_lazy as _

from accounts.jobs import contracts_daily, feature_release
from deals.jobs import deals_daily
from reports.jobs import client_export, existing_clients, rank, signals
from roadmaps.jobs import presentation_file
from upsell_crm.core.cleaning import clean_up
from upsell_crm.core.jobs import Daily, Every, Job, OnDemand, Weekly

JOBS = (
    Job(
        "contracts_daily", _("Contracts of the day"),
        _("Prolongs, renews and closes contracts whose time has come."),
        Daily(time(0, 10), _("daily at 00:10")), contracts_daily,
    ),
    Job(
        "deals_daily", _("Deals of the day"), _("Returns paused deals whose date has come."),
        Daily(time(0, 10), _("daily at 00:10")), deals_daily,
    ),
    Job(
        "ranking", _("Ranking of clients"), _("Scores every client and puts them in order."),
        Daily(time(5, 0), _("daily at 05:00")), rank,
    ),
    Job(
        "signals", _("Reasons to call"), _("Finds why to call each client now, and closes what is over."),
        Daily(time(5, 10), _("daily at 05:10")), signals,
    ),
    Job(
        "existing_clients", _("Report on existing clients"), _("Builds the rows of the report anew."),
        Daily(time(5, 30), _("daily at 05:30")), existing_clients,
    ),
    Job(
        "client_export", _("Large files of the report"), _("Writes files of more than 2,000 rows for whoever asked."),
        OnDemand(_("when somebody asks")), client_export,
    ),
    Job(
        "presentation_file", _("Files of presentations"), _("Writes the PPTX or PDF of a presentation that is ready."),
        OnDemand(_("when somebody asks")), presentation_file,
    ),
    Job(
        "feature_release", _("Released features"),
        _("Gives a task to the KAM of each client who waits for a feature that is out or declined."),
        Every(timedelta(minutes=10), _("every 10 minutes")), feature_release,
    ),
    Job(
        "clean_up", _("Cleaning"), _("Removes old drafts, ended sessions and spent counters."),
        Weekly(6, time(3, 0), _("on Sundays at 03:00")), clean_up,
    ),
)  # fmt: skip
