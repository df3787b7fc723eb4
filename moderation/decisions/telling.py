"""Tell those concerned what was decided."""

from moderation.models import Decision


def tell_of(*, decision: Decision) -> None:
    """Tell the author of a decision, and the reporters what came of it. In the decision's transaction."""


def tell_of_undoing(*, decision: Decision) -> None:
    """Tell the author that a decision was taken back. In the transaction that does."""


def tell_of_end(*, decision: Decision) -> None:
    """Tell the author that a decision has ended by itself. In the transaction that ends it."""
