/* Where things stand in a drawing: scales, ticks, and the places of lines and rows. Needs no page. */
"use strict";

/**
 * @typedef {(value: number) => number} Scale
 * @typedef {{at: number, index: number, text: string}} Arrival  Read by the batch `index`.
 * @typedef {{time: number, kind: "onTime"|"late"|"lost"}} Point
 * @typedef {{from: number, to: number, first: number, values: (string|null)[], closed?: number}}
 *   Band  A window of time: since which batch it is kept, what it came to, which one closed it.
 */

const StreamScales = (() => {
const { eventTime, windowsIn, lostOf } = StreamStory;

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

/** The points of each batch.
 * @param {Batch[]} batches @returns {Point[][]} */
function pointsOf(batches) {
  let newest = -Infinity;
  const lost = lostOf(batches);
  return batches.map((batch, index) => {
    const times = batch.input.map(eventTime).filter((time) => !Number.isNaN(time));
    const points = times.map((time) => /** @type {Point} */ ({
      time, kind: lost[index].includes(time) ? "lost" : time < newest ? "late" : "onTime",
    }));
    newest = Math.max(newest, ...times);
    return points;
  });
}

/** What a batch writes of the window that begins `from`, whatever its columns are.
 * @param {Batch} batch @param {number} from */
function written({ output }, from) {
  const clock = new Date(from).toISOString().slice(11, 16);
  const row = output.rows.find(([start]) => /\d\d:\d\d/.exec(start ?? "")?.[0] === clock);
  return row && row[row.length - 1];
}

/** The windows that a query keeps, in the order in which they came. What closes one may have rows
 * of it, too: it is written with them, and is not in the state any more.
 * @param {Batch[]} batches @returns {Band[]} */
function bandsOf(batches) {
  /** @type {Map<number, Band>} */
  const bands = new Map();
  batches.forEach((batch, index) => {
    const kept = windowsIn(batch);
    for (const { from, to, value } of kept) {
      const band = bands.get(from) ?? { from, to, first: index, values: [] };
      band.values[index] = value;
      bands.set(from, band);
    }
    for (const band of bands.values()) {
      if (band.closed !== undefined || kept.some(({ from }) => from === band.from)) continue;
      band.closed = index;
      const last = written(batch, band.from);
      if (last !== undefined) band.values[index] = last;
    }
  });
  return [...bands.values()];
}

return { bandsOf, scale, ticks, intervalOf, arrivalsOf, pile, pointsOf };
})();
