"""The site's settings with the baselines beside its pages. Only `make bench` loads them."""

from redbook.settings import *  # noqa: F403
from redbook.settings import MIDDLEWARE

ROOT_URLCONF = "dev.bench.baselines"
MIDDLEWARE = ["dev.bench.cold.forget_cards", *MIDDLEWARE]
