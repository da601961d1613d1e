"""Three costs of Sphinx.

Doctrees of translated pages hold the whole build environment. Locale, in
sphinx/transforms/i18n.py, parses each msgstr as a document of its own and moves its
nodes into the page, but the nodes still refer to that document, whose settings refer
to the environment. So the environment is pickled with every page: it costs time and
disk space that grow with the square of the number of pages. Here, the nodes are told
which document they are in. Upstream, Locale would have to set ``node.document``.

    import pickle, sys  # build a translated page with -D language=ja
    doctree = pickle.load(open(sys.argv[1], "rb"))
    print({hasattr(node.document.settings, "env") for node in doctree.findall()})

All doctrees that were read stay in memory until they are pages. Builder.write_doctree,
in sphinx/builders/__init__.py, keeps each that it writes to disk: 1000 pages need half
as much memory again. Here, no more than KEPT stay; the others are read from the disk,
as in the next build. Upstream, the cache would have to have a limit.

    from resource import RUSAGE_SELF, getrusage  # build 1000 pages, then
    print(getrusage(RUSAGE_SELF).ru_maxrss // 1024, "MB")

Every build compiles the templates of the theme again. BuiltinTemplateLoader.init, in
sphinx/jinja2glue.py, makes Jinja's environment without a bytecode cache, which costs a
tenth of the time of a small build. Here, Jinja gets its own cache, kept in the virtual
environment as compiled Python is. It knows by the text of a template, and by the
versions of Jinja and Python, what it holds. Upstream, Sphinx would have to set one.
https://jinja.palletsprojects.com/en/stable/api/#bytecode-cache

    from unittest.mock import patch
    from jinja2 import Environment
    stock = Environment._compile
    with patch.object(Environment, "_compile", autospec=True, side_effect=stock) as it:
        ...  # build a page, twice
    print(it.call_count, "templates compiled")
"""

import os
import sys
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemBytecodeCache
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms import SphinxTransform

from policy_site.base import order


class AdoptTranslations(SphinxTransform):
    """Tell all nodes of a page that they are in the page's document."""

    default_priority = order.ADOPT_TRANSLATIONS

    def apply(self, **kwargs: Any) -> None:
        for node in self.document.findall():
            if node.document is not self.document:
                node.document = self.document


# So many doctrees are 20 MB.
KEPT = 100


def keep_few(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Let go of the doctrees that are kept, before one more document is read."""
    if len(env._write_doc_doctree_cache) >= KEPT:
        env._write_doc_doctree_cache.clear()


def cache_templates(app: Sphinx) -> None:
    """Have templates compiled once for all builds."""
    if app.builder.name != "html":
        return
    in_venv = sys.prefix != sys.base_prefix and os.access(sys.prefix, os.W_OK)
    folder = Path(sys.prefix if in_venv else f"{app.confdir}/build", "templates")
    folder.mkdir(parents=True, exist_ok=True)
    templates = app.builder.templates
    environment = templates.environment
    environment.bytecode_cache = cache = FileSystemBytecodeCache(str(folder))
    templates.render_string = partial(render_string, environment, cache)


def render_string(
    environment: Environment,
    cache: FileSystemBytecodeCache,
    source: str,
    context: dict[str, Any],
) -> str:
    """Render the template *source*, which the environment would not cache."""
    bucket = cache.get_bucket(environment, source, None, source)
    if not bucket.code:
        bucket.code = environment.compile(source)
        cache.set_bucket(bucket)
    template = environment.template_class.from_code(
        environment, bucket.code, environment.make_globals(None)
    )
    return template.render(context)


def setup(app: Sphinx) -> None:
    app.add_transform(AdoptTranslations)
    app.connect("env-purge-doc", keep_few)
    app.connect("builder-inited", cache_templates)
