"""Places in a run and the flip of the current rows, by portable statements."""

from django.db import connection

from reports.models import RankRow, RankRun

_PLACES = """
UPDATE reports_rankrow SET position = placed.place
FROM (
    SELECT id, ROW_NUMBER() OVER (ORDER BY score DESC, act_by, delta DESC, company_id) AS place
    FROM reports_rankrow WHERE run_id = %s AND listed = ''
) AS placed
WHERE reports_rankrow.id = placed.id
"""


def place_rows(run: RankRun) -> None:
    """Number the rows of a full run by the order of §4.5."""
    with connection.cursor() as cursor:
        cursor.execute(_PLACES, [run.pk])


def make_current(run: RankRun) -> None:
    """The rows of `run` replace the current ones; call inside the transaction that ends the run."""
    rows = RankRow.objects.filter(is_current=True)
    if run.kind == RankRun.Kind.SINGLE:
        rows = rows.filter(company__in=run.rows.values("company_id"))
    rows.update(is_current=False)
    run.rows.update(is_current=True)
