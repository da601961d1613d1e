"""The archive: every version that was published, with its corrections.

``archive/<policy>/<date>/`` holds of each language the text, ``en.md``, its images and
the PDF, ``en.pdf``. A translation that was wrong has its correction beside it,
``ja.corrected-<date>.md``, with a PDF and a seal of its own; a second one of that day,
in any language, is ``ja.corrected-<date>-2.md``.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sphinx.application import Sphinx

from policy_site.base.errors import UserError
from policy_site.versions import frozen, seal
from policy_site.versions.frozen import Text

FOLDER = "archive"


@dataclass(frozen=True)
class Version:
    """A version of a policy, in every language that there was."""

    policy: str
    # When it was published, as 2026-04-01; it is the name of the folder.
    day: str
    folder: Path
    # By language, the text as it was published, and its corrections, the oldest first,
    # by what is in their names: 2026-06-01, 2026-06-01-2.
    published: dict[str, Text]
    corrections: dict[str, dict[str, Text]]

    def text(self, language: str) -> Text:
        """Return the text that holds in *language*: the last correction, if any."""
        corrected = self.corrections.get(language, {})
        return [self.published[language], *corrected.values()][-1]

    def pdf(self, language: str) -> Path:
        """Return the path of the PDF of that text."""
        corrected = self.corrections.get(language, {})
        suffix = f".corrected-{[*corrected][-1]}" if corrected else ""
        return self.folder / f"{language}{suffix}.pdf"

    @property
    def effective(self) -> str:
        """From when it applies."""
        text = next(iter(self.published.values()))
        return text.fields.get("effective", self.day)

    @property
    def material(self) -> bool:
        """Whether it changes what matters."""
        return next(iter(self.published.values())).fields.get("material") == "true"


def read_version(folder: Path) -> Version:
    """Return the version in *folder*.

    Raises UserError, with the file and the line, for what no freeze wrote.
    """
    published: dict[str, Text] = {}
    corrections: dict[str, dict[str, Text]] = {}
    for path in sorted(folder.glob("*.md"), key=seal.order):
        language, _, correction = path.stem.partition(".corrected-")
        text = frozen.read_file(path)
        for name in text.images:
            if not (folder / name).is_file():
                raise UserError(f"{path}: its image {name} is not there")
        if correction:
            corrections.setdefault(language, {})[correction] = text
        else:
            published[language] = text
    if not published:
        raise UserError(f"{folder}: there is no text of a version here")
    return Version(folder.parent.name, folder.name, folder, published, corrections)


def check(root: Path) -> None:
    """Raise UserError for what is not as it was published in the archive *root*."""
    for policy in sorted(root.glob("*")):
        seal.check(policy)


def read(root: Path) -> dict[str, list[Version]]:
    """Return the versions of each policy in the archive *root*, the oldest first.

    Raises UserError for what cannot be read.
    """
    return {
        policy.name: [read_version(folder) for folder in seal.versions(policy)]
        for policy in sorted(root.glob("*"))
        if policy.is_dir() and seal.versions(policy)
    }


# A process reads the archive again only when a file in it has changed.
@lru_cache(maxsize=2)
def _read(root: Path, _state: tuple) -> dict[str, list[Version]]:
    return read(root)


def versions(app: Sphinx) -> dict[str, list[Version]]:
    """Return the published versions of each policy that there is, the oldest first."""
    root = Path(app.confdir, FOLDER)
    state = [
        (path, found.st_mtime_ns, found.st_size)
        for path in sorted(root.rglob("*"))
        if (found := path.stat())
    ]
    return _read(root, tuple(state))


def is_withdrawn(app: Sphinx, policy: str) -> bool:
    """Return whether *policy*, which was published, has no source any more."""
    return policy not in app.config.policies


def in_language(app: Sphinx, policy: str) -> list[Version]:
    """Return the versions of *policy* that there are in the language that is built."""
    return [
        version
        for version in versions(app).get(policy, [])
        if app.config.language in version.published
    ]
