"""Files below /static/: for browsers, cached for a year, and nothing else."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.test import Client
from whitenoise.middleware import WhiteNoiseMiddleware

from core.script_bundles import BUNDLES, bundle
from core.style_bundles import FILES, text_of
from tests.environment import RUN_DIR
from tests.servers import PROJECT

FOR_BROWSERS = {
    ".css",
    ".js",
    ".svg",
    ".png",
    ".jpg",
    ".webp",
    ".ico",
    ".woff",
    ".woff2",
    ".webmanifest",
    ".txt",
    ".gif",
}


@pytest.fixture(scope="module")
def collected(collected_files: None) -> Path:
    """Return DATA_DIR of the production server."""
    return RUN_DIR


def test_nothing_internal_lies_there(collected: Path) -> None:
    assert (collected / "staticfiles.json").is_file()
    files = [path for path in (collected / "static").rglob("*") if path.is_file()]
    kinds = {path.with_suffix("").suffix if path.suffix in {".gz", ".br"} else path.suffix for path in files}
    odd = [path for path in files if path.name.startswith((".", "README"))]
    assert kinds <= FOR_BROWSERS, kinds - FOR_BROWSERS
    assert not odd


ADDRESS = re.compile(r"url\([^)]*\)")  # of pictures: collecting writes their hash into it


@pytest.mark.parametrize("name", FILES)
def test_the_stylesheets_of_a_page_are_one_file(collected: Path, name: str) -> None:
    (joined,) = (collected / "static" / "css").glob(name.replace(".css", ".*.css"))
    sources = [text_of(part) for part in FILES[name]]
    assert ADDRESS.sub("", joined.read_text()) == ADDRESS.sub("", "".join(sources))
    assert finders.find(f"css/{name}") == str(settings.DATA_DIR / "joined" / "css" / name)


def test_the_layers_are_declared_before_any_is_filled() -> None:
    first = PROJECT / "static" / "css" / f"{FILES['site.bundle.css'][0]}.css"
    assert first.read_text().lstrip().startswith(("/*", "@layer"))


JS = PROJECT / "static" / "js"
IMPORTS = re.compile(r'^import [^;]*"(\.[\w./-]+)";$', re.MULTILINE)
STATE = re.compile(r"^(?:let |document\.add|addEvent|setTimeout|new ).*", re.MULTILINE)


def test_a_bundle_runs_each_module_once_after_what_it_imports(tmp_path: Path) -> None:
    (tmp_path / "low").mkdir()
    (tmp_path / "page.js").write_text('import { one, two } from "./low/leaf.js";\nimport "./low/twig.js";\n')
    (tmp_path / "low" / "twig.js").write_text(
        'import {\n  one,\n} from "../low/leaf.js";\nconst own = () => import("./late.js");\n'
    )
    (tmp_path / "low" / "leaf.js").write_text(
        "export const one = 1;\nexport async function two() {}\nconst own = 2;\n"
    )
    leaf, twig, page = bundle(tmp_path / "page.js").split("})();\n")[:-1]
    assert leaf.startswith("const $low_leaf = (() => {\nconst one = 1;\nasync function two() {}\n")
    assert leaf.endswith("return { one, two };\n")
    assert twig.startswith("const $low_twig = (() => {\nconst {\n  one,\n} = $low_leaf;\n")
    assert 'import("./low/late.js")' in twig, "its address is told from where the bundle lies"
    assert page.startswith("const $page = (() => {\nconst { one, two } = $low_leaf;\n")


@pytest.mark.parametrize("entry", BUNDLES)
def test_a_bundle_leaves_nothing_to_import_or_export(entry: str) -> None:
    assert not re.findall(r"^\s*(?:import\b(?!\()|export\b).*", bundle(JS / entry), re.MULTILINE)


def test_a_module_of_a_bundle_that_others_import_holds_no_state() -> None:
    """Such a module runs twice on a page: once in the bundle, once as a file of its own."""
    imports = {
        file: {(file.parent / address).resolve() for address in IMPORTS.findall(file.read_text())}
        for file in JS.rglob("*.js")
    }
    for entry in BUNDLES:
        inside = {JS / entry}
        while new := set().union(*(imports[file] for file in inside)) - inside:
            inside |= new
        assert len(inside) > 4
        others = set().union(*(wanted for file, wanted in imports.items() if file not in inside))
        for file in inside & others:
            assert not STATE.findall(file.read_text()), file


@pytest.mark.parametrize(
    "path", ["/static/nothing.css", "/static/css/", "/static/../settings.py", "/media/a-320.jpg"]
)
@pytest.mark.django_db
def test_no_cache_keeps_that_a_file_is_missing(client: Client, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer["Cache-Control"]) == (404, "no-store")


def test_the_tests_own_clients_read_no_collected_file(collected_files: None) -> None:
    """Each reads what it finds with its first request: a tenth of a second for all files, thousands of times."""
    assert any((RUN_DIR / "static").iterdir())
    assert WhiteNoiseMiddleware(lambda request: HttpResponse()).files == {}


def test_the_list_of_names_is_not_served(collected: Path, settings: Any, client: Client) -> None:
    settings.STATIC_ROOT = collected / "static"
    name = next(path.name for path in settings.STATIC_ROOT.glob("css/*.css") if path.name.count(".") == 2)
    found = Client().get(f"/static/css/{name}")
    assert (found.status_code, bool(found.getvalue())) == (200, True)
    for missing in ("/static/staticfiles.json", "/staticfiles.json", "/static/../staticfiles.json"):
        answer = Client().get(missing)
        assert (answer.status_code, answer["Cache-Control"]) == (404, "no-store"), missing
