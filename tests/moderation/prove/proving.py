"""Run the proof as tests need it."""

from django.utils import timezone

from moderation.prove.rows import column
from moderation.prove.run import prove
from notes.explore.epochs import write_epoch
from notes.models import Epoch, EpochInput


def differences() -> list[str]:
    """What the whole proof finds, in its words."""
    _made, tally = prove(is_whole=True)
    return [str(each) for each in tally.found]


def write_settled_epoch() -> None:
    """Write an epoch, the only one, and take all rows of the test's transaction as older than it."""
    Epoch.objects.all().delete()
    write_epoch(made_at=timezone.now())
    newest = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint + 1000000"
    EpochInput.objects.update(horizon=column(newest)[0])
