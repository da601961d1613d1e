/* The search page: policy_site/page/search.py says why.

   `_` and `Documentation` are Sphinx's, from doctools.js; `Stemmer` and `stopwords`,
   which depend on the language, from language_data.js.
   upstream: sphinx/themes/basic/static/doctools.js 6b2524c2723c */
"use strict";

(() => {
  const { ngettext } = Documentation;

  // A list of the sections of each page: { uri, heading, title, text }, of which the
  // heading is as written.
  const pages = JSON.parse(document.getElementById("search-pages").textContent);
  const whole = ({ title, text }) => `${title}\n${text}`;

  /* Letters and digits of one width, as `fold` in policy_site/page/search.py makes them. */
  const fold = (text) =>
    text.replace(/[\p{L}\p{M}\p{N}]+/gu, (run) => run.normalize("NFKC"));

  // -- From a query to patterns ---------------------------------------------------

  /* The words of a query that say something; all of them if none does. */
  const split = (query, separator) => {
    const terms = query.split(separator).filter((term) => term);
    const telling = terms.filter((term) => !stopwords.has(term.toLowerCase()));
    return telling.length ? telling : terms;
  };

  // For Chinese, Sphinx names one that is not there: words then stay as they are.
  const stemmer = window.Stemmer ? new Stemmer() : { stemWord: (word) => word };
  const stem = (word) => stemmer.stemWord(word.toLowerCase());
  const words = new Set(pages.flat().map(whole).join("\n").match(/[\p{L}\p{N}]+/gu));
  const sameStem = (term) => [...words].filter((word) => stem(word) === stem(term));

  // Kana that stand between and after the kanji of a compound, or are left out:
  // 問い合わせ, 問合せ. Particles (の, を, に) are not among them.
  const KANA = "[いえきぎけげしせちてびみめりれわ]";
  const OKURIGANA = `${KANA}{0,2}`;
  const OPTIONAL_KANA = new RegExp(
    `(?<=\\p{Script=Han})${OKURIGANA}(?=\\p{Script=Han})` +
      `|(?<=\\p{Script=Han}.*\\p{Script=Han})${KANA}{1,2}$`,
    "gu",
  );

  /* A term as others spell it: 問い合わせ for お問合せ, サーバ, IoToneJapan. */
  const spellings = (term) => {
    const literal = term.replace(/[\^$\\.*+?()[\]{}|]/g, "\\$&");
    const spaced = literal.replace(/(?<=\w)(?=.)|(?<=.)(?=\w)/gu, " ?");
    return (term.length > 5 ? spaced : literal)
      .replace(/^[おご](?=\p{Script=Han})/u, "")
      .replace(OPTIONAL_KANA, OKURIGANA)
      .replace(/(?<=[ァ-ヺ])ー?(?![ァ-ヺー])/gu, "ー?")
      // 1月 is not in 11月.
      .replace(/^(?=\d)/, "(?<!\\d)")
      .replace(/(?<=\d)$/, "(?!\\d)");
  };

  const pattern = (term) => {
    // US is a word, not the start of "use".
    if (/^[a-z0-9]{1,2}$/i.test(term)) return `\\b${term}\\b`;
    const inflected = sameStem(term).map((word) => `\\b${word}\\b`);
    return [...inflected, spellings(term)].join("|");
  };

  // -- From patterns to sections --------------------------------------------------

  const matches = (text, patterns) =>
    patterns.every((one) => new RegExp(one, "iu").test(text));

  /* The sections that hold all words; the page, if they stand in several of its. */
  const hitsOnPage = (page, patterns) => {
    const hits = page.filter((section) => matches(whole(section), patterns));
    const isSpread = !hits.length && matches(page.map(whole).join("\n"), patterns);
    return isSpread ? [page[0]] : hits;
  };

  /* How much of a title the query is; a page comes before sections as good. */
  const score = ({ uri, title }, patterns) => {
    if (!matches(title, patterns)) return 0;
    const found = title.match(new RegExp(patterns.join("|"), "giu")).join("");
    const share = found.length / title.length;
    return uri.includes("#") ? share : (1 + share) / 2;
  };

  const find = (terms) => {
    const patterns = terms.map(pattern);
    const found = pages.flatMap((page) => hitsOnPage(page, patterns));
    const hits = terms.length ? found : [];
    hits.sort((one, other) => score(other, patterns) - score(one, patterns));
    return { hits, anyTerm: new RegExp(`(${patterns.join("|")})`, "iu") };
  };

  /* As it is typed; if there is no such text, its words without their punctuation. */
  const search = (query) => {
    const result = find(split(query, /\s+/u));
    return result.hits.length ? result : find(split(query, /[^\p{L}\p{M}\p{N}]+/u));
  };

  // -- From sections to the page --------------------------------------------------

  const append = (parent, tag, text, className) => {
    const element = parent.appendChild(document.createElement(tag));
    element.textContent = text;
    element.className = className;
    return element;
  };

  /* What is around the first word that was found, from where a sentence starts, or a clause. */
  const excerpt = (text, anyTerm) => {
    const found = Math.max(0, text.search(anyTerm));
    const startAfter = (mark) =>
      [0, ...[...text.slice(0, found).matchAll(mark)].map((one) => one.index + 1)]
        .find((start) => found - start <= 60);
    const start = startAfter(/。|[.:;](?= )/g) ?? startAfter(/、|,(?= )/g) ?? found;
    const end = start + 200;
    const whole = end < text.length ? /[^。、 ]{0,40}$/ : /$/;
    const cut = text.slice(start, end).replace(whole, "").trim();
    return `${start > 0 ? "…" : ""}${cut}${end < text.length ? "…" : ""}`;
  };

  const appendMarked = (parent, text, anyTerm) => {
    // Split at a group, every second part is what the group matched.
    text.split(anyTerm).forEach((part, number) => {
      if (number % 2) append(parent, "mark", part, "highlighted");
      else parent.append(part);
    });
  };

  /* The address, with the words that Sphinx is to mark on the page it leads to. */
  const withHighlight = (uri, text, anyTerm) => {
    const url = new URL(uri, window.location);
    const found = text.split(anyTerm).filter((part, number) => number % 2);
    url.searchParams.set("highlight", [...new Set(found)].join(" "));
    return url;
  };

  const appendHit = (list, { uri, heading, title, text }, anyTerm) => {
    const item = append(list, "li", "", "");
    const page = pages.flat().find((section) => section.uri === uri.split("#")[0]);
    const link = append(item, "a", "", "");
    link.href = withHighlight(uri, `${title} ${text}`, anyTerm);
    const shown = page.uri === uri ? heading : `${page.heading} › ${heading}`;
    appendMarked(link, shown, anyTerm);
    appendMarked(append(item, "p", "", "context"), excerpt(text, anyTerm), anyTerm);
  };

  const show = (query) => {
    const { hits, anyTerm } = search(fold(query));
    const results = document.getElementById("search-results");
    append(results, "h2", _("Search Results"), "");
    const count = hits.length;
    const found = ngettext("Found in one place.", "Found in ${count} places.", count);
    const nothing = _("Nothing was found. Please check the spelling.");
    const summary = count ? found.replace("${count}", count) : nothing;
    append(results, "p", summary, "search-summary");
    const list = append(results, "ul", "", "search");
    hits.forEach((hit) => appendHit(list, hit, anyTerm));
  };

  const query = new URLSearchParams(window.location.search).get("q") || "";
  document.querySelectorAll("input[name=q]").forEach((input) => (input.value = query));
  if (query.trim()) show(query);
})();
