/* What an error says, and which section explains it. Needs no page. */
"use strict";

/**
 * @typedef {{ kind: "class" | "condition" | "cause", start: number, end: number }} ErrorPart
 * @typedef {{ href: string, title: string, advice: string }} ErrorPlace
 * @typedef {{ claims: string[][], printed: [string, string[][]][] }} ErrorsKnown
 */

const StreamDiagnose = (() => {
const CLASS = /(?:[\w$]+\.)*[A-Z]\w*(?:Error|Exception|Interrupt)\b(?=:|\s*$)/gm;
const CONDITION = /\[([A-Z][A-Z0-9]*(?:[_.][A-Z0-9]+)+)\]/g;
const CAUSE = /(?:Caused by:|terminated with exception:|\b[A-Z]\w*(?:Error|Exception):)\s*/g;
const NO_CAUSE = /\s*(?:SQLSTATE:|\n|$)/;
/** How many places an answer has at most. */
const MOST = 3;

/** Where a flat text says a signature for the last time, and how much of it is literal; the same
 * as «find» of diagnose.py. @param {string} signature @param {string} text */
function find(signature, text) {
  const [first, ...others] = signature.split("…").map((part) => part.trim());
  for (let start = text.lastIndexOf(first); start >= 0;
    start = start > 0 ? text.lastIndexOf(first, start - 1) : -1) {
    let end = start + first.length;
    for (const part of others) {
      const place = end < 0 ? -1 : text.indexOf(part, end);
      end = place < 0 ? -1 : place + part.length;
    }
    if (end >= 0) return { start, length: [first, ...others].join("").length };
  }
  return null;
}

/** @param {string} text */
const flat = (text) => text.split(/\s+/).filter(Boolean).join(" ");

/** The signatures that a text says, the most telling first: of errors that stand in each other,
 * the last is the cause. @template T @param {[string, T][]} signed @param {string} text */
function ranked(signed, text) {
  return signed
    .flatMap(([signature, what]) => {
      const found = find(signature, text);
      return found ? [{ ...found, what }] : [];
    })
    .sort((one, other) => other.start - one.start || other.length - one.length)
    .map(({ what }) => what);
}

/** The sections that explain an error, the likeliest first; where none does, those that print it.
 * @param {string} error @param {ErrorsKnown} known @returns {ErrorPlace[]} */
function places(error, { claims, printed }) {
  const text = flat(error);
  const explained = ranked(claims.map(([signature, href, title, advice]) =>
    [signature, { href, title, advice }]), text);
  const seen = ranked(printed, text).flat()
    .map(([href, title]) => ({ href, title, advice: "" }));
  const found = explained.length ? explained : seen;
  const first = found.filter(({ href }, index) =>
    found.findIndex((other) => other.href === href) === index);
  return first.slice(0, MOST);
}

/** @param {string} text @param {RegExp} pattern */
const last = (text, pattern) => [...text.matchAll(pattern)].at(-1);

/** The parts of an error that are worth reading, in the order in which they stand.
 * @param {string} error @returns {ErrorPart[]} */
function parts(error) {
  /** @type {ErrorPart[]} */
  const found = [];
  // A traceback of Python ends with the class that was raised; «Caused by» lines name others.
  const own = [...error.matchAll(CLASS)]
    .filter(({ index }) => !/Caused by: *$/.test(error.slice(0, index)));
  const raised = own.find(({ index }) => /(?:^|\n)\s*$/.test(error.slice(0, index))) ?? own[0];
  if (raised) found.push({ kind: "class", start: raised.index, end: raised.index + raised[0].length });
  const condition = last(error, CONDITION);
  if (condition) {
    const start = condition.index + 1;
    found.push({ kind: "condition", start, end: start + condition[1].length });
  }
  const lead = last(error, CAUSE);
  if (lead) {
    let start = lead.index + lead[0].length;
    if (condition && condition.index >= start) start = condition.index + condition[0].length + 1;
    const length = error.slice(start).search(NO_CAUSE);
    if (length > 0) found.push({ kind: "cause", start, end: start + length });
  }
  return found.sort((one, other) => one.start - other.start)
    .filter(({ start }, index, all) => index === 0 || start >= all[index - 1].end);
}

return { flat, parts, places };
})();
