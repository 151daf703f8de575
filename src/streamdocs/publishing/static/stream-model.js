/* A model of Spark's micro-batch engine: what a query does, as the record that the player plays.
 *
 *   StreamModel.recordOf(scenario)   {refused: "CONDITION"}, or a record (see stream-story.js)
 *   StreamModel.refusal(query)       the condition with which Spark refuses it, or null
 *
 * A scenario is a query, how its data comes (`feed`), and the data, as lines of text:
 *
 *   op         "count" (words), "stateless" (val > 2), "keycount" (groupBy key), "window",
 *              "session", "dedup" (dropDuplicates), "dedupWithin" (…WithinWatermark), "join"
 *   mode       "append", "update" or "complete"
 *   watermark  the delay, as "10 seconds"; null or left out: none
 *   window, slide, startTime, keyed     of a window; keyed: by the line's key, too
 *   gap, keyed                          of a session
 *   keys                                of a dedup: some of "ts", "key", "val"
 *   how, bound, watermark2              of a join: "inner" or "left_outer", the longest time from
 *                                       left to right, the watermark of the right
 *   noData     false: no micro-batch without data
 *   feed       "one": each element of `batches` comes when the last one has been worked through;
 *              "files": they all wait, one file each, and availableNow reads one a micro-batch;
 *              "once": they all wait, and one micro-batch reads all;
 *              "clock": `arrivals` [{at, text, from}] come at their ms, `trigger` looks every so
 *              often ("5 seconds") from `begin` on
 *   batches    lists of lines; of a join, pairs of such lists: [left, right]
 *
 * A line is words for "count", else "2024-01-01 10:00:05,key,7". What the model says has been
 * compared with Spark: tests/model. Needs no page. */
"use strict";

/**
 * @typedef {{
 *   op: "count"|"stateless"|"keycount"|"window"|"session"|"dedup"|"dedupWithin"|"join",
 *   mode: string, watermark?: string|null, noData?: boolean,
 *   window?: string, slide?: string, startTime?: string, keyed?: boolean, gap?: string,
 *   keys?: (keyof Reading)[], how?: string, bound?: string|null, watermark2?: string|null,
 * }} Query
 * @typedef {{at: number, text: string, from: string}} Arriving
 * @typedef {Query & {feed: "one"|"files"|"once", batches: string[][]|string[][][]}} Fed
 * @typedef {Query & {feed: "clock", trigger: string, begin: number, arrivals: Arriving[]}} Clocked
 * @typedef {Fed|Clocked} Scenario
 * @typedef {{start: number, sides: Line[][]|null}} Look  What it finds at a ms; null: nothing.
 */

const StreamModel = (() => {
const { groupedBy, interval, wholeMillis, cell, readingOf, wordsOf, MILLISECOND } = StreamValues;
const {
  stateless, windowed, grouped, sessions, distinct, joined, totals, onlyCount,
} = StreamOperators;

// ---------------------------------------------------------------- the query

const MODE = "STREAMING_OUTPUT_MODE.UNSUPPORTED_OPERATION";
const UNNAMED = "_LEGACY_ERROR_TEMP_3102";
const WRONG_MEASURES = "DATATYPE_MISMATCH.PARAMETER_CONSTRAINT_VIOLATION";
// Found only when the first micro-batch is planned: it has no condition of its own.
const GLOBAL_SESSION =
  "Global aggregation with session window in streaming query is not supported";

/** @param {Query} query */
function measuresOf({ window = "", slide = window, startTime = "0 seconds" }) {
  return { size: interval(window), slide: interval(slide), offset: interval(startTime) };
}

/** @param {Query} query */
function wrongMeasures(query) {
  const { size, slide, offset } = measuresOf(query);
  return query.op === "window" && (slide > size || Math.abs(offset) >= slide);
}

/** @param {Query} query */
function wrongMode({ op, mode, watermark }) {
  const aggregates = ["count", "keycount", "window", "session"].includes(op);
  if (mode === "complete") return !aggregates;
  if (mode === "update") return op === "session";
  // Append waits for the watermark to close what is counted, and a word or a key has no time.
  return aggregates && (!watermark || op === "count" || op === "keycount");
}

/** @param {Query} query */
function wrongJoin({ op, how, mode, bound, watermark2 }) {
  return op === "join" && how === "left_outer" && !(mode === "append" && watermark2 && bound);
}

/** The condition with which Spark refuses a query; null: it runs. @param {Query} query */
function refusal(query) {
  const { op, keyed, watermark } = query;
  if (wrongMeasures(query)) return WRONG_MEASURES;
  if (wrongMode(query)) return MODE;
  if (op === "session" && !keyed) return GLOBAL_SESSION;
  if (op === "dedupWithin" && !watermark) return UNNAMED;
  return wrongJoin(query) ? UNNAMED : null;
}

/** @param {Query} query @returns {Operator} */
function operatorOf(query) {
  const { op, mode, keyed = false, keys = [] } = query;
  /** @type {string[]} */
  const key = keyed ? ["key"] : [];
  /** @param {Reading} reading */
  const byKey = (reading) => [{ names: [reading.key], end: null }];
  switch (op) {
    case "count":
      return grouped(["word", "count"], mode, byKey, onlyCount);
    case "stateless":
      return stateless(["key", "val"],
        (reading) => ((reading.val ?? 0) > 2 ? [[reading.key, cell(reading.val)]] : []));
    case "keycount":
      return grouped(["key", "count", "sum"], mode, byKey, totals);
    case "window":
      return grouped(["window", ...key, "count", "sum"], mode,
        windowed(measuresOf(query), keyed), totals);
    case "session":
      return sessions(["session_window", "key", "count", "sum"], mode, interval(query.gap ?? ""));
    case "dedup":
      return distinct(keys, keys.includes("ts") ? ({ ts }) => ts : () => null);
    case "dedupWithin": {
      const delay = interval(query.watermark ?? "");
      return distinct(keys, ({ ts }) => (ts ?? 0) + delay);
    }
    case "join":
      return joined(query);
  }
}

// ---------------------------------------------------------------- the watermark

/** SQL's <=, which is not true of NULL. @param {number} limit @returns {Marks["late"]} */
const upTo = (limit) => (at) => at !== null && at <= limit;

/** @type {Marks} */
const UNMARKED = { late: () => false, evict: () => false };

/** The greatest event time ever seen, less a delay; a NULL counts as 0.
 * @param {number} now @param {Reading[]} readings @param {number} delay */
const advanced = (now, readings, delay) =>
  Math.max(now, ...readings.map(({ ts }) => wholeMillis(ts ?? 0) - delay));

/** What a query's watermarks come to: the slowest one counts, and it never goes back.
 * @param {Query} query */
function watermarkOf({ op, watermark, watermark2 }) {
  const texts = op === "join" ? [watermark, watermark2] : [watermark];
  const delays = texts.map((text) => (text ? interval(text) : null));
  const clocks = delays.map((delay) => (delay === null ? Infinity : 0));
  /** @param {Reading[][]} sides */
  function see(sides) {
    delays.forEach((delay, side) => {
      if (delay !== null) clocks[side] = advanced(clocks[side], sides[side], delay);
    });
    return Math.min(...clocks);
  }
  return { marked: delays.some((delay) => delay !== null), see };
}

// ---------------------------------------------------------------- the engine

/** @param {number} ms */
const iso = (ms) => new Date(ms).toISOString();

/** Runs a query over what it finds at each look. @param {Query} query @param {Look[]} looks */
function run(query, looks) {
  const operator = operatorOf(query);
  const { marked, see } = watermarkOf(query);
  const wakes = query.noData !== false && marked && operator.wakes;
  const parse = query.op === "count" ? wordsOf : (/** @type {string} */ line) => [readingOf(line)];
  const nothing = query.op === "join" ? [[], []] : [[]];
  /** @type {Batch[]} */
  const batches = [];
  let [before, now] = [0, 0]; // the watermark of the last batch, and of the next one
  for (const { start, sides } of looks) {
    if (sides === null && !(wakes && batches.length > 0 && now > before)) continue;
    const input = (sides ?? nothing).flat();
    const readings = (sides ?? nothing).map((lines) => lines.flatMap(({ text }) => parse(text)));
    const marks = marked ? { late: upTo(before), evict: upTo(now) } : UNMARKED;
    const { output, dropped } = operator.batch(readings, marks);
    const state = operator.state && { columns: operator.stateColumns, rows: operator.state() };
    batches.push({
      id: batches.length, start: iso(start), duration: 0, input, inputRows: input.length, state,
      watermark: now > 0 ? iso(now / MILLISECOND) : null,
      output: { columns: operator.columns, rows: output }, dropped,
    });
    before = now;
    if (marked) now = see(readings);
  }
  return batches;
}

// ---------------------------------------------------------------- how the data comes

const PACE = 1000;
const BEGIN = Date.UTC(2024, 0, 1, 12);

/** @param {string[]} lines @param {string} from @returns {Line[]} */
const linesFrom = (lines, from) => lines.map((text) => ({ text, from, at: null }));

/** The sides of a join; one side of anything else.
 * @param {Query} query @param {string[]|string[][]} batch @param {string} [file] */
function sidesOf({ op }, batch, file) {
  const sides = /** @type {string[][]} */ (op === "join" ? batch : [batch]);
  return sides.map((lines, side) => linesFrom(lines, file ?? `Terminal ${side + 1}`));
}

/** @param {Fed} scenario */
function fedLooks(scenario) {
  const { feed } = scenario;
  /** @type {(string[]|string[][])[]} */
  const batches = scenario.batches;
  const each = batches.map((batch, index) =>
    sidesOf(scenario, batch, feed === "files" ? `${index + 1}.txt` : undefined));
  if (feed === "one") return each.flatMap((sides) => [sides, null]);
  if (feed === "files") return [...each, null];
  const sides = scenario.op === "join" ? [0, 1] : [0];
  return [sides.map((side) => each.flatMap((all) => all[side])), null];
}

/** A trigger looks at once, and then at the multiples of its interval.
 * @param {Clocked} scenario @returns {Look[]} */
function clockedLooks({ arrivals, trigger, begin }) {
  const every = interval(trigger) / MILLISECOND;
  const ordered = [...arrivals].sort((a, b) => a.at - b.at);
  const found = groupedBy(ordered,
    ({ at }) => (at <= begin ? begin : Math.ceil(at / every) * every));
  const all = [...found];
  return all.flatMap(([start, lines], index) => {
    const sides = [lines.map(({ text, from, at }) => ({ text, from, at: iso(at) }))];
    const next = Math.floor(start / every + 1) * every;
    // Between two that find something, one look is enough to see that nothing has come.
    const idle = index + 1 === all.length || all[index + 1][0] > next;
    return idle ? [{ start, sides }, { start: next, sides: null }] : [{ start, sides }];
  });
}

/** @param {Scenario} scenario @returns {Look[]} */
function looksOf(scenario) {
  if (scenario.feed === "clock") return clockedLooks(scenario);
  return fedLooks(scenario).map((sides, index) => ({ start: BEGIN + index * PACE, sides }));
}

/** @param {Scenario} scenario */
function triggerOf(scenario) {
  if (scenario.feed === "clock") return scenario.trigger;
  return scenario.feed === "one" ? "" : "availableNow";
}

/**
 * What the query would do, or why it would not start. Of what is not clocked, only the order of the
 * instants means something.
 * @param {Scenario} scenario @param {string} [name] @returns {Trace|{refused: string}}
 */
function recordOf(scenario, name = "modelo") {
  const refused = refusal(scenario);
  if (refused) return { refused };
  const batches = run(scenario, looksOf(scenario));
  return { name, mode: scenario.mode, trigger: triggerOf(scenario), runId: "modelo", batches };
}

return { recordOf, refusal };
})();
