"""Reports, the cases that they make, and what moderators decide."""

from moderation.models.appeal import Appeal
from moderation.models.case import Case
from moderation.models.decision import Decision, Limit, Step
from moderation.models.evidence import Evidence, Seal
from moderation.models.month import MonthFigures
from moderation.models.picture import Finding, KnownPicture, PictureMatch, RecentWords
from moderation.models.proof import Proof
from moderation.models.report import DETAILS_MAX, NAMED, Report, text_of
from moderation.models.rule import Rule, Severity

__all__ = [
    "DETAILS_MAX",
    "NAMED",
    "Appeal",
    "Case",
    "Decision",
    "Evidence",
    "Finding",
    "KnownPicture",
    "Limit",
    "MonthFigures",
    "PictureMatch",
    "Proof",
    "RecentWords",
    "Report",
    "Rule",
    "Seal",
    "Severity",
    "Step",
    "text_of",
]
