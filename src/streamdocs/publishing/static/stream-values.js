/* The model's values: how Spark reads the text of a line, and how its console shows them.
 * Instants are whole microseconds since 1970, in UTC. Needs no page. */
"use strict";

/**
 * @typedef {{ts: number|null, key: string|null, val: number|null}} Reading  A line, or a word.
 * @typedef {{start: number, end: number}} Span  From an instant to just before another.
 */

const StreamValues = (() => {

const MILLISECOND = 1e3;
const SECOND = 1e6;
/** @type {Record<string, number>} */
const UNITS = {
  microsecond: 1, millisecond: MILLISECOND, second: SECOND, minute: 60 * SECOND,
  hour: 3600 * SECOND, day: 86_400 * SECOND, week: 7 * 86_400 * SECOND,
};

/** "1 minute 30 seconds" in microseconds. @param {string} text */
function interval(text) {
  const parts = [...text.matchAll(/(-?\d+)\s*([a-z]+?)s?(?=\s|$)/gi)];
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * UNITS[unit.toLowerCase()], 0);
}

/** The remainder that is never negative. @param {number} a @param {number} b */
const mod = (a, b) => ((a % b) + b) % b;

/** Cut to a whole number of milliseconds, as watermarks are. @param {number} us */
const wholeMillis = (us) => us - mod(us, MILLISECOND);

/** An instant as the console shows it. @param {number} us */
function shown(us) {
  const fraction = String(mod(us, SECOND)).padStart(6, "0").replace(/0+$/, "");
  const seconds = new Date(Math.floor(us / SECOND) * 1000).toISOString().slice(0, 19);
  return seconds.replace("T", " ") + (fraction && `.${fraction}`);
}

/** A value as a cell of a table. @param {number|null} value */
const cell = (value) => (value === null ? null : String(value));

/** @param {number|null} us */
const instantCell = (us) => (us === null ? null : shown(us));

/** @param {Span} span */
const spanCell = ({ start, end }) => `{${shown(start)}, ${shown(end)}}`;

const TIMESTAMP = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?$/;

/** A timestamp as a reader types it; null for what is none, as try_cast gives.
 * @param {string} text */
function instant(text) {
  const [found, date, time, seconds = "00", fraction = ""] = TIMESTAMP.exec(text.trim()) ?? [];
  if (found === undefined) return null;
  const us = Date.parse(`${date}T${time}:${seconds}Z`) * MILLISECOND;
  // JavaScript takes the 30th of February for the 1st of March.
  if (Number.isNaN(us) || shown(us) !== `${date} ${time}:${seconds}`) return null;
  return us + Number(fraction.padEnd(6, "0"));
}

const LARGEST = 2 ** 31;

/** An int as try_cast reads it. @param {string|undefined} text */
function int(text) {
  const value = /^\s*[+-]?\d+\s*$/.test(text ?? "") ? Number(text) : NaN;
  return value >= -LARGEST && value < LARGEST ? value : null;
}

/** The line of a table: instant, key, whole number. @param {string} line @returns {Reading} */
function readingOf(line) {
  const [ts, key = null, val] = line.split(",");
  return { ts: instant(ts), key, val: int(val) };
}

/** The words of a line, as split() and explode() make them. @param {string} line */
const wordsOf = (line) => line.split(" ").map((word) => ({ ts: null, key: word, val: null }));

/** Lists of what has the same key, in the order in which the keys came.
 * @template T, K @param {T[]} all @param {(one: T) => K} keyOf */
function groupedBy(all, keyOf) {
  /** @type {Map<K, T[]>} */
  const lists = new Map();
  for (const one of all) lists.set(keyOf(one), [...lists.get(keyOf(one)) ?? [], one]);
  return lists;
}

return {
  groupedBy, interval, mod, wholeMillis, cell, instantCell, spanCell, instant, readingOf, wordsOf,
  MILLISECOND,
};
})();
