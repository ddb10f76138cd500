"""Writes clients of the product's API, from its own OpenAPI: `dist/clients/folkmoot_client.py` and `dist/clients/folkmoot.ts`.

    python -m tools.clients [FOLDER]

Each is one file that needs nothing but an HTTP library: httpx in Python, `fetch` in TypeScript. A refusal is an exception with
its code. They are made, not kept: the API that they are of is the one in this tree.
"""

from __future__ import annotations

import keyword
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from folkmoot.app import create_app
from folkmoot.bus import MemoryBus
from folkmoot.config import load
from folkmoot.engine.fake import FakeEngine
from folkmoot.keyring import equipped, new_secrets
from folkmoot.kit import SystemClock
from folkmoot.storage import sqlite_url
from folkmoot.storage.database import Storage
from tools import client_templates

REF = "#/components/schemas/"
METHODS = ("get", "put", "post", "delete", "patch")
JSON = "application/json"
BYTES = {"type": "string", "format": "binary"}


@dataclass(frozen=True, slots=True)
class Operation:
    name: str
    method: str
    path: str
    summary: str
    in_path: tuple[str, ...]
    queries: tuple[str, ...]
    headers: tuple[str, ...]
    takes: dict[str, Any] | None
    """The schema of its body."""
    gives: dict[str, Any] | None
    """None: nothing."""
    kind: str = ""
    """The media type of its body, where that is no JSON; the first of several."""


@contextmanager
def product() -> Iterator[FastAPI]:
    """All of it, and none of it runs."""
    with tempfile.TemporaryDirectory() as folder:
        own = new_secrets()
        config = equipped(load({"dev": True, "data": Path(folder)}, {}), own)
        storage, engine = Storage(sqlite_url(Path(folder) / "none.db")), FakeEngine()
        try:
            yield create_app(config, own, storage, MemoryBus(), engine, SystemClock())
        finally:
            engine.close()


def document() -> dict[str, Any]:
    with product() as app:
        return app.openapi()


def operations(document: dict[str, Any]) -> Iterator[Operation]:
    for path, ways in sorted(document["paths"].items()):
        for method, said in ways.items():
            if method in METHODS:
                yield _operation(path, method, said)


def _operation(path: str, method: str, said: dict[str, Any]) -> Operation:
    given = said.get("parameters", [])
    answer: dict[str, Any] = next(
        (one for status, one in said["responses"].items() if status.startswith("2")), {}
    )
    summary = str(said.get("description") or said["summary"]).split("\n\n")[0]
    return Operation(
        said["operationId"],
        method.upper(),
        path,
        " ".join(summary.split()),
        tuple(re.findall(r"{(\w+)}", path)),
        tuple(one["name"] for one in given if one["in"] == "query"),
        tuple(one["name"] for one in given if one["in"] == "header"),
        _schema(said.get("requestBody", {})),
        _schema(answer),
        "" if JSON in (kinds := said.get("requestBody", {}).get("content", {})) else next(iter(kinds), ""),
    )


def _schema(said: dict[str, Any]) -> dict[str, Any] | None:
    """Of what is taken or given; what is no JSON is bytes."""
    content = said.get("content", {})
    if JSON in content:
        return dict(content[JSON]["schema"]) or None
    return BYTES if content else None


def _named(model: str) -> str:
    """As code can say it: a model that is taken and given in two shapes is called `Role-Input` and `Role-Output`."""
    return re.sub(r"\W", "", model.removeprefix(REF))


# --- Python -----------------------------------------------------------------------------------------------------------


def python(document: dict[str, Any]) -> str:
    models = document["components"]["schemas"].items()
    return "\n".join(
        [
            client_templates.PYTHON_HEAD,
            *(_typed(_named(name), model) for name, model in models),
            client_templates.PYTHON_CLIENT,
            *(_function(one) for one in operations(document)),
        ]
    )


def _typed(name: str, model: dict[str, Any]) -> str:
    if "properties" not in model:
        return f"{name} = {_of(model)}\n"
    required = model.get("required", [])
    fields = "".join(
        f'    "{field}": {_of(schema) if field in required else f"NotRequired[{_of(schema)}]"},\n'
        for field, schema in model["properties"].items()
    )
    return f'{name} = TypedDict("{name}", {{\n{fields}}})\n'


def _of(schema: dict[str, Any]) -> str:
    match schema:
        case {"$ref": ref}:
            return f'"{_named(ref)}"'
        case {"enum": values}:
            return f"Literal[{', '.join(map(repr, values))}]"
        case {"const": value}:
            return f"Literal[{value!r}]"
        case {"anyOf": ways} | {"oneOf": ways}:
            return f"Union[{', '.join(map(_of, ways))}]"
        case {"format": "binary"}:
            return "bytes"
        case {"type": "array", "items": items}:
            return f"list[{_of(items)}]"
        case {"type": "object"}:
            return "dict[str, Any]"
        case {"type": str(kind)}:
            return {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}[
                kind
            ]
    return "Any"


def _function(one: Operation) -> str:
    names = [f"{_argument(name)}: str" for name in one.in_path]
    names += [f"body: {_of(one.takes)}"] if one.takes else []
    named = [*one.queries, *one.headers]
    names += (["*"] if named else []) + [f"{_argument(name)}: Any = None" for name in named]
    names += [f'kind: str = "{one.kind}"'] if one.kind else []
    path = re.sub(r"{(\w+)}", lambda found: f"{{_quoted({_argument(found[1])})}}", one.path)
    query, headers = (
        ", ".join(f'"{name}": {_argument(name)}' for name in names) for names in (one.queries, one.headers)
    )
    more = f", {{{headers}}}" if one.headers else ""
    more += ", kind=kind" if one.kind else ""
    gives = _of(one.gives) if one.gives else "None"
    return (
        f"    def {one.name}({', '.join(['self', *names])}) -> {gives}:\n"
        f"        {one.summary!r}\n"
        f'        return self._asked("{one.method}", f"{path}", {"body" if one.takes else "None"}, {{{query}}}{more})  # type: ignore[no-any-return]\n'
    )


def _argument(name: str) -> str:
    name = name.lower().replace("-", "_")
    return name + "_" if keyword.iskeyword(name) or name in ("self", "body") else name


# --- TypeScript -------------------------------------------------------------------------------------------------------


def typescript(document: dict[str, Any]) -> str:
    models = document["components"]["schemas"].items()
    return "\n".join(
        [
            client_templates.TYPESCRIPT_HEAD,
            *(_interface(_named(name), model) for name, model in models),
            client_templates.TYPESCRIPT_CLIENT,
            *(_method(one) for one in operations(document)),
            "}\n",
        ]
    )


def _interface(name: str, model: dict[str, Any]) -> str:
    if "properties" not in model:
        return f"export type {name} = {_ts(model)};\n"
    required = model.get("required", [])
    fields = "".join(
        f'  "{field}"{"" if field in required else "?"}: {_ts(schema)};\n'
        for field, schema in model["properties"].items()
    )
    return f"export interface {name} {{\n{fields}}}\n"


def _ts(schema: dict[str, Any]) -> str:
    match schema:
        case {"$ref": ref}:
            return _named(ref)
        case {"enum": values}:
            return " | ".join(f'"{value}"' if isinstance(value, str) else str(value) for value in values)
        case {"const": value}:
            return f'"{value}"'
        case {"anyOf": ways} | {"oneOf": ways}:
            return " | ".join(_ts(way) for way in ways)
        case {"format": "binary"}:
            return "Blob"
        case {"type": "array", "items": items}:
            return f"({_ts(items)})[]"
        case {"type": "object"}:
            return "Record<string, unknown>"
        case {"type": str(kind)}:
            return "number" if kind in ("integer", "number") else kind
    return "unknown"


def _method(one: Operation) -> str:
    given = [f"{name}: string" for name in one.in_path]
    given += [f"body: {_ts(one.takes)}"] if one.takes else []
    given += [_options("query", one.queries)] if one.queries else []
    given += [_options("headers", one.headers)] if one.headers else []
    given += [f'kind = "{one.kind}"'] if one.kind else []
    path = re.sub(r"{(\w+)}", r"${encodeURIComponent(\1)}", one.path)
    rest = f"{'body' if one.takes else 'undefined'}, {'query' if one.queries else '{}'}"
    rest += f", {'headers' if one.headers else '{}'}" if one.headers or one.kind else ""
    rest += ", kind" if one.kind else ""
    gives = _ts(one.gives) if one.gives else "void"
    name = re.sub(r"_(\w)", lambda found: found[1].upper(), one.name)
    return (
        f"  /** {one.summary.replace('*/', '')} */\n"
        f"  {name}({', '.join(given)}): Promise<{gives}> {{\n"
        f'    return this.asked<{gives}>("{one.method}", `{path}`, {rest});\n  }}\n'
    )


def _options(word: str, names: tuple[str, ...]) -> str:
    fields = "; ".join(f'"{name}"?: unknown' for name in names)
    return f"{word}: {{ {fields} }} = {{}}"


def write(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    made = document()
    (folder / "folkmoot_client.py").write_text(python(made))
    (folder / "folkmoot.ts").write_text(typescript(made))


if __name__ == "__main__":
    write(Path(sys.argv[1] if len(sys.argv) > 1 else "dist/clients"))
