"""MyST has the front matter of each page read three times, in Python.

Upstream: read_topmatter in myst_parser/config/main.py and render_front_matter in
myst_parser/mdit_to_docutils/base.py call yaml.safe_load, which is pure Python.
Costs: a twenty-fifth of the time of 1000 pages.
Instead: libyaml, which PyYAML brings, reads it. What that refuses, Python reads again:
its messages are for people.

    from timeit import timeit
    import yaml
    text = "title: Privacy Policy\\nupdated: 2025-01-28\\n"
    print(timeit(lambda: yaml.safe_load(text), number=1000), "ms each time")
"""

import yaml

CHECKED = {"pyyaml": ["6.0.3"], "myst-parser": ["5.2.0"]}

stock_load = yaml.safe_load


def load(text):
    try:
        return yaml.load(text, yaml.CSafeLoader)
    except yaml.YAMLError:
        return stock_load(text)


def setup(app):
    # Some builds of PyYAML have no libyaml.
    if yaml.__with_libyaml__:
        yaml.safe_load = load
