"""Wording: what a sentence says is said in its translation, and nothing else.

Figures and terms have modules of their own; here are names, addresses, the words around
contact values, links, days of work, and whether a sentence or a bound is turned round.
"""

import re
from collections.abc import Iterator

from policy_site.text import contact
from policy_site.translation.addresses import find
from policy_site.translation.figures import AMOUNT, values, with_digits
from policy_site.translation.glossary import squeezed
from policy_site.translation.reading import Message
from policy_site.translation.remarks import Finding, finding

# -- Names ---------------------------------------------------------------------


def brands(message: Message) -> Iterator[Finding]:
    """Yield each brand name of the msgid that the msgstr lacks."""
    for brand in message.brands:
        if brand not in message.source.prose:
            continue
        name = re.compile(rf"(?<![A-Za-z0-9]){re.escape(brand)}(?![A-Za-z0-9])")
        if name.search(message.source.prose) and not name.search(message.target.prose):
            yield from message.excusable(
                "the name %(words)s is missing; write it, spelled like this", brand
            )


def addresses(message: Message) -> Iterator[Finding]:
    """Yield each address and long number that a msgstr has and its msgid has not."""
    # A number ends at the semicolon between what is seen and what is not.
    seen = " ; ".join([message.target.prose, *message.target.hidden])
    if message.target.marks - message.source.marks:
        # A part of an address may be a word in code that the msgid has not.
        seen += " ; " + "".join(message.target.texts)
    # <privacy@example.jp> is a link to mailto:privacy@example.jp.
    known = " ".join([message.msgid, *message.source.hidden])
    for address in dict.fromkeys(find(known, seen, values)):
        yield from message.excusable(
            "%(words)s is not in the msgid; take it out", address
        )


# The words with which a reader expects each value of the contact block: before it, or
# after it in parentheses.
LABELS = {
    key: re.compile(
        rf"(?:{known.label})(?:の場合)?[はへに]?\W{{0,3}}\0|\0\s?[(（](?:{known.label})[)）]",
        re.IGNORECASE,
    )
    for key, known in contact.KEYS.items()
}
VALUE = re.compile(r"\{\{\s*contact\.(\w+)\s*\}\}")


def labels(message: Message) -> Iterator[Finding]:
    """Yield each value of the contact block after the words for another one."""
    for value in VALUE.finditer(message.msgstr):
        before = message.msgstr[max(value.start() - 20, 0) : value.start()]
        after = message.msgstr[value.end() : value.end() + 20]
        for key, label in LABELS.items():
            if key != value[1] and label.search(f"{before}\0{after}"):
                yield finding(
                    "%(words)s stands where %(announced)s is announced",
                    value[0],
                    announced=f"{{{{ contact.{key} }}}}",
                )


def swapped(message: Message) -> Iterator[Finding]:
    """Yield each link whose words are those of another link of the msgid.

    Links are recognized by names, numbers, and terms of the glossary in their words.
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
            whole = re.compile(rf"(?<![a-z0-9]){re.escape(word)}(?![a-z0-9])")
            if word not in own and whole.search(theirs) and not elsewhere:
                yield finding(
                    "the link to %(words)s is no more that of “%(other)s”; move it",
                    address,
                    other=english,
                )


def kept(message: Message, text: str) -> Iterator[tuple[str, str]]:
    """Yield (English, translation) of the names, numbers and terms in *text*."""
    for name in re.findall(r"(?<![\w.-])[a-z]*[A-Z0-9.][\w.-]*", text):
        yield name, name
    for _stem, found, _english, translation in message.terms:
        if term := found.search(text):
            yield term[0], translation


# -- Days of work ---------------------------------------------------------------

# Thirty business days are more than thirty days, and on weekdays is not always. Other
# words may stand for these, in the other language.
BUSINESS_DAY = re.compile(r"\b(?:business|working)[ -]days?\b", re.IGNORECASE)
IN_ENGLISH = re.compile(
    r"\b(?:business|working|closed|holidays?"
    r"|(?:work|week|mon|tues|wednes|thurs|fri|satur|sun)[ -]?(?:days?|ends?))\b",
    re.IGNORECASE,
)
WORKDAY = re.compile("営業日|平日|土日|祝日|土曜|日曜")
IN_JAPANESE = re.compile(f"{WORKDAY.pattern}|[月金]曜|営業|稼働|就業|[業勤執]務|休")


def workdays(message: Message) -> Iterator[Finding]:
    """Yield days of work that only one of the msgid and its Japanese text has."""
    source, target = message.source.prose, message.target.prose
    if not message.is_japanese:
        return
    added = WORKDAY.search(target)
    if added and not IN_ENGLISH.search(source):
        yield from message.excusable(
            "%(words)s is not in the msgid; take it out", added[0]
        )
    lost = BUSINESS_DAY.search(source)
    if lost and not IN_JAPANESE.search(target):
        yield from message.excusable(
            "the period %(words)s is missing; write it", lost[0]
        )


# -- Polarity ------------------------------------------------------------------

# Words that turn the meaning of a sentence round, in English and in Japanese. Each may
# be translated in many ways, so any of the Japanese ones is taken for any English one.
# This tells no more than a doubt, so it is a remark and no problem.
# Measured on 6,512 messages of two other projects: 74 remarks, most of them needless.
NEGATIONS = re.compile(
    r"\b(?:not?(?! (?:more|less|fewer|longer|later) than)|never|without|unless|cannot"
    r"|nobody|nothing|neither|nor)\b|n['’]t\b",
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


def polarity(message: Message) -> Iterator[Finding]:
    """Yield that a Japanese text may say the opposite of its msgid."""
    source, target = message.source.prose, message.target.prose
    if not message.is_japanese:
        return
    negation = NEGATIONS.search(source)
    if negation and not NEGATED.search(target):
        yield from message.excusable(
            "“%(words)s” may be lost; compare the two", negation[0]
        )
    turned = TURNED.search(target)
    if turned and not negation and not RESTRICTIONS.search(source):
        yield from message.excusable(
            "“%(words)s” may turn it round; compare the two", turned[0]
        )


# English words before a figure and after it that say on which side of it is meant, the
# Japanese ones, and those of the other side.
# Measured on 48,052 messages of four other projects: no remark.
BOUNDS = [
    (
        "at least|(?<!no )(?<!not )more than|over|older than|not? (?:less|fewer) than",
        "more|older|over|longer",
        "以上|超",
        "以下|未満|以内",
    ),
    (
        "at most|(?<!no )(?<!not )less than|up to|under|within|younger than"
        "|not? (?:more|longer) than",
        "less|fewer|younger|under",
        "以下|未満|以内",
        "以上|超",
    ),
]


def bounds(message: Message) -> Iterator[Finding]:
    """Yield each bound, such as over 18, that a Japanese text may turn round."""
    if not message.is_japanese or not re.search(r"\d", message.source.prose):
        return
    text = with_digits(message.target.prose, message.language)
    for before, after, right, wrong in BOUNDS:
        found = re.finditer(
            rf"\b(?:{before}) ({AMOUNT})|\b({AMOUNT})(?: \w+)? or (?:{after})\b",
            message.source.prose,
            re.IGNORECASE,
        )
        for match in found:
            figure = (match[1] or match[2]).replace(",", "")
            said = rf"(?<!\d){figure}(?!\d)\D{{,3}}"
            turned = re.search(rf"{said}(?:{wrong})", text)
            if turned and not re.search(rf"{said}(?:{right})", text):
                yield from message.excusable(
                    "“%(words)s” may turn it round; compare the two", match[0]
                )


REMARKS = (polarity, bounds)
RULES = (brands, addresses, labels, swapped, workdays)
