"""Background jobs. Each is safe to run twice: a worker that dies runs its job again."""

from procrastinate.contrib.django import app

from notes.tasks import HOUSE_QUEUE


@app.periodic(cron="7 * * * *")
@app.task(queue=HOUSE_QUEUE, name="forget_marks", queueing_lock="forget_marks")
def forget_marks(timestamp: int) -> None:
    from insights.actions.recording import forget_marks

    forget_marks()
