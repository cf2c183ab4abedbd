"""Results only: weights, ranking runs and their rows, built reports, signals."""

from reports.models.client_report import ClientRow, ClientSeats, OfferAnswer, ReportRun
from reports.models.ranking import Band, RankRow, RankRowQuerySet, RankRun
from reports.models.signal import Signal, SignalRule
from reports.models.weights import Weights

__all__ = [
    "Band",
    "ClientRow",
    "ClientSeats",
    "OfferAnswer",
    "RankRow",
    "RankRowQuerySet",
    "RankRun",
    "ReportRun",
    "Signal",
    "SignalRule",
    "Weights",
]
