"""A reader finds every section that holds what was typed, and nothing else.

What is to be found is read from the built pages, by containment. The results are
those of a browser; how they are shown is tried with pages opened as files and from a
server with a strict policy.
"""

import functools
import re
import threading
import unicodedata
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote, urlsplit

import pytest

from policy_site.base.languages import slug
from tests.support import (
    KNOWN_LANGUAGES,
    KNOWN_PAGES,
    LANGUAGES,
    PAGES,
    is_policy,
    title_of,
)

# What is typed and, after the bar, what is to stand in the section if not the same.
# Words with a space between them stand in it in any order.
FOUND = {
    "ja": """
        同意
        情報
        契約
        第三者
        移転
        米国
        個人データ
        国際移転
        利用規約
        法的根拠
        支払情報
        標準契約条項
        欧州経済領域
        情報の利用
        データの保持
        同意を撤回
        適法に移転
        深層学習モデル
        情報を第三者に販売することはありません
        サービス
        データ
        プライバシー
        ソーシャルネットワーク
        サーバー
        アカウント保有者
        GDPR
        gdpr
        EU法
        EU・米国
        AI
        GDPRおよび英国データ保護法
        IoTone Japan
        株式会社IoTone Japan
        Twitter、Facebook
        ＧＤＰＲ | gdpr
        ＥＵ | eu
        ＥＥＡおよびスイス | eeaおよびスイス
        ﾃﾞｰﾀ | データ
        ｿｰｼｬﾙﾒﾃﾞｨｱ | ソーシャルメディア
        ﾌﾟﾗｲﾊﾞｼｰﾎﾟﾘｼｰ | プライバシーポリシー
        2025年1月28日
        ２０２５年１月２８日 | 2025年1月28日
        18歳
        03-0000-0000
        〒000-0000
        privacy@example.jp
        問い合わせ
        問合せ | 問い合わせ
        問合わせ | 問い合わせ
        問い合せ | 問い合わせ
        お問合せ | 問い合わせ
        お問い合わせ
        ご契約 | 契約
        サーバ
        ユーザのタイムライン | ユーザーのタイムライン
        サポート窓口
        個人 政府
        個人　政府 | 個人 政府
        データ 保持
        GDPR 移転
        EEA　スイス | eea スイス
        同意 国際移転
        サービス 2025年
        株式会社IoToneJapan | 株式会社iotone␣japan
        「個人データ」 | 個人データ
    """,
    "en": """
        consent
        GDPR
        information
        Transfers | transfer
        data controller
        privacy policy | privacy polic
        policies | polic
        retaining | retain
        transferring | transfer
        collecting | collect
        third-party
        3rd party
        Privacy Shield
        US
        AI
        EU-US
        Jan 28, 2025
        customer's local region | customer local region
        "legitimate interest" | legitimate interest
        the GDPR | gdpr
        deep learning
        social media
        IoToneJapan | iotone␣japan
        privacy@example.jp
        consent Switzerland
        archiv
        ＧＤＰＲ | gdpr
    """,
}

NOT_FOUND = {
    "ja": """
        クッキー
        ｸｯｷｰ
        位置情報
        個人情報保護
        個人情報の取扱い
        保護個人
        者情
        1月29日
        8歳
        同意 クッキー
        .*
        <b>
        JavaScript以外のAI
        zzzz
    """,
    "en": """
        cookie
        geolocation
        ollectionz
        .*
        <b>
        consent cookie
        constructor
    """,
}


def rows(table):
    """Return the lines of a table, as (language, typed, what is to stand there)."""
    return [
        (language, *(part.strip(" ") for part in [*line.split("|"), line][:2]))
        for language in KNOWN_LANGUAGES
        for line in table.get(language, "").strip().split("\n")
        if line.strip()
    ]


def fold(text):
    """Return *text* as containment compares it."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def contains(text, words):
    """Return whether *words* stand in *text*; a short Latin one is a whole word."""
    for word in fold(words).split():
        pattern = re.escape(word).replace("␣", " ")
        if re.fullmatch(r"[a-z0-9]{1,2}", word):
            pattern = rf"(?<![a-z0-9]){word}(?![a-z0-9])"
        if not re.search(pattern, text):
            return False
    return True


def address(page, section):
    """Return the address of a section; the first of a page stands for the page."""
    is_first = section.find_parent("section") is None
    return f"{page}.html" if is_first else f"{page}.html#{section['id']}"


def sections(site, language, page):
    """Return {address: text} of a page; what stands outside belongs to the first."""
    article = site.article(language, page)
    first = article.find("section")
    found = {}
    for node in article.find_all(string=True):
        if not is_policy(node):
            continue
        key = address(page, node.find_parent("section") or first)
        found[key] = found.get(key, "") + node
    return {key: fold(text) for key, text in found.items()}


def expected(site, language, words):
    """Return the addresses of the sections, or else pages, that contain *words*."""
    found = set()
    for page in KNOWN_PAGES:
        texts = sections(site, language, page)
        hits = {key for key, text in texts.items() if contains(text, words)}
        if not hits and contains(" ".join(texts.values()), words):
            hits = {f"{page}.html"}
        found |= hits
    return found


class Handler(SimpleHTTPRequestHandler):
    """Serves the pages, and allows no script that a strict policy would not."""

    def end_headers(self):
        self.send_header("Content-Security-Policy", "script-src 'self'")
        super().end_headers()

    def log_message(self, *arguments):
        pass


@pytest.fixture(scope="module")
def files(known_site):
    """The address of the known site's pages as files."""
    return (known_site.build / "html").as_uri()


@pytest.fixture(scope="module", params=["file", "http"])
def root(request, known_site, files):
    """The address of the known site's pages, as files and from a server."""
    folder = known_site.build / "html"
    if request.param == "file":
        yield files
        return
    handler = functools.partial(Handler, directory=folder)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def tab(browser):
    page = browser.new_page()
    yield page
    page.close()


def search(tab, root, language, query):
    """Search for *query* and return the addresses found, best first."""
    tab.goto(
        f"{root}/{slug(language)}/search.html?q={quote(query)}", wait_until="commit"
    )
    tab.locator(".search-summary:not(:empty)").wait_for()
    links = tab.locator("#search-results li > a")
    hrefs = links.evaluate_all("links => links.map(link => link.href)")
    return [
        part.path.rsplit("/")[-1] + ("#" + part.fragment if part.fragment else "")
        for part in map(urlsplit, hrefs)
    ]


@pytest.mark.parametrize("language, query, words", rows(FOUND))
def test_finds_all_that_contains_it_and_nothing_else(
    known_site, tab, files, language, query, words
):
    wanted = expected(known_site, language, words)
    assert wanted, "no query for this table"
    assert sorted(search(tab, files, language, query)) == sorted(wanted)


@pytest.mark.parametrize("language, query, words", rows(NOT_FOUND))
def test_finds_nothing_that_is_not_there(tab, files, language, query, words):
    assert search(tab, files, language, query) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_first_hit_for_a_title_is_its_section(site, tab, language):
    root = (site.build / "html").as_uri()
    addresses = {}
    for page in PAGES:
        for heading in site.article(language, page).select("h1, h2, h3, h4"):
            title = title_of(heading)
            addresses.setdefault(title, set()).add(address(page, heading.parent))
    for title, wanted in addresses.items():
        assert search(tab, root, language, title)[0] in wanted, title


@pytest.mark.parametrize(
    "language, query, summary, marked",
    [
        ("ja", "問合せ", "2件見つかりました。", {"問い合わせ"}),
        ("ja", "ﾃﾞｰﾀ処理者", "1件見つかりました。", {"データ処理者"}),
        ("ja", "個人　政府", "1件見つかりました。", {"個人", "政府"}),
        ("en", "transferring", "Found in one place.", {"Transfers", "transferred"}),
        ("en", "US", "Found in 2 places.", {"US"}),
    ],
)
def test_results_are_counted_and_marked(tab, root, language, query, summary, marked):
    search(tab, root, language, query)
    assert tab.locator(".search-summary").inner_text() == summary
    assert set(tab.locator("#search-results mark").all_inner_texts()) == marked
    assert tab.locator("input[name=q]").first.input_value() == query


def test_marks_and_excerpts_cut_no_word(known_site, tab, root):
    search(tab, root, "ja", "保持")
    assert set(tab.locator("#search-results mark").all_inner_texts()) == {"保持"}
    texts = sections(known_site, "ja", "privacy-policy").values()
    excerpts = tab.locator("#search-results .context").all_inner_texts()
    inner = [fold(text[1:])[:20] for text in excerpts if text.startswith("…")]
    assert inner
    for start in inner:
        before = [text.split(start)[0].strip() for text in texts if start in text]
        assert any(text[-1] in "。、" for text in before), start


def test_chinese_is_searched_without_the_stemmer_that_sphinx_lacks(checkout, tab):
    catalogs = "locale/{}/LC_MESSAGES/privacy-policy.po"
    text = (checkout.path / catalogs.format("ja")).read_text(encoding="utf-8")
    checkout.write(catalogs.format("zh_CN"), text)
    checkout.configure('contact["zh_CN"] = contact["en"]')
    result = checkout.make("html-zh_CN")
    assert result.returncode == 0, result.stderr
    root = (checkout.path / "build/html").as_uri()
    [first, *_others] = search(tab, root, "zh-cn", "データの保持")
    assert first == "privacy-policy.html#data-retention"


MARKED = """() => [...(CSS.highlights.get("searched") ?? [])].map(String)"""


def test_words_are_marked_on_the_page_until_they_are_hidden(tab, root):
    search(tab, root, "ja", "問合せ")
    tab.locator("#search-results li > a").first.click()
    hide = tab.locator(".hide-matches")
    hide.wait_for()
    assert set(tab.evaluate(MARKED)) == {"問い合わせ"}
    assert tab.url == f"{root}/ja/privacy-policy.html#inquiries"
    assert tab.evaluate("localStorage.length + sessionStorage.length") == 0
    hide.click()
    assert tab.evaluate(MARKED) == []
    assert hide.count() == 0


def test_words_are_marked_in_titles_that_break(tab, root):
    search(tab, root, "ja", "情報の利用に関する説明")
    tab.locator("#search-results li > a").first.click()
    tab.locator(".hide-matches").wait_for()
    assert "情報の利用に関する説明" in tab.evaluate(MARKED)


def test_no_query_no_results(tab, root):
    tab.goto(f"{root}/ja/search.html?q=%20")
    assert tab.locator("#search-results").inner_text() == ""


@pytest.mark.parametrize("language", KNOWN_LANGUAGES)
def test_text_in_the_search_page_is_small(known_site, language):
    texts = known_site.page(language, "search").select_one("#search-pages").string
    assert len(texts.encode()) < 30_000
