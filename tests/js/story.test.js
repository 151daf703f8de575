"use strict";
require("./load.js");
const assert = require("node:assert/strict");
const { test } = require("node:test");
const { FIRST, NEW, BOTH, table, batch, labelled, counting, joining } = require("./records.js");

const { keyWidth, marked, storyOf, watermarkOf, endOf, difference, firstStep, restStep } = StreamStory;

/** The marks of a table, row by row. @param {MarkedTable} table */
const marks = ({ rows }) => rows.map(({ row, mark }) => [row[0], mark ?? null]);

test("the numbers at the end are results, the rest is the key", () => {
  assert.equal(keyWidth([table([["mar", "1"], ["sol", "2"]])]), 1);
  assert.equal(keyWidth([table([["12:00", "A", "1"]], ["desde", "sala", "n"])]), 2);
  assert.equal(keyWidth([table([["mar", "-1,5"], ["sol", "2.0E-3"]])]), 1);
  assert.equal(keyWidth([table([["mar", null], ["sol", "2"]])]), 1);
});

test("the key is wide enough for every table to tell its rows apart", () => {
  assert.equal(keyWidth([table([["mar", "1"]]), table([["mar", "1"], ["mar", "2"]])]), 2);
  assert.equal(keyWidth([table([["a", "1", "x"]], ["a", "b", "c"])]), 3);
  assert.equal(keyWidth([table([["mar", "una"]])]), 2);
});

test("a table of numbers keeps its first column as key, and a single column none", () => {
  assert.equal(keyWidth([table([["7", "1"], ["8", "1"]])]), 1);
  assert.equal(keyWidth([table([["7"]], ["n"])]), 0);
  assert.equal(keyWidth([table([["7"], ["8"]], ["n"])]), 1);
  assert.equal(keyWidth([table([])]), 1);
});

test("compared with the last table: new, changed, the same and gone", () => {
  const [first, second] = marked([
    table([["a", "1"], ["b", "1"], ["c", "1"]]),
    table([["b", "1"], ["c", "2"], ["d", "1"]]),
  ], "last");
  assert.deepEqual(marks(first), [["a", "new"], ["b", "new"], ["c", "new"]]);
  assert.deepEqual(marks(second), [["b", null], ["c", "changed"], ["d", "new"]]);
  assert.deepEqual(second.rows[1].before, ["c", "1"]);
  assert.deepEqual(second.gone, [["a", "1"]]);
  assert.deepEqual(first.gone, []);
});

test("compared with all before, a row is remembered over a table without it", () => {
  const tables = [table([["a", "1"]]), table([["b", "1"]]), table([["a", "2"], ["b", "1"]])];
  const [, second, third] = marked(tables, "all");
  assert.deepEqual(marks(third), [["a", "changed"], ["b", null]]);
  assert.deepEqual(second.gone, []);
  assert.deepEqual(marks(marked(tables, "last")[2]), [["a", "new"], ["b", null]]);
});

test("compared with none, every row is new", () => {
  const [, second] = marked([table([["a", "1"]]), table([["a", "1"]])], "none");
  assert.deepEqual(marks(second), [["a", "new"]]);
});

test("a value that was NULL has changed", () => {
  const [, second] = marked([table([["a", null], ["b", null]]), table([["a", "1"], ["b", null]])],
    "last");
  assert.deepEqual(marks(second), [["a", "changed"], ["b", null]]);
});

test("complete is compared with the result before", () => {
  const { outputs, stores: [state] } = storyOf([counting("complete", BOTH)], false);
  assert.deepEqual(marks(outputs[0][2]).filter(([, mark]) => mark),
    [["primera", "changed"], ["Enviamos", "new"], ["linea", "new"]]);
  assert.equal(state.name, "");
  assert.deepEqual(marks(state.tables[2]), marks(outputs[0][2]));
});

test("what complete no longer writes is gone, what update does not write is not", () => {
  const batches = [batch(0, ["a"], table([["a", "1"]]), { state: table([["a", "1"]]) }),
    batch(1, ["b"], table([["b", "1"]]), { state: table([["b", "1"]]) })];
  /** @param {string} mode */
  const gone = (mode) => storyOf([labelled(mode, ...batches)], false).outputs[0][1].gone;
  assert.deepEqual(gone("complete"), [["a", "1"]]);
  assert.deepEqual(gone("update"), []);
});

test("update is compared with all that was written, append with nothing", () => {
  const rows = [["primera", "2"], ...NEW];
  const update = storyOf([counting("update", rows)], false).outputs[0][2];
  assert.deepEqual(marks(update), [["primera", "changed"], ["Enviamos", "new"], ["linea", "new"]]);
  assert.deepEqual(update.gone, []);
  const append = storyOf([counting("append", rows)], false).outputs[0][2];
  assert.deepEqual(marks(append), [["primera", "new"], ["Enviamos", "new"], ["linea", "new"]]);
});

test("update without a state writes for good: all new", () => {
  const twice = [batch(0, ["a"], table([["a", "1"]])), batch(1, ["a"], table([["a", "1"]]))];
  assert.deepEqual(marks(storyOf([labelled("update", ...twice)], false).outputs[0][1]),
    [["a", "new"]]);
});

test("one query shows all its batches, several those with rows", () => {
  const [one, other] = [counting("complete", BOTH), counting("update", NEW)];
  assert.deepEqual(storyOf([one], false).batches.map(({ id }) => id), [0, 1, 2]);
  const both = storyOf([one, other], false);
  assert.deepEqual(both.batches.map(({ id }) => id), [1, 2]);
  assert.deepEqual(both.stores, []);
  assert.equal(both.outputs.length, 2);
});

test("a query that is over sooner has empty tables with its columns", () => {
  const short = labelled("append", batch(0, ["a"], table([["a", "1"]])));
  const { frames, outputs } = storyOf([short, counting("update", NEW)], false);
  assert.equal(frames[1][0], null);
  assert.deepEqual(outputs[0][1], { columns: ["palabra", "count"], rows: [], gone: [] });
});

test("there is no watermark in 1970", () => {
  const at = (/** @type {string|null} */ watermark) =>
    watermarkOf(batch(0, [], table([]), { watermark }));
  assert.equal(at(null), null);
  assert.equal(at("1970-01-01T00:00:00.000Z"), null);
  assert.equal(at("2026-03-02T12:16:00.000Z"), Date.UTC(2026, 2, 2, 12, 16));
  assert.equal(endOf(batch(1, [], table([]))), Date.UTC(2026, 10, 24, 5, 0, 6, 500));
});

test("a prediction in another order is right", () => {
  const lines = difference(table(FIRST), [...FIRST].reverse());
  assert.deepEqual(lines.map(({ mark }) => mark), ["right", "right", "right"]);
});

test("a prediction is told row by row what is wrong with it", () => {
  const written = [["primera", "1"], ["Enviamos", "1"], ["frase", "1"]];
  const lines = difference(table([["primera", "2"], ...NEW]), written);
  assert.deepEqual(lines, [
    { row: ["primera", "2"], before: ["primera", "1"], mark: "wrong", at: 0 },
    { row: ["Enviamos", "1"], mark: "right", at: 1 },
    { row: ["linea", "1"], mark: "missing" },
    { row: ["frase", "1"], mark: "extra", at: 2 },
  ]);
});

test("an equal row is not taken for a wrong version of another", () => {
  const expected = table([["a", "1"], ["a", "2"], ["b", "3"]], ["x", "n"]);
  const lines = difference(expected, [["a", "2"], ["b", "4"]]);
  assert.deepEqual(lines.map(({ mark }) => mark), ["missing", "right", "missing", "extra"]);
});

test("what is written twice counts once, and a table may be empty", () => {
  const lines = difference(table([["a", "1"]]), [["a", "1"], ["a", "1"]]);
  assert.deepEqual(lines.map(({ mark }) => mark), ["right", "extra"]);
  assert.deepEqual(difference(table([]), []), []);
  assert.deepEqual(difference(table([["a", null]]), [["a", "NULL"]])[0].mark, "right");
});

test("a player begins with data and rests where something is written", () => {
  const full = counting("complete", BOTH);
  assert.equal(firstStep(storyOf([full], false)), 2);
  assert.equal(restStep(storyOf([full], false)), 3);
  const quiet = labelled("append", batch(0, ["a"], table([["a", "1"]])), batch(1, ["b"], table([])));
  assert.equal(restStep(storyOf([quiet], false)), 1);
  const nothing = labelled("append", batch(0, ["a"], table([])), batch(1, ["b"], table([])));
  assert.equal(restStep(storyOf([nothing], false)), 2);
});

/** The first column of the state after each batch. @param {string[]} windows */
const stateOf = (...windows) => storyOf([labelled("append", ...windows.map((value, id) =>
  batch(id, ["a"], table([]), { state: table([[value, "1"]]) })))], false)
  .stores[0].tables.map(({ rows }) => rows[0].row[0]);

test("windows are written short: the day and the seconds only where they differ", () => {
  const one = "{2026-03-02 12:00:00, 2026-03-02 12:10:00}";
  assert.deepEqual(stateOf(one), ["12:00–12:10"]);
  assert.deepEqual(stateOf(one, "{2026-03-02 23:50:00, 2026-03-03 00:00:00}"),
    ["2026-03-02 12:00–2026-03-02 12:10", "2026-03-02 23:50–2026-03-03 00:00"]);
  assert.deepEqual(stateOf("{2026-03-02 12:00:05, 2026-03-02 12:00:10}"), ["12:00:05–12:00:10"]);
  assert.deepEqual(stateOf("mar"), ["mar"]);
});

test("each store is compared with itself, and by its own key", () => {
  const { stores } = storyOf([joining("append")], false);
  assert.deepEqual(stores.map(({ name }) => name), ["pedidos", "cobros"]);
  const [orders, payments] = stores.map(({ tables }) => tables);
  // The same hour with another ticket is another row of a join, and no change of the first.
  assert.deepEqual(orders[1].rows.map(({ row, mark }) => [...row, mark]),
    [["12:00", "1", null], ["12:00", "2", "new"]]);
  assert.deepEqual(orders[2].gone, [["12:00", "1"], ["12:00", "2"]]);
  assert.deepEqual(marks(payments[1]), [["12:02", null], ["12:20", "new"]]);
  assert.deepEqual(payments[2].gone, [["12:02", "9"]]);
});

test("a row that is kept twice is two rows", () => {
  const [first, second, third] = marked([
    table([["a", "1"]]), table([["a", "1"], ["a", "1"]]), table([["a", "1"]]),
  ], "last", 2);
  assert.deepEqual(marks(first), [["a", "new"]]);
  assert.deepEqual(marks(second), [["a", null], ["a", "new"]]);
  assert.deepEqual(third.gone, [["a", "1"]]);
});

test("what one of several aggregations keeps changes under its key", () => {
  const keeps = (/** @type {string} */ sum) =>
    ({ stores: [{ name: "agregación 1", keys: 1, table: table([["12:00", sum]]) }] });
  const { stores: [{ tables }] } = storyOf([labelled("append",
    batch(0, ["a"], table([]), keeps("x")), batch(1, ["b"], table([]), keeps("y")))], false);
  assert.deepEqual(tables[1].rows.map(({ row, before, mark }) => [row, before, mark]),
    [[["12:00", "y"], ["12:00", "x"], "changed"]]);
});

test("update over a join writes for good, over an aggregation it changes", () => {
  /** @param {number} keys */
  const written = (keys) => {
    const stores = [{ name: "join", keys: 2, table: table([]) }, { name: "x", keys, table: table([]) }];
    const twice = [0, 1].map((id) => batch(id, ["a"], table([["a", "1"]]), { stores }));
    return marks(storyOf([labelled("update", ...twice)], false).outputs[0][1]);
  };
  assert.deepEqual(written(2), [["a", "new"]]);
  assert.deepEqual(written(1), [["a", null]]);
});
