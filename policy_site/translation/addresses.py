"""Addresses and numbers that a reader would follow, call or pay to.

A translation has those of its msgid and no others, however they are written: in
full-width or look-alike letters, in other digits, with words for the signs. What only
resembles one is excused by a comment, ``# ok: Node.js: the reason``.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from decimal import Decimal
from unicodedata import normalize

# Letters that look Latin, https://www.unicode.org/Public/security/latest/confusables.txt,
# of the two scripts that such addresses are made of.
LOOK_ALIKES = str.maketrans(
    "авсԁеһіјкӏмпорԛгѕтуԝхѵαβεικνορτυχγω",
    "abcdehijklmnopqrstuwxvabeiknoptuxyw",
)
# Digits as words of one character.
DIGITS = str.maketrans(
    "〇零一壱壹二弐貳三参參四肆五伍六陸七柒八捌九玖", "00111222333445566778899"
)
# Signs as words; 。 is a dot to a browser, https://www.unicode.org/reports/tr46/#Notation
# What is a point in prose is one of a domain only before one of its usual ends.
END = "(?=(?:com|net|org|info|jp|io|co|example|test)(?![a-z0-9]))"
WORDS = [
    (re.compile(pattern), sign)
    for sign, pattern in [
        ("@", r"(?<=[\w.-])\s*(?:[(\[{]\s*at\s*[)\]}]|アットマーク|アット)\s*(?=\w)"),
        (".", r"(?<=[a-z0-9])\s*(?:[(\[{]\s*dot\s*[)\]}]|ドット)\s*(?=[a-z0-9])"),
        (".", rf"(?<=[a-z0-9])\s*(?:[。・·点]|[(\[{{]\s*\.\s*[)\]}}])\s*{END}"),
        (".com", r"[・\s]?ドット\s?コム"),
        (".", r"(?<=[a-z0-9])\s+\.\s*(?=[a-z])"),
        # In Portuguese, a sentence may start with Com.
        (".", r"(?<=[a-z0-9])\.\s+(?=(?:com|net|org|jp|example)\b(?!\s+[a-z]))"),
    ]
]
IDEOGRAPHIC_DOMAINS = "コム|みんな|ストア|セール|クラウド|ファッション|ポイント|世界"
# Each starts with what is sure; what belongs to it on its left is found afterwards.
ADDRESS = re.compile(
    r"(?<![a-z])(?:https?|ftp|mailto|javascript)\s?:\s?[!-~]*"
    r"|://[!-~]+"
    r"|(?<![a-z])www\s?\.\s?[!-~]+"
    r"|@\s?[a-z0-9_.-]+"
    rf"|(?<=\w)\.(?:[a-z]{{2,}}|{IDEOGRAPHIC_DOMAINS})(?![a-z0-9@])"
    # A wallet, a key.
    r"|(?<![a-z0-9])(?=[a-z]*\d)(?=\d*[a-z])[a-z0-9]{20,}"
)
# The last letter is enough of a word that is not Latin: no space parts it from prose.
LEFT = re.compile(r"[a-z0-9_.+-]+$|\w$")
# Digits with whatever is written between those of one number; ー is a long vowel. In
# 1000の一部 and 9:00, what follows is not part of it.
BETWEEN = (
    r"(?:[-\s.,・/()_~*|→\u2010-\u2015\u2212\u301c\u30fc]"
    r"|[、の](?=\d\d)|:(?=\d{3})){0,3}"
)
NUMBER = re.compile(rf"[+(]{{0,2}}\d(?:{BETWEEN}\d)+")
LONGEST = 4
# Digits that are spelled out: as many as a number has that is looked at.
NAMES = [
    "zero|oh|ゼロ|ぜろ|レイ|れい|マル|まる",
    "one|イチ|いち|ワン",
    "two|ニー|ニイ|ニ|にい|に|ツー",
    "three|サン|さん|スリー",
    "four|ヨン|よん|フォー",
    "five|ゴー|ゴ|ごー|ご|ファイブ",
    "six|ロク|ろく|シックス",
    "seven|ナナ|なな|シチ|しち|セブン",
    "eight|ハチ|はち|エイト",
    "nine|キュウ|きゅう|キュー|ナイン",
]
SPELLED = re.compile(rf"(?:(?:{'|'.join(NAMES)})[、の]?{BETWEEN}){{{LONGEST + 1},}}")
# The groups of a date or a time.
DATE = re.compile(
    r"\d{4}[-/.]\s?\d{1,2}[-/.]\s?\d{1,2}|\d{1,2}[/.]\s?\d{1,2}[/.]\s?\d{4}"
)


def folded(text: str) -> str:
    """Return *text* with what looks alike, or means the same, written alike."""
    text = normalize("NFKC", text).casefold().translate(LOOK_ALIKES)
    for word, sign in WORDS:
        text = word.sub(sign, text)
    return text


def with_figures(spelled: re.Match[str]) -> str:
    """Return the digits that are *spelled*, as one number."""
    # At the end, に and ご belong to what follows: ハチにご連絡.
    text = spelled[0].rstrip("にご")
    for digit, names in enumerate(NAMES):
        text = re.sub(names, str(digit), text)
    return " " + re.sub(r"\D", "", text) + " "


def digits(text: str) -> str:
    """Return *text* with the digits of every script as 0 to 9, spelled ones, too."""
    text = SPELLED.sub(with_figures, text)
    found = filter(str.isdigit, set(text))
    return text.translate(
        DIGITS | {ord(one): str(unicodedata.digit(one)) for one in found}
    )


def find(
    source: str, target: str, figures: Callable[[str], set[Decimal]]
) -> Iterator[str]:
    """Yield each address and number of *target* that *source* lacks, as it is folded.

    *figures* gives the numbers in a text, which may be written in another form.
    """
    seen = folded(target)
    if not ADDRESS.search(seen) and not NUMBER.search(digits(seen)):
        return
    known = folded(source)
    joined = re.sub(r"\s", "", known)
    # The ends of names of files, such as .zip; Japanese has no space before them.
    endings = set(re.findall(r"(?<!\w)\.[a-z]+\b", source.casefold()))
    rest = seen
    for match in ADDRESS.finditer(seen):
        start = match.start()
        # Nothing on its left belongs to one that starts with a letter: はhttps://…. No
        # label of a domain has more than 63 letters.
        is_whole = match[0][0].isalnum()
        left = None if is_whole else LEFT.search(seen[max(start - 63, 0) : start])
        if match[0] in endings and left and not left[0].isascii():
            continue
        address = (left[0] if left else "") + match[0]
        address = address.strip(".,;:)]\"'-_")
        # The address of <info@example.jp> is mailto:info@example.jp, and example.jp is
        # found at https://example.jp.
        if re.sub(r"^mailto:|^https://|\s", "", address) not in joined:
            yield address
            rest = rest.replace(address, " ")
    yield from numbers(known, rest, figures(normalize("NFKC", source)))


def numbers(source: str, target: str, figures: set[Decimal]) -> Iterator[str]:
    """Yield the numbers of *target*, of five digits or more, that *source* lacks."""
    known = digits(source)
    groups = set(re.findall(r"\d+", known))
    runs = {re.sub(r"\D", "", number) for number in NUMBER.findall(known)}
    # 500,00 is the amount 500.
    target = re.sub(r"(?<=\d)[.,]00(?!\d)", "", DATE.sub(";", digits(target)))
    for match in NUMBER.finditer(target):
        parts = re.findall(r"\d+", match[0])
        joined = "".join(parts)
        is_known = groups.issuperset(parts) or joined in runs
        if len(joined) > LONGEST and not is_known and Decimal(joined) not in figures:
            yield match[0].strip("( ")
