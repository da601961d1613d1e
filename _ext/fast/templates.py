"""Every build compiles the templates of the theme anew.

Upstream: BuiltinTemplateLoader.init in sphinx/jinja2glue.py makes Jinja's environment
without a bytecode cache, so each process compiles some 20 templates to Python, and
render_string those of style sheets and scripts, to which that cache would not apply.
Costs: a tenth of the time of a small build.
Instead: Jinja's own cache of files, which knows what it holds by the source and by the
versions of Jinja and Python, beside the packages that it is for, as with their .pyc.
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

from jinja2 import FileSystemBytecodeCache

CHECKED = {"sphinx": ["9.0.4", "9.1.1", "9.2.0"], "jinja2": ["3.1.6"]}


def remember(app):
    if app.builder.name == "html":
        in_venv = sys.prefix != sys.base_prefix and os.access(sys.prefix, os.W_OK)
        folder = Path(sys.prefix if in_venv else f"{app.confdir}/build", "templates")
        folder.mkdir(parents=True, exist_ok=True)
        templates = app.builder.templates
        environment = templates.environment
        environment.bytecode_cache = cache = FileSystemBytecodeCache(str(folder))
        templates.render_string = partial(render_string, environment, cache)


def render_string(environment, cache, source, context):
    bucket = cache.get_bucket(environment, source, None, source)
    if not bucket.code:
        bucket.code = environment.compile(source)
        cache.set_bucket(bucket)
    template = environment.template_class.from_code(
        environment, bucket.code, environment.make_globals(None)
    )
    return template.render(context)


def setup(app):
    app.connect("builder-inited", remember)
