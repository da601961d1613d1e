"""Nothing changes in silence: a release shows what was published, or is not built.

What is to be shown is compared with what was frozen under its date. A release that
differs is refused; other builds say how it differs. What looks different and says the
same passes, and so does every policy of which no version was published.
"""

from pathlib import Path

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from policy_site.base.errors import UserError
from policy_site.versions import archive, comparison, freezing, frozen, markup, terminal
from policy_site.versions.archive import Version
from policy_site.versions.comparison import Row
from policy_site.versions.frozen import Text

# So much of what did not change is shown around a change.
CONTEXT = 12
# The fields that only a correction has.
OF_CORRECTIONS = ("corrected", "reason")


def check(app: Sphinx, env: BuildEnvironment) -> None:
    """Compare each policy with its published versions.

    Raises UserError in a release when one differs, or when the archive was changed.
    """
    if app.builder.name not in ("html", "check"):
        return
    said: list[str] = []
    try:
        archive.check(Path(app.confdir, archive.FOLDER))
        for policy, versions in archive.versions(app).items():
            if not archive.is_withdrawn(app, policy):
                said += faults(app, policy, versions)
    except UserError as error:
        said.append(str(error).removeprefix("error: "))
    if said and app.config.release_build:
        raise UserError("\n".join(said))
    if said:
        print("\n".join(said))


def faults(app: Sphinx, policy: str, versions: list[Version]) -> list[str]:
    """Return what differs between *policy*, as it is now, and what was published."""
    language = app.config.language
    source = app.env.doc2path(policy).relative_to(app.confdir)
    day, last = str(app.config.policies[policy]["updated"]), versions[-1]
    if day < last.day:
        return [
            f"{source}:1: 'updated: {day}' is set back: the version of {last.day} is "
            "published. Give it a later date, and publish that (make publish)."
        ]
    if day > last.day:
        return [
            f"{source}:1: the version of {day} is not published: make publish, or set "
            f"'updated: {last.day}' back if its text has not changed"
        ]
    if language not in last.published:
        return [
            f"{source}:1: the version of {day} was published without {language}: "
            "publish one with it (set 'updated' to a new date, then make publish)"
        ]
    now = freezing.freeze(app, policy)
    was = last.text(language)
    if without_correction(was) == now:
        return []
    # Both texts differ as Markdown; `differences` shows where, in words.
    lines = "\n".join(f"  {line}" for line in differences(was, now, language))
    return [
        f"{source}: not the text that was published on {day}:\n{lines}\n"
        "  Publish it as a new version (set 'updated' to a new date, then make publish)"
        + (
            "."
            if language == "en"
            else f", or, when the translation was wrong, as a correction (make correct "
            f'LANGUAGE={language} REASON="…").'
        )
    ]


def without_correction(text: Text) -> Text:
    """Return *text* without the fields that only a correction has."""
    fields = {
        key: value for key, value in text.fields.items() if key not in OF_CORRECTIONS
    }
    return Text(fields, text.blocks)


def differences(was: Text, now: Text, language: str) -> list[str]:
    """Return a line for each change, with where it is."""
    lines = [
        f"{language}: {key}: "
        + terminal.show_text(was.fields.get(key, ""), now.fields.get(key, ""))
        for key in frozen.FIELDS
        if was.fields.get(key) != now.fields.get(key) and key not in OF_CORRECTIONS
    ]
    for row in comparison.compare(was.blocks, now.blocks):
        if row.number and row.how != "left":
            section = row.block.section
            place = f"under #{section}" if section else "at the start"
            if section == frozen.FOOTNOTES:
                place = "in a footnote"
            lines.append(f"{language}: {row.how} {place}: {excerpt(row)}")
    return lines


def excerpt(row: Row) -> str:
    """Return what changed in a block, with a little of what is around it."""
    if row.how == "moved" and all(kind == "=" for kind, _ in row.ops):
        return markup.excerpt(row.block, 60)
    # Two images may differ although the words for them are the same.
    has_image = any(span.kind == "image" for span in row.block.spans)
    ops = list(terminal.pieces(row)) if has_image else row.ops
    shown = ""
    for place, (kind, text) in enumerate(ops):
        if kind != "=":
            shown += terminal.FORMS[kind].format(text)
            continue
        first, last = place == 0, place + 1 == len(ops)
        if len(text) <= 2 * CONTEXT:
            shown += text
        else:
            start = "" if first else text[:CONTEXT]
            shown += start + "…" + ("" if last else text[-CONTEXT:])
    return shown.replace("\n", " ").replace("\t", " | ")


def setup(app: Sphinx) -> dict[str, bool]:
    app.setup_extension("policy_site.base.settings")
    app.setup_extension("policy_site.versions.freezing")
    # Before the environment is saved: a refused one is read again the next time.
    app.connect("env-updated", check)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
