"use strict";
require("./load.js");
const assert = require("node:assert/strict");
const { test } = require("node:test");

const { read, address, fromAddress, problemOf, moved, placed, KINDS, CHOICES } = LabScenario;

/** @type {Named} */
const LAB = {
  title: "Prueba", day: "2026-03-02", names: ["hora", "torno", "viajeros"], sides: ["pedido", "cobro"],
  queries: Object.keys(KINDS),
};
const FILES = [["12:01,A,1", "12:04,B,2"], ["12:14,A,3"], ["12:08,B,9", "12:26,A,4"],
  ["12:05,C,60", "12:06,C,40"], ["12:45,A,5"]];
const START = read(LAB, "tumbling", { watermark: "10 minutes" }, FILES);
const JOIN = read(LAB, "join", {}, [["1,13:00,1,24"], ["2,13:40,1,24"]]);

/** @param {Choice} scenario */
const run = (scenario) => LabRun.run(LAB, scenario);
/** @param {Record<string, string>} settings */
const changed = (settings) => ({ ...START, settings: { ...START.settings, ...settings } });

test("an address tells a scenario, and can be read by a person", () => {
  assert.equal(address(START), "lab=1&query=tumbling&window=10+minutes&keyed=no&watermark=10+minutes"
    + "&mode=append&feed=one&files=12:01,A,1;12:04,B,2/12:14,A,3/12:08,B,9;12:26,A,4/12:05,C,60;"
    + "12:06,C,40/12:45,A,5");
  for (const scenario of [START, JOIN, read(LAB, "words", {}, [["a;b/c &=+ %"], ["ñ «»#"]])]) {
    assert.deepEqual(fromAddress(LAB, address(scenario)), scenario);
  }
});

test("an address that tells none is no error, and a broken one says why", () => {
  assert.equal(fromAddress(LAB, "que-puede-ir-mal"), null);
  const good = address(START);
  for (const [from, to, why] of [
    ["lab=1", "lab=2", /otra versión/], ["tumbling", "sorting", /ninguna consulta/],
    ["mode=append", "mode=uppend", /«mode» no puede ser «uppend»/], ["keyed=", "kleyed=", /no tiene «kleyed»/],
    ["12:01", "12:91", /12:91/], [good.slice(good.indexOf("&files")), "", /Falta «hora»/], ["12:01", "%E0", /URI/],
  ]) {
    const broken = good.replace(/** @type {string} */ (from), /** @type {string} */ (to));
    assert.throws(() => fromAddress(LAB, broken), /** @type {RegExp} */ (why));
  }
  const rows = Array.from({ length: 201 }, () => "12:01,A,1");
  assert.throws(() => read(LAB, "tumbling", {}, [rows]), /entre 1 y 200/);
  assert.throws(() => read(LAB, "toString", {}, FILES), /ninguna consulta/);
});

test("a bad row is told in one sentence about one cell", () => {
  /** @param {string[]} cells */
  const problem = (...cells) => problemOf(LAB, "tumbling", cells);
  assert.equal(problem("12:08", "A", "3"), null);
  assert.equal(problem(" 2024-02-29 23:59:59 ", "torno 1", "-3"), null);
  for (const time of ["25:00", "24:00", "12:60", "9:05", "2026-02-29 12:00", "ayer", "12:08:5"]) {
    assert.equal(problem(time, "A", "3")?.cell, 0, time);
  }
  assert.equal(problem("", "", "")?.text, "Falta «hora»: escríbelo, o quita la fila.");
  assert.equal(problem("12:08", " ", "3")?.cell, 1);
  assert.equal(problem("12:08", "A,B", "3")?.cell, 1);
  for (const value of ["3.5", "tres", "1e3", "9999999999"]) {
    assert.equal(problem("12:08", "A", value)?.cell, 2, value);
  }
  assert.equal(problemOf(LAB, "words", ["  "])?.cell, 0);
});

/** @param {string} text @returns {Sent[]} */
const sent = (text) => text.split("|").map((rows) =>
  ({ side: 0, rows: [...rows].map((row) => [row]) }));
/** @param {Sent[]} files */
const shown = (files) => files.map(({ rows }) => rows.join("")).join("|");

test("a step moves a row past another, out of its file, and into the next one", () => {
  let files = sent("ab|c");
  let place = { file: 0, row: 0 };
  const seen = [1, 1, 1, 1, 1, 1].map(() => {
    ({ files, place } = moved(files, place, 1));
    return shown(files);
  });
  assert.deepEqual(seen, ["ba|c", "b|a|c", "b|ac", "b|ca", "b|c|a", "b|c|a"]);
  const back = [1, 1, 1, 1, 1, 1].map(() => {
    ({ files, place } = moved(files, place, -1));
    return shown(files);
  });
  assert.deepEqual(back, ["b|ca", "b|ac", "b|a|c", "ba|c", "ab|c", "a|b|c"]);
});

test("a dropped row comes before the one that it is dropped on, or into a file of its own", () => {
  const files = sent("ab|c");
  /** @param {Place} from @param {Place} to */
  const drop = (from, to) => shown(placed(files, from, to).files);
  assert.equal(drop({ file: 0, row: 1 }, { file: 0, row: 0 }), "ba|c");
  assert.equal(drop({ file: 0, row: 0 }, { file: 1, row: 0 }), "b|ac");
  assert.equal(drop({ file: 1, row: 0 }, { file: 0, row: 1 }), "acb");
  assert.equal(drop({ file: 0, row: 0 }, { file: 2, row: 0 }), "b|c|a");
  assert.equal(drop({ file: 0, row: 1 }, { file: 0, row: 1 }), "ab|c");
  assert.equal(drop({ file: 0, row: 0 }, { file: 0, row: 2 }), "ba|c");
  assert.equal(shown(files), "ab|c");
});

test("what runs is what the page of the watermark shows: 12, or 112", () => {
  /** @param {Choice} scenario */
  const written = (scenario) => run(scenario).record?.batches.flatMap(({ output }) =>
    output.rows.map((row) => row.at(-1)));
  assert.deepEqual(written(START), ["12", "3", "4"]);
  assert.deepEqual(written(changed({ feed: "files" })), ["112", "3", "4"]);
  assert.deepEqual(LabRun.figures(/** @type {Trace} */ (run(START).record)),
    { batches: 9, empty: 4, written: 3, lost: 1, state: 1 });
  assert.equal(LabRun.tell(run(START)),
    "9 micro-batches, 4 vacíos. Salen 3 filas. Descarta 1. En el estado queda 1.");
});

test("rows keep the name of their file, and columns those of the laboratory", () => {
  const { record } = run(JOIN);
  assert.deepEqual(record?.batches[0].input, [{ text: "2026-03-02 13:00,1,24", from: "pedido/1.csv", at: null }]);
  assert.deepEqual(record?.batches[0].output.columns, ["hora_pedido", "torno_pedido",
    "viajeros_pedido", "hora_cobro", "torno_cobro", "viajeros_cobro"]);
  assert.deepEqual(record?.batches[1].output.rows,
    [["2026-03-02 13:00:00", "1", "24", "2026-03-02 13:40:00", "1", "24"]]);
  const together = { ...JOIN, files: [JOIN.files[1], JOIN.files[0]], settings: { ...JOIN.settings, feed: "once" } };
  assert.deepEqual(run(together).record?.batches[0].input.map(({ from }) => from),
    ["pedido/2.csv", "cobro/1.csv"]);
});

test("Spark's condition where it refuses", () => {
  const refused = run(changed({ watermark: "none" }));
  assert.equal(refused.refused, "STREAMING_OUTPUT_MODE.UNSUPPORTED_OPERATION");
  assert.equal(LabRun.tell(refused),
    "Spark se niega a arrancar: esta consulta no puede escribir en ese modo.");
});

test("every query that can be chosen runs or is refused, in words, and has a program", () => {
  for (const kind of Object.keys(KINDS)) {
    const files = { words: [["a b"]], rows: FILES, sides: [["1,13:00,1,24"]] }[KINDS[kind].shape] ?? [];
    for (const name of KINDS[kind].asks) {
      for (const [value] of LabScenario.valuesOf(kind, name)) {
        const scenario = read(LAB, kind, { [name]: value }, files);
        const ran = run(scenario);
        assert.ok(ran.refused || ran.record?.batches.length, `${kind} ${name} ${value}`);
        assert.doesNotMatch(LabRun.tell(ran) + LabProgram.program(LAB, scenario), /undefined|NaN/);
      }
    }
  }
  assert.equal(Object.keys(CHOICES).length, 11);
});

test("conditions are a closed vocabulary", () => {
  /** @param {string} text @param {Choice} [scenario] */
  const holds = (text, scenario = START) =>
    LabTasks.conditions(text)({ scenario, ran: run(scenario) }, START);
  for (const text of ["lost >= 1", "lost = 1", "batches = 9", "empty <= 4", "written = 3", "state = 1",
    "writes 12:00 12", "writes 12:00-12:10 12",
    "writes 3", "with watermark 10 minutes; with query tumbling", "same rows; same mode", "lost >= 1; writes 12"]) {
    assert.ok(holds(text), text);
  }
  for (const text of ["lost >= 2", "lost <= 0", "written = 4", "writes 12:00 112", "writes 12:00 9",
    "writes 12:00-12:20", "with watermark 5 minutes", "with query sliding",
    "refused STREAMING_OUTPUT_MODE.UNSUPPORTED_OPERATION", "lost >= 1; writes 112"]) {
    assert.ok(!holds(text), text);
  }
  assert.ok(!holds("same feed", changed({ feed: "files" })));
  assert.ok(!holds("same rows", { ...START, files: START.files.slice(1) }));
  assert.ok(holds("refused STREAMING_OUTPUT_MODE.UNSUPPORTED_OPERATION", changed({ watermark: "none" })));
  assert.ok(!holds("lost = 0", changed({ watermark: "none" })));
  for (const text of ["", "lose >= 1", "lost > 1", "lost >= uno", "lost", "lost >= 1 2", "writes",
    "same", "same thing", "refused", "lost >= 1;", "with watermark", "with rows 1","toString = 1"]) {
    assert.throws(() => LabTasks.conditions(text), /no entiendo la condición/, text);
  }
});

test("the build refuses a task that is met at the start, or not by its solution", () => {
  /** @param {Partial<Authored["tasks"][0]>} task */
  const said = (task) => LabAuthor.problems({
    ...LAB, scenario: { query: "tumbling", files: FILES },
    tasks: [{ text: "Hazlo", when: ["writes 112"], solutions: [{ feed: "files" }], ...task }],
  });
  assert.deepEqual(said({}), []);
  assert.match(said({ when: ["lost >= 1"] })[0], /ya se cumple al empezar/);
  assert.match(said({ solutions: [{ mode: "update" }] })[0], /la solución de «Hazlo» no cumple «writes 112»/);
  assert.match(said({ solutions: [] })[0], /1 condiciones y 0 soluciones/);
  assert.match(said({ solutions: [{ food: "files" }] })[0], /no tiene «food»/);
  assert.match(LabAuthor.problems({ ...LAB, queries: ["sorting"], scenario: { query: "tumbling", files: FILES },
    tasks: [] })[0], /no hay ninguna consulta «sorting»/);
  assert.match(said({ when: ["wrotes 112"] })[0], /no entiendo la condición «wrotes 112»/);
  const both = ["same rows; writes 12:00 12", "same rows; writes 12:00 112"];
  assert.deepEqual(said({ when: both, solutions: [{}, { feed: "files" }] }), []);
  assert.match(said({ when: both, solutions: [{ feed: "files" }, {}] })[0], /«same rows; writes 12:00 12»/);
});
