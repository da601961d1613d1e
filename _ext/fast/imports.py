"""Sphinx imports all that any build could need.

Upstream: builtin_extensions in sphinx/application.py has every builder, of which one is
used: linkcheck imports requests, epub3 more. sphinx/transforms/post_transforms imports
requests, for images from elsewhere, and doctest; bs4/css.py, for Furo, imports
soupsieve, which compiles its patterns.
Costs: a fifth of all imports, which are most of the time of a small build.
Instead: these two builders are left out. An empty module is in the place of each of the
others until something in it is used; then it is imported.

    import sys, sphinx.cmd.build
    sphinx.cmd.build.main(["-b", "html", "source", "build/html"])
    print({"requests", "doctest", "soupsieve"} & sys.modules.keys())
"""

import sys
from importlib import import_module
from types import ModuleType

import sphinx.application

CHECKED = {"sphinx": ["9.0.4", "9.1.1", "9.2.0"], "beautifulsoup4": ["4.15.0"]}

LEFT_OUT = ["sphinx.builders.linkcheck", "sphinx.builders.epub3"]
RARELY_USED = ["sphinx.util.requests", "sphinx.ext.doctest", "soupsieve"]


def import_when_used(name):
    """Put a module in the place of *name* that becomes it when something is looked up."""
    stub = ModuleType(name)

    # https://peps.python.org/pep-0562/
    def load(attribute):
        # The import system looks up others in each module.
        if attribute.startswith("__") and attribute != "__path__":
            raise AttributeError(attribute)
        if sys.modules[name] is stub:
            del sys.modules[name]
        module = import_module(name)
        vars(stub).update(vars(module))
        return getattr(module, attribute)

    stub.__getattr__ = load
    sys.modules[name] = stub


def spare():
    """Have what is imported from now on spared what no build of pages or PDFs uses."""
    extensions = sphinx.application.builtin_extensions
    sphinx.application.builtin_extensions = tuple(
        name for name in extensions if name not in LEFT_OUT
    )
    for name in RARELY_USED:
        if name not in sys.modules:
            import_when_used(name)


def setup(app):
    """Do nothing: by now, all is imported, unless tools/build.py asked for ``spare``."""
