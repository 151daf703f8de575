/* The model's operators: what each keeps, writes, drops and forgets in a micro-batch.
 * `late` goes by the watermark of the last batch, `evict` by that of this one. Needs no page. */
"use strict";

/**
 * @typedef {{late: (at: number|null) => boolean, evict: (at: number|null) => boolean}} Marks
 * @typedef {{output: Row[], dropped: number}} Effect
 * @typedef {{
 *   columns: string[],
 *   stateColumns: string[],
 *   state: (() => Row[])|null,
 *   wakes: boolean,
 *   batch: (sides: Reading[][], marks: Marks) => Effect,
 * }} Operator  `wakes`: whether a new watermark alone is a reason for a batch.
 * @typedef {{count: number, sum: number|null}} Total
 * @typedef {{names: Row, end: number|null, total: Total}} Group  `end` is what is late or evicted.
 * @typedef {{key: string|null, start: number, end: number, total: Total}} Session
 * @typedef {Reading & {matched: boolean}} Kept
 * @typedef {{
 *   how?: string, bound?: string|null, watermark?: string|null, watermark2?: string|null,
 * }} Joining
 */

const StreamOperators = (() => {
const { groupedBy, interval, mod, cell, instantCell, spanCell, MILLISECOND } = StreamValues;

/** @param {(string|number|null)[]} values */
const idOf = (values) => JSON.stringify(values);

/** @returns {Total} */
const nothing = () => ({ count: 0, sum: null });

/** Add to a total: sum() is NULL until there is a number.
 * @param {Total} total @param {Total} more */
function add(total, { count, sum }) {
  total.count += count;
  if (sum !== null) total.sum = (total.sum ?? 0) + sum;
}

/** @param {Total} total @returns {Row} */
const totals = ({ count, sum }) => [cell(count), cell(sum)];

/** @param {Total} total @returns {Row} */
const onlyCount = ({ count }) => [cell(count)];

/** @param {Reading} reading @returns {Row} */
const cellsOf = ({ ts, key, val }) => [instantCell(ts), key, cell(val)];

/** Each row by itself. @param {string[]} columns @param {(reading: Reading) => Row[]} rowsOf
 * @returns {Operator} */
function stateless(columns, rowsOf) {
  return {
    columns, stateColumns: columns, state: null, wakes: false,
    batch: ([readings]) => ({ output: readings.flatMap(rowsOf), dropped: 0 }),
  };
}

/** The windows that an instant falls into, as groups: `keyed`, with the reading's key.
 * @param {{size: number, slide: number, offset: number}} measures @param {boolean} keyed */
const windowed = ({ size, slide, offset }, keyed) =>
  /** @param {Reading} reading */
  ({ ts, key }) => {
    if (ts === null) return [];
    const groups = [];
    for (let start = ts - mod(ts - offset, slide); start + size > ts; start -= slide) {
      const span = spanCell({ start, end: start + size });
      groups.push({ names: keyed ? [span, key] : [span], end: start + size });
    }
    return groups;
  };

/** All of a batch's readings, by group. @param {Reading[]} readings
 * @param {(reading: Reading) => {names: Row, end: number|null}[]} groupsOf */
function gathered(readings, groupsOf) {
  /** @type {Map<string, Group>} */
  const groups = new Map();
  for (const reading of readings) {
    for (const { names, end } of groupsOf(reading)) {
      const group = groups.get(idOf(names)) ?? { names, end, total: nothing() };
      groups.set(idOf(names), group);
      add(group.total, { count: 1, sum: reading.val });
    }
  }
  return [...groups];
}

/**
 * groupBy(…): each reading belongs to the groups that `groupsOf` says.
 * @param {string[]} columns @param {string} mode
 * @param {(reading: Reading) => {names: Row, end: number|null}[]} groupsOf
 * @param {(total: Total) => Row} show @returns {Operator}
 */
function grouped(columns, mode, groupsOf, show) {
  /** @type {Map<string, Group>} */
  const kept = new Map();
  /** @param {Iterable<Group>} groups */
  const table = (groups) => [...groups].map(({ names, total }) => [...names, ...show(total)]);
  const state = () => table(kept.values());
  const complete = mode === "complete";
  return {
    columns, stateColumns: columns, state, wakes: !complete,
    batch([readings], { late, evict }) {
      // Spark has one row for each group by now: a late group counts as one, however many came.
      const all = gathered(readings, groupsOf);
      const fresh = complete ? all : all.filter(([, { end }]) => !late(end));
      for (const [id, group] of fresh) {
        add(group.total, kept.get(id)?.total ?? nothing());
        kept.set(id, group);
      }
      const dropped = all.length - fresh.length;
      if (complete) return { output: state(), dropped };
      const gone = [...kept].filter(([, { end }]) => evict(end));
      for (const [id] of gone) kept.delete(id);
      const written = mode === "update" ? fresh : gone;
      return { output: table(written.map(([, group]) => group)), dropped };
    },
  };
}

/** Each key and instant of a batch as a session by itself. @param {Reading[]} readings
 * @param {number} gap */
function beginnings(readings, gap) {
  /** @type {Map<string, Session>} */
  const found = new Map();
  for (const { ts, key, val } of readings) {
    if (ts === null) continue;
    const id = idOf([key, ts]);
    const session = found.get(id) ?? { key, start: ts, end: ts + gap, total: nothing() };
    found.set(id, session);
    add(session.total, { count: 1, sum: val });
  }
  return [...found.values()];
}

/** Sessions of one key, joined where one begins before or just as another ends.
 * @param {Session[]} sessions */
function merged(sessions) {
  /** @type {Session[]} */
  const list = [];
  for (const session of sessions.sort((a, b) => a.start - b.start)) {
    const last = list.at(-1);
    if (last && session.start <= last.end) {
      last.end = Math.max(last.end, session.end);
      add(last.total, session.total);
    } else {
      list.push(session);
    }
  }
  return list;
}

/** groupBy(session_window(…), key). @param {string[]} columns @param {string} mode
 * @param {number} gap @returns {Operator} */
function sessions(columns, mode, gap) {
  /** @type {Session[]} */
  let kept = [];
  /** @param {Session[]} list @returns {Row[]} */
  const table = (list) =>
    list.map((session) => [spanCell(session), session.key, ...totals(session.total)]);
  const complete = mode === "complete";
  return {
    columns, stateColumns: columns, state: () => table(kept), wakes: !complete,
    batch([readings], { late, evict }) {
      const all = beginnings(readings, gap);
      // Each is judged alone: a late one does not enter the session that it would have joined.
      const fresh = all.filter(({ end }) => !late(end));
      const byKey = groupedBy([...kept, ...fresh], ({ key }) => key);
      kept = [...byKey.values()].flatMap(merged);
      const dropped = all.length - fresh.length;
      if (complete) return { output: table(kept), dropped };
      const gone = kept.filter(({ end }) => evict(end));
      kept = kept.filter(({ end }) => !evict(end));
      return { output: table(gone), dropped };
    },
  };
}

/**
 * dropDuplicates(names): `expiry` is the instant after which a row is forgotten; null is never.
 * @param {(keyof Reading)[]} names @param {(reading: Reading) => number|null} expiry
 * @returns {Operator}
 */
function distinct(names, expiry) {
  /** @type {(keyof Reading)[]} */
  const columns = ["ts", "key", "val"];
  /** @type {Map<string, {row: Row, expires: number|null}>} */
  const kept = new Map();
  /** @param {Reading} reading */
  const keyCells = (reading) =>
    cellsOf(reading).filter((_, column) => names.includes(columns[column]));
  return {
    columns, stateColumns: columns.filter((column) => names.includes(column)),
    state: () => [...kept.values()].map(({ row }) => row), wakes: true,
    batch([readings], { late, evict }) {
      const timely = readings.filter(({ ts }) => !late(ts));
      const output = [];
      for (const reading of timely) {
        const id = idOf(names.map((name) => reading[name]));
        if (kept.has(id)) continue;
        kept.set(id, { row: keyCells(reading), expires: expiry(reading) });
        output.push(cellsOf(reading));
      }
      for (const [id, { expires }] of kept) if (evict(expires)) kept.delete(id);
      return { output, dropped: readings.length - timely.length };
    },
  };
}

/** The condition lkey = rkey AND rts BETWEEN lts AND lts + limit. @param {number|null} limit */
const matching = (limit) =>
  /** @param {Reading} left @param {Reading} right */
  (left, right) => left.key !== null && left.key === right.key
    && (limit === null || (left.ts !== null && right.ts !== null
      && right.ts >= left.ts && right.ts <= left.ts + limit));

/**
 * The instant that, once the watermark has passed it, lets a row of each side be forgotten: no row
 * to come of the other side can match it. Null is never.
 * @param {boolean} bounded @param {number} limit
 */
function expiries(bounded, limit) {
  /** @param {number} more @returns {(reading: Reading) => number|null} */
  const after = (more) => ({ ts }) => (bounded && ts !== null ? ts + more : null);
  return [after(limit + MILLISECOND), after(MILLISECOND)];
}

/** left JOIN right ON lkey = rkey AND rts BETWEEN lts AND lts + bound.
 * @param {Joining} joining @returns {Operator} */
function joined({ how, bound, watermark, watermark2 }) {
  const outer = how === "left_outer";
  const limit = bound ? interval(bound) : null;
  const delays = [watermark, watermark2];
  const bounded = delays.every(Boolean) && limit !== null;
  const fits = matching(limit);
  const expiry = expiries(bounded, limit ?? 0);
  /** @type {Kept[][]} */
  const kept = [[], []];
  // SQL's optimizer takes away what can match nothing, unless it must be written anyway.
  /** @param {Reading} reading @param {number} side */
  const stays = ({ ts, key }, side) =>
    (key !== null && (limit === null || ts !== null)) || (outer && side === 0);

  /** The rows of a side meet what the other one has kept, and are kept. @param {Reading[]} readings
   * @param {number} side @param {Row[]} output */
  function come(readings, side, output) {
    for (const reading of readings) {
      const entry = { ...reading, matched: false };
      for (const other of kept[1 - side]) {
        const [left, right] = side === 0 ? [entry, other] : [other, entry];
        if (!fits(left, right)) continue;
        entry.matched = other.matched = true;
        output.push([...cellsOf(left), ...cellsOf(right)]);
      }
      kept[side].push(entry);
    }
  }

  /** Forget what nothing can match; an outer join writes what nothing has matched.
   * @param {Marks["evict"]} evict @param {number} side @param {Row[]} output */
  function leave(evict, side, output) {
    /** @param {Kept} entry */
    const goes = (entry) => evict(expiry[side](entry));
    const alone = outer && side === 0
      ? kept[side].filter((entry) => goes(entry) && !entry.matched) : [];
    kept[side] = kept[side].filter((entry) => !goes(entry));
    output.push(...alone.map((entry) => [...cellsOf(entry), null, null, null]));
  }

  return {
    columns: ["lts", "lkey", "lval", "rts", "rkey", "rval"], stateColumns: ["ts", "key", "val"],
    state: () => kept.flat().map(cellsOf), wakes: bounded,
    batch(sides, { late, evict }) {
      /** @type {Row[]} */
      const output = [];
      let dropped = 0;
      sides.forEach((readings, side) => {
        const can = readings.filter((reading) => stays(reading, side));
        const timely = delays[side] ? can.filter(({ ts }) => !late(ts)) : can;
        dropped += can.length - timely.length;
        come(timely, side, output);
      });
      sides.forEach((_, side) => leave(evict, side, output));
      return { output, dropped };
    },
  };
}

return { stateless, windowed, grouped, sessions, distinct, joined, totals, onlyCount };
})();
