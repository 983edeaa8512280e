"""One name for each column of a header of several rows: the cell of a row, or the cells of all rows joined."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from tpm_widgets.study.cells.names import JOINT, Named, told_apart


def name_columns(rows: Sequence[Sequence[str]], main: int, names: Collection[str], named: Collection[str]) -> Named:
    """Name the columns below some rows of cells.

    Parameters
    ----------
    rows : sequence of sequences of str
        The rows of the header from top to bottom, "" where a cell is blank.
    main : int
        The row with the names.
    names, named : collection of str
        The names that are looked for in that row, and those that study.toml names: they may as well be the cell of
        another row, or the cells joined, as in "How do you rate | Shop".

    Returns
    -------
    Named
        "" for a column without a name. A name that is looked for and stands over several columns is ``repeated``.
    """
    if len(rows) == 1:
        found = told_apart(rows[0], named)
        return Named([name if plain else "" for name, plain in zip(found.names, rows[0], strict=True)],
                     {name: own for name, own in found.repeated.items() if name})  # fmt: skip
    over = [_carried(rows, number) for number in range(len(rows))]
    joined = [JOINT.join(dict.fromkeys(cell for cell in cells if cell)) for cells in zip(*over, strict=True)]
    usual = _usual(over[main], rows[main], joined)
    distinct = told_apart(usual, named)
    shown = [name if plain else "" for name, plain in zip(distinct.names, usual, strict=True)]
    claimed: dict[int, str] = {}
    repeated = {name: own for name, own in distinct.repeated.items() if name}
    for name in sorted(names, key=lambda name: (name not in named, name)):
        places = _places(name, over, main, joined, name in named)
        if len(places) == 1 and places[0] not in claimed:
            claimed[places[0]] = name
        elif len(places) > 1:
            repeated.setdefault(name, tuple(_whole(place, joined, shown) for place in places))
    return Named([claimed.get(place, name) for place, name in enumerate(shown)], repeated)


def carried(row: Sequence[str]) -> list[str]:
    """Carry the cells of a row to the right, over all columns that have none."""
    last = ""
    return [last := cell or last for cell in row]


def _carried(rows: Sequence[Sequence[str]], number: int) -> list[str]:
    """Carry the cells of a row to the right, as merged cells are meant, over columns that only other rows name."""
    carried, last = [], ""
    for place, cell in enumerate(rows[number]):
        others = any(row[place] for row in rows[number + 1 :])
        last = cell or (last if others else "")
        carried.append(last)
    return carried


def _usual(names: Sequence[str], own: Sequence[str], joined: Sequence[str]) -> list[str]:
    """Call a column by its cell in the main row, where that stands over it alone; else by its cells joined."""
    alone = [names.count(name) == 1 for name in names]
    return [cell if cell and alone[place] else joined[place] for place, cell in enumerate(own)]


def _places(name: str, over: Sequence[Sequence[str]], main: int, joined: Sequence[str], anywhere: bool) -> list[int]:
    """Find the columns that a name means: by the main row first, then by any other, then by the cells joined."""
    found = [place for place, cell in enumerate(over[main]) if cell == name]
    if found or not anywhere:
        return found
    others: Iterable[Sequence[str]] = (row for number, row in enumerate(over) if number != main)
    found = sorted({place for row in others for place, cell in enumerate(row) if cell == name})
    if found:
        return found
    parts = name.split(JOINT)
    return [
        place for place, cells in enumerate(zip(*over, strict=True))
        if joined[place] == name or (len(parts) > 1 and all(part in cells for part in parts))
    ]  # fmt: skip


def _whole(place: int, joined: Sequence[str], shown: Sequence[str]) -> str:
    return joined[place] if joined.count(joined[place]) == 1 else shown[place]
