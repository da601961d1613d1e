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
TAG = re.compile(r"""<[a-zA-Z](?:[^<>"']|"[^"]*"|'[^']*')*>""")
ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")


def hashes(texts: Iterable[str]) -> list[str]:
    """Return the sources that allow exactly the inline *texts*."""
    digests = {hashlib.sha256(text.encode()).digest() for text in texts}
    return sorted(f"'sha256-{base64.b64encode(one).decode()}'" for one in digests)


def style_attributes(page: str) -> list[str]:
    """Return the values of the attributes ``style`` of *page*, not what reads like one.

    There are few: to find the word and then its tag is faster than to read all tags.
    """
    tags = set()
    for word in re.finditer("style=", page):
        tag = TAG.match(page, page.rfind("<", 0, word.start()))
        if tag and tag.end() > word.start():
            tags.add(tag[0])
    return [
        html.unescape(double or single)
        for tag in tags
        for name, double, single in ATTRIBUTE.findall(tag)
        if name == "style"
    ]


def security_policy(page: str) -> str:
    """Return the policy for a page with the inline scripts and styles of its HTML."""
    inline = INLINE.findall(page)
    scripts = [
        text
        for tag, attributes, text in inline
        if tag == "script" and not APART.search(attributes)
    ]
    styles = [text for tag, _attributes, text in inline if tag == "style"]
    styles += style_attributes(INLINE.sub("", page))
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
    # A character that no page can have marks where the policy is written.
    context["policy_mark"] = "\0"
    return "with_csp.html"


def setup(app: Sphinx) -> dict[str, bool]:
    app.setup_extension("policy_site.base.settings")
    app.connect("html-page-context", offer_policy)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
