"""Background jobs. Each is safe to run twice: a worker that dies runs its job again."""

from core.jobs import AFTER_TROUBLE, HOUSE_QUEUE, app
from notifications import actions


@app.periodic(cron="20 4 * * *")
@app.task(queue=HOUSE_QUEUE, name="forget_notifications", queueing_lock="forget_notifications")
def forget_notifications(timestamp: int) -> None:
    actions.forget_old()


@app.periodic(cron="27 * * * *")
@app.task(
    queue=HOUSE_QUEUE, name="tell_of_labels_hidden_lately", queueing_lock="tell_of_labels_hidden_lately"
)
def tell_of_labels_hidden_lately(timestamp: int) -> None:
    actions.tell_of_labels_hidden_lately()


@app.task(queue=HOUSE_QUEUE, name="tell_of_hidden_label", retry=AFTER_TROUBLE)
def tell_of_hidden_label(label_id: int) -> None:
    actions.tell_of_hidden_label(label=label_id)
