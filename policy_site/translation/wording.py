"""Wording: the figures, names and terms of a msgid that a translation must have.

A figure may be written in any form: 18, １８, 十八. An address has to be that of the
msgid. What differs for a reason gets a translator's comment: ``# ok: 18: the reason``.
"""

import csv
import re
from collections.abc import Callable, Container, Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from unicodedata import normalize

from babel.dates import get_month_names
from babel.numbers import get_decimal_symbol, get_group_symbol

from policy_site.base import languages
from policy_site.base.errors import UserError
from policy_site.text import contact
from policy_site.translation.addresses import LONGEST, NUMBER, digits, find
from policy_site.translation.reading import Message, Term
from policy_site.translation.remarks import noted, say


def excusable(comments: str, catalog: Path, thing: str, fault: str) -> Iterator[str]:
    """Yield *fault*, unless a line of *comments* gives the reason for *thing*.

    How to give one is said in the language of *catalog*.
    """
    comment = re.compile(rf"\s*ok: {re.escape(thing)}:\s*\w", re.IGNORECASE)
    if not any(map(comment.match, comments.split("\n"))):
        yield say(
            "%(fault)s, or say why not in a comment above the msgid: "
            "# ok: %(thing)s: the reason",
            catalog,
            fault=fault,
            thing=thing,
        )


def unexcused(message: Message, thing: str, fault: str) -> Iterator[str]:
    """Yield *fault*, unless a comment on *message* gives the reason for *thing*."""
    return excusable(message.comments, message.catalog, thing, fault)


# What ``make check`` says of the style of a text.
STYLE = noted("%(fault)s, %(times)s×: %(words)s; change it")

# -- Figures -------------------------------------------------------------------

# Dates and versions, 2025.1.28 and 1.2.3, are several whole numbers.
FIGURE = r"(?<![.\d])\d+\.\d+(?!\.?\d)|\d+"
SCALES = {"thousand": 3, "million": 6, "billion": 9, "trillion": 12}
ENGLISH_FIGURE = re.compile(
    rf"(\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|{FIGURE})"
    rf"(?:\s?(%|per ?cent\b)|[\s-]({'|'.join(SCALES)})\b)?"
)
PERCENT = re.compile("[%٪]|パーセント")

DIGITS = str.maketrans("〇零一壱二弐三参四五六七八九", "00112233456789")
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


def with_digits(text: str, language: str) -> str:
    """Return *text* with its numbers as in 1234.5."""
    group, point = separators(language)
    text = (
        WORDS.sub(" ", normalize("NFKC", text)).replace("ゼロ", "〇").translate(DIGITS)
    )
    text = ERA_YEAR.sub(
        lambda era: str(ERAS[era[1]] + value(era[2].replace("元", "1"))), text
    )
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


# Times: 5:00 p.m., 5pm, 17:00; 午後5時, 17時30分, 17:30.
ENGLISH_TIME = re.compile(
    r"\b(\d{1,2})(?::(\d\d))?\s?([ap])\.?m\b\.?|\b(\d{1,2}):(\d\d)\b", re.IGNORECASE
)
TIME = re.compile(
    r"(午前|午後|朝|夕方|夜)?(\d{1,2})(?:時(?!間)(?:(\d{1,2})分)?|:(\d\d))"
)
AFTERNOON = {"午前": 0, "朝": 0, "午後": 12, "夕方": 12, "夜": 12}


def without_times_in(text: str, source: str) -> tuple[str, list[str]]:
    """Return *source* without times, and those with a.m. or p.m. that *text* lacks."""
    there, lost = set(), []
    # It holds on: 午後1時から5時.
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
PARTS = "(?:Article|Section|Clause|Paragraph|Item)s?"
PART = r"\d+(?:\.\d+)*"
# English units of time: the Japanese one, how many make one of the larger, and that.
PERIODS = {
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
    # 前二条, 前各項; 前条, 同項.
    (
        rf"\b{PARTS} {PART}(?:, {PART})*,? (?:and|or|to|through) {PART}",
        lambda _: r"[前次](?:各|\d+)[条項号]",
    ),
    (rf"\b{PARTS} {PART}", lambda _: "[前同次本]の?[条項号]"),
    # The number of an act is told by the year, without the day.
    (
        r"\bNo\. ?(\d+) of [A-Z][a-z]+ \d{1,2}, (\d{4})",
        lambda act: rf"{act[2]}年\D{{1,12}}第{act[1]}号",
    ),
    (PERIOD, period),
    (r"(?<![.\d])(\d{1,3})(?:\s?%| per ?cent\b)", share),
    (r"\b1/2\b", lambda _: "半[分額数]"),
    (r"\bH([12])\b", lambda half: f"{'_上下'[int(half[1])]}半?期"),
    (r"\b24/7\b", lambda _: "年中無休|24時間|365日|いつでも"),
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


def in_other_units(source: str, text: str) -> Iterator[str]:
    """Yield the periods of *source* whose number *text* has with another unit."""
    units = "|".join(unit for unit, *_ in PERIODS.values())
    for match in re.finditer(PERIOD, source):
        there = re.findall(rf"(?<!\d){match[1]}[かヶケカヵ箇]?({units})", text)
        if there and PERIODS[match[2]][0] not in there:
            yield match[0]


def figures(message: Message) -> Iterator[str]:
    """Yield each figure and each month of the msgid that the msgstr lacks."""
    source = normalize("NFKC", message.source.prose)
    if not re.search(r"\d", source):
        return
    text = with_digits(message.target.prose, message.language)
    if message.language == "ja":
        source, lost = without_times_in(text, source)
        for time in lost:
            fault = message.say("the time %(time)s is missing; write it", time=time)
            yield from unexcused(message, time, fault)
        source, text = without_idioms(source, text)
        for wrong in in_other_units(source, text):
            fault = message.say(
                "the period %(period)s is missing; write it", period=wrong
            )
            yield from unexcused(message, wrong, fault)
    # 9:00 may be written 9 h, without the minutes.
    source = re.sub(r":00\b", "", source)
    source = without_numbers_in(message.target.prose, source)
    there = numbers(text)
    for match in ENGLISH_FIGURE.finditer(source):
        written, percent, scale = match.groups()
        amount = Decimal(written.replace(",", ""))
        # "5 million" is 500万 in Japanese, and "5 millions" in French.
        scaled = amount * 10 ** SCALES.get(scale, 0)
        if not {amount, scaled} & there or (percent and not PERCENT.search(text)):
            fault = message.say(
                "the figure %(figure)s is missing; write it", figure=match[0]
            )
            yield from unexcused(message, match[0], fault)
    for month, number in months(source):
        # The English name is right, too: the title of a book stays as it is.
        in_both = month_names(number, message.language) | {month}
        names = "|".join(map(re.escape, in_both))
        # 11月 is not 1月.
        named = re.search(rf"(?<!\d)({names})", text, re.IGNORECASE)
        if not named and number not in there:
            fault = message.say("the month %(month)s is missing; write it", month=month)
            yield from unexcused(message, month, fault)


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


# -- Names ---------------------------------------------------------------------


def brands(message: Message) -> Iterator[str]:
    """Yield each brand name of the msgid that the msgstr lacks."""
    for brand in message.brands:
        if brand not in message.source.prose:
            continue
        name = re.compile(rf"(?<![A-Za-z0-9]){re.escape(brand)}(?![A-Za-z0-9])")
        if name.search(message.source.prose) and not name.search(message.target.prose):
            fault = message.say(
                "the name %(name)s is missing; write it, spelled like this", name=brand
            )
            yield from unexcused(message, brand, fault)


def addresses(message: Message) -> Iterator[str]:
    """Yield each address and long number that a msgstr has and its msgid has not."""
    seen = " ".join([message.target.prose, *message.target.hidden])
    # <privacy@example.jp> is a link to mailto:privacy@example.jp.
    known = " ".join([message.msgid, *message.source.hidden])
    source = normalize("NFKC", known)
    for address in dict.fromkeys(find(known, seen, values(source))):
        fault = message.say(
            "%(address)s is not in the msgid; take it out", address=address
        )
        yield from unexcused(message, address, fault)


# The words after which a reader expects each value of the contact block.
LABELS = {
    key: re.compile(rf"(?:{known.label})\W{{0,3}}$", re.IGNORECASE)
    for key, known in contact.KEYS.items()
}
VALUE = re.compile(r"\{\{\s*contact\.(\w+)\s*\}\}")


def labels(message: Message) -> Iterator[str]:
    """Yield each value of the contact block after the words for another one."""
    for value in VALUE.finditer(message.msgstr):
        before = message.msgstr[max(value.start() - 20, 0) : value.start()]
        for key, label in LABELS.items():
            if key != value[1] and label.search(before):
                yield message.say(
                    "%(value)s stands where %(announced)s is announced",
                    value=value[0],
                    announced=f"{{{{ contact.{key} }}}}",
                )


def swapped(message: Message) -> Iterator[str]:
    """Yield each link whose words are those of another link of the msgid.

    Links are recognized by brand names and terms of the glossary in their words.
    """
    source, target = message.source.links, message.target.links
    if len(source) < 2:
        return
    for address in source.keys() & target.keys():
        theirs = squeezed(" ".join(target[a] for a in target if a != address))
        own = squeezed(target[address])
        for english, word in kept(message, source[address]):
            word = squeezed(word).removesuffix("する")
            elsewhere = any(english in source[a] for a in source if a != address)
            if word not in own and word in theirs and not elsewhere:
                yield message.say(
                    "the link to %(address)s is no more that of “%(words)s”; move it",
                    address=address,
                    words=english,
                )


def kept(message: Message, text: str) -> Iterator[tuple[str, str]]:
    """Yield (English, translation) of the names and the terms in *text*."""
    for brand in message.brands:
        if brand in text:
            yield brand, brand
    for _stem, found, _english, translation in message.terms:
        if term := found.search(text):
            yield term[0], translation


# -- Terms ---------------------------------------------------------------------

TERM_MISSING = noted("the term %(term)s is missing; write %(word)s")
TERM_TOO_RARE = noted(
    "the term %(term)s is missing; write %(word)s %(times)s times; "
    "it is there %(there)s times"
)

# Ends of the last word of a term, and patterns for its singular and plural.
INFLECTED = [("is", "(?:is|es)"), ("y", "(?:y|ies)"), ("s", "s?"), ("", "(?:e?s)?")]


@cache
def pattern(english: str) -> tuple[str, re.Pattern[str]]:
    """Return the stem of the last word of a term, and a pattern for all its forms."""
    *words, last = re.split(r"[\s-]+", english.strip())
    end, ends = next(pair for pair in INFLECTED if last.endswith(pair[0]))
    stem = last.removesuffix(end)
    words = [*map(re.escape, words), re.escape(stem) + ends]
    words = ["(?:third|3rd)" if word == "third" else word for word in words]
    between = r"[\s-]+(?:(?:your|their)\s)?"
    found = re.compile(rf"\b{between.join(words)}\b", re.IGNORECASE)
    return stem.casefold(), found


def glossary(catalog: Path) -> Path:
    """Return the path of the glossary for the catalog at the path *catalog*."""
    return catalog.parents[1] / "glossary.csv"


def read_terms(path: Path) -> list[Term]:
    """Return the terms of the glossary *path*, the longest first.

    Raises UserError, with the line, when the glossary is not two columns of words under
    a line of headings: a term with a typing error would never be checked.
    """
    if not path.is_file():
        return []
    try:
        lines = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UserError(f"{path}:1: this is not UTF-8") from None
    reader = csv.reader(lines.splitlines(keepends=True), strict=True)
    terms: dict[str, list[str]] = {}
    try:
        for row in reader:
            if fault := fault_of_row(row, terms):
                raise UserError(f"{path}:{reader.line_num}: {fault}")
            terms[row[0].casefold()] = row
    except csv.Error:
        raise UserError(
            f"{path}:{reader.line_num}: a quotation mark is not closed, or is too many"
        ) from None
    if len(terms) < 2:
        raise UserError(
            f"{path}:1: there is no term; write lines such as third party,第三者 "
            "under the headings, or delete the file"
        )
    rows = sorted([*terms.values()][1:], key=lambda row: -len(row[0]))
    return [(*pattern(english), english, translation) for english, translation in rows]


def fault_of_row(row: list[str], before: Container[str]) -> str | None:
    """Return what is wrong with a row of a glossary, or None.

    *before* has the English terms of the rows before it.
    """
    if len(row) != 2:
        return f"here are {len(row)} columns; write English,translation"
    for cell in row:
        words = squeezed(cell).removesuffix("する")
        if not any(letter.isalpha() for letter in words):
            return "a column has no letters; write English,translation, or delete it"
        if cell != " ".join(cell.split()) or not cell.isprintable() or '"' in cell:
            return "take out spaces at the ends, double ones, and quotation marks"
    if row[0].casefold() in before:
        return f"{row[0]} is here twice; delete one"
    return None


def squeezed(text: str) -> str:
    """Return *text* without what does not matter where terms are compared."""
    return re.sub(r"\s", "", normalize("NFKC", text)).casefold()


def terms(message: Message) -> Iterator[str]:
    """Yield each term of the msgid whose translation the msgstr lacks."""
    text, target = message.source.prose, squeezed(message.target.prose)
    folded = text.casefold()
    for stem, found, english, translation in message.terms:
        # Quick: most terms are not there, and to look for a pattern takes ten times as
        # long.
        if stem not in folded:
            continue
        text, times = found.subn("\0", text)
        # A verb is inflected: 撤回できます is 撤回する.
        stem = squeezed(translation).removesuffix("する")
        there = target.count(stem)
        # As in English, the text of a longer term is not that of a shorter one.
        target = target.replace(stem, "\0")
        if there < times:
            sentence = TERM_TOO_RARE if there else TERM_MISSING
            fault = message.say(
                sentence, term=english, word=translation, times=times, there=there
            )
            yield from unexcused(message, english, fault)


# -- Polarity ------------------------------------------------------------------

# Words that turn the meaning of a sentence round, in English and in Japanese. Each may
# be translated in many ways, so any of the Japanese ones is taken for any English one.
# This tells no more than a doubt, so it is a remark and no problem.
# Measured on 6,512 messages of two other projects: 74 remarks, most of them needless.
NEGATIONS = re.compile(
    r"\b(?:not|no|never|without|unless|cannot|nobody|nothing|neither|nor)\b|n['’]t\b",
    re.IGNORECASE,
)
NEGATED = re.compile(
    "ない|ません|なく|なけ|なし|なかっ|ず(?:に|、|。)|せず|できず|以外|のみ|限|しか|だけ|まで"
    "|[無不未非否禁避防除外反違異離超欠越]|代わり|失敗|誰も|いえ"
)
# English words that Japanese may say with a negation.
RESTRICTIONS = re.compile(
    r"\b(?:only|except|outside|instead|rather|avoid|prevent|un\w+|in\w+able|im\w+|dis\w+"
    r"|non\w*|fail\w*|lack\w*|ignor\w*|prohibit\w*|refus\w*|too|few|little|less|free"
    r"|empty|otherwise|but|exclud\w*|forbid\w*|limit\w*|until|before|if|other|different"
    r"|optional\w*|every|any|must|need\w*|may|have to|require\w*)\b",
    re.IGNORECASE,
)
# Of NEGATED, the forms that are hardly anything but a negation.
TURNED = re.compile("ない|ません|なかっ|なく")


def polarity(message: Message) -> Iterator[str]:
    """Yield that a Japanese text may say the opposite of its msgid."""
    source, target = message.source.prose, message.target.prose
    if message.language != "ja" or message.msgstr == message.msgid:
        return
    negation = NEGATIONS.search(source)
    if negation and not NEGATED.search(target):
        fault = message.say("“%(word)s” may be lost; compare the two", word=negation[0])
        yield from unexcused(message, negation[0], fault)
    turned = TURNED.search(target)
    if turned and not negation and not RESTRICTIONS.search(source):
        fault = message.say(
            "“%(word)s” may turn it round; compare the two", word=turned[0]
        )
        yield from unexcused(message, turned[0], fault)


REMARKS = (polarity,)
RULES = (figures, brands, addresses, labels, swapped, terms)
