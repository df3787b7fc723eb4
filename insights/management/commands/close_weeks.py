from django.core.management.base import BaseCommand

from insights.actions.weeks import close_all, last_week


class Command(BaseCommand):
    help = (
        "Closes the weeks of all creators up to last Sunday, as a job does every Monday: batches of readers, and the"
        " words that creators are seen by. Run again, it changes nothing."
    )

    def handle(self, *args: object, **options: object) -> None:
        closed = close_all()
        self.stdout.write(f"Closed up to {last_week()}. Creators whose weeks were open: {closed}")
