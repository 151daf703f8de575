"use strict";
require("./load.js");
const assert = require("node:assert/strict");
const { test } = require("node:test");
const { table, batch } = require("./records.js");

const { scale, ticks, intervalOf, arrivalsOf, pile, pointsOf } = StreamScales;

const NOTHING = table([]);
/** @param {string} time */
const at = (time) => Date.parse(`2026-03-02T${time}Z`);

test("a scale leads from values to pixels, also where all values are one", () => {
  assert.deepEqual([0, 5, 10].map(scale(0, 10, 100, 200)), [100, 150, 200]);
  assert.deepEqual([0, 10].map(scale(0, 10, 200, 100)), [200, 100]);
  assert.equal(scale(7, 7, 100, 200)(7), 100);
});

test("ticks are round, inside, and far enough apart to be read", () => {
  assert.deepEqual(ticks(1200, 9000, 400, 60), [2000, 4000, 6000, 8000]);
  assert.deepEqual(ticks(0, 300, 400, 60), [0, 100, 200, 300]);
  assert.deepEqual(ticks(at("12:04:00"), at("12:31:00"), 100, 30),
    ["12:10:00", "12:20:00", "12:30:00"].map(at));
});

test("ticks follow the trigger where there is room", () => {
  assert.deepEqual(ticks(0, 20_000, 400, 60, 4000), [0, 4000, 8000, 12_000, 16_000, 20_000]);
  assert.deepEqual(ticks(0, 20_000, 100, 60, 5000), [0, 15_000]);
});

test("the interval of a trigger", () => {
  assert.equal(intervalOf("5 seconds"), 5000);
  assert.equal(intervalOf("2 minutes"), 120_000);
  assert.equal(intervalOf("availableNow"), undefined);
  assert.equal(intervalOf(""), undefined);
});

test("arrivals are those whose instant is known, with the batch that read them", () => {
  const unknown = { text: "c", from: "", at: null };
  const batches = [
    batch(1, ["a"], NOTHING), batch(2, [], NOTHING, { input: [unknown], inputRows: 1 }),
    batch(3, ["b"], NOTHING),
  ];
  assert.deepEqual(arrivalsOf(batches).map(({ index, text }) => [index, text]), [[0, "a"], [2, "b"]]);
});

test("arrivals close together are piled up, three high at most", () => {
  const arrivals = [0, 5, 10, 15, 40].map((ms) => ({ at: ms, index: 0, text: "" }));
  const places = pile(arrivals, (ms) => ms + 100);
  assert.deepEqual(places.map(({ y }) => y), [38, 27, 16, 16, 38]);
  assert.deepEqual(places.map(({ x }) => x), [100, 105, 110, 115, 140]);
});

test("points carry the time of their line; what comes behind a newer one is late", () => {
  const lines = ["2026-03-02 12:04,A,1", "sin hora", "2026-03-02T12:26:30,A,4"];
  const [first, second] = pointsOf([
    batch(0, lines, NOTHING), batch(1, ["2026-03-02 12:21,B,2", "2026-03-02 12:26:30"], NOTHING),
  ]);
  assert.deepEqual(first,
    [{ time: at("12:04:00"), kind: "onTime" }, { time: at("12:26:30"), kind: "onTime" }]);
  assert.deepEqual(second.map(({ kind }) => kind), ["late", "onTime"]);
});

test("Spark says how many are lost: the oldest behind the watermark, and no other", () => {
  const lines = ["2026-03-02 12:14", "2026-03-02 12:05", "2026-03-02 12:21"];
  /** @param {Partial<Batch>} more */
  const kinds = (more) => pointsOf([batch(0, lines, NOTHING, more)])[0].map(({ kind }) => kind);
  const watermark = "2026-03-02T12:16:00.000Z";
  assert.deepEqual(kinds({ watermark, dropped: 1 }), ["onTime", "lost", "onTime"]);
  assert.deepEqual(kinds({ watermark, dropped: 2 }), ["lost", "lost", "onTime"]);
  assert.deepEqual(kinds({ watermark, dropped: 3 }), ["lost", "lost", "onTime"]);
  assert.deepEqual(kinds({ watermark, dropped: 0 }), ["onTime", "onTime", "onTime"]);
  assert.deepEqual(kinds({ dropped: 1 }), ["onTime", "onTime", "onTime"]);
});

const window = (/** @type {string} */ from, /** @type {string} */ to) =>
  `{2026-03-02 ${from}:00, 2026-03-02 ${to}:00}`;
const BOTH = { state: table([[window("12:00", "12:10"), "12"], [window("12:10", "12:20"), "1"]]) };

test("all lines of a closed window are lost, though Spark counts what is left once they are summed", () => {
  const late = ["2026-03-02 12:05,C,60", "2026-03-02 12:06,C,40", "2026-03-02 12:12,C,1"];
  const mark = (/** @type {string} */ time) => ({ watermark: `2026-03-02T${time}:00.000Z` });
  const kinds = (/** @type {Partial<Batch>} */ before, /** @type {Partial<Batch>} */ more) =>
    pointsOf([batch(0, ["2026-03-02 12:26"], NOTHING, { ...BOTH, ...before }),
      batch(1, late, NOTHING, more)])[1].map(({ kind }) => kind);
  assert.deepEqual(kinds(mark("12:16"), { ...mark("12:16"), dropped: 1 }), ["lost", "lost", "late"]);
  assert.deepEqual(kinds(mark("12:20"), { ...mark("12:20"), dropped: 2 }), ["lost", "lost", "lost"]);
  // What is late is told by the watermark of the batch before: this batch's own closes afterwards.
  assert.deepEqual(kinds(mark("12:04"), { ...mark("12:16"), dropped: 0 }), ["late", "late", "late"]);
});

test("a window comes to what is written of it in the batch that closes it", () => {
  for (const start of ["12:00", window("12:00", "12:10")]) {
    const [band, other] = StreamScales.bandsOf([batch(0, [], NOTHING, BOTH),
      batch(1, [], table([[start, "112"]]), { state: table([[window("12:10", "12:20"), "1"]]) })]);
    assert.deepEqual([band.values, band.closed], [["12", "112"], 1]);
    assert.deepEqual([other.values, other.closed], [["1", "1"], undefined]);
  }
});

test("a window is kept from the batch that opens it to the one that closes it", () => {
  const states = [[[window("12:00", "12:10"), "3"]],
    [[window("12:00", "12:10"), "12"], [window("12:10", "12:20"), "1"]],
    [[window("12:10", "12:20"), "1"]]];
  const batches = states.map((rows, id) => batch(id, [], table([]), { state: table(rows) }));
  const [first, second] = StreamScales.bandsOf(batches);
  assert.deepEqual([first.first, first.values], [0, ["3", "12"]]);
  assert.deepEqual([second.first, second.values.slice(1)], [1, ["1", "1"]]);
  assert.deepEqual([first.from, first.to], [Date.UTC(2026, 2, 2, 12), Date.UTC(2026, 2, 2, 12, 10)]);
  assert.deepEqual(StreamScales.bandsOf([batch(0, [], table([]), { state: table([["mar", "1"]]) })]), []);
});
