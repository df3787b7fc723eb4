"""Background jobs. Each is safe to run twice: a worker that dies runs its job again."""

from datetime import date

from procrastinate.contrib.django import app

from notes.tasks import AFTER_TROUBLE, HOUSE_QUEUE

SUM_SECONDS = 5  # that a worker sums at a time: photos wait for it


@app.periodic(cron="7 * * * *")
@app.task(queue=HOUSE_QUEUE, name="forget_marks", queueing_lock="forget_marks")
def forget_marks(timestamp: int) -> None:
    from insights.actions.recording import forget_marks

    forget_marks()


@app.periodic(cron="25 * * * *")
@app.task(queue=HOUSE_QUEUE, name="begin_sums", queueing_lock="begin_sums")
def begin_sums(timestamp: int) -> None:
    """Sum what is not summed up to yesterday yet, from three at night on: all once a day, and new creators sooner."""
    from insights.actions.summing import begin_sums

    begin_sums()


@app.task(queue=HOUSE_QUEUE, name="sum_people", retry=AFTER_TROUBLE)
def sum_people(last: str, after: int) -> None:
    from insights.actions.summing import sum_due

    further = sum_due(last=date.fromisoformat(last), after=after, seconds=SUM_SECONDS)
    if further:
        sum_people.defer(last=last, after=further)


@app.periodic(cron="45 * * * *")
@app.task(queue=HOUSE_QUEUE, name="begin_weeks", queueing_lock="begin_weeks")
def begin_weeks(timestamp: int) -> None:
    """Close the week that is over, from three on Monday on, for creators for whom it is not yet."""
    from insights.actions.weeks import begin_weeks

    begin_weeks()


@app.task(queue=HOUSE_QUEUE, name="close_weeks", retry=AFTER_TROUBLE)
def close_weeks(last: str, after: int) -> None:
    from insights.actions.weeks import close_due

    further = close_due(last=date.fromisoformat(last), after=after, seconds=SUM_SECONDS)
    if further:
        close_weeks.defer(last=last, after=further)


def defer_sums(last: date) -> None:
    sum_people.defer(last=last.isoformat(), after=0)


def defer_weeks(last: date) -> None:
    close_weeks.defer(last=last.isoformat(), after=0)
