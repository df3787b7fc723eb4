import re

from tests.servers import PROJECT

OF_MAKE_RUN = {"HOST", "PORT"}


def test_the_table_names_every_setting_and_no_other() -> None:
    settings = (PROJECT / "redbook" / "settings.py").read_text()
    table = (PROJECT / "README.md").read_text().partition("\n## Settings\n")[2].partition("\n## ")[0]
    named = set(re.findall(r"`(\w+)`", " ".join(re.findall(r"^\| (`.*?`) \|", table, re.MULTILINE))))
    assert named - OF_MAKE_RUN == set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', settings))
