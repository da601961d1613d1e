// The style of the Japanese: each rule with the reason why a legal text needs it.
module.exports = {
  rules: {
    // 敬体 throughout; items of lists may end in a noun.
    "no-mix-dearu-desumasu": {
      preferInHeader: "",
      preferInBody: "ですます",
      preferInList: "",
      // Within a sentence である is the polite style's own: 第三者である個人.
      strict: false,
    },
    // The same particle twice in a clause makes a sentence read twice.
    // を, も and the conjunction または are what enumerations in law consist of.
    "no-doubled-joshi": { min_interval: 1, allow: ["も", "や", "または", "に", "を"] },
    // Latin and Japanese stand together; the browser and TeX add the space.
    "ja-space-between-half-and-full-width": { space: "never" },
    "ja-no-space-between-full-width": true,
    // Characters that search and fonts stumble over.
    "no-hankaku-kana": true,
    "no-nfd": true,
    // Mistakes that a spell checker does not see.
    "ja-no-abusage": true,
    "no-dropping-the-ra": true,
    "ja-no-successive-word": true,
    // What a court would have to resolve.
    "no-double-negative-ja": true,
  },
};
