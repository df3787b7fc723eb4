"""Background jobs. Each is safe to run twice: a worker that dies runs its job again."""

from django.apps import apps

from core.jobs import HOUSE_QUEUE, app
from moderation.cases import adopting
from moderation.decisions import actions as decisions


@app.periodic(cron="* * * * *")
@app.task(queue=HOUSE_QUEUE, name="expire_decisions", queueing_lock="expire_decisions")
def expire_decisions(timestamp: int) -> None:
    decisions.expire()


@app.periodic(cron="41 3 * * *")
@app.task(queue=HOUSE_QUEUE, name="adopt_reports", queueing_lock="adopt_reports")
def adopt_reports(timestamp: int) -> None:
    adopting.adopt(apps.get_model)
