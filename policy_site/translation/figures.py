"""Figures: the numbers, times, periods and months of a msgid are in its msgstr.

A figure may be written in any form: 18, １８, 十八. Japanese says some with another
number, or with none: 午後5時, 1年, 5割, 前条.
"""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache
from unicodedata import normalize

from babel.dates import get_month_names
from babel.numbers import get_decimal_symbol, get_group_symbol

from policy_site.base import languages
from policy_site.translation.addresses import DIGITS, LONGEST, NUMBER, digits
from policy_site.translation.reading import Message
from policy_site.translation.remarks import Finding

# -- Numbers -------------------------------------------------------------------

# Dates and versions, 2025.1.28 and 1.2.3, are several whole numbers.
FIGURE = r"(?<![.\d])\d+\.\d+(?!\.?\d)|\d+"
SCALES = {"thousand": 3, "million": 6, "billion": 9, "trillion": 12}
ENGLISH_FIGURE = re.compile(
    rf"(\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|{FIGURE})"
    rf"(?:\s?(%|per ?cent\b)|[\s-]({'|'.join(SCALES)})\b)?"
)
PERCENT = re.compile("[%٪]|パーセント")

UNITS = {"十": 10, "拾": 10, "百": 100, "千": 1000}
MYRIADS = {"万": 10**4, "億": 10**8, "兆": 10**12}
NUMERAL = re.compile(rf"(?:{FIGURE}|[{''.join([*UNITS, *MYRIADS])}])+")
ERAS = {"昭和": 1925, "平成": 1988, "令和": 2018}
ERA_YEAR = re.compile(rf"({'|'.join(ERAS)})(元|[\d十]{{1,3}})(?=年)")
# Words with a numeral that is not a number: 一般, 統一, 十分, 第4四半期.
WORDS = re.compile("一(?=[般部定切方連致覧層旦])|(?<=[統唯])一|万一|十分|四(?=半期)")
# Words for a number: 5時半 is 5時30分.
HALVES = {
    r"(?<=\d)時(間?)半": r"時\g<1>30分",
    r"(?<=\d)年半(?![期ば])": "年6か月",
    "半年": "6か月",
    "正午": "12時",
}


def value(numeral: str) -> Decimal:
    """Return the number that *numeral* stands for: 18, 十8 (十八), 1万5千."""
    total = section = Decimal(0)
    digits = ""
    for character in numeral:
        if character in UNITS:
            section += Decimal(digits or 1) * UNITS[character]
            digits = ""
        elif character in MYRIADS:
            total += (section + Decimal(digits or 0) or 1) * MYRIADS[character]
            section, digits = Decimal(0), ""
        else:
            digits += character
    return total + section + Decimal(digits or 0)


@cache
def separators(language: str) -> list[str]:
    """Return what *language* writes between thousands, and before decimals."""
    locale = languages.locale(language)
    symbols = get_group_symbol(locale), get_decimal_symbol(locale)
    return [normalize("NFKC", symbol) for symbol in symbols]


def without_eras(text: str) -> str:
    """Return *text* with 昭和35年 as 1960年."""
    return ERA_YEAR.sub(
        lambda era: str(ERAS[era[1]] + value(era[2].replace("元", "1"))), text
    )


def with_digits(text: str, language: str) -> str:
    """Return *text* with its numbers as in 1234.5."""
    group, point = separators(language)
    text = (
        WORDS.sub(" ", normalize("NFKC", text)).replace("ゼロ", "〇").translate(DIGITS)
    )
    text = without_eras(text)
    text = re.sub(rf"(?<=\d){re.escape(group)}(?=\d{{3}}(?!\d))", "", text)
    if point != ".":
        text = text.replace(".", " ").replace(point, ".")
    text = NUMERAL.sub(lambda numeral: f"{value(numeral[0]):f}", text)
    for half, figure in HALVES.items():
        text = re.sub(half, figure, text)
    return text


def values(text: str) -> set[Decimal]:
    """Return the numbers in the English *text*: of "5 million", 5 and 5000000."""
    numbers = set()
    for number, _percent, scale in ENGLISH_FIGURE.findall(text):
        value = Decimal(number.replace(",", ""))
        numbers |= {value, value * 10 ** SCALES.get(scale, 0)}
    return numbers


def without_numbers_in(target: str, source: str) -> str:
    """Return *source* without the long numbers that *target* has, too.

    Their digits may be grouped otherwise.
    """
    there = re.sub(r"\D", "", digits(normalize("NFKC", target)))

    def kept(number: re.Match[str]) -> str:
        joined = re.sub(r"\D", "", number[0])
        return " " if len(joined) > LONGEST and joined in there else number[0]

    return NUMBER.sub(kept, source)


def numbers(text: str) -> set[Decimal]:
    """Return the numbers in *text*, which are as in 1234.5."""
    return {Decimal(number) for number in re.findall(FIGURE, text)}


# -- What Japanese says otherwise ------------------------------------------------

# Times: 5:00 p.m., 5pm, 17:00; 午後5時, 17時30分, 17:30.
ENGLISH_TIME = re.compile(
    r"\b(\d{1,2})(?::(\d\d))?\s?([ap])\.?m\b\.?|\b(\d{1,2}):(\d\d)\b", re.IGNORECASE
)
# with_digits has made 05 of a minute 5, as it reads numbers by their value.
TIME = re.compile(
    r"(午前|午後|朝|夕方|夜)?(\d{1,2})(?:時(?!間)(?:(\d{1,2})分)?|:(\d{1,2}))"
)
AFTERNOON = {"午前": 0, "朝": 0, "午後": 12, "夕方": 12, "夜": 12}


def without_times_in(text: str, source: str) -> tuple[str, list[str]]:
    """Return *source* without times, and those with a.m. or p.m. that *text* lacks."""
    there, lost = set(), []
    # 午後 holds for the times after it, too: 午後1時から5時.
    later = None
    for half, hours, minutes, also in TIME.findall(text):
        later = AFTERNOON.get(half, later)
        hour = int(hours)
        if later is not None and hour <= 12:
            hour = hour % 12 + later
        there.add((hour % 24, int(minutes or also or 0)))

    def kept(time: re.Match[str]) -> str:
        hour, minutes, half, hour24, minutes24 = time.groups()
        if half:
            is_there = int(hour) % 12 + 12 * (half in "pP"), int(minutes or 0)
        else:
            is_there = int(hour24) % 24, int(minutes24)
        if half and is_there not in there:
            lost.append(time[0])
        return " " if half or is_there in there else time[0]

    return ENGLISH_TIME.sub(kept, source), lost


# What Japanese says with another number, or with none: a pattern of the English, and a
# function that makes of its match a pattern of the Japanese, whose numbers are digits.
Idiom = tuple[str, Callable[[re.Match[str]], str]]
PARTS = (
    "(?:[Aa]rticle|[Ss]ection|[Cc]lause|[Pp]aragraph|[Ii]tem|[Cc]hapter|[Pp]age"
    "|[Tt]able|[Ff]igure|[Ss]tep)s?"
)
PART = r"\d+(?:\.\d+)*"
JAPANESE_PART = "(?:[条号節章頁表図]|項(?!目)|ページ|手順|ステップ)"
# Words that point at a part without its number: 上記, 前述.
ABOVE = "[上前下後][記述]"
# English units of time: the Japanese one, how many make one of the larger, and that.
PERIODS = {
    "second": ("秒", 60, "分"),
    "minute": ("分", 60, "時間"),
    "hour": ("時間", 24, "日"),
    "day": ("日", 7, "週"),
    "week": ("週", 0, ""),
    "month": ("月", 12, "年"),
    "year": ("年", 0, ""),
}
PERIOD = rf"\b(\d{{1,4}})[ -]({'|'.join(PERIODS)})s?\b"


def period(match: re.Match[str]) -> str:
    """Return the pattern of a period, such as 18 months, in the next larger unit."""
    _unit, size, unit = PERIODS[match[2]]
    whole, rest = divmod(int(match[1]), size) if size else (0, 0)
    if not whole:
        return "(?!)"
    return rf"(?<!\d){whole}{unit}" + (f"(?:間?と)?{rest}" if rest else r"(?!\d)")


def share(match: re.Match[str]) -> str:
    """Return the pattern of a percentage, such as 35%: 3割5分."""
    whole, rest = divmod(int(match[1]), 10)
    words = {"50": "|半[分額数]", "100": "|[全完][額部て全璧]|すべて"}.get(match[1], "")
    return rf"(?<!\d){whole}割" + (f"{rest}分" if rest else r"(?!\d)") + words


IDIOMS: list[Idiom] = [
    # 前二条, 前各項; 前条, 次のページ.
    (
        rf"\b{PARTS} {PART}(?:, {PART})*,? (?:and|or|to|through) {PART}",
        lambda _: rf"[前次上下]の?(?:各|\d+){JAPANESE_PART}|{ABOVE}",
    ),
    (rf"\b{PARTS} {PART}", lambda _: rf"[前同次本上下]の?{JAPANESE_PART}|{ABOVE}"),
    # The number of an act is told by the year, without the day.
    (
        r"\bNo\. ?(\d+) of [A-Z][a-z]+ \d{1,2}, (\d{4})",
        lambda act: rf"{act[2]}年\D{{1,12}}第{act[1]}号",
    ),
    (PERIOD, period),
    (r"(?<![.\d])(\d{1,3})(?:\s?%| per ?cent\b)", share),
    (r"\b1/2\b", lambda _: "半[分額数]"),
    (r"\bH([12])\b", lambda half: f"{'_上下'[int(half[1])]}半?期"),
    (r"\b24/7\b", lambda _: "年中無休|24時間|365日|いつでも|終日|常時|昼夜"),
    (
        r"\b2 (?:parties|sides|companies|people|persons)\b",
        lambda _: "双方|両[者社方名当]",
    ),
    (
        r"\bmore than (\d{1,3})\b",
        lambda number: (
            rf"(?<!\d){int(number[1]) + 1}(?!\d)\D{{,3}}以上"
            + ("|複数" if number[1] == "1" else "")
        ),
    ),
    (r"\b1st\b", lambda _: "最初|初[めて日回]"),
]


def without_idioms(source: str, text: str) -> tuple[str, str]:
    """Return both without what *text* says in one of IDIOMS, each once."""
    there = numbers(text)
    for english, japanese in IDIOMS:
        for match in re.finditer(english, source):
            said = re.search(japanese(match), text)
            if said and not numbers(match[0]) <= there:
                blank = " " * len(match[0])
                source = source[: match.start()] + blank + source[match.end() :]
                text = f"{text[: said.start()]} {text[said.end() :]}"
    return source, text


# What a number (#) may be of, by kind: an English pattern, and the Japanese words. One
# of a kind may be written for another.
MEASURES = [
    {rf"#[ -]{period}s?\b": unit for period, (unit, *_) in PERIODS.items()},
    {r"Articles? #": "条", "[Pp]aragraphs? #": "項(?!目)", "Chapters? #": "章"},
    {
        r"(?:¥|JPY) ?#|# ?(?:JPY|yen)\b": "円|¥|JPY",
        r"(?:\$|USD) ?#|# ?(?:USD|dollars?)\b": r"ドル|\$|USD",
        r"(?:€|EUR) ?#|# ?(?:€|EUR\b|euros?\b)": "ユーロ|€|EUR",
        r"(?:£|GBP) ?#|# ?(?:GBP|pounds?)\b": "ポンド|£|GBP",
    },
    {"# ?KB": "KB|キロバイト", "# ?MB": "MB|メガバイト", "# ?GB": "GB|ギガバイト"},
]
AMOUNT = r"(?<![\d.])\d+(?:,\d{3})*(?:\.\d+)?"


def in_other_units(source: str, text: str) -> Iterator[str]:
    """Yield the figures of *source* that *text* has only with another unit."""
    for kind in MEASURES:
        # Quick: most texts have none of a kind.
        if not re.search("|".join(kind).replace("#", AMOUNT), source):
            continue
        units = "|".join(kind.values())
        for english, japanese in kind.items():
            for match in re.finditer(english.replace("#", AMOUNT), source):
                number = re.sub(r"[^\d.]", "", match[0])
                there = re.findall(
                    rf"(?<![\d.]){number}[\sかヶケカヵ箇]?(?:{units})"
                    rf"|(?:{units})\s?{number}(?!\d)",
                    text,
                )
                if there and not re.search(japanese, " ".join(there)):
                    yield match[0]


# -- The rule ------------------------------------------------------------------


def figures(message: Message) -> Iterator[Finding]:
    """Yield each figure and each month of the msgid that the msgstr lacks."""
    # An English policy may name a Japanese law as it is called.
    source = without_eras(normalize("NFKC", message.source.prose))
    if not re.search(r"\d", source):
        return
    text = with_digits(message.target.prose, message.language)
    if message.language == "ja":
        source, lost = without_times_in(text, source)
        for time in lost:
            yield from message.excusable(
                "the time %(words)s is missing; write it", time
            )
        source, text = without_idioms(source, text)
        for wrong in in_other_units(source, text):
            yield from message.excusable(
                "the period %(words)s is missing; write it", wrong
            )
    # 9:00 may be written 9 h, without the minutes.
    source = re.sub(r":00\b", "", source)
    source = without_numbers_in(message.target.prose, source)
    there = numbers(text)
    for match in ENGLISH_FIGURE.finditer(source):
        written, percent, scale = match.groups()
        amount = Decimal(written.replace(",", ""))
        # "5 million" is 500万 in Japanese, and "5 millions" in French.
        scaled = amount * 10 ** SCALES.get(scale, 0)
        # A version has a point in every language.
        is_there = {amount, scaled} & there or (
            "." in written and written in message.target.prose
        )
        if not is_there or (percent and not PERCENT.search(text)):
            yield from message.excusable(
                "the figure %(words)s is missing; write it", match[0]
            )
    for month, number in months(source):
        # The English name is right, too: the title of a book stays as it is.
        in_both = month_names(number, message.language) | {month}
        names = "|".join(map(re.escape, in_both))
        # 11月 is not 1月.
        named = re.search(rf"(?<!\d)({names})", text, re.IGNORECASE)
        if not named and number not in there:
            yield from message.excusable(
                "the month %(words)s is missing; write it", month
            )


@cache
def month_names(number: int, language: str) -> set[str]:
    """Return the forms of the name of the month *number*, 1 to 12, in *language*."""
    return {
        get_month_names(width, context, languages.locale(language))[number]
        for width in ("wide", "abbreviated")
        for context in ("format", "stand-alone")
    }


MONTHS = {name: number for number in range(1, 13) for name in month_names(number, "en")}
MONTH = "|".join(MONTHS)
# Only beside a figure, as "may" is a verb, too.
DATE = re.compile(rf"\b({MONTH})\.? (?=\d)|\d(?:st|nd|rd|th)? ({MONTH})\b")


def months(text: str) -> Iterator[tuple[str, int]]:
    """Yield the name and the number of each month in the English *text*."""
    for before, after in DATE.findall(text):
        yield before or after, MONTHS[before or after]
