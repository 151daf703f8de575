"use strict";
/* Each rule of the model, put wrong on purpose: would what is known of Spark reveal it? */
const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const { test } = require("node:test");
const { PARTS, differences, modelOf, resultsOf } =
  require("../../src/streamdocs/publishing/proof.js");

const FOLDER = path.join(__dirname, "../model");
const RESULTS = fs.readdirSync(FOLDER).filter((name) => name.endsWith(".gz"))
  .flatMap((name) => resultsOf(path.join(FOLDER, name)));

/**
 * @typedef {Record<string, [string, string]>} Mutations
 *   What stands in the source, and what is put in its place.
 */

/** @type {Mutations} */
const RULES = {
  "late and evicted is what is before, not at": ["at <= limit", "at < limit"],
  "NULL is late": ["at !== null && at <= limit", "(at ?? 0) <= limit"],
  "late goes by this batch's watermark": ["late: upTo(before)", "late: upTo(now)"],
  "eviction goes by the last batch's watermark": ["evict: upTo(now)", "evict: upTo(before)"],
  "nothing is late in the first batch":
    ["late: upTo(before)", "late: batches.length ? upTo(before) : () => false"],
  "the watermark keeps its microseconds": ["wholeMillis(ts ?? 0)", "(ts ?? 0)"],
  "the watermark is rounded up": ["wholeMillis(ts ?? 0)", "wholeMillis((ts ?? 0) + 999)"],
  "the watermark goes back":
    ["Math.max(now, ...readings", "Math.max(readings.length ? -Infinity : now, ...readings"],
  "a watermark of its own batch": ["watermark: now > 0", "watermark: see(readings) > 0"],
  "the watermark before there is one is 1970": ["watermark: now > 0 ?", "watermark: true ?"],
  "the fastest side counts":
    ["Math.min(...clocks)", "Math.max(...clocks.filter((clock) => clock < Infinity))"],

  "no batch without data": ["!(wakes && batches.length", "!(false && batches.length"],
  "noDataMicroBatches is ignored": ["query.noData !== false && marked", "marked"],
  "a batch without data only if it writes": ["    batches.push({",
    "    if (!sides && !output.length) { before = now; continue; }\n    batches.push({"],
  "complete wakes for windows":
    ["stateColumns: columns, state, wakes: !complete", "stateColumns: columns, state, wakes: true"],
  "complete wakes for sessions":
    ["state: () => table(kept), wakes: !complete", "state: () => table(kept), wakes: true"],
  "counting by key does not wake": ["stateColumns: columns, state, wakes: !complete",
    'stateColumns: columns, state, wakes: !complete && columns[0] !== "key"'],
  "availableNow ends without an empty batch": ["return [...each, null]", "return each"],

  "complete drops late windows": ["complete ? all : all.filter", "false ? all : all.filter"],
  "complete evicts windows": ["if (complete) return { output: state(), dropped };", ""],
  "complete evicts sessions": ["if (complete) return { output: table(kept), dropped };", ""],
  "late rows of windows are counted one by one": [
    "const dropped = all.length - fresh.length;\n      if (complete) return { output: state()",
    "const dropped = readings.filter((one) => !complete && groupsOf(one).some(({ end }) =>"
      + " late(end))).length;\n      if (complete) return { output: state()"],
  "update writes what is evicted, too":
    ['mode === "update" ? fresh : gone', 'mode === "update" ? [...fresh, ...gone] : gone'],
  "update writes what is evicted, and no more":
    ['mode === "update" ? fresh : gone', "gone"],
  "windows are never forgotten": ["for (const [id] of gone) kept.delete(id);", ""],
  "windows hold their end": ["start + size > ts", "start + size >= ts"],
  "startTime is ignored": ["mod(ts - offset, slide)", "mod(ts, slide)"],
  "windows do not slide": ["start -= slide", "start -= size"],
  "a time that is none falls into 1970":
    ["if (ts === null) return [];", "ts = ts ?? 0;"],
  "a sum of nothing is 0": ["({ count: 0, sum: null })", "({ count: 0, sum: 0 })"],
  "a NULL is not counted": ["add(group.total, { count: 1, sum: reading.val })",
    "add(group.total, { count: reading.key === null ? 0 : 1, sum: reading.val ?? 0 })"],
  "the state is counted before the batch": [
    "const { output, dropped } = operator.batch(readings, marks);\n"
      + "    const state = operator.state && "
      + "{ columns: operator.stateColumns, rows: operator.state() };",
    "const state = operator.state && "
      + "{ columns: operator.stateColumns, rows: operator.state() };\n"
      + "    const { output, dropped } = operator.batch(readings, marks);"],
  "words are rows that were read": ["inputRows: input.length", "inputRows: readings.flat().length"],

  "sessions that only touch stay apart": ["session.start <= last.end", "session.start < last.end"],
  "complete keeps late sessions": ["const fresh = all.filter(({ end }) => !late(end));",
    "const fresh = complete ? all : all.filter(({ end }) => !late(end));"],
  "a late row joins a session that lives": ["const fresh = all.filter(({ end }) => !late(end));",
    "const fresh = all.filter(({ end, start, key }) => !late(end) || kept.some((one) =>"
      + " one.key === key && one.start <= end && start <= one.end));"],
  "late rows of sessions are counted one by one": [
    "const dropped = all.length - fresh.length;\n      if (complete) return { output: table(kept)",
    "const dropped = readings.filter(({ ts }) => ts !== null && late(ts + gap)).length;\n"
      + "      if (complete) return { output: table(kept)"],
  "a session begins in 1970 with a time that is none":
    ["for (const { ts, key, val } of readings) {\n    if (ts === null) continue;",
      "for (const { ts: time, key, val } of readings) {\n    const ts = time ?? 0;"],
  "sessions of all keys are one": ["({ key }) => key);", "() => null);"],

  "what has no time in its key is forgotten":
    ['keys.includes("ts") ? ({ ts }) => ts : () => null', "({ ts }) => ts"],
  "what has its time in its key is never forgotten":
    ['keys.includes("ts") ? ({ ts }) => ts : () => null', "() => null"],
  "late rows are no duplicates":
    ["readings.filter(({ ts }) => !late(ts));\n      const output", "readings;\n      const output"],
  "within the watermark is no longer than the row's time": ["(ts ?? 0) + delay", "(ts ?? 0)"],
  "a row without a time is never forgotten":
    ["(ts ?? 0) + delay", "ts === null ? null : ts + delay"],
  "a duplicate renews what is kept": ["if (kept.has(id)) continue;",
    "if (kept.has(id)) { kept.get(id).expires = expiry(reading); continue; }"],

  "the left of a join goes a ms too early": ["after(limit + MILLISECOND)", "after(limit)"],
  "the right of a join goes a ms too early": ["after(MILLISECOND)", "after(0)"],
  "the left of a join does not wait for the right":
    ["after(limit + MILLISECOND)", "after(MILLISECOND)"],
  "what a join forgets at once meets nothing more": ["come(timely, side, output);",
    "come(timely, side, output);\n        kept[side] = kept[side].filter((entry, index, { length })"
      + " => index < length - timely.length || !evict(expiry[side](entry)));"],
  "the first ms does not match": ["right.ts >= left.ts", "right.ts > left.ts"],
  "the last ms does not match": ["right.ts <= left.ts + limit", "right.ts < left.ts + limit"],
  "the left forgets, though one side has no watermark":
    ["delays.every(Boolean) && limit", "delays.some(Boolean) && limit"],
  "an outer join also writes alone what has matched": [" && !entry.matched", ""],
  "an outer join drops what can match nothing": [" || (outer && side === 0)", ""],
  "a join keeps what can match nothing":
    ["(key !== null && (limit === null || ts !== null)) ||", "true ||"],
  "a side without a watermark has late rows, too":
    ["delays[side] ? can.filter(({ ts }) => !late(ts)) : can", "can.filter(({ ts }) => !late(ts))"],

  "a trigger counts from its start":
    ["Math.ceil(at / every) * every", "begin + Math.ceil((at - begin) / every) * every"],
  "what comes at the very instant of a trigger waits":
    ["Math.ceil(at / every) * every", "Math.floor(at / every) * every + every"],
  "a trigger does not look at once": ["at <= begin ? begin : ", ""],
  "a trigger closes at once": ["Math.floor(start / every + 1) * every", "start"],
};

/** What does not depend on the rows, or only on how one is written. @type {Mutations} */
const WORDS = {
  "a window may slide further than it is long": ["slide > size || ", ""],
  "a window may begin later than it slides": [" || Math.abs(offset) >= slide", ""],
  "the mode is judged before the measures": [
    "if (wrongMeasures(query)) return WRONG_MEASURES;\n  if (wrongMode(query)) return MODE;",
    "if (wrongMode(query)) return MODE;\n  if (wrongMeasures(query)) return WRONG_MEASURES;"],
  "complete takes rows": ['if (mode === "complete") return !aggregates;', ""],
  "update takes sessions": ['return op === "session";', "return false;"],
  "append takes windows without a watermark": ["!watermark || op", "op"],
  "append takes words": ['op === "count" || op === "keycount"', 'op === "keycount"'],
  "append takes keys": [' || op === "keycount")', ")"],
  "sessions need no key": ['op === "session" && !keyed', "false"],
  "within the watermark needs none": ['op === "dedupWithin" && !watermark', "false"],
  "update takes an outer join": ['mode === "append" && watermark2 && bound', "watermark2 && bound"],
  "an outer join needs no watermark": ["&& watermark2 && bound", "&& bound"],
  "an outer join needs no bound": ["&& watermark2 && bound", "&& watermark2"],

  "more than 2 is 2 and more": ["(reading.val ?? 0) > 2", "(reading.val ?? 0) >= 2"],
  "the 30th of February is in March":
    [" || shown(us) !== `${date} ${time}:${seconds}`", ""],
  "an int has no end": ["value >= -LARGEST && value < LARGEST", "!Number.isNaN(value)"],
  "a fraction is of microseconds": ['fraction.padEnd(6, "0")', "fraction"],
};

/** Whether so many scenarios tell: of few, one may be changed one day.
 * @param {string} right @param {string} wrong @param {number} enough */
function verify(right, wrong, enough) {
  const places = PARTS.reduce((sum, { source }) => sum + source.split(right).length - 1, 0);
  assert.equal(places, 1, `in the source: ${right}`);
  const model = modelOf((source) => source.replace(right, () => wrong));
  let caught = 0;
  for (const result of RESULTS) {
    caught += differences(result, model).length > 0 ? 1 : 0;
    if (caught === enough) return;
  }
  assert.fail(`${caught} scenarios tell`);
}

for (const [mutations, enough] of /** @type {[Mutations, number][]} */ ([[RULES, 5], [WORDS, 2]])) {
  for (const [rule, [right, wrong]] of Object.entries(mutations)) {
    test(rule, () => verify(right, wrong, enough));
  }
}
