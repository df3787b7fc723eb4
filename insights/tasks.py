"""Background jobs. Each is safe to run twice: a worker that dies runs its job again."""

from datetime import date

from core.jobs import AFTER_TROUBLE, HOUSE_QUEUE, app, defer
from insights.actions import recording, summing, weeks

SUM_SECONDS = 5  # that a worker sums at a time: photos wait for it


@app.periodic(cron="7 * * * *")
@app.task(queue=HOUSE_QUEUE, name="forget_marks", queueing_lock="forget_marks")
def forget_marks(timestamp: int) -> None:
    recording.forget_marks()


@app.periodic(cron="25 * * * *")
@app.task(queue=HOUSE_QUEUE, name="begin_sums", queueing_lock="begin_sums")
def begin_sums(timestamp: int) -> None:
    """Sum up creators who are not summed up to yesterday, from three at night on: all once a day, new creators
    sooner.
    """
    summing.begin_sums()


@app.task(queue=HOUSE_QUEUE, name="sum_people", retry=AFTER_TROUBLE)
def sum_people(last: str, after: int) -> None:
    further = summing.sum_due(last=date.fromisoformat(last), after=after, seconds=SUM_SECONDS)
    if further:
        defer("sum_people", last=last, after=further)


@app.periodic(cron="45 * * * *")
@app.task(queue=HOUSE_QUEUE, name="begin_weeks", queueing_lock="begin_weeks")
def begin_weeks(timestamp: int) -> None:
    """Close last week for creators whose week is still open, from three on Monday on."""
    weeks.begin_weeks()


@app.task(queue=HOUSE_QUEUE, name="close_weeks", retry=AFTER_TROUBLE)
def close_weeks(last: str, after: int) -> None:
    further = weeks.close_due(last=date.fromisoformat(last), after=after, seconds=SUM_SECONDS)
    if further:
        defer("close_weeks", last=last, after=further)
