"""The one error that people see: what is wrong, where, and what to do."""


class UserError(SystemExit):
    """A mistake that its maker can mend: stops the build with exit code 1.

    It is a SystemExit because Sphinx prints a traceback, and asks for a bug
    report, with every other exception.
    """

    def __init__(self, message: str) -> None:
        super().__init__(f"error: {message}")
