"""Places in a run and the flip of the current rows, by portable statements."""

from django.db import connection

from reports.models import RankRow, RankRun

_PLACES = """
UPDATE reports_rankrow
SET is_current = %s, position = CASE WHEN placed.listed = '' THEN placed.place END
FROM (
    SELECT id, listed, ROW_NUMBER() OVER (
        PARTITION BY listed ORDER BY score DESC, act_by, delta DESC, company_id
    ) AS place
    FROM reports_rankrow WHERE run_id = %s
) AS placed
WHERE reports_rankrow.id = placed.id
"""


def place_rows(run: RankRun, *, is_current: bool) -> None:
    """Number the rows of a full run by the order of §4.5, and make them what pages show if they are to be.

    Call inside the transaction that ends the run: readers see the old ranking or the new one.
    """
    if is_current:
        RankRow.objects.filter(is_current=True).update(is_current=False)
    with connection.cursor() as cursor:
        cursor.execute(_PLACES, [is_current, run.pk])


def replace_rows(run: RankRun) -> None:
    """The rows of a run over some companies replace the current ones of these; their places stay."""
    RankRow.objects.filter(is_current=True, company__in=run.rows.values("company_id")).update(
        is_current=False
    )
    run.rows.update(is_current=True)
