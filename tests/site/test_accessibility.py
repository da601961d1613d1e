"""Every reader reaches and perceives every part of a page: WCAG 2.2, level AA."""

from itertools import product

import pytest

from tests.support import (
    AXE,
    KNOWN_LANGUAGES,
    KNOWN_PAGES,
    LANGUAGES,
    PAGES,
    PHONE,
    ZOOMED,
)

DESKTOP = {"width": 1280, "height": 800}

each_page = pytest.mark.parametrize(
    "language, page_name", list(product(LANGUAGES, [*PAGES, "search"]))
)
each_language = pytest.mark.parametrize("language", KNOWN_LANGUAGES)
each_known_page = pytest.mark.parametrize("page_name", [*KNOWN_PAGES, "search"])


@pytest.fixture
def open_page(browser):
    pages = []

    def open_page(site, language, name, viewport, query="", **options):
        page = browser.new_page(viewport=viewport, reduced_motion="reduce", **options)
        page.goto(site.html_path(language, name).as_uri() + query)
        pages.append(page)
        return page

    yield open_page
    for page in pages:
        page.close()


@each_page
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing_in_light_and_dark_with_menus_open_and_closed(
    site, open_page, axe, language, page_name, viewport
):
    query = "?q=IoTone" if page_name == "search" else ""
    page = open_page(site, language, page_name, viewport, query, bypass_csp=True)
    page.add_script_tag(path=axe)
    menus = page.locator("label [role=button]:visible")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for menu in [None, *menus.all()]:
            if menu:
                menu.focus()
                page.keyboard.press("Enter")
            found = page.evaluate(AXE)["violations"]
            assert [
                (rule["id"], node["html"]) for rule in found for node in rule["nodes"]
            ] == []
            page.keyboard.press("Escape")


def focused(page):
    """Return what has the focus: a name, and whether it can be seen."""
    return page.evaluate(
        """() => {
            const part = document.activeElement, box = part.getBoundingClientRect();
            return [
                part.className || part.id || part.tagName,
                part.checkVisibility({ visibilityProperty: true, opacityProperty: true })
                    && box.right > 0 && box.left < innerWidth
                    && box.bottom > 0 && box.top < innerHeight,
                getComputedStyle(part).outlineStyle !== "none",
            ];
        }"""
    )


@each_language
@each_known_page
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_all_that_gets_the_focus_is_seen_and_marked(
    known_site, open_page, language, page_name, viewport
):
    page = open_page(known_site, language, page_name, viewport)
    reached = []
    while len(reached) < 100:
        page.keyboard.press("Tab")
        name, is_seen, is_marked = focused(page)
        if name == "BODY":
            break
        assert (name, is_seen, is_marked) == (name, True, True)
        reached.append(name)
    assert reached[0].startswith("skip-to-content")
    if viewport == PHONE:
        assert reached.count("icon") == (2 if page_name == "privacy-policy" else 1)
        assert "sidebar-search" not in reached


@each_language
def test_menu_of_a_phone_opens_and_closes_with_the_keyboard(
    known_site, open_page, language
):
    page = open_page(known_site, language, "privacy-policy", PHONE)
    for button, part in [
        (".nav-overlay-icon .icon", ".sidebar-drawer"),
        (".toc-header-icon .icon", ".toc-drawer"),
    ]:
        for key in ("Enter", "Space"):
            page.locator(button).focus()
            page.keyboard.press(key)
            assert page.locator(button).get_attribute("aria-expanded") == "true"
            assert page.locator(f"{part} a:focus").is_visible()
            page.keyboard.press("Escape")
            assert page.locator(f"{button}:focus").is_visible()
            assert not page.locator(f"{part} a").last.is_visible()


@each_language
def test_menus_of_a_phone_open_without_javascript(known_site, open_page, language):
    page = open_page(
        known_site, language, "privacy-policy", PHONE, java_script_enabled=False
    )
    for part in (".sidebar-drawer", ".toc-drawer"):
        assert not page.locator(f"{part} a").last.is_visible()
    # The skip link, the box of the menu, that of the contents.
    for part in (".sidebar-drawer", ".toc-drawer"):
        page.reload()
        for _times in range(2 if part == ".sidebar-drawer" else 3):
            page.keyboard.press("Tab")
        page.keyboard.press("Space")
        page.locator(f"{part} a").last.wait_for()


@each_page
def test_zoomed_page_needs_no_sideways_scrolling(site, open_page, language, page_name):
    page = open_page(site, language, page_name, ZOOMED)
    too_wide = page.evaluate(
        """() => [...document.querySelectorAll(".mobile-header *, .content *")]
            .filter((part) => part.checkVisibility()
                && part.getBoundingClientRect().right > innerWidth)
            .map((part) => part.outerHTML.slice(0, 80))"""
    )
    assert too_wide == []


def test_page_scrolls_smoothly_only_for_those_who_do_not_mind(known_site, open_page):
    page = open_page(known_site, "en", "privacy-policy", DESKTOP)
    behaviour = "getComputedStyle(document.documentElement).scrollBehavior"
    assert page.evaluate(behaviour) == "auto"
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate(behaviour) == "smooth"


def test_icons_stay_in_forced_colours(known_site, open_page):
    page = open_page(
        known_site, "en", "privacy-policy", DESKTOP, forced_colors="active"
    )
    icon, behind = page.evaluate(
        """() => {
            const form = document.querySelector(".sidebar-search-container");
            return ["::before", null].map(
                (part) => getComputedStyle(form, part).backgroundColor);
        }"""
    )
    assert icon != behind


@pytest.mark.parametrize(
    "language, message",
    [("en", "Please activate JavaScript"), ("ja", "検索するには、JavaScript")],
)
def test_search_says_that_it_needs_javascript(known_site, open_page, language, message):
    page = open_page(known_site, language, "search", PHONE, java_script_enabled=False)
    assert message in page.locator("article").inner_text()
