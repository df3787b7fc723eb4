import sys
from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from imaging import VERSION, Refused, sizes
from notes.models import Photo
from notes.photos.actions import renew_renditions


class Command(BaseCommand):
    help = "Makes the renditions that photos lack, from their masters; exits with 1 when one cannot be made."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--all", action="store_true", help="make all of them again, as after a change of encoder"
        )

    def handle(self, *args: object, all: bool, **options: object) -> None:
        done = failed = 0
        for photo in Photo.objects.filter(state=Photo.State.READY).order_by("pk").iterator(chunk_size=500):
            if (
                not all
                and photo.fingerprint_version == VERSION
                and {*sizes(photo.width, photo.height)} <= {*photo.roles}
            ):
                continue
            try:
                renew_renditions(photo)
                done += 1
            except (FileNotFoundError, Refused) as error:
                failed += 1
                self.stderr.write(f"Photo {photo.pk}: {error}")
        self.stdout.write(f"Photos renewed: {done}, without a readable master: {failed}")
        if failed:
            sys.exit(1)
