"""Docutils makes a generator for each node of a document to find those of a class.

Upstream: Node._fast_findall in docutils/nodes.py calls itself for each child, also for
texts, which have none; some 60 transforms and collectors go over each page.
Costs: a twelfth of the time of 1000 pages.
Instead: one generator goes over the children, in the same order, and sees what changes
there meanwhile as the other does.

    from timeit import timeit
    from docutils import nodes
    page = nodes.section("", *[nodes.paragraph("", "text") for _ in range(500)])
    print(timeit(lambda: list(page.findall(nodes.target)), number=1000), "ms a search")
"""

from docutils import nodes

CHECKED = {"docutils": ["0.22.4", "0.23"]}


def findall(self, cls):
    stack = [iter((self,))]
    while stack:
        for node in stack[-1]:
            if isinstance(node, cls):
                yield node
            if node.children:
                stack.append(iter(node.children))
                break
        else:
            stack.pop()


def setup(app):
    nodes.Node._fast_findall = findall
