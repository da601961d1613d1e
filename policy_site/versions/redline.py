"""What a careful editor would mark between two wordings of a text, in any language.

Sentences are matched before words, and words are never cut: a Japanese word, a date, a
number, an address and a Latin word are each changed as a whole. Where little is common,
the words are replaced together, because a reader cannot read a text made of shreds.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from functools import cache
from itertools import accumulate, chain, groupby, pairwise
from typing import Any

import budoux

# ("=", both), ("-", old) or ("+", new); joined, without one kind, they are a text.
Op = tuple[str, str]
# A word, and how it looks: what is in bold, or leads elsewhere, is another word.
Token = tuple[str, Hashable]

# -- Words -------------------------------------------------------------------------

# What is changed as a whole though it has punctuation or several scripts in it.
_MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\\.?"
_COUNTED = "日|年|月|か月|ヶ月|カ月|歳|条|項|号|円|名|回|人|件|週間|時間|営業日"
ATOM = re.compile(
    rf"""
    https?://[!-'*-+\--:;=?-Z_a-z~]*[\w/]
    | [A-Za-z0-9_.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+
    | (?:(?:明治|大正|昭和|平成|令和)(?:\d+|元)|\d{{4}})年\d{{1,2}}月(?:\d{{1,2}}日)?
    | \d{{1,2}}月\d{{1,2}}日
    | \b{_MONTH}\ \d{{1,2}},\ \d{{4}}\b
    | \b(?:\d{{1,2}}\ )?{_MONTH}\ \d{{4}}\b
    | \d{{4}}[-/.]\d\d?[-/.]\d\d?(?!\d)
    | \+?\d[\d()]*(?:-[\d()]+)+
    | (?:(?<=[\w,;]\ )|(?<=[(“"]))[A-Z][A-Za-z]*[a-z](?:\ [A-Z][A-Za-z]+)+\b
    | [$€£¥￥]?(?<![A-Za-z])\d+(?:[.,，．]\d+)*[%％]?(?![A-Za-z\d])
    | (?:(?<=第)|(?<![一-鿿〇]))[一二三四五六七八九十百千万億〇]+(?={_COUNTED})
    """,
    re.VERBOSE,
)
JAPANESE = re.compile("[぀-ヿ一-鿿々〆〇]")
# Outside Japanese, a word has its hyphens and apostrophes.
WORD = re.compile(r"[^\W_]+(?:['’\-‐][^\W_]+)*|[^\S\n]+|.", re.DOTALL)
# In Japanese, a compound noun is one term, whatever its scripts are, unless Latin words
# with spaces between them, such as a name, stand there; conjunctions end a term.
_LATIN = "[A-Za-z0-9]+(?:[-&'’.][A-Za-z0-9]+)*"
_NAME = f"(?<=[A-Za-z0-9] ){_LATIN}|{_LATIN}(?= [A-Za-z0-9])"
CONJUNCTION = (
    "および|及び|または|又は|ならびに|並びに|もしくは|若しくは|その他|すなわち|ただし|"
    "但し|か月|につき(?!まし)"
)
CLAUSE = re.compile(
    f"{_NAME}|{CONJUNCTION}|(?:(?!{_NAME}|{CONJUNCTION})(?:{_LATIN}|[^\\W_A-Za-z0-9]|・))+"
    "|[^\\S\\n]+|.",
    re.DOTALL,
)
# A phrase, as BudouX finds them, is a noun with what follows it, or a verb. What
# follows a noun are particles, or forms of する, できる and です. A single kanji
# is more often the beginning of a word: 既に, 関する.
_NOUN = "[一-鿿々〆〇ァ-ヺーA-Za-z0-9]"
_PARTICLES = (
    "(?:を|に|は|が|の|と|で|も|や|へ|から|まで|より|など|なら|か|のみ|だけ|ごと|として|について|"
    "における|において|による|により|によって|に対し|に関する|とともに|といった|という|ため)+"
)
_FORMS = "(?:と?[しすさせ]|とな|でき|いたし|です|でし|であ|でな|な$|なも|なこ|なと).*"
NOUN_PHRASE = re.compile(
    f"(?:([はがをにもとへ])(?={_NOUN}))?(?:"
    f"(.*{_NOUN}{{2}}|.*[A-Za-z0-9])({_PARTICLES}|{_FORMS})|(.*{_NOUN})([をがのもへ]|から|まで))"
)
# Where hiragana alone hold two words: なる|ものと, する|ことが|あります.
FORMAL_NOUN = re.compile(
    "(?<=[うくすつぬむるぐぶたい])(?=(?:こと|もの|とき|ところ|ため)(?:[がはをにもとでの]|$))"
    "|(?<=こと[がはをも])(?=[ぁ-ゖ])"
)


@cache
def _phrases() -> Callable[[str], list[str]]:
    return budoux.load_default_japanese_parser().parse


def _whole_runs(phrases: Iterable[str]) -> Iterable[str]:
    """Yield the phrases; joined where one would end inside a Latin or katakana run."""
    inside = re.compile("[A-Za-z0-9][A-Za-z0-9]|[ァ-ヺー][ァ-ヺー]")
    held = ""
    for phrase in phrases:
        if held and not inside.fullmatch(held[-1] + phrase[0]):
            yield held
            held = ""
        held += phrase
    if held:
        yield held


def _japanese_words(text: str) -> Iterable[str]:
    """Yield the words of Japanese *text*: nouns, what follows them, and verbs."""
    for clause in CLAUSE.findall(text):
        whole = re.fullmatch(CONJUNCTION, clause)
        for phrase in [clause] if whole else _whole_runs(_phrases()(clause)):
            noun = NOUN_PHRASE.fullmatch(phrase)
            for part in filter(None, noun.groups()) if noun else [phrase]:
                yield from FORMAL_NOUN.split(part)


def tokens(text: str) -> list[Token]:
    """Return the words of *text*, in which nothing but the words can change."""
    return [(word, ()) for word in words(text)]


def words(text: str) -> list[str]:
    """Return the words of *text*, the spaces and the punctuation, which join to it."""
    found: list[str] = []
    at = 0
    for start, end in [
        *(atom.span() for atom in ATOM.finditer(text)),
        (len(text),) * 2,
    ]:
        for line in re.findall("[^\n\t]+|[\n\t]", text[at:start]):
            japanese = JAPANESE.search(line)
            found += _japanese_words(line) if japanese else WORD.findall(line)
        found += filter(None, [text[start:end]])
        at = end
    return found


# -- Alignment ---------------------------------------------------------------------


def heaviest_chain(pairs: Iterable[tuple[int, int, float]]) -> list[tuple[int, int]]:
    """Return those of *pairs* (old, new, weight) that keep both orders and weigh most.

    Takes n log n steps: for each place in the new order, the best chain that ends at it
    is kept only while none ends earlier and weighs as much.
    """
    # (place in new, weight, chain): each further on, and heavier, than the one before.
    ends: list[tuple[int, float, tuple | None]] = []
    for old, new, weight in sorted(pairs, key=lambda pair: (pair[0], -pair[1])):
        at = bisect_left(ends, new, key=lambda end: end[0])
        before: tuple[int, float, Any] = ends[at - 1] if at else (-1, 0.0, None)
        total, link = before[1] + weight, (old, new, before[2])
        if at < len(ends) and ends[at][0] == new and ends[at][1] >= total:
            continue
        stop = at
        while stop < len(ends) and ends[stop][1] <= total:
            stop += 1
        ends[at:stop] = [(new, total, link)]
    found = []
    links: Any = ends[-1][2] if ends else None
    while links:
        old, new, links = links
        found.append((old, new))
    return found[::-1]


def common_ends(old: Sequence[Hashable], new: Sequence[Hashable]) -> tuple[int, int]:
    """Return how many items both start with, and how many others both end with."""
    size = min(len(old), len(new))
    head = next((n for n in range(size) if old[n] != new[n]), size)
    size -= head
    return head, next((n for n in range(size) if old[~n] != new[~n]), size)


def align(
    old: Sequence[Hashable],
    new: Sequence[Hashable],
    likeness: Callable[[int, int], float],
) -> list[tuple[int, int]]:
    """Return the pairs of places in *old* and *new* that belong together, in order.

    What is equal at both ends, or equal and the only one of its kind, is paired first;
    *likeness* (1 for what is equal, 0 for strangers) is asked only of what is between.
    """
    head, tail = common_ends(old, new)
    last_old, last_new = len(old) - tail, len(new) - tail
    places_old = _only_ones(old, head, last_old)
    places_new = _only_ones(new, head, last_new)
    fixed = heaviest_chain(
        (place, places_new[item], 1)
        for item, place in places_old.items()
        if item in places_new
    )
    pairs = [(n, n) for n in range(head)]
    for before, after in pairwise([(head - 1, head - 1), *fixed, (last_old, last_new)]):
        rows, columns = range(before[0] + 1, after[0]), range(before[1] + 1, after[1])
        pairs += heaviest_chain(_candidates(old, new, rows, columns, likeness))
        pairs += [after] if after != (last_old, last_new) else []
    return pairs + [(last_old + n, last_new + n) for n in range(tail)]


def _only_ones(items: Sequence[Hashable], start: int, stop: int) -> dict[Hashable, int]:
    """Return the places of the items from *start* to *stop* that are there once."""
    count = Counter(items[start:stop])
    return {items[at]: at for at in range(start, stop) if count[items[at]] == 1}


# Two texts of which less than this part is the same are not wordings of one another.
LIKE = 0.4
# So many pairs are compared between two places that are known to belong together; of
# more, as when every paragraph of a long document changes, those near the diagonal.
MOST_PAIRS = 4000


def _candidates(
    old: Sequence[Hashable],
    new: Sequence[Hashable],
    rows: range,
    columns: range,
    likeness: Callable[[int, int], float],
) -> Iterator[tuple[int, int, float]]:
    """Yield (old, new, likeness) of what may belong together in the given ranges."""
    if not rows or not columns:
        return
    band = max(MOST_PAIRS // len(rows), 2 * abs(len(rows) - len(columns)), 8)
    for row in rows:
        middle = columns.start + (row - rows.start) * len(columns) // len(rows)
        near = range(
            max(columns.start, middle - band), min(columns.stop, middle + band)
        )
        for column in near:
            like = likeness(row, column)
            if old[row] == new[column] or like >= LIKE:
                # A little for each pair: of two chains alike, the longer one wins.
                yield row, column, like + 0.01


def weight(word: str) -> float:
    """Return how much *word* says: spaces and particles little, long words much."""
    if not word.strip():
        return 0.1
    if not re.search(r"\w", word):
        return 0.3
    if re.fullmatch("[ぁ-ゖ]+", word):
        return 0.5 + 0.2 * len(word)
    if re.fullmatch("[a-z]{1,3}", word):
        return 0.5 + 0.1 * len(word)
    return 1 + 0.3 * min(len(word), 20)


def likeness(old: Iterable[Token], new: Iterable[Token]) -> float:
    """Return which part of the words, by weight, two texts have in common: 0 to 1."""
    mine, theirs = Counter(old), Counter(new)
    both = sum(weight(token[0]) * n for token, n in (mine & theirs).items())
    each = sum(weight(token[0]) * n for token, n in chain(mine.items(), theirs.items()))
    return 2 * both / each if each else 1.0


# -- Within a text -----------------------------------------------------------------

OPEN, CLOSE = "（「『(", "）」』)"


def sentences(tokens: Sequence[Token]) -> list[list[Token]]:
    """Return the sentences of a text, each with the space after it, and its lines."""
    found: list[list[Token]] = []
    sentence: list[Token] = []
    depth = 0
    for position, token in enumerate(tokens):
        word = token[0]
        following = tokens[position + 1][0] if position + 1 < len(tokens) else "\n"
        sentence.append(token)
        depth = max(0, depth + (word in OPEN) - (word in CLOSE))
        if word in "\n\t":
            depth = 0
        elif depth or not _ends(word, sentence[-2:-1], following):
            continue
        found.append(sentence)
        sentence = []
    return found + [sentence] if sentence else found


def _ends(word: str, before: Sequence[Token], following: str) -> bool:
    """Return whether *word*, after and before these, ends a sentence.

    A full stop of Latin letters does so only with the space that is after it.
    """
    if following.isspace():
        return False
    if word == " ":
        return bool(before) and before[0][0] in ".;!?"
    return word in "。．！？"


def compare_tokens(old: Sequence[Token], new: Sequence[Token]) -> list[Op]:
    """Return what changed between two texts, as few, readable changes."""
    first, second = sentences(old), sentences(new)
    pairs = align(
        [tuple(sentence) for sentence in first],
        [tuple(sentence) for sentence in second],
        lambda i, j: likeness(first[i], second[j]),
    )
    ops: list[Op] = []
    same = [pair for pair in pairs if first[pair[0]] == second[pair[1]]]
    for before, after in pairwise([(-1, -1), *same, (len(first), len(second))]):
        olds, news = first[before[0] + 1 : after[0]], second[before[1] + 1 : after[1]]
        inside = [
            (i - before[0] - 1, j - before[1] - 1)
            for i, j in pairs
            if before[0] < i < after[0]
        ]
        ops += _best(olds, news, inside)
        if after[0] < len(first):
            ops.append(("=", _text(first[after[0]])))
    return slide(endings(join(ops)))


def _text(tokens: Iterable[Token]) -> str:
    return "".join(token[0] for token in tokens)


def _best(
    olds: list[list[Token]], news: list[list[Token]], pairs: list[tuple[int, int]]
) -> list[Op]:
    """Return the ops of sentences between equal ones: pair by pair, or all at once.

    All at once is better where one sentence became two, or two became one.
    """
    each: list[Op] = []
    for before, after in pairwise([(-1, -1), *pairs, (len(olds), len(news))]):
        gone = list(chain(*olds[before[0] + 1 : after[0]]))
        come = list(chain(*news[before[1] + 1 : after[1]]))
        each += _replace(gone, come)
        if after[0] < len(olds):
            each += _diff(olds[after[0]], news[after[1]])
    if len(olds) == len(news) == len(pairs) or not olds or not news:
        return each
    whole = _diff(list(chain(*olds)), list(chain(*news)))
    return whole if _worth(whole) > _worth(each) + 1 else each


def _worth(ops: Iterable[Op]) -> float:
    """Return what the equal words are worth, less the price of each change."""
    ops = join(ops)
    return _kept(ops) - PRICE * len(list(groupby(ops, key=lambda op: op[0] == "="))) / 2


def _kept(ops: Iterable[Op]) -> float:
    """Return what the equal words are worth."""
    same = [text for kind, text in ops if kind == "="]
    return sum(weight(word) for text in same for word in words(text))


# The cost of each further change, in words: without it, there would be too many.
PRICE = 0.6
# Where less than this part of the words stays, all are replaced.
KEPT = 0.3
# From this product of the two numbers of words, difflib compares them: it is faster
# and coarser.
MOST_CELLS = 400_000


def _diff(old: list[Token], new: list[Token]) -> list[Op]:
    """Return the changes between two sentences that belong together."""
    ops = islands(join(_common(old, new)))
    total = max(sum(weight(token[0]) for token in side) for side in (old, new))
    if _kept(ops) < KEPT * total:
        ops = _replace(old, new)
    return ops


def _common(old: list[Token], new: list[Token]) -> list[Op]:
    """Return the alignment of words that keeps most of their weight in few pieces."""
    head, tail = common_ends(old, new)
    ops = [("=", token[0]) for token in old[:head]]
    a, b = old[head : len(old) - tail], new[head : len(new) - tail]
    ops += _weighted(a, b) if len(a) * len(b) < MOST_CELLS else _coarse(a, b)
    return ops + [("=", token[0]) for token in old[len(old) - tail :]]


def _coarse(a: list[Token], b: list[Token]) -> Iterator[Op]:
    for kind, i, j, k, m in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if kind == "equal":
            yield "=", _text(a[i:j])
        else:
            yield from [("-", _text(a[i:j])), ("+", _text(b[k:m]))]


def _weighted(a: list[Token], b: list[Token]) -> Iterator[Op]:
    """Yield ops of the words *a* and *b*: the longest common subsequence, by weight.

    It is Gotoh's affine gap: to open a change costs, to go on does not.
    https://doi.org/10.1016/0022-2836(82)90398-9
    """
    rows, columns = len(a), len(b)
    # The best from (i, j) on, when what is before is the same, or is changed.
    same = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    changed = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    values = [weight(token[0]) for token in a]
    never = float("-inf")

    def options(i: int, j: int) -> tuple[float, float, float]:
        equal = i < rows and j < columns and a[i] == b[j]
        keep = values[i] + same[i + 1][j + 1] if equal else never
        drop = changed[i + 1][j] if i < rows else never
        add = changed[i][j + 1] if j < columns else never
        return keep, drop, add

    for i in range(rows, -1, -1):
        for j in range(columns, -1, -1):
            if (i, j) != (rows, columns):
                keep, drop, add = options(i, j)
                change = max(drop, add)
                changed[i][j] = max(keep, change)
                same[i][j] = max(keep, change - PRICE)
    i = j = 0
    price = PRICE
    while i < rows or j < columns:
        keep, drop, add = options(i, j)
        if keep >= max(drop, add) - price:
            yield "=", a[i][0]
            i, j, price = i + 1, j + 1, PRICE
        elif drop >= add:
            yield "-", a[i][0]
            i, price = i + 1, 0.0
        else:
            yield "+", b[j][0]
            j, price = j + 1, 0.0


# -- From an alignment to what an editor would mark ---------------------------------


def join(ops: Iterable[Op]) -> list[Op]:
    """Return the ops with what is old before what is new, and none beside its like."""
    found: list[Op] = []
    for same, group in groupby(filter(lambda op: op[1], ops), lambda op: op[0] == "="):
        alike = list(group)
        for kind in "=" if same else "-+":
            text = "".join(text for one, text in alike if one == kind)
            found += [(kind, text)] if text else []
    return found


def islands(ops: list[Op]) -> list[Op]:
    """Give up what is equal between two changes and too little to be read alone."""
    found = True
    while found:
        found = False
        groups = [
            (same, list(group)) for same, group in groupby(ops, lambda op: op[0] == "=")
        ]
        for at in range(1, len(groups) - 1):
            same, [(_, text), *_rest] = groups[at]
            if same and _is_lost(text, groups[at - 1][1], groups[at + 1][1]):
                groups[at] = (False, [("-", text), ("+", text)])
                ops = join(op for _, group in groups for op in group)
                found = True
                break
    return ops


def _is_lost(text: str, before: list[Op], after: list[Op]) -> bool:
    """Return whether *text* is lost between the changes *before* and *after* it."""
    heavy, light = _count(text)
    replaces = [len(ops) == 2 for ops in (before, after)]
    if sum(text.count(sign) for sign in OPEN) != sum(
        text.count(sign) for sign in CLOSE
    ):
        return False
    if any(_is_value(ops) for ops in (before, after)):
        # Beside a number that changed, all that stays is read, but for a space.
        return not text.strip()
    if not any(replaces):
        # Between two insertions, or two removals, what stays is read on.
        return heavy + light == 0 and not text.strip()
    if not all(replaces):
        return heavy == 0 and light <= 1
    if re.match(f"{CONJUNCTION}|、|,? (?:and|or) ", text):
        return False
    # One word stays between two words, but not between two longer stretches.
    long = min(max(sum(_count(t)) for _, t in ops) for ops in (before, after)) > 1
    return light <= 2 if heavy == 0 else heavy == 1 and long and " " in text


def _is_value(ops: list[Op]) -> bool:
    """Return whether one number, date or address takes the place of another."""
    return len(ops) == 2 and all(ATOM.fullmatch(text) for _kind, text in ops)


def _count(text: str) -> tuple[int, int]:
    """Return how many words of *text* say much, and how many little."""
    worth = [weight(word) for word in words(text) if re.search(r"\w", word)]
    heavy = sum(one > 1.5 for one in worth)
    return heavy, len(worth) - heavy


def _replace(old: list[Token], new: list[Token]) -> list[Op]:
    """Return the replacement of one text by another, without what both start with.

    A beginning or an end is common when it is more than one word, or ends as a label.
    """
    head, tail = common_ends(old, new)
    label = _text(old[:head]).rstrip().endswith((":", "："))
    if not label and sum(1 for token in old[:head] if weight(token[0]) > 1.5) < 2:
        head = 0
    end = len(old) - tail
    if not head and sum(1 for token in old[end:] if weight(token[0]) > 1.5) < 2:
        tail = 0
    end = len(old) - tail
    return [
        ("=", _text(old[:head])),
        ("-", _text(old[head:end])),
        ("+", _text(new[head : len(new) - tail])),
        ("=", _text(old[end:])),
    ]


def endings(ops: list[Op]) -> list[Op]:
    """Give the ending of a verb to the change of the words before it.

    Where only the verb changes, as in 利用します to 使用します, its ending stays.
    """
    for at in range(1, len(ops) - 1):
        (kind, text), before = ops[at + 1], ops[max(0, at - 1) : at + 1]
        ending = re.match(f"(?:{_FORMS[:-2]})[ぁ-ゖ]*(?=[。、）]|$)", text)
        replaced = [one for one, _ in before] == ["-", "+"]
        if (
            kind == "="
            and ending
            and replaced
            and all(len(words(t)) > 2 for _, t in before)
        ):
            ops = [
                *ops[: at - 1],
                *((one, words_ + ending[0]) for one, words_ in before),
                ("=", text[ending.end() :]),
                *ops[at + 2 :],
            ]
    return join(ops)


def slide(ops: list[Op]) -> list[Op]:
    """Move an insertion or a removal to where a sentence, a clause or a word starts.

    Where "a, b, c" becomes "a, c", what is gone may be "b, " as well as ", b".
    """
    ops = [("=", ""), *ops, ("=", "")]
    for at, (kind, text) in enumerate(ops):
        if kind == "=" or not ops[at - 1][0] == ops[at + 1][0] == "=":
            continue
        places = _slides(ops[at - 1][1], text, ops[at + 1][1])
        _score, before, text, after = max(places, key=lambda place: place[0])
        ops[at - 1 : at + 2] = [("=", before), (kind, text), ("=", after)]
    return join(ops)


def _slides(
    before: str, text: str, after: str
) -> Iterator[tuple[tuple[int, int], str, str, str]]:
    """Yield (score, before, text, after) for each place to which *text* can slide."""
    start, whole = len(before), before + text + after
    length = len(text)
    ends = {0, *accumulate(map(len, words(whole)))}
    for step in (-1, 1):
        at = start
        while at >= 0 and at + length <= len(whole):
            # Another place says the same only while the text around it stays.
            if whole[:at] + whole[at + length :] != before + after:
                break
            if {at, at + length} <= ends or at == start:
                parts = whole[:at], whole[at : at + length], whole[at + length :]
                yield (_grace(*parts), -abs(at - start)), *parts
            at += step


def _grace(before: str, text: str, after: str) -> int:
    """Return how well *text* stands between what is before and after it."""
    stop = r"[。．.;!?！？][）」』)]*\s*$"
    starts = not before or bool(re.search(stop, before))
    grace = 8 if starts and re.search(stop, text) else 0
    if (re.match("[、,，]", text) and re.match("[、,，.。;）)]|$", after)) or (
        re.search(r"[、,，]\s*$", text)
        and (starts or re.search(r"[、,，]\s*$", before))
    ):
        grace += 4
    elif re.fullmatch(r"\s?[（(].*[）)]", text, re.DOTALL):
        grace += 2
    if re.search(r"\s$", text) and not re.match(r"\s", text):
        grace += 1
    return grace
