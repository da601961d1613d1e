"""The error for mistakes of people: what is wrong, where, and what to do."""

import errno
import shutil
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# What a person can do about an error of the system.
REMEDIES = {
    errno.ENOSPC: "make room on that disk",
    errno.EDQUOT: "make room in what you may use of that disk",
    errno.EACCES: "let this user write there",
    errno.EROFS: "work in a copy that is not read-only",
}


def visible(text: str) -> str:
    """Return *text* with control and other invisible characters spelled out.

    Lines stay lines. What was written by others, such as the name of a file, may hold
    what a terminal obeys: https://cwe.mitre.org/data/definitions/150.html
    """
    return "".join(
        character.encode("unicode_escape").decode()
        if character != "\n" and unicodedata.category(character)[0] == "C"
        else character
        for character in text
    )


def line_of(error: UnicodeDecodeError) -> int:
    """Return the number, from 1, of the line that could not be decoded."""
    return error.object.count(b"\n", 0, error.start) + 1


class UserError(SystemExit):
    """A mistake that its maker can mend: stops the build with exit code 1.

    It is a SystemExit because Sphinx prints a traceback, and asks for a bug
    report, with every other exception.
    """

    def __init__(self, message: str) -> None:
        super().__init__(f"error: {visible(message)}")


@contextmanager
def file_errors(place: Path) -> Iterator[None]:
    """Raise UserError when the system refuses to read or write, as on a full disk.

    *place* is where that was tried, for errors that do not name a file.
    """
    try:
        yield
    except OSError as error:
        if isinstance(error, shutil.Error) and isinstance(error.args[0], list):
            # What shutil says of many files: (source, target, why) of each.
            _source, target, why = error.args[0][0]
            raise UserError(f"{target}: {why}") from None
        said = f"{error.filename or place}: {error.strerror or error}"
        remedy = REMEDIES.get(error.errno or 0)
        raise UserError(f"{said}; {remedy}" if remedy else said) from None
