"""Each build asks all installed packages twice whether they have a plugin.

Upstream: HTMLThemeFactory in sphinx/theming.py and find_plugin_styles in
pygments/plugin.py call entry_points, which opens a file of each package.
Costs: a twentieth of the time of a small build.
Instead: they are asked once, by whoever imports this; workers are forked from it.

    from importlib.metadata import entry_points
    from timeit import timeit
    print(timeit(lambda: entry_points(group="sphinx.html_themes"), number=100), "/ 100 s")
"""

from importlib import metadata

from sphinx import theming

CHECKED = {"sphinx": ["9.0.4", "9.1.1", "9.2.0"], "pygments": ["2.21.0"]}

FOUND = metadata.entry_points()


def setup(app):
    metadata.entry_points = theming.entry_points = FOUND.select
