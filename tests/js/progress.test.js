"use strict";
require("./load.js");
const assert = require("node:assert/strict");
const { test } = require("node:test");

const { DAYS, empty, dayOf, later, answered, draw, calendar, hard, chapters, read } = QuestionProgress;

const TODAY = "2026-02-27";

/** @param {string} key @param {string} [chapter] */
const ask = (key, chapter = "uno") => ({ key, chapter });

/** @param {Partial<Done>} more @returns {Done} */
const done = (more) => ({ box: 0, due: TODAY, right: 0, wrong: 0, last: "A", ...more });

/** @param {Record<string, Partial<Done>>} its @returns {Progress} */
const progress = (its) => ({
  pages: {}, questions: Object.fromEntries(Object.entries(its).map(([key, more]) => [key, done(more)])),
});

/** @param {{key: string}[]} drawn */
const keys = (drawn) => drawn.map(({ key }) => key).join(" ");

test("a day is that of the reader's clock", () => {
  const time = new Date(2026, 1, 27, 0, 30);
  assert.equal(dayOf(time), TODAY);
  assert.equal(dayOf(new Date(2026, 1, 27, 23, 30)), TODAY);
  assert.equal(later(TODAY, 3), "2026-03-02");
});

test("what is right comes back after 1, 3, 7 and 21 days, and then every 21", () => {
  assert.deepEqual(DAYS, [1, 3, 7, 21]);
  /** @type {Done|undefined} */
  let each;
  let today = TODAY;
  for (const days of [1, 3, 7, 21, 21]) {
    each = answered(each, true, "A", today);
    assert.equal(each.due, later(today, days));
    today = each.due;
  }
  assert.equal(each?.right, 5);
});

test("what is wrong comes back today, and begins anew", () => {
  const wrong = answered(done({ box: 3, due: TODAY, right: 3 }), false, "B", TODAY);
  assert.deepEqual(wrong, { box: 0, due: TODAY, right: 3, wrong: 1, last: "B" });
  assert.equal(answered(wrong, true, "A", TODAY).due, later(TODAY, 1));
});

test("what is right again before its day is not known better", () => {
  const first = answered(undefined, true, "A", TODAY);
  assert.deepEqual(answered(first, true, "A", TODAY), { ...first, right: 2 });
  assert.equal(answered(first, true, "A", later(TODAY, 1)).box, 2);
});

test("wrong ones come first, then new ones, then those whose day it is, and no others", () => {
  const all = ["sabida", "toca", "nueva", "mal"].map((key) => ask(key));
  const its = progress({ mal: { wrong: 1 }, toca: { box: 1, due: TODAY },
    sabida: { box: 1, due: later(TODAY, 1) } });
  assert.equal(keys(draw(all, its, TODAY, 9)), "mal nueva toca");
  assert.equal(keys(draw(all, its, TODAY, 2)), "mal nueva");
  assert.equal(keys(draw(all, its, later(TODAY, 1), 9)), "mal nueva toca sabida");
});

test("each chapter has its turn", () => {
  const all = [ask("a1"), ask("a2"), ask("a3"), ask("b1", "dos"), ask("b2", "dos"), ask("c1", "tres")];
  assert.equal(keys(draw(all, empty(), TODAY, 4)), "a1 b1 c1 a2");
  assert.equal(keys(draw(all, empty(), TODAY, 9)), "a1 b1 c1 a2 b2 a3");
  assert.deepEqual(draw([], empty(), TODAY, 9), []);
});

test("a question that is drawn and answered right is not drawn again that day", () => {
  const all = [ask("a"), ask("b")];
  const its = empty();
  its.questions.a = answered(undefined, true, "A", TODAY);
  assert.equal(keys(draw(all, its, TODAY, 9)), "b");
});

test("the calendar counts what comes back, day by day", () => {
  const its = progress({ a: { due: later(TODAY, 7) }, b: { due: later(TODAY, 1) },
    c: { due: later(TODAY, 7) }, d: { due: TODAY }, gone: { due: later(TODAY, 1) } });
  assert.deepEqual(calendar(["a", "b", "c", "d", "new"].map((key) => ask(key)), its, TODAY),
    [{ day: later(TODAY, 1), count: 1 }, { day: later(TODAY, 7), count: 2 }]);
});

test("what was hard is what was wrong, until it is known for long", () => {
  const its = progress({ a: { wrong: 1 }, b: { wrong: 4, box: 1 }, c: { wrong: 9, box: 3 }, d: {} });
  assert.equal(keys(hard(["a", "b", "c", "d", "new"].map((key) => ask(key)), its, 5)), "b a");
  assert.equal(keys(hard(["a", "b"].map((key) => ask(key)), its, 1)), "b");
});

test("a chapter tells how much of it is tried, and known", () => {
  const its = progress({ a: { box: 2 }, b: {} });
  assert.deepEqual(chapters([ask("a"), ask("b"), ask("c", "dos")], its), [
    { chapter: "uno", all: 2, tried: 2, known: 1 },
    { chapter: "dos", all: 1, tried: 0, known: 0 },
  ]);
});

test("only what was exported is imported", () => {
  const its = { ...progress({ a: { box: 1 } }), pages: { p: 3 } };
  assert.deepEqual(read(JSON.stringify(its)), its);
  for (const text of [null, "", "{}", "7", "null", '{"questions":{"a":{}},"pages":{}}',
    '{"questions":{},"pages":{"p":"3"}}', JSON.stringify(progress({ a: { due: "mañana" } }))]) {
    assert.equal(read(text), null, String(text));
  }
});
