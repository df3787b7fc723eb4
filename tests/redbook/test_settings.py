import re

from tests.servers import PROJECT


def test_every_setting_stands_in_the_table() -> None:
    settings = (PROJECT / "redbook" / "settings.py").read_text()
    table = (PROJECT / "docs" / "deploy.md").read_text()
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', settings))
    assert len(read) > 15
    assert read == set(
        re.findall(r"`([A-Z_]+)`(?=[^|\n]*\|)", "\n".join(re.findall(r"^\| `.*?\|", table, re.M)))
    )
