"use strict";
require("./load.js");
const assert = require("node:assert/strict");
const { test } = require("node:test");
const { FIRST, NEW, BOTH } = require("./records.js");

const { hint, pasted } = StreamHints;

/** What is asked: the rows of the second sentence in a mode. @param {Partial<Asked>} more
 * @returns {Asked} */
const asked = (more) => ({
  title: "", name: "", mode: "update", columns: ["palabra", "count"], rows: [["primera", "2"], ...NEW],
  shown: FIRST, input: [], earlier: [[], FIRST], state: BOTH, ...more,
});
const COMPLETE = asked({ mode: "complete", rows: BOTH });
const WINDOWS = asked({
  mode: "append", columns: ["desde", "hasta", "n"], rows: [["12:10", "12:20", "3"]], shown: [],
  earlier: [[["12:00", "12:10", "12"]]],
  state: [["{2026-03-02 12:20:00, 2026-03-02 12:30:00}", "4"]],
});

test("what a micro-batch adds is not the total", () => {
  assert.equal(hint(asked({}), [["primera", "1"], ...NEW]),
    "update escribe el total, no lo que suma este batch.");
  assert.match(hint(COMPLETE, [["primera", "1"]]), /^complete escribe el total/);
});

test("what was before is named", () => {
  const more = asked({ rows: [["mar", "5"]], earlier: [[["mar", "3"]]] });
  assert.equal(hint(more, [["mar", "3"]]), "«mar 3» es lo que había antes de este batch.");
});

test("a row that update leaves out is named", () => {
  assert.equal(hint(asked({}), [["primera", "2"], ...NEW, ["es", "1"]]),
    "update solo escribe las filas que cambian, y «es 1» ya estaba así.");
});

test("complete with only what has changed", () => {
  assert.equal(hint(COMPLETE, [["primera", "2"], ...NEW]),
    "complete escribe la tabla entera, también lo que no ha cambiado.");
});

test("append: a window that is open, and one that is written already", () => {
  assert.match(hint(WINDOWS, [["12:20", "12:30", "4"]]), /«12:20 12:30 4».*ventana sigue abierta/);
  assert.match(hint(WINDOWS, [["12:00", "12:10", "12"]]), /«12:00 12:10 12» ya salió antes/);
});

test("upper case for lower case comes first, and does not give the answer", () => {
  const words = hint(asked({}), [["Primera", "2"], ["es", "1"]]);
  assert.equal(words, "Mira las mayúsculas y minúsculas de «Primera 2»: para Spark cuentan.");
});

test("of what is none of these, only the rule of the mode is said", () => {
  assert.equal(hint(asked({}), []), "update escribe las filas que cambian en este batch, con su total.");
  assert.equal(hint(COMPLETE, [...BOTH, ["otra", "1"]]), "complete escribe la tabla entera, cada vez.");
  assert.equal(hint(WINDOWS, []), "append escribe solo filas nuevas, y cada una una vez.");
});

test("no hint holds a row that the reader has not written", () => {
  const tries = [[], [["primera", "1"]], [["es", "1"]], [["Enviamos", "9"]], [["Linea", "1"]]];
  for (const written of tries) {
    const words = hint(asked({}), written);
    const said = words.match(/«[^»]+»/g) ?? [];
    assert.ok(said.every((row) => written.some((one) => row === `«${one.join(" ")}»`)), words);
  }
});

test("a pasted table comes as rows, whatever parts its cells", () => {
  const rows = [["mar", "1"], ["sol", "2"]];
  const console = "-----\nBatch: 1\n".slice(0, 6) + "+---+---+\n|palabra|count|\n+---+\n|mar| 1|\n| sol|2|\n+---+\n";
  for (const text of [console, "mar\t1\nsol\t2\n", "mar, 1\r\nsol,2", "mar 1\n sol 2", "mar;1\nsol;2"]) {
    assert.deepEqual(pasted(text, ["palabra", "count"]), rows, text);
  }
  assert.deepEqual(pasted("mar\t1", ["palabra", "count"]), [["mar", "1"]]);
});

test("a single value is pasted as always, and spaces part nothing in a single column", () => {
  assert.deepEqual(pasted("mar", ["palabra", "count"]), []);
  assert.deepEqual(pasted("el mar", ["value"]), []);
  assert.deepEqual(pasted("el mar\nla sal", ["value"]), [["el mar"], ["la sal"]]);
  assert.deepEqual(pasted("|value|\n|el mar|\n|la sal|", ["value"]), [["el mar"], ["la sal"]]);
});
