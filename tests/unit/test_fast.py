"""What makes builds fast shows on no page. More is tested on large sites: site/test_fast.py."""

from sphinx.environment import BuildEnvironment

from policy_site.fast import for_sphinx


def test_pages_are_the_same_when_few_doctrees_are_kept(project, monkeypatch):
    for name in "abcdef":
        project.write(f"source/{name}.md", f"# Terms {name}\n\nSee [a](a.md).\n")

    def build():
        loaded = []

        def get_doctree(env, docname, stock=BuildEnvironment.get_doctree):
            loaded.append(docname)
            return stock(env, docname)

        with monkeypatch.context() as patch:
            patch.setattr(BuildEnvironment, "get_doctree", get_doctree)
            app = project.build("fast")
        pages = app.outdir.glob("*.html")
        return loaded, {page.name: page.read_bytes() for page in pages}

    loaded, kept = build()
    assert not loaded
    for path in (project.path / "build/doctrees").iterdir():
        path.unlink()
    monkeypatch.setattr(for_sphinx, "KEPT", 2)
    loaded, pages = build()
    assert len(loaded) > 3
    assert pages == kept
