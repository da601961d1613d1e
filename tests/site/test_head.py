"""Search engines and other sites learn from a page what it is, in its language."""

import io
import json

import pytest
from PIL import Image, ImageChops

from policy_site.base.languages import tag
from tests.support import (
    FACTS,
    KNOWN_LANGUAGES,
    KNOWN_PAGES,
    LANGUAGES,
    PAGES,
    POLICIES,
    ROOT,
    Site,
    front_matter,
    run,
    translated,
)

each_language = pytest.mark.parametrize("language", LANGUAGES)
each_page = pytest.mark.parametrize("page", PAGES)
each_policy = pytest.mark.parametrize("policy", POLICIES)
each_known_language = pytest.mark.parametrize("language", KNOWN_LANGUAGES)
each_known_page = pytest.mark.parametrize("page", KNOWN_PAGES)

SITE = "https://policies.example/company/"


def meta(page, name):
    """Return the contents of the elements ``meta`` with that name or property."""
    return [
        node["content"]
        for node in page.head.select(f'meta[name="{name}"], meta[property="{name}"]')
    ]


@each_language
@each_policy
def test_page_has_the_description_of_its_policy_in_its_language(site, language, policy):
    wanted = front_matter(policy).get("description")
    wanted = [translated(language, policy, wanted)] if wanted else []
    soup = site.page(language, policy)
    assert meta(soup, "description") == wanted
    assert meta(soup, "og:description") == wanted


@each_known_language
@each_known_page
def test_page_describes_itself_in_its_language(known_site, language, page):
    [description] = meta(known_site.page(language, page), "description")
    assert 20 <= len(description) <= 160
    assert description.isascii() == (language == "en")


@each_known_page
def test_descriptions_are_those_of_no_other_page(known_site, page):
    [description] = meta(known_site.page("ja", page), "description")
    others = [
        meta(known_site.page("ja", other), "description") for other in KNOWN_PAGES
    ]
    assert others.count([description]) == 1


@pytest.mark.parametrize(
    "language, locale, other", [("en", "en_US", "ja_JP"), ("ja", "ja_JP", "en_US")]
)
def test_shared_link_shows_title_and_language(known_site, language, locale, other):
    soup = known_site.page(language, "privacy-policy")
    assert meta(soup, "og:locale") == [locale]
    assert meta(soup, "og:locale:alternate") == [other]
    assert meta(soup, "og:site_name")[0] in soup.title.text
    assert soup.title.text.startswith(meta(soup, "og:title")[0])


@each_language
def test_page_has_an_icon_in_two_forms(site, language):
    soup = site.page(language, "index")
    icons = soup.select('link[rel~="icon"], link[rel="apple-touch-icon"]')
    paths = [icon["href"].partition("?")[0] for icon in icons]
    assert {path.rpartition(".")[2] for path in paths} == {"svg", "png"}
    for path in paths:
        assert (site.html_path(language, "index").parent / path).is_file()


def test_both_forms_of_the_icon_are_the_same_picture(browser):
    drawn = Image.open(ROOT / "_static/favicon.png").convert("RGBA")
    page = browser.new_page(viewport={"width": drawn.width, "height": drawn.height})
    page.goto((ROOT / "_static/favicon.svg").as_uri())
    now = Image.open(io.BytesIO(page.screenshot(omit_background=True))).convert("RGBA")
    page.close()
    difference = ImageChops.difference(drawn, now)
    assert max(high for _low, high in difference.getextrema()) < 64, (
        "rm _static/favicon.png && make _static/favicon.png"
    )


def structured_data(page):
    """Return what the page says of itself in JSON-LD."""
    return json.loads(page.head.select_one('script[type="application/ld+json"]').string)


@each_language
@each_policy
def test_programs_learn_what_each_policy_is_and_since_when_it_holds(
    site, language, policy
):
    data = structured_data(site.page(language, policy))
    fields = front_matter(policy)
    assert data["@type"] == "WebPage"
    assert data["inLanguage"] == tag(language)
    assert data["dateModified"] == fields["updated"].isoformat()
    company = FACTS["company"].get(language, FACTS["company"]["en"])
    assert data["publisher"]["@type"] == "Organization"
    assert data["publisher"]["name"] == company


@each_known_language
def test_programs_learn_who_publishes_the_known_policy(known_site, language):
    data = structured_data(known_site.page(language, "privacy-policy"))
    names = {
        "en": "IoTone Japan Privacy Policy",
        "ja": "IoTone Japanプライバシーポリシー",
    }
    assert data["name"] == names[language]
    assert data["datePublished"] == "2023-10-10T12:00:00+09:00"
    assert data["dateModified"] == "2025-01-28"
    names = {"en": "IoTone Japan Inc.", "ja": "株式会社IoTone Japan"}
    assert data["publisher"]["name"] == names[language]
    # The contact block is a sample.
    assert set(data["publisher"]) == {"@type", "name", "alternateName"}


@pytest.fixture
def vocabulary(tmp_path, page_tools):
    """Return a check of data against the types of schema.org."""
    (tmp_path / "node_modules").symlink_to(page_tools)

    def check(*data):
        lines = ['import type { WebPage, WithContext } from "schema-dts";']
        for number, one in enumerate(data):
            lines.append(f"const _{number}: WithContext<WebPage> = {json.dumps(one)};")
        (tmp_path / "data.ts").write_text("\n".join(lines), encoding="utf-8")
        path = f"{ROOT / '.venv/bin'}:/usr/bin:/bin"
        options = ["--noEmit", "--strict", "--ignoreConfig"]
        command = [str(page_tools / ".bin/tsc"), *options, "data.ts"]
        return run(*command, cwd=tmp_path, PATH=path).stdout

    return check


def test_real_contact_block_is_data_in_the_vocabulary_of_schema_org(
    checkout, vocabulary
):
    block = {
        "zipcode": "100-0001",
        "shortaddress": "東京都千代田区1-2-3 </script>",
        "phone": "03-3213-1111",
        "email": "privacy@iotone.jp",
    }
    checkout.configure(f'contact["ja"] = {block}')
    checkout.edit("conf.py", 'site_url = ""', f'site_url = "{SITE}"')
    result = checkout.make("html-ja")
    assert result.returncode == 0, result.stderr
    site = Site(checkout.path)
    data = [structured_data(site.page("ja", page)) for page in KNOWN_PAGES]
    assert vocabulary(*data) == ""
    assert "'nom' does not exist" in vocabulary({**data[0], "nom": "x"}).replace(
        '"', ""
    )
    for one in data:
        assert one["publisher"]["address"] == {
            "@type": "PostalAddress",
            "addressCountry": "JP",
            "postalCode": "100-0001",
            "streetAddress": "東京都千代田区1-2-3 </script>",
        }
        assert one["publisher"]["contactPoint"] == {
            "@type": "ContactPoint",
            "contactType": "privacy",
            "email": "privacy@iotone.jp",
            "telephone": "+81 3-3213-1111",
        }
        assert one["url"].startswith(f"{SITE}ja/")


def test_published_page_names_itself_and_its_translations(checkout):
    checkout.edit("conf.py", 'site_url = ""', f'site_url = "{SITE}"')
    assert checkout.make("html").returncode == 0
    site = Site(checkout.path)
    for page in KNOWN_PAGES:
        # A front page is its folder, to which some hosts send who asks for index.html.
        name = "" if page == "index" else f"{page}.html"
        addresses = {lang: f"{SITE}{lang}/{name}" for lang in KNOWN_LANGUAGES}
        addresses["x-default"] = addresses["en"]
        for language in KNOWN_LANGUAGES:
            soup = site.page(language, page)
            address = addresses[language]
            assert soup.select_one("link[rel=canonical]")["href"] == address
            assert meta(soup, "og:url") == [address]
            links = soup.select("link[rel=alternate][hreflang]")
            assert {link["hreflang"]: link["href"] for link in links} == addresses
            assert structured_data(soup)["url"] == address
