"""Two frozen texts, block by block: what stayed, changed, came, went and moved.

Sections are matched by their anchors, blocks within them in their order. With all
languages at hand, what belongs together is decided from all of them, so that a version
has the same changes, with the same numbers, in every language.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from math import fsum

from policy_site.versions import redline
from policy_site.versions.frozen import Block, cells
from policy_site.versions.redline import Op, Token

# One block in every language; of the languages, the first is the one that is shown.
Column = tuple[Block, ...]


@dataclass(frozen=True)
class Row:
    """A block of the old text, of the new one, or of both.

    *how* is "same", "changed", "added", "removed", "moved" (here, from elsewhere) or
    "left" (from here, to elsewhere). All but the "moved" rows hold the old text in its
    order, all but "removed" and "left" ones the new text in its order.
    """

    how: str
    old: Block | None
    new: Block | None
    ops: tuple[Op, ...] = ()
    # The number of the change, from 1. A section that is new, gone or moved is one
    # change; where it was has the number of where it is now.
    number: int = 0

    @property
    def block(self) -> Block:
        """The block as it is now; as it was, if it is gone."""
        block = self.new or self.old
        assert block
        return block


# -- Blocks ------------------------------------------------------------------------


# Cached, as the same two texts are compared for several pages.
@lru_cache(10_000)
def tokens(block: Block) -> list[Token]:
    """Return the words of *block*, each with how it looks and where it leads."""
    found: list[Token] = []
    start = 0
    for word in redline.words(block.text):
        end = start + len(word)
        look = tuple(
            (span.kind, span.target)
            for span in block.spans
            if span.start < end and start < span.end
        )
        found.append((word, look))
        start = end
    return found


def shape(block: Block) -> Hashable:
    """Return what two blocks must have in common for one to become the other.

    Items are numbered anew when one is added before them: that is no change.
    """
    path = tuple("1." if mark.endswith(".") else mark for mark in block.path)
    path = tuple("[^]:" if mark.startswith("[^") else mark for mark in path)
    columns = block.text.count("\t") if block.kind in ("header", "row") else 0
    return block.kind, block.depth, path, columns


def key(block: Block) -> Hashable:
    """Return what is equal for blocks that are the same to a reader."""
    return shape(block), block.text, block.spans


def compare_blocks(old: Block, new: Block) -> tuple[Op, ...]:
    """Return what changed between two blocks of the same shape."""
    if old.kind not in ("header", "row"):
        return tuple(redline.compare_tokens(tokens(old), tokens(new)))
    ops: list[Op] = []
    for before, after in zip(cells(old), cells(new), strict=True):
        ops += [("=", "\t")] if ops else []
        parts = [
            Block("paragraph", text, tuple(spans)) for text, spans in (before, after)
        ]
        ops += redline.compare_tokens(*map(tokens, parts)) or [("=", "")]
    return tuple(redline.join(ops))


def compare_lines(old: str, new: str) -> Row:
    """Return what changed between two plain texts, such as titles."""
    before, after = Block("paragraph", old), Block("paragraph", new)
    return Row("changed", before, after, compare_blocks(before, after))


def _likeness(old: Column, new: Column) -> float:
    """Return how alike two blocks are, from 0 to 1: the mean of their languages."""
    if [shape(block) for block in old] != [shape(block) for block in new]:
        return 0.0
    if old[0].kind == "heading" and old[0].section == new[0].section:
        return 1.0
    alike = [
        redline.likeness(tokens(before), tokens(after))
        for before, after in zip(old, new, strict=True)
    ]
    return fsum(alike) / len(alike)


def length(column: Column) -> int:
    """Return how long a block is, in all languages together."""
    return sum(len(block.text) for block in column)


def _align(old: Sequence[Column], new: Sequence[Column]) -> list["_Found"]:
    """Return what became of the blocks of a section, in the order of both texts."""
    was = [tuple(map(key, column)) for column in old]
    now = [tuple(map(key, column)) for column in new]
    pairs = redline.align(was, now, lambda i, j: _likeness(old[i], new[j]))
    found: list[_Found] = []
    for before, after in pairwise([(-1, -1), *pairs, (len(old), len(new))]):
        found += [
            _Found("removed", old=old[at]) for at in range(before[0] + 1, after[0])
        ]
        found += [_Found("added", new=new[at]) for at in range(before[1] + 1, after[1])]
        if after[0] < len(old):
            same = was[after[0]] == now[after[1]]
            how = "same" if same else "changed"
            found.append(_Found(how, old[after[0]], new[after[1]]))
    return found


# -- Sections ----------------------------------------------------------------------


@dataclass
class _Found:
    """A row in the making, for all languages at once."""

    how: str
    old: Column = ()
    new: Column = ()
    # The section as a whole is new, gone or moved.
    whole: bool = False


def _sections(columns: Sequence[Column]) -> dict[str, list[Column]]:
    found: dict[str, list[Column]] = {}
    for column in columns:
        found.setdefault(column[0].section, []).append(column)
    return found


def compare(
    old: Sequence[Block],
    new: Sequence[Block],
    others: Sequence[tuple[Sequence[Block], Sequence[Block]]] = (),
) -> list[Row]:
    """Return the rows of the comparison of *old* and *new*, in the order to show them.

    *others* has both texts in other languages, block for block.
    """
    # A translation has the blocks of what it translates; one that has not cannot help.
    others = [pair for pair in others if [*map(len, pair)] == [len(old), len(new)]]
    was = _sections(list(zip(old, *(pair[0] for pair in others), strict=True)))
    now = _sections(list(zip(new, *(pair[1] for pair in others), strict=True)))
    found = _moves(_by_section(was, now))
    numbers = _numbers(found)
    return [
        Row(
            one.how,
            one.old[0] if one.old else None,
            one.new[0] if one.new else None,
            _ops(one),
            number,
        )
        for one, number in zip(found, numbers, strict=True)
    ]


def _ops(found: _Found) -> tuple[Op, ...]:
    """Return the ops of a row in the language that is shown."""
    if found.old and found.new:
        return compare_blocks(found.old[0], found.new[0])
    sign, column = ("-", found.old) if found.old else ("+", found.new)
    return tuple(redline.join([(sign, column[0].text)]))


def _by_section(
    was: dict[str, list[Column]], now: dict[str, list[Column]]
) -> list[_Found]:
    """Return what became of every block, section by section.

    Most of the text stays where it is; the sections that stand elsewhere have moved.
    """
    places = {name: place for place, name in enumerate(was)}
    # The length in all languages: what moved has to be the same in each.
    size = {name: sum(map(length, was[name])) + 1 for name in was}
    shared = [
        (places[name], place, size[name])
        for place, name in enumerate(now)
        if name in was
    ]
    names = list(was)
    stay = {names[place] for place, _ in redline.heaviest_chain(shared)}
    inside = {name: _align(was[name], now[name]) for name in now if name in was}
    found: list[_Found] = []
    gone = iter(was)

    def leave(until: str | None = None) -> None:
        """Put what is gone, or moved, where it stood: before the section *until*."""
        for name in gone:
            if name == until:
                return
            went = {id(one.old) for one in inside.get(name, ()) if one.new}
            for column in was[name]:
                how = "left" if id(column) in went else "removed"
                found.append(_Found(how, old=column, whole=name not in now))

    for name, columns in now.items():
        if name in stay:
            leave(until=name)
            found += inside[name]
        elif name in was:
            found += [
                replace(one, how="moved" if one.old else "added", whole=True)
                for one in inside[name]
                if one.new
            ]
        else:
            found += [_Found("added", new=column, whole=True) for column in columns]
    leave()
    return found


# A block as like as this, and as long, was moved rather than written twice.
MOVED, MOVED_LENGTH = 0.8, 15


def _moves(found: list[_Found]) -> list[_Found]:
    """Make of a block that is removed here and added there one that moved."""
    gone = [
        one for one in found if one.how == "removed" and one.old[0].kind != "heading"
    ]
    come = [one for one in found if one.how == "added" and one.new[0].kind != "heading"]
    alike = []
    few = len(gone) * len(come) <= redline.MOST_PAIRS
    by_text: dict[Hashable, list[int]] = {}
    for at, one in enumerate(gone):
        by_text.setdefault(tuple(map(key, one.old)), []).append(at)
    for to, other in enumerate(come):
        same = by_text.get(tuple(map(key, other.new)), [])
        long = length(other.new) / len(other.new)
        alike += [(1.0, at, to) for at in same if long > 3]
        if few and long >= MOVED_LENGTH:
            alike += [
                (like, at, to)
                for at, one in enumerate(gone)
                if (like := _likeness(one.old, other.new)) >= MOVED
            ]
    went, arrived = set(), set()
    for _like, at, to in sorted(
        alike, key=lambda pair: (-pair[0], abs(pair[1] - pair[2]))
    ):
        if at not in went and to not in arrived:
            went.add(at)
            arrived.add(to)
            gone[at].how, come[to].how = "left", "moved"
            come[to].old = gone[at].old
    return found


def _numbers(found: list[_Found]) -> list[int]:
    """Return the number of the change that each row is, or is part of; 0 for none."""
    numbers, number, before = [], 0, None
    moved = {}
    for one in found:
        section = (one.new or one.old)[0].section
        change = (one.how, section) if one.whole else None
        if one.how not in ("same", "left"):
            number += change is None or change != before
            moved[id(one.old)] = number
        before = change
        numbers.append(0 if one.how == "same" else number)
    return [
        moved[id(one.old)] if one.how == "left" else number
        for one, number in zip(found, numbers, strict=True)
    ]
