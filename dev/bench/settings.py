"""The site's settings with the baselines beside its pages. Only `make bench` loads them."""

from redbook.settings import *  # noqa: F403

ROOT_URLCONF = "dev.bench.baselines"
