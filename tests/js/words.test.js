"use strict";
require("./load.js");
const assert = require("node:assert/strict");
const { test } = require("node:test");
const { NEW, BOTH, table, batch, labelled, counting, joining } = require("./records.js");

const { storyOf, difference } = StreamStory;
const { clock, minuteSecond, minuteSecondTenth, seconds, say, sayDifference, verdicts } =
  StreamWords;

/** @param {Batch[]} batches */
const told = (...batches) => {
  const story = storyOf([labelled("append", ...batches)], false);
  return say(story, batches.length);
};

test("instants and durations", () => {
  const at = Date.UTC(2026, 2, 2, 12, 4, 5, 260);
  assert.equal(clock(at), "12:04");
  assert.equal(minuteSecond(at), "04:05");
  assert.equal(minuteSecondTenth(at), "04:05,2");
  assert.equal(seconds(1500), "1,5 s");
  assert.equal(seconds(2000), "2 s");
});

test("each step says what came in, what changed and what goes out", () => {
  const story = storyOf([counting("complete", BOTH)], false);
  assert.deepEqual([0, 1, 2, 3].map((step) => say(story, step)), [
    "Antes del primer batch: todavía no ha entrado nada.",
    "Batch 0. No entra nada. El estado no cambia. No sale ninguna fila.",
    "Batch 1. Entra 1 fila. Estado: 3 filas nuevas. Salen 3 filas.",
    "Batch 2. Entra 1 fila. Estado: 2 filas nuevas, primera pasa de 1 a 2. Salen 5 filas.",
  ]);
});

test("many changes are counted, and what is gone is said", () => {
  const states = [
    table([["a", "1"], ["b", "1"], ["c", "1"], ["d", "1"]]),
    table([["a", "2"], ["b", "2"], ["c", "2"]]),
  ];
  const batches = states.map((state, id) => batch(id, ["x", "y"], table([["z", "1"]]), { state }));
  assert.equal(told(...batches),
    "Batch 1. Entran 2 filas. Estado: 3 filas cambian, 1 fila se borra. Sale 1 fila.");
});

test("each of several stores is told by its name", () => {
  const story = storyOf([joining("append")], false);
  assert.deepEqual([1, 2, 3].map((step) => say(story, step)), [
    "Batch 0. Entran 2 filas. Estado (pedidos): 1 fila nueva. Estado (cobros): 1 fila nueva. "
      + "No sale ninguna fila.",
    "Batch 1. Entran 2 filas. Estado (pedidos): 1 fila nueva. Estado (cobros): 1 fila nueva. "
      + "Sale 1 fila.",
    "Batch 2. No entra nada. Estado (pedidos): 2 filas se borran. Estado (cobros): 1 fila se borra. "
      + "No sale ninguna fila.",
  ]);
});

test("the watermark and what it loses", () => {
  const more = { watermark: "2026-03-02T12:16:00.000Z", dropped: 2 };
  assert.equal(told(batch(0, [], table([]), more)),
    "Batch 0. No entra nada. Watermark: 12:16. Llegan tarde y se pierden: 2 filas. "
    + "No sale ninguna fila.");
});

test("what a source leaves for later", () => {
  const said = [13, 1, 0].map((waiting) => told(batch(0, ["x"], table([["x"]]), { waiting })));
  assert.deepEqual(said, ["Quedan 13 filas esperando.", "Queda 1 fila esperando.",
    "No queda nada esperando."].map((words) => `Batch 0. Entra 1 fila. ${words} Sale 1 fila.`));
});

test("several queries are told apart by their labels, instants where they matter", () => {
  const story = storyOf([counting("complete", BOTH), counting("update", NEW)], true);
  assert.equal(say(story, 2), "Batch 2. Empieza en el minuto 00:10 y tarda 1,5 s. "
    + "Entra 1 fila. Filas que salen: 5 con complete, 2 con update.");
});

test("the verdict on a prediction", () => {
  const expected = table([["primera", "2"], ...NEW]);
  const some = difference(expected, [["primera", "1"], ["Enviamos", "1"], ["frase", "1"]]);
  assert.equal(sayDifference(some), "Todavía no: 1 bien, 1 valor distinto, 1 falta, 1 sobra.");
  assert.equal(sayDifference(difference(expected, [])), "Todavía no: 3 faltan.");
  assert.equal(sayDifference(difference(expected, expected.rows)), "Has acertado: 3 bien.");
  assert.equal(sayDifference([]), "Has acertado: no sale ninguna fila.");
});

test("each line of a prediction says what was written and what came", () => {
  const expected = table([["primera", "2"], ["linea", null]]);
  assert.deepEqual(verdicts(difference(expected, [["primera", ""], ["frase", "1"]])), [
    { mark: "wrong", row: ["valor distinto", "primera", "escribiste nada, salió 2"] },
    { mark: "missing", row: ["falta", "linea", "NULL"] },
    { mark: "extra", row: ["sobra", "frase", "1"] },
  ]);
});
