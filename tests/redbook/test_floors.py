"""Imports go down the floors by import-linter's contract. So does what strings name, which no import shows."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.conf import settings

ROOT = Path(settings.BASE_DIR)


def floors() -> dict[str, int]:
    """Return the floor of each package, the roof first, from the contract."""
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]
    (contract,) = [each for each in tool["importlinter"]["contracts"] if each["type"] == "layers"]
    return {
        name.strip(" ()"): floor
        for floor, layer in enumerate(contract["layers"])
        for name in layer.split("|")
    }


def texts(tree: ast.AST) -> Iterator[str]:
    """Yield the strings of a file without its docstrings."""
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


def test_no_string_names_a_table_or_model_of_a_floor_above() -> None:
    height = floors()
    names = {
        name: height[package]
        for model in apps.get_models(include_auto_created=True)
        if (package := model.__module__.partition(".")[0]) in height
        for name in (model._meta.db_table, model._meta.label)
    }
    assert {"profiles_user", "moderation.Report"} <= names.keys()
    named = re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})\b")
    found = {
        (str(path.relative_to(ROOT)), name)
        for package, floor in height.items()
        for path in (ROOT / package).rglob("*.py")
        if "migrations" not in path.parts and named.search(text := path.read_text())
        for name in named.findall("\n".join(texts(ast.parse(text))))
        if names[name] < floor
    }
    assert not found
