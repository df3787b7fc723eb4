from django.core.management.base import BaseCommand

from insights.actions.summing import sum_all, yesterday


class Command(BaseCommand):
    help = (
        "Sums what rows say of all creators up to yesterday, as a job does every night. Run again, it makes anew the"
        " sums of those whose rows have changed."
    )

    def handle(self, *args: object, **options: object) -> None:
        changed = sum_all()
        self.stdout.write(f"Summed up to {yesterday()}. Creators whose rows had changed: {changed}")
