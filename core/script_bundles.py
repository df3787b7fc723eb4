"""Join a page's scripts into one file: on a slow connection every module costs a request, and its imports another."""

import re
from pathlib import Path

# Each is an entry of static/js, and the file that pages load in its place.
BUNDLES = {"app.js": "app.bundle.js", "note.js": "note.bundle.js"}

_IMPORT = re.compile(r'^import (?:\{([^}]*)\} from )?"(\.[\w./-]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const|class) (\w+))", re.MULTILINE)
_LATER = re.compile(r'\bimport\("(\.[\w./-]+)"\)')


def bundle(entry: Path) -> str:
    """Join the module at `entry` with all its imports, in the order in which a browser runs them.

    Each module becomes a function that returns its exports. Modules loaded by import() stay files of their own.
    """
    modules: dict[str, str] = {}
    _collect(entry, entry.parent, modules)
    return "".join(modules.values())


def _collect(file: Path, folder: Path, modules: dict[str, str]) -> None:
    text = file.read_text()
    name = _constant(file, folder)
    modules[name] = ""  # so that modules that import each other end
    for _, address in _IMPORT.findall(text):
        imported = (file.parent / address).resolve()
        if _constant(imported, folder) not in modules:
            _collect(imported, folder, modules)
    del modules[name]  # it runs after what it imports

    def as_constants(found: re.Match[str]) -> str:
        names, address = found.groups()
        return (
            f"const {{{names}}} = {_constant((file.parent / address).resolve(), folder)};\n" if names else ""
        )

    def from_folder(found: re.Match[str]) -> str:
        return f'import("./{(file.parent / found[1]).resolve().relative_to(folder)}")'

    exports = ", ".join(_EXPORT.findall(text))
    text = _LATER.sub(from_folder, _EXPORT.sub("", _IMPORT.sub(as_constants, text)))
    modules[name] = f"const {name} = (() => {{\n{text}\nreturn {{ {exports} }};\n}})();\n"


def _constant(file: Path, folder: Path) -> str:
    """Return a constant's name for a module: $forms_csrf."""
    return "$" + "_".join(file.relative_to(folder).with_suffix("").parts)
