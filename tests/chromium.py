"""Find the system's Chromium; `python -m tests.chromium` installs it if possible."""

import os
import shutil
import subprocess
import sys

SHELL = "chromium-headless-shell"  # the same engine without a window: half the CPU
PACKAGES = [SHELL, "chromium", "fonts-noto-cjk"]
HOW = f"Tests need Chromium: sudo apt-get install {' '.join(PACKAGES)}  (or set CHROMIUM to where it is)."


def path(*, whole: bool = False) -> str | None:
    """Return where Chromium is, or None; `whole` for what the shell lacks, as the back-forward cache."""
    names = [os.environ.get("CHROMIUM", ""), SHELL, "chromium", "chromium-browser", "google-chrome"]
    if whole:
        names.remove(SHELL)
    return next((found for name in names if name and (found := shutil.which(name))), None)


def install() -> None:
    """Install Chromium, and letters for Chinese. Needs root on a Debian."""
    for command in (["update"], ["install", "--yes", "--no-install-recommends", *PACKAGES]):
        subprocess.run(
            ["apt-get", "--quiet", *command],
            check=not path(),
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        )


if __name__ == "__main__":
    if not (shutil.which(SHELL) and path(whole=True)) and os.geteuid() == 0 and shutil.which("apt-get"):
        install()
    if not path(whole=True):
        sys.exit(HOW)
