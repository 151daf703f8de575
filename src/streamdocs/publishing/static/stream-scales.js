/* Where things stand in a drawing: scales, ticks, and the places of lines and rows. Needs no page. */
"use strict";

/**
 * @typedef {(value: number) => number} Scale
 * @typedef {{at: number, index: number, text: string}} Arrival  Read by the batch `index`.
 * @typedef {{time: number, kind: "onTime"|"late"|"lost"}} Point
 * @typedef {{from: number, to: number, first: number, values: (string|null)[]}} Band
 *   A window of time: the batch since which it is kept, and what it came to in each batch.
 */

const StreamScales = (() => {
const { watermarkOf } = StreamStory;

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const TICKS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21600];

/** @param {number} from @param {number} to @param {number} start @param {number} end
 * @returns {Scale} */
const scale = (from, to, start, end) => (value) =>
  start + ((value - from) / (to - from || 1)) * (end - start);

/**
 * The round instants between two, at least `gap` pixels apart; every `wish` ms if that fits.
 * @param {number} from @param {number} to @param {number} pixels @param {number} gap
 * @param {number} [wish]
 */
function ticks(from, to, pixels, gap, wish) {
  /** @param {number} step */
  const fits = (step) => (pixels * step) / (to - from || 1) >= gap;
  const steps = TICKS.map((tick) => tick * SECOND);
  const step = wish && fits(wish) ? wish : steps.find(fits) ?? steps[steps.length - 1];
  const first = Math.ceil(from / step);
  const length = Math.floor(to / step) - first + 1;
  return Array.from({ length }, (_, index) => (first + index) * step);
}

/** The interval of a trigger such as "5 seconds", in ms. @param {string} trigger */
function intervalOf(trigger) {
  const [, n, unit] = /^(\d+) (second|minute)/.exec(trigger) ?? [];
  return n ? Number(n) * (unit === "minute" ? MINUTE : SECOND) : undefined;
}

/** The lines whose arrival is known, with the batch that read them.
 * @param {Batch[]} batches @returns {Arrival[]} */
const arrivalsOf = (batches) => batches.flatMap(({ input }, index) =>
  input.flatMap(({ at, text }) => (at ? [{ at: Date.parse(at), index, text }] : [])));

/** Give each arrival its place: those close together are piled up.
 * @param {Arrival[]} arrivals @param {Scale} x */
function pile(arrivals, x) {
  let level = 0;
  return arrivals.map((one, index) => {
    const close = index > 0 && x(one.at) - x(arrivals[index - 1].at) < 10;
    level = close ? Math.min(level + 1, 2) : 0;
    return { ...one, x: x(one.at), y: 38 - 11 * level };
  });
}

/** The time that a line carries, in ms, or NaN. @param {Line} line */
function eventTime({ text }) {
  const [, day, time] = /(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d)?)/.exec(text) ?? [];
  return Date.parse(`${day}T${time}Z`);
}

/** The points of each batch. Spark says how many were lost: the oldest ones behind the mark.
 * @param {Batch[]} batches @returns {Point[][]} */
function pointsOf(batches) {
  let newest = -Infinity;
  return batches.map((batch) => {
    const times = batch.input.map(eventTime).filter((time) => !Number.isNaN(time));
    const mark = watermarkOf(batch) ?? -Infinity;
    const behind = times.filter((time) => time < mark).sort((a, b) => a - b);
    const lost = behind.slice(0, batch.dropped);
    const points = times.map((time) => /** @type {Point} */ ({
      time, kind: lost.includes(time) ? "lost" : time < newest ? "late" : "onTime",
    }));
    newest = Math.max(newest, ...times);
    return points;
  });
}

/** The windows that a query keeps, in the order in which they came.
 * @param {Batch[]} batches @returns {Band[]} */
function bandsOf(batches) {
  /** @type {Map<string, Band>} */
  const bands = new Map();
  batches.forEach(({ state }, index) => state?.rows.forEach((row) => {
    const [, from, to] = /^\{(\S+ \S+), (\S+ \S+)\}$/.exec(row[0] ?? "") ?? [];
    if (!from) return;
    const [start, end] = [from, to].map((text) => Date.parse(`${text.replace(" ", "T")}Z`));
    const band = bands.get(from) ?? { from: start, to: end, first: index, values: [] };
    band.values[index] = row[row.length - 1];
    bands.set(from, band);
  }));
  return [...bands.values()];
}

return { bandsOf, scale, ticks, intervalOf, arrivalsOf, pile, pointsOf };
})();
