"""Imports of lists: the run with its verdict per row, saved column mappings, and what it takes to undo."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from upsell_crm.core.models import PublicModel, User
from upsell_crm.core.roles import Action


class ImportKind(models.TextChoices):
    COMPANIES = "companies", _("Companies")
    CONTACTS = "contacts", _("Contacts")
    CONTRACTS = "contracts", _("Contracts")
    LICENCES = "licences", _("Licences")
    PROCUREMENT = "procurement", _("Procurement profiles")
    USAGE = "usage", _("Usage")
    COURT_LOAD = "court_load", _("Court load")
    ESTIMATES = "estimates", _("Potential estimates")
    FEATURES = "features", _("Awaited features")
    PAYMENTS = "payments", _("Payments")


class ImportMapping(models.Model):
    """How the columns of one source are read; found again by the set of headers."""

    kind = models.CharField(max_length=12, choices=ImportKind.choices)
    fingerprint = models.CharField(max_length=64)  # of the headers
    source = models.CharField(_("source"), max_length=40, blank=True)
    columns = models.JSONField(default=dict)  # field → header
    options = models.JSONField(default=dict)  # multiplier, currency note, year …
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-updated_at"]
        constraints = [models.UniqueConstraint(fields=["kind", "fingerprint"], name="import_mapping_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.source}"


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    def visible_to(self, user: User) -> "ImportRunQuerySet":
        """Own imports; the administrator sees all, since he may take them back."""
        if user.scopes(Action.MANAGE_SYSTEM):
            return self
        if not (user.scopes(Action.IMPORT_CLIENTS) or user.scopes(Action.IMPORT_BOOKS)):
            return self.none()
        return self.filter(requested_by=user)


class ImportRun(PublicModel):
    """One file brought in: what it was, what it did, what it refused."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("uploaded")
        CHECKING = "checking", _("being checked")
        CHECKED = "checked", _("checked")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", pgettext_lazy("import", "refused")
        UNDONE = "undone", _("undone")

    class Mode(models.TextChoices):
        WHOLE = "whole", _("whole file or nothing")
        VALID = "valid", _("valid rows only")

    kind = models.CharField(_("kind"), max_length=12, choices=ImportKind.choices)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.UPLOADED)
    mode = models.CharField(_("mode"), max_length=5, choices=Mode.choices, default=Mode.VALID)
    file = models.FileField(upload_to="imports/%Y/%m/")
    file_name = models.CharField(_("file"), max_length=200)
    file_sha256 = models.CharField(max_length=64)
    file_format = models.CharField(max_length=5, default="csv")  # csv | xlsx
    encoding = models.CharField(_("encoding"), max_length=20, blank=True)
    delimiter = models.CharField(_("delimiter"), max_length=2, blank=True)
    headers = models.JSONField(default=list)
    columns = models.JSONField(default=dict)  # field → header
    options = models.JSONField(default=dict)
    source = models.CharField(_("source"), max_length=40, blank=True)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    created = models.PositiveIntegerField(_("created"), default=0)
    updated = models.PositiveIntegerField(_("updated"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    rejected = models.PositiveIntegerField(_("rejected"), default=0)
    progress = models.PositiveSmallIntegerField(default=0)  # per cent
    preview = models.JSONField(default=list)  # the verdicts of the first rows, for the page
    error = models.TextField(blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="imports"
    )
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("import")
        verbose_name_plural = _("imports")

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.file_name}"

    def get_absolute_url(self) -> str:
        return f"/imports/{self.public_id}/"

    @property
    def is_working(self) -> bool:
        """Whether a job is busy with it now."""
        return self.state in (self.State.CHECKING, self.State.RUNNING)

    @property
    def can_be_run(self) -> bool:
        """Checked, or refused as a whole: the person may still take the valid rows."""
        return self.state in (self.State.CHECKED, self.State.FAILED) and self.created + self.updated > 0

    @property
    def can_be_undone(self) -> bool:
        """Done, and something was written."""
        return self.state == self.State.DONE and self.created + self.updated > 0


class ImportIssue(models.Model):
    """Why a row was refused or is odd: row and column as the person sees them in the file."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="issues")
    row = models.PositiveIntegerField(_("row"))
    column = models.CharField(_("column"), max_length=200, blank=True)
    value = models.CharField(_("value"), max_length=300, blank=True)
    message = models.CharField(_("what is wrong"), max_length=500)
    is_warning = models.BooleanField(default=False)

    class Meta:
        ordering = ["row", "id"]

    def __str__(self) -> str:
        return f"{self.row}/{self.column}: {self.message}"


class ImportChange(models.Model):
    """What one row did to one record, enough to undo it."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="changes")
    row = models.PositiveIntegerField()
    object_type = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    action = models.CharField(max_length=7)  # created | updated
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["run", "-id"], name="import_change_of_run")]

    def __str__(self) -> str:
        return f"{self.action} {self.object_type}:{self.object_id}"
