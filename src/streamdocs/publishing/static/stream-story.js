/* What a record tells, step by step: what is new, what has changed, what a reader got right.
 * Needs no page: it runs wherever JavaScript does. */
"use strict";

/**
 * @typedef {(string|null)[]} Row
 * @typedef {{columns: string[], rows: Row[]}} Table
 * @typedef {{text: string, from: string, at: string|null}} Line
 * @typedef {{id: number, start: string, duration: number, input: Line[], inputRows: number,
 *   state: Table|null, watermark: string|null, output: Table, dropped: number,
 *   waiting?: number, stores?: Store[]}} Batch  `stores` in place of `state` where there are several.
 * @typedef {{name: string, keys: number, table: Table}} Store
 *   What one operator keeps, or one side of a join; the first `keys` columns tell its rows apart.
 * @typedef {{name: string, mode: string, trigger: string, runId: string, batches: Batch[]}} Trace
 * @typedef {{label: string, record: Trace}} Labelled
 * @typedef {"new"|"changed"|"right"|"wrong"|"missing"|"extra"} Mark
 * @typedef {{row: Row, mark?: Mark|null, before?: Row, at?: number}} Marked
 *   `at`: which of the rows that a reader wrote it is about.
 * @typedef {Marked & {key: string}} Compared
 * @typedef {{columns: string[], rows: Compared[], gone: Row[]}} MarkedTable
 * @typedef {{name: string, tables: MarkedTable[]}} StoreStory  A state that is alone has no name.
 * @typedef {{records: Labelled[], timed: boolean, frames: (Batch|null)[][], batches: Batch[],
 *   stores: StoreStory[], outputs: MarkedTable[][]}} Story  Index 0 belongs to step 1.
 */

const StreamStory = (() => {

/** A value as it is read. @param {string|null} value */
const shown = (value) => value ?? "NULL";

/** @param {string|null} value */
const isNumber = (value) => value === null || /^-?\d+([.,]\d+)*(E-?\d+)?$/.test(value);

/** @param {Row} row @param {number} width */
const keyOf = (row, width) => JSON.stringify(row.slice(0, width));

/** @param {Row} one @param {Row} other */
const sameRow = (one, other) => one.every((value, column) => shown(value) === shown(other[column]));

/**
 * How many of the first columns tell one row from another; the rest are results.
 * Results are the numbers at the end, unless two rows would then be the same.
 * @param {Table[]} tables
 */
function keyWidth(tables) {
  const columns = tables[0].columns.length;
  /** @param {(rows: Row[]) => boolean} test */
  const every = (test) => tables.every(({ rows }) => test(rows));
  /** @param {Row[]} rows */
  const unique = (rows) => new Set(rows.map((row) => keyOf(row, width))).size === rows.length;
  let width = columns;
  while (width > 0 && every((rows) => rows.every((row) => isNumber(row[width - 1])))) width -= 1;
  if (columns > 1) width = Math.max(width, 1);
  while (width < columns && !every(unique)) width += 1;
  return width;
}

/**
 * The tables with their rows compared with the table before, with all before, or with none.
 * @param {Table[]} tables
 * @param {"none"|"last"|"all"} memory
 * @param {number} [width]  How many of the first columns tell one row from another.
 * @returns {MarkedTable[]}
 */
function marked(tables, memory, width = keyWidth(tables)) {
  /** @type {Map<string, Row>} */
  let seen = new Map();
  return tables.map(({ columns, rows }) => {
    /** @type {Map<string, number>} */
    const times = new Map();
    const compared = rows.map((row) => {
      const own = keyOf(row, width);
      times.set(own, (times.get(own) ?? 0) + 1);
      // A join may keep a row twice: then the second one is another row.
      const key = own + " ".repeat((times.get(own) ?? 0) - 1);
      const before = seen.get(key);
      /** @type {Mark|null} */
      const mark = before ? (sameRow(row, before) ? null : "changed") : "new";
      return { row, key, before, mark };
    });
    const now = new Map(compared.map(({ key, row }) => [key, row]));
    const gone = memory === "last" ? [...seen].filter(([key]) => !now.has(key)) : [];
    if (memory !== "none") seen = memory === "all" ? new Map([...seen, ...now]) : now;
    return { columns, rows: compared, gone: gone.map(([, row]) => row) };
  });
}

/** Rows written for good are all new; those of a result are compared with the result so far.
 * @param {Trace} record */
function outputMemory({ mode, batches }) {
  if (mode === "complete") return "last";
  return mode === "append" || !batches.some(keepsResults) ? "none" : "all";
}

/** Whether what is written comes from a state with results, and not only with rows that wait.
 * @param {Batch} batch */
function keepsResults({ state, stores }) {
  const last = stores?.at(-1);
  return state || (last && last.keys < last.table.columns.length);
}

/** The batches of each step: all of one query, or those with rows of several.
 * @param {Labelled[]} records */
function framesOf(records) {
  const lists = records.map(({ record }) =>
    record.batches.filter(({ inputRows }) => records.length === 1 || inputRows > 0));
  const last = Math.max(...lists.map((list) => list.length));
  return Array.from({ length: last }, (_, step) => lists.map((list) => list[step] ?? null));
}

/** Put an empty table with the same columns where there is none.
 * @param {(Table|null|undefined)[]} tables */
function fillGaps(tables) {
  const columns = tables.find((table) => table)?.columns ?? [];
  return tables.map((table) => table ?? { columns, rows: [] });
}

const WINDOW = /^\{(\S+) (\d\d:\d\d):(\d\d), (\S+) (\d\d:\d\d):(\d\d)\}$/;

/** Windows as people write them, «12:00–12:10»: the day and the seconds only where they differ.
 * @param {(Table|null)[]} tables @returns {(Table|null)[]} */
function withShortWindows(tables) {
  const values = tables.flatMap((table) => (table ? table.rows.flat() : []));
  const found = values.map((value) => WINDOW.exec(value ?? "")).filter((match) => match !== null);
  const oneDay = new Set(found.flatMap(([, day, , , last]) => [day, last])).size < 2;
  const round = found.every(([, , , second, , , last]) => second === "00" && last === "00");
  /** @param {string} day @param {string} minute @param {string} second */
  const instant = (day, minute, second) =>
    `${oneDay ? "" : `${day} `}${minute}${round ? "" : `:${second}`}`;
  /** @param {string|null} value */
  const short = (value) => (value && value.replace(WINDOW, (_, ...[day, from, second, ...rest]) =>
    `${instant(day, from, second)}–${instant(rest[0], rest[1], rest[2])}`));
  return tables.map((table) =>
    table && { columns: table.columns, rows: table.rows.map((row) => row.map(short)) });
}

/** What a query keeps, each store with its table after every batch.
 * @param {Batch[]} batches @returns {StoreStory[]} */
function storesOf(batches) {
  const alone = withShortWindows(batches.map(({ state }) => state));
  if (alone.some((table) => table)) return [{ name: "", tables: marked(fillGaps(alone), "last") }];
  return (batches[0]?.stores ?? []).map(({ name, keys }, index) => {
    const tables = withShortWindows(batches.map(({ stores }) => stores?.[index].table ?? null));
    return { name, tables: marked(fillGaps(tables), "last", keys) };
  });
}

/**
 * @param {Labelled[]} records
 * @param {boolean} timed  Whether the instants of the batches matter.
 * @returns {Story}
 */
function storyOf(records, timed) {
  const frames = framesOf(records);
  const batches = frames.map((frame) => frame.filter((batch) => batch !== null)[0]);
  const stores = records.length === 1 ? storesOf(batches) : [];
  const outputs = records.map(({ record }, index) =>
    marked(fillGaps(withShortWindows(frames.map((frame) => frame[index]?.output ?? null))),
      outputMemory(record)));
  return { records, timed, frames, batches, stores, outputs };
}

/** The first step that shows data. @param {Story} story */
const firstStep = ({ frames }) =>
  frames.findIndex((frame) => frame.some((batch) => batch?.inputRows)) + 1 || 1;

/** The step that says most about a player at rest: the last one that writes something.
 * @param {Story} story */
const restStep = ({ frames }) =>
  frames.findLastIndex((frame) => frame.some((batch) => batch?.output.rows.length)) + 1
    || frames.length;

/** When a batch began, in ms. @param {Batch} batch */
const startOf = (batch) => Date.parse(batch.start);

/** @param {Batch} batch */
const endOf = (batch) => startOf(batch) + batch.duration;

/** The watermark in ms; null before there is one, which Spark reports as the year 1970.
 * @param {Batch} batch */
const watermarkOf = ({ watermark }) => Date.parse(watermark ?? "") || null;

/** The time that a line carries, in ms, or NaN. @param {Line} line */
function eventTime({ text }) {
  const [, day, time] = /(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d)?)/.exec(text) ?? [];
  return Date.parse(`${day}T${time}Z`);
}

/** The windows that a batch leaves in the state, with what each has come to.
 * @param {Batch} batch */
const windowsIn = ({ state }) => (state?.rows ?? []).flatMap((row) => {
  const [, from, to] = /^\{(\S+ \S+), (\S+ \S+)\}$/.exec(row[0] ?? "") ?? [];
  const [start, end] = [from, to].map((text) => Date.parse(`${text?.replace(" ", "T")}Z`));
  return from ? [{ from: start, to: end, value: row[row.length - 1] }] : [];
});

/**
 * The times of the lines of each batch that are lost. Of windows of one length, those whose last
 * window the watermark of the batch before has closed; of all else Spark only says how many, and
 * it is the oldest behind the watermark. Its number is none of lines where it counts windows.
 * @param {Batch[]} batches
 */
function lostOf(batches) {
  const windows = batches.flatMap(windowsIn);
  const lengths = new Set(windows.map(({ from, to }) => to - from));
  const [length] = lengths.size === 1 ? lengths : [0];
  const starts = [...new Set(windows.map(({ from }) => from))].sort((one, other) => one - other);
  const slide = Math.min(length, ...starts.slice(1).map((start, index) => start - starts[index]));
  return batches.map((batch, index) => {
    const times = batch.input.map(eventTime).filter((time) => !Number.isNaN(time));
    if (!batch.dropped) return [];
    if (length) {
      const mark = (index && watermarkOf(batches[index - 1])) || -Infinity;
      return times.filter((time) =>
        starts[0] + Math.floor((time - starts[0]) / slide) * slide + length <= mark);
    }
    const mark = watermarkOf(batch) ?? -Infinity;
    return times.filter((time) => time < mark).sort((a, b) => a - b).slice(0, batch.dropped);
  });
}

/**
 * Compare what a reader wrote with the rows that came, in whatever order.
 * @param {Table} expected
 * @param {Row[]} written
 * @returns {Marked[]}
 */
function difference(expected, written) {
  const width = keyWidth([expected]);
  const left = written.map((row, at) => ({ row, at }));
  /** @param {(row: Row) => boolean} test */
  const take = (test) => {
    const index = left.findIndex(({ row }) => test(row));
    return index < 0 ? undefined : left.splice(index, 1)[0];
  };
  // First the equal ones, lest one of them be taken for a wrong version of another.
  const right = expected.rows.map((row) => take((one) => sameRow(row, one)));
  /** @type {Marked[]} */
  const lines = expected.rows.map((row, index) => {
    const same = right[index];
    if (same) return { row, mark: "right", at: same.at };
    const other = take((one) => keyOf(one, width) === keyOf(row, width));
    return other ? { row, before: other.row, mark: "wrong", at: other.at } : { row, mark: "missing" };
  });
  return [...lines, ...left.map((one) => /** @type {Marked} */ ({ ...one, mark: "extra" }))];
}

return {
  shown, isNumber, keyWidth, keyOf, sameRow, marked, storyOf, firstStep, restStep, startOf, endOf,
  watermarkOf, eventTime, windowsIn, lostOf, difference,
};
})();
