"use strict";
require("./load.js");
const assert = require("node:assert/strict");
const { test } = require("node:test");

const { recordOf } = StreamModel;

const MOST_MS = 50;

/** A row each second; the seventh of each ten is late. @param {number} count */
const rows = (count) => Array.from({ length: count }, (_, index) => {
  const at = Date.UTC(2024, 0, 1, 10) + (index - (index % 10 === 7 ? 60 : 0)) * 1000;
  return `${new Date(at).toISOString().slice(0, 19)},${"abc"[index % 3]},${index % 6}`;
});

const MANY = rows(200).map((row) => [row]);
/** @type {[string, Scenario][]} */
const HEAVY = [
  ["sliding windows", {
    op: "window", window: "1 minute", slide: "5 seconds", keyed: true, mode: "update",
    watermark: "10 seconds", feed: "one", batches: MANY,
  }],
  ["sessions", {
    op: "session", gap: "5 seconds", keyed: true, mode: "complete", watermark: "10 seconds",
    feed: "one", batches: MANY,
  }],
  ["duplicates", {
    op: "dedup", keys: ["ts", "key"], mode: "append", watermark: "10 seconds", feed: "one",
    batches: MANY,
  }],
  ["a join", {
    op: "join", how: "left_outer", bound: "20 seconds", mode: "append", watermark: "1 minute",
    watermark2: "1 minute", feed: "one", batches: MANY.map((batch) => [batch, batch]),
  }],
];

for (const [name, scenario] of HEAVY) {
  test(`${name} of 200 rows are played in ${MOST_MS} ms`, () => {
    const took = Array.from({ length: 5 }, () => {
      const before = process.cpuUsage(); // a busy machine takes longer by the clock
      const record = recordOf(scenario);
      assert("batches" in record && record.batches.length >= 200);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    });
    // The machine may have had something else to do in the others.
    assert(Math.min(...took) <= MOST_MS, took.join());
  });
}

test("a record tells what was read, from whom, and when where that is known", () => {
  const arrivals = [{ at: Date.UTC(2024, 0, 1, 12), text: "el mar", from: "Terminal 1" }];
  const clocked = recordOf({
    op: "count", mode: "complete", feed: "clock", trigger: "5 seconds", begin: arrivals[0].at,
    arrivals,
  });
  assert("batches" in clocked);
  assert.equal(clocked.trigger, "5 seconds");
  assert.deepEqual(clocked.batches[0].input,
    [{ text: "el mar", from: "Terminal 1", at: "2024-01-01T12:00:00.000Z" }]);
  const files = recordOf({ op: "count", mode: "update", feed: "files", batches: [["a"], ["b"]] });
  assert("batches" in files);
  assert.deepEqual(files.batches.map(({ input }) => input[0].from), ["1.txt", "2.txt"]);
});

test("what Spark refuses has its condition, and no batches", () => {
  assert.deepEqual(recordOf({ op: "count", mode: "append", feed: "one", batches: [] }),
    { refused: "STREAMING_OUTPUT_MODE.UNSUPPORTED_OPERATION" });
});
