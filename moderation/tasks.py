"""Background jobs. Each is safe to run twice: a worker that dies runs its job again."""

from django.apps import apps

from core.jobs import (
    AFTER_MAIL_TROUBLE,
    AFTER_TROUBLE,
    HOUSE_QUEUE,
    LOOK_PRIORITY,
    MAIL_PRIORITY,
    MAIL_QUEUE,
    SWEEP_SECONDS,
    app,
)
from moderation.appeals import letters
from moderation.cases import adopting
from moderation.decisions import actions as decisions
from moderation.decisions import seal_letters as sealing
from moderation.evidence import actions as evidence
from moderation.pictures import copies, looking
from moderation.prove import run as proofs
from moderation.transparency import counting


@app.periodic(cron="* * * * *")
@app.task(queue=HOUSE_QUEUE, name="expire_decisions", queueing_lock="expire_decisions")
def expire_decisions(timestamp: int) -> None:
    decisions.expire()


@app.periodic(cron="41 3 * * *")
@app.task(queue=HOUSE_QUEUE, name="adopt_reports", queueing_lock="adopt_reports")
def adopt_reports(timestamp: int) -> None:
    adopting.adopt(apps.get_model)


@app.periodic(cron="23 4 * * *")
@app.task(queue=HOUSE_QUEUE, name="count_months", queueing_lock="count_months")
def count_months(timestamp: int) -> None:
    counting.count_months()


@app.task(queue=HOUSE_QUEUE, name="copy_evidence", retry=AFTER_TROUBLE)
def copy_evidence(evidence_id: int) -> None:
    evidence.copy_evidence(evidence_id)


@app.task(queue=HOUSE_QUEUE, name="delete_evidence_files", retry=AFTER_TROUBLE)
def delete_evidence_files(folders: list[str]) -> None:
    evidence.delete_evidence_files(folders)


@app.periodic(cron="*/10 * * * *")
@app.task(queue=HOUSE_QUEUE, name="resume_copies", queueing_lock="resume_copies")
def resume_copies(timestamp: int) -> None:
    evidence.resume_copies()


@app.periodic(cron="37 * * * *")
@app.task(queue=HOUSE_QUEUE, name="clear_evidence", queueing_lock="clear_evidence")
def clear_evidence(timestamp: int) -> None:
    evidence.clear_evidence()


@app.periodic(cron="*/10 * * * *")
@app.task(queue=HOUSE_QUEUE, name="sweep_evidence", queueing_lock="sweep_evidence")
def sweep_evidence(timestamp: int) -> None:
    evidence.sweep_evidence(turn=timestamp // SWEEP_SECONDS)


@app.task(queue=HOUSE_QUEUE, name="look_over_note", retry=AFTER_TROUBLE, priority=LOOK_PRIORITY)
def look_over_note(note_id: int) -> None:
    looking.look_over_note(note_id)


@app.task(queue=HOUSE_QUEUE, name="look_for_known", retry=AFTER_TROUBLE)
def look_for_known(after: int, until: int) -> None:
    looking.look_for_known(after=after, until=until)


@app.periodic(cron="23 * * * *")
@app.task(queue=HOUSE_QUEUE, name="forget_recent_words", queueing_lock="forget_recent_words")
def forget_recent_words(timestamp: int) -> None:
    copies.forget_recent_words()


@app.task(queue=MAIL_QUEUE, name="send_decision", retry=AFTER_MAIL_TROUBLE, priority=MAIL_PRIORITY)
def send_decision(decision_id: int, letter: str) -> None:
    letters.send_decision(decision_id, letter)


@app.periodic(cron="43 4 * * *")
@app.task(queue=HOUSE_QUEUE, name="prove_some", queueing_lock="prove_some")
def prove_some(timestamp: int) -> None:
    proofs.prove_some(seed=timestamp // 86_400)


@app.task(queue=MAIL_QUEUE, name="send_seal", retry=AFTER_MAIL_TROUBLE, priority=MAIL_PRIORITY)
def send_seal(person_id: int, letter: str) -> None:
    sealing.send_seal(person_id, letter)
