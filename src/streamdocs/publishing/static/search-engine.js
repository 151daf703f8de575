/* Which sections answer some words, the best first. Needs no page; Sphinx's «Stemmer» is there. */
"use strict";

/**
 * @typedef {[string, string, number]} SearchPage Address, title, weight.
 * @typedef {[number, string, string, string, string, string, string]} SearchSection
 *   Page, anchor, title, prose, code, keywords, errors.
 * @typedef {{ pages: SearchPage[], sections: SearchSection[] }} SearchSite
 * @typedef {{ href: string, title: string, page: string, text: string, score: number }} SearchHit
 * @typedef {{ words: Map<string, number>, length: number }} SearchField
 * @typedef {{ data: SearchSection, fields: SearchField[], names: string[] }} SearchEntry
 */

const StreamSearch = (() => {
/** What a word is worth in each field: title, page's title, prose, code, keywords, errors. */
const WORTH = [6, 2, 1, 0.4, 6, 3];
/** As in BM25: how fast more of the same word adds less, and how much a long text counts less. */
const SATURATION = 1.2;
const LENGTH = 0.6;
/** A word that only begins with what was typed counts less: half of it may be another's. */
const BEGUN = 0.5;
/** What is called as somebody asks is what they mean; what is called so and more, it may be. */
const CALLED = 40;
const CALLED_AND_MORE = 20;
const SHORTEST_BEGUN = 2;
/** Words that say little in a question; where there is no other, they count. */
const FILLERS = new Set(("a al como con cual cuando cuál cómo de del desde donde el en es esta este "
  + "hay la las lo los me mi para pero por porque que qué se si su un una y o the of in to is")
  .split(" "));
/** Ids and numbers: another each time that the same error is pasted; but «4040» is a question. */
const VARIES = /^(?:(?=.*\d)[0-9a-f]{8,}|\d+)$/;
const LONG = 6;
/** How many hits an answer has at most. */
const MOST = 30;

/** @param {string} text */
const folded = (text) => text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "");

/** @type {Map<string, string>} */
const stems = new Map();
/** @type {{ stemWord: (word: string) => string } | undefined} */
let stemmer;

/** @param {string} word */
function stem(word) {
  const known = stems.get(word);
  if (known !== undefined) return known;
  stemmer ??= new Stemmer();
  const made = /^[a-z]+$/.test(word) ? stemmer.stemWord(word) : word;
  stems.set(word, made);
  return made;
}

/** The words of a text, and of those in one piece («awaitTermination», «STREAM_FAILED») its parts.
 * @param {string} text */
function wordsOf(text) {
  return [...text.matchAll(/[\p{L}\p{N}_]+/gu)].flatMap(([piece]) => {
    const parts = piece.split(/_|(?<=[a-z])(?=[A-Z])/).filter(Boolean);
    return parts.length > 1 ? [piece, ...parts] : [piece];
  }).map(folded);
}

/** A text as somebody may type it, to be compared whole. @param {string} text */
const phrase = (text) => [...text.matchAll(/[\p{L}\p{N}_]+/gu)].map(String).map(folded).join(" ");

/** @param {string} text @returns {SearchField} */
function field(text) {
  const words = new Map();
  let length = 0;
  for (const word of wordsOf(text)) {
    words.set(stem(word), (words.get(stem(word)) ?? 0) + 1);
    length += 1;
  }
  return { words, length };
}

/** A search of a site's sections, and of the errors that they are known to explain.
 * @param {SearchSite} data @param {ErrorsKnown} known */
function open({ pages, sections }, known) {
  /** @type {SearchEntry[]} */
  const entries = sections.map((data) => {
    const [page, , title, prose, code, keywords, errors] = data;
    const texts = [title, pages[page][1], prose, code, keywords, errors];
    const names = [title, ...keywords.split(",")].map(phrase);
    return { data, fields: texts.map(field), names };
  });
  const means = WORTH.map((_, index) =>
    entries.reduce((sum, { fields }) => sum + fields[index].length, 0) / entries.length || 1);
  const vocabulary = new Set(entries.flatMap(({ fields }) =>
    fields.flatMap(({ words }) => [...words.keys()])));

  /** The words of the site that a typed word may be, with what each is worth.
   * @param {string} word @param {boolean} begun @returns {[string, number][]} */
  function meant(word, begun) {
    const exact = stem(word);
    if (!begun || word.length < SHORTEST_BEGUN) return [[exact, 1]];
    const longer = [...vocabulary].filter((other) => other !== exact && other.startsWith(word));
    return [[exact, 1], ...longer.map((other) => /** @type {[string, number]} */ ([other, BEGUN]))];
  }

  /** How much a word says of an entry. @param {SearchEntry} entry @param {string} word */
  function weigh({ fields }, word) {
    let total = 0;
    fields.forEach(({ words, length }, index) => {
      const times = words.get(word);
      if (!times) return;
      const long = 1 - LENGTH + LENGTH * (length / means[index]);
      total += WORTH[index] * times * (SATURATION + 1) / (times + SATURATION * long);
    });
    return total;
  }

  /** The sections whose text answers, the best first. @param {string} query @returns {SearchHit[]} */
  function rank(query) {
    const typed = wordsOf(query);
    const all = typed.filter((word) => typed.length <= LONG || !VARIES.test(word));
    const telling = all.filter((word) => !FILLERS.has(word));
    const asked = [...new Set(telling.length ? telling : all)];
    if (!asked.length) return [];
    const begun = /[\p{L}\p{N}_]$/u.test(query) ? all.at(-1) : "";
    const whole = phrase(query);
    /** @type {Map<SearchEntry, number>} */
    const scores = new Map();
    /** @type {Map<SearchEntry, number>} */
    const told = new Map();
    let everything = 0;
    for (const word of asked) {
      /** @type {Map<SearchEntry, number>} */
      const best = new Map();
      for (const [other, worth] of meant(word, word === begun)) {
        for (const entry of entries) {
          const weight = weigh(entry, other) * worth;
          if (weight > (best.get(entry) ?? 0)) best.set(entry, weight);
        }
      }
      const rarity = Math.log(1 + entries.length / (best.size + 0.5));
      everything += rarity;
      for (const [entry, weight] of best) {
        scores.set(entry, (scores.get(entry) ?? 0) + weight * rarity);
        told.set(entry, (told.get(entry) ?? 0) + rarity);
      }
    }
    /** @type {SearchHit[]} */
    const hits = [];
    for (const [entry, score] of scores) {
      const [number, anchor, title, prose] = entry.data;
      const [href, page, weight] = pages[number];
      const share = (told.get(entry) ?? 0) / everything;
      const called = entry.names.includes(whole) ? CALLED
        : entry.names[0].startsWith(`${whole} `) ? CALLED_AND_MORE : 0;
      hits.push({
        href: anchor ? `${href}#${anchor}` : href,
        title,
        page: anchor ? page : "",
        text: prose,
        score: (score * share ** 2 + called) * weight * (anchor ? 1 : 1.3),
      });
    }
    return hits.sort((one, other) => other.score - one.score).slice(0, MOST);
  }

  /** What answers a query, or explains a pasted error, the best first.
   * @param {string} query @returns {SearchHit[]} */
  function search(query) {
    const ranked = rank(query);
    const explained = StreamDiagnose.places(query, known).map(({ href, title, advice }) => {
      const same = ranked.find((hit) => hit.href === href);
      return { href, title, page: same?.page ?? "", text: advice || same?.text || "", score: 0 };
    });
    const already = new Set(explained.map(({ href }) => href));
    return [...explained, ...ranked.filter(({ href }) => !already.has(href))];
  }

  return search;
}

/** The piece of a text around the first of some words, cut into what is one of them and what not.
 * @param {string} text @param {string} query @param {number} room
 * @returns {{ text: string, hit: boolean }[]} */
function excerpt(text, query, room) {
  const wanted = new Set(wordsOf(query).filter((word) => !FILLERS.has(word)).map(stem));
  const pieces = [...text.matchAll(/[\p{L}\p{N}_]+|[^\p{L}\p{N}_]+/gu)].map((match) => ({
    text: match[0], at: match.index, hit: wordsOf(match[0]).some((word) => wanted.has(stem(word))),
  }));
  const first = pieces.find(({ hit }) => hit)?.at ?? 0;
  const from = first > room / 2 ? first - room / 3 : 0;
  const shown = pieces.filter(({ at }) => at >= from && at < from + room);
  const runs = shown.map(({ text: piece, hit }) => ({ text: piece, hit }));
  if (from > 0) runs.unshift({ text: "… ", hit: false });
  if (from + room < text.length) runs.push({ text: " …", hit: false });
  return runs;
}

return { open, excerpt };
})();
