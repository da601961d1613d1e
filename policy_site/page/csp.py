"""A Content-Security-Policy in each page: nothing runs, loads or leaves but our own.

What a page holds inline is allowed by its hash, which is computed here.
https://www.w3.org/TR/CSP3/
"""

import base64
import hashlib
import html
import re
from collections.abc import Iterable
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

INLINE = re.compile(r"<(script|style)\b([^>]*)>(.*?)</\1>", re.DOTALL)
# A script with an address is none of the page's own; data is not run.
APART = re.compile(r"""\ssrc=|json["']""")
# What starts with letters is found in a fifth of the time.
STYLE = re.compile(r"""style=(?<=\sstyle=)(?:"([^"]*)"|'([^']*)')""")


def hashes(texts: Iterable[str]) -> list[str]:
    """Return the sources that allow exactly the inline *texts*."""
    digests = {hashlib.sha256(text.encode()).digest() for text in texts}
    return sorted(f"'sha256-{base64.b64encode(one).decode()}'" for one in digests)


def security_policy(page: str) -> str:
    """Return the policy for a page with the inline scripts and styles of its HTML."""
    inline = INLINE.findall(page)
    scripts = [
        text
        for tag, attributes, text in inline
        if tag == "script" and not APART.search(attributes)
    ]
    styles = [text for tag, _attributes, text in inline if tag == "style"]
    styles += [
        html.unescape("".join(values)) for values in STYLE.findall(INLINE.sub("", page))
    ]
    return "; ".join(
        [
            "default-src 'none'",
            " ".join(["script-src 'self'", *hashes(scripts)]),
            " ".join(["style-src 'self' 'unsafe-hashes'", *hashes(styles)]),
            # The icons of the theme are in its style sheet.
            "img-src 'self' data:",
            # Lighthouse, from within the page, asks for robots.txt.
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
        ]
    )


def offer_policy(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> str | None:
    """Have ``with_csp.html`` write the page, and the policy once all else is known."""
    # Read the Docs and the preview add scripts that are not ours.
    if app.config.read_the_docs or app.config.show_proposals:
        return None
    context["security_policy"] = security_policy
    context["page_template"] = templatename
    # No text has it.
    context["policy_mark"] = "\0"
    return "with_csp.html"


def setup(app: Sphinx) -> dict[str, bool]:
    app.setup_extension("policy_site.base.settings")
    app.connect("html-page-context", offer_policy)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
