"""Background jobs. Each is safe to run twice: a worker that dies runs its job again."""

from core.jobs import HOUSE_QUEUE, app
from notifications import actions


@app.periodic(cron="20 4 * * *")
@app.task(queue=HOUSE_QUEUE, name="forget_notifications", queueing_lock="forget_notifications")
def forget_notifications(timestamp: int) -> None:
    actions.forget_old()
