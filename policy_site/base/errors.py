"""The error for mistakes of people: what is wrong, where, and what to do."""

import unicodedata


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


class UserError(SystemExit):
    """A mistake that its maker can mend: stops the build with exit code 1.

    It is a SystemExit because Sphinx prints a traceback, and asks for a bug
    report, with every other exception.
    """

    def __init__(self, message: str) -> None:
        super().__init__(f"error: {visible(message)}")
