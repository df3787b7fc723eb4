"""Write to the audit log."""

from typing import Any

from core.audit import Action, write_history
from core.audit import log as write

__all__ = ["Action", "log"]


def log(
    actor: Any,
    action: str,
    case: Any = None,
    decision: Any = None,
    words: str = "",
    *,
    row: Any = None,
    said: str = "",
) -> None:
    """Log what was done, in the transaction that does it. `actor` is None for a program.

    `words` are the program's, never typed by anybody: entries cannot be changed when an account is deleted. What was
    typed is `said`, which goes into the history that admin shows of `row`.
    """
    write(
        actor=actor,
        action=action,
        row=row,
        case=getattr(case, "pk", case),
        decision=getattr(decision, "pk", decision),
        words=words,
    )
    if said and row is not None and actor is not None:
        write_history(actor, [row], said)
