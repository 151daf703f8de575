"use strict";
require("./load.js");
const assert = require("node:assert/strict");
const { test } = require("node:test");

const { parts, places, flat } = StreamDiagnose;

/** @type {ErrorsKnown} */
const KNOWN = {
  claims: [
    ["Connection refused", "errores.html#nadie", "Nadie escucha", "abre el servidor."],
    ["[STREAM_FAILED]", "errores.html#muerta", "Ha muerto", "mira la causa."],
    ["query with name … already active", "errores.html#nombre", "El nombre", "para la otra."],
  ],
  printed: [["[NUM_COLUMNS]", [["tabla.html#uno", "Uno"], ["tabla.html#dos", "Dos"]]]],
};

const DIED = `Traceback (most recent call last):
  File "/home/ana/x.py", line 3, in <module>
    consulta.awaitTermination()
pyspark.errors.exceptions.captured.StreamingQueryException: [STREAM_FAILED] Query \
[id = 1-2, runId = 3-4] terminated with exception: Connection refused SQLSTATE: XXKST`;

/** @param {string} error */
const first = (error) => places(error, KNOWN).map(({ href }) => href);

/** @param {string} error */
const read = (error) => Object.fromEntries(
  parts(error).map(({ kind, start, end }) => [kind, error.slice(start, end)]));

test("of errors that stand in each other the last is the cause", () => {
  assert.deepEqual(first(DIED), ["errores.html#nadie", "errores.html#muerta"]);
});

test("what varies, and where lines break, make no difference", () => {
  assert.deepEqual(first("with name diario as\n  a query"), []);
  assert.deepEqual(first("query with name diario is\n   already  active"), ["errores.html#nombre"]);
  assert.equal(flat(" a\n\t b "), "a b");
});

test("«…» looks further back where the last beginning does not go on", () => {
  assert.deepEqual(first("query with name uno already active; query with name dos"), ["errores.html#nombre"]);
  assert.deepEqual(first("already active query with name"), []);
});

test("where no section explains it, those that print it do", () => {
  assert.deepEqual(first("[NUM_COLUMNS] 3"), ["tabla.html#uno", "tabla.html#dos"]);
  assert.deepEqual(first("[OTHER_THING] 3"), []);
});

test("class, condition and last cause are found", () => {
  assert.deepEqual(read(DIED), {
    class: "pyspark.errors.exceptions.captured.StreamingQueryException",
    condition: "STREAM_FAILED",
    cause: "Connection refused",
  });
});

test("the condition inside is the one, and the cause what follows it", () => {
  const inner = "terminated with exception: [CAST_INVALID_INPUT] The value 'x' is bad. SQLSTATE: 2";
  const error = `a.StreamingQueryException: [STREAM_FAILED] Query [id = 1] ${inner}`;
  assert.equal(read(error).condition, "CAST_INVALID_INPUT");
  assert.equal(read(error).cause, "The value 'x' is bad.");
});

test("Java's «Caused by» is the cause, and not the class", () => {
  const error = "org.apache.spark.SparkException: Job aborted\n\tat a.b(c.scala:1)\n"
    + "Caused by: java.net.ConnectException: Connection refused\n\tat d";
  assert.deepEqual(read(error),
    { class: "org.apache.spark.SparkException", cause: "Connection refused" });
});

test("a text without any of it has no parts, and parts do not overlap", () => {
  assert.deepEqual(parts("no sale nada"), []);
  const found = parts(DIED);
  found.slice(1).forEach((part, index) => assert.ok(part.start >= found[index].end));
});
