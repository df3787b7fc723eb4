"""Find the Nu HTML checker, a Java program; `python -m tests.nu` installs it if possible."""

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

VERSION = "26.9.27"
JAR = Path(__file__).resolve().parent.parent / ".data" / "nu" / f"vnu-{VERSION}.jar"
PROGRAMS = {"java": "default-jre-headless", "npm": "npm"}  # and the Debian package of each
HOW = "HTML is not checked: that needs Java and npm (sudo apt-get install default-jre-headless npm)."


def command() -> list[str] | None:
    """What checks the files named after it; None where it is not installed."""
    java = shutil.which("java")
    return [java, "-jar", str(JAR)] if java and JAR.exists() else None


def install() -> None:
    """The checker from the npm registry; Java and npm too, where this is root on a Debian."""
    missing = [package for program, package in PROGRAMS.items() if not shutil.which(program)]
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        options = {"check": True, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
        subprocess.run(["apt-get", "--quiet", "update"], **options)
        subprocess.run(
            ["apt-get", "--quiet", "install", "-y", "--no-install-recommends", *missing], **options
        )
    npm = shutil.which("npm")
    if not npm:
        return
    JAR.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        packed = [npm, "pack", "--silent", "--pack-destination", folder, f"vnu-jar@{VERSION}"]
        subprocess.run(packed, check=True, stdout=subprocess.DEVNULL)
        with tarfile.open(next(Path(folder).glob("*.tgz"))) as archive:
            archive.extract("package/build/dist/vnu.jar", folder, filter="data")
        shutil.move(Path(folder) / "package/build/dist/vnu.jar", JAR)


if __name__ == "__main__":
    if not command():
        install()
    if not command():
        print(HOW)
        sys.exit("CI" in os.environ)
