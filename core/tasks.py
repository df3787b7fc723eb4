"""Background jobs of no app. Each is safe to run twice: a worker that dies runs its job again."""

from core import audit
from core.jobs import HOUSE_QUEUE, app, retry_stalled_jobs
from core.models import ParkedForm


@app.periodic(cron="*/10 * * * *")
@app.task(queue=HOUSE_QUEUE, name="forget_parked_forms", queueing_lock="forget_parked_forms")
def forget_parked_forms(timestamp: int) -> None:
    ParkedForm.objects.over().delete()


@app.periodic(cron="* * * * *")
@app.task(queue=HOUSE_QUEUE, name="rescue_stalled_jobs", queueing_lock="rescue_stalled_jobs")
async def rescue_stalled_jobs(timestamp: int) -> None:
    await retry_stalled_jobs()


@app.periodic(cron="41 4 * * *")
@app.task(queue=HOUSE_QUEUE, name="delete_old_audit_entries", queueing_lock="delete_old_audit_entries")
def delete_old_audit_entries(timestamp: int) -> None:
    audit.delete_old_entries()
