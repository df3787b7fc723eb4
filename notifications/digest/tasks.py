"""Background jobs. Each is safe to run twice: a worker that dies runs its job again."""

from core.jobs import DIGEST_PRIORITY, DIGEST_QUEUE, HOUSE_QUEUE, app
from notifications.digest import actions


@app.periodic(cron="* * * * *")
@app.task(queue=HOUSE_QUEUE, name="begin_digests", queueing_lock="begin_digests")
def begin_digests(timestamp: int) -> None:
    actions.begin_digests()


@app.task(queue=DIGEST_QUEUE, name="send_digest", priority=DIGEST_PRIORITY)
def send_digest(person_id: int) -> None:
    actions.send_digest(person_id)


@app.task(queue=HOUSE_QUEUE, name="plan_digest")
def plan_digest(person_id: int) -> None:
    actions.plan_digest(person_id)


@app.periodic(cron="25 4 * * *")
@app.task(queue=HOUSE_QUEUE, name="forget_digests", queueing_lock="forget_digests")
def forget_digests(timestamp: int) -> None:
    actions.forget_digests()
