import platform
from pathlib import Path


def processor() -> str:
    """The name of the machine's processor, where the system tells it."""
    facts = Path("/proc/cpuinfo")
    for line in facts.read_text().splitlines() if facts.exists() else []:
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
