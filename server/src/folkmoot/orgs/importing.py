"""A list of people as a table (CSV): read, checked line by line, and each good line invited or put where it says.

Law: work is bounded by the size of the file; one bad line keeps no good one. What goes out as a table runs nothing in a
spreadsheet: a cell that begins like a formula gets an apostrophe, which is taken off again on the way in.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from folkmoot.accounts.model import address as in_one_form
from folkmoot.kit import Refusal, text
from folkmoot.orgs.model import DEEPEST, Role

MOST_LINES = 5000
LONGEST_CELL = 2000
COLUMNS: Mapping[str, str] = {
    **dict.fromkeys(
        ("address", "mail", "email", "e-mail", "mail address", "邮箱", "邮件", "电子邮箱"), "address"
    ),
    **dict.fromkeys(("name", "姓名", "名字"), "name"),
    **dict.fromkeys(("role", "角色"), "role"),
    **dict.fromkeys(("groups", "group", "department", "departments", "部门", "分组"), "groups"),
}
ROLES: Mapping[str, Role] = {
    **{role.value: role for role in Role},
    "所有者": Role.OWNER,
    "管理员": Role.ADMIN,
    "成员": Role.MEMBER,
}


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    """As a person counts: the head is the first."""
    address: str
    name: str
    role: Role | None
    groups: tuple[tuple[str, ...], ...] = ()
    """Each a path from the top."""


@dataclass(frozen=True, slots=True)
class Fault:
    number: int
    column: str
    refusal: Refusal


@dataclass(slots=True)
class Read:
    lines: list[Line] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def read(raw: bytes) -> Read | Refusal:
    try:
        said = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return Refusal("org.import_encoding")
    if "\0" in said:
        return Refusal("org.import_encoding")
    rows = csv.reader(io.StringIO(said, newline=""), delimiter=_delimiter(said), strict=True)
    try:
        return _rows(rows)
    except csv.Error:
        return Refusal("org.import_broken", {"line": rows.line_num})


def _delimiter(said: str) -> str:
    """Spreadsheets of some countries write semicolons, and copies from one write tabs."""
    head = said.partition("\n")[0]
    return max(",;\t", key=head.count)


def _rows(rows: Iterable[list[str]]) -> Read | Refusal:
    numbered = enumerate(rows, 1)
    head = [COLUMNS.get(cell.strip().casefold(), "") for cell in next(numbered, (1, []))[1]]
    if "address" not in head:
        return Refusal("org.import_no_address")
    found, once = Read(), set[str]()
    for number, cells in numbered:
        if not any(cell.strip() for cell in cells):
            continue
        if number > MOST_LINES + 1:
            return Refusal("org.import_too_long", {"most": MOST_LINES})
        line = _line(number, dict(zip(head, cells, strict=False)))
        if isinstance(line, Line) and line.address in once:
            line = Fault(number, "address", Refusal("org.import_twice"))
        if isinstance(line, Fault):
            found.faults.append(line)
        else:
            once.add(line.address)
            found.lines.append(line)
    return found


def _line(number: int, cells: Mapping[str, str]) -> Line | Fault:
    said = {name: unescaped(cell.strip()[:LONGEST_CELL]) for name, cell in cells.items() if name}
    address = in_one_form(said.get("address", ""))
    if isinstance(address, Refusal):
        return Fault(number, "address", address)
    name = text.name(said["name"]) if said.get("name") else ""
    if isinstance(name, Refusal):
        return Fault(number, "name", name)
    wanted = said.get("role", "").casefold()
    if wanted and wanted not in ROLES:
        return Fault(number, "role", Refusal("org.import_role", {"known": ", ".join(Role)}))
    groups = _groups(said.get("groups", ""))
    if isinstance(groups, Refusal):
        return Fault(number, "groups", groups)
    return Line(number, address, name, ROLES.get(wanted), groups)


def _groups(said: str) -> tuple[tuple[str, ...], ...] | Refusal:
    paths: list[tuple[str, ...]] = []
    for path in said.replace("；", ";").split(";"):
        names = [text.name(part) for part in path.split("/") if part.strip()]
        if any(isinstance(name, Refusal) for name in names):
            return Refusal("name.invalid")
        if len(names) > DEEPEST:
            return Refusal("org.groups_too_deep", {"most": DEEPEST})
        if names:
            paths.append(tuple(name for name in names if isinstance(name, str)))
    return tuple(paths)


# --- out --------------------------------------------------------------------------------------------------------------


def written(rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO(newline="")
    out.write("\ufeff")  # or spreadsheets take it for another encoding
    table = csv.writer(out)
    table.writerow(("name", "address", "role", "groups", "state"))
    for row in rows:
        table.writerow([text.cell(cell) for cell in row])
    return out.getvalue()


def unescaped(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(text.FORMULA) else cell
