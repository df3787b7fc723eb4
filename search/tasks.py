"""Background jobs. Each is safe to run twice: a worker that dies runs its job again."""

from core.jobs import HOUSE_QUEUE, app, defer_once
from search.documents import terms, writing
from search.names import writing as names
from search.recent import actions as recent

SECONDS = 5  # that a worker writes at a time: photos wait for it


@app.periodic(cron="* * * * *")
@app.task(queue=HOUSE_QUEUE, name="write_words", lock="write_words", queueing_lock="write_words")
def write_words(timestamp: int) -> None:
    if writing.write_due(seconds=SECONDS):
        defer_once("write_words", "write_words", timestamp=timestamp)


@app.periodic(cron="52 3 * * *")
@app.task(queue=HOUSE_QUEUE, name="forget_terms", lock="forget_terms", queueing_lock="forget_terms")
def forget_terms(timestamp: int, after: str = "") -> None:
    if not after:
        recent.forget_forgotten()
    if further := terms.forget_terms(after=after, seconds=SECONDS):
        defer_once("forget_terms", "forget_terms", timestamp=timestamp, after=further)


@app.periodic(cron="12 4 * * *")
@app.task(queue=HOUSE_QUEUE, name="write_names", lock="write_names", queueing_lock="write_names")
def write_names(timestamp: int, kind: str = "p", after: int = 0) -> None:
    if further := names.write_names(kind=kind, after=after, seconds=SECONDS):
        kind, after = further
        defer_once("write_names", "write_names", timestamp=timestamp, kind=kind, after=after)
