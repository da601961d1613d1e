"""A Content-Security-Policy in each page: nothing runs, loads or leaves but our own.

What a page holds inline is allowed by its hash, which is computed here.
https://www.w3.org/TR/CSP3/
"""

import base64
import hashlib

from bs4 import BeautifulSoup


def hashes(texts):
    """Return the sources that allow exactly the inline *texts*."""
    digests = {hashlib.sha256(text.encode()).digest() for text in texts}
    return sorted(f"'sha256-{base64.b64encode(one).decode()}'" for one in digests)


def security_policy(html):
    """Return the policy for a page with the inline scripts and styles of *html*."""
    soup = BeautifulSoup(html, "html.parser")
    scripts = [
        node.string for node in soup.select("script:not([src]):not([type$=json])")
    ]
    styles = [node.string for node in soup.select("style")]
    styles += [node["style"] for node in soup.select("[style]")]
    return "; ".join(
        [
            "default-src 'none'",
            " ".join(["script-src 'self'", *hashes(scripts)]),
            " ".join(["style-src 'self' 'unsafe-hashes'", *hashes(styles)]),
            # The icons of the theme are in its style sheet.
            "img-src 'self' data:",
            # The search reads the pages that it quotes.
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
        ]
    )


def offer_policy(app, pagename, templatename, context, doctree):
    # Read the Docs adds scripts that are not ours.
    if not app.config.read_the_docs:
        context["security_policy"] = security_policy


def setup(app):
    app.connect("html-page-context", offer_policy)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
