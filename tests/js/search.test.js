"use strict";
require("./load.js");
const assert = require("node:assert/strict");
const { test } = require("node:test");

/** A stemmer that knows the plural; Sphinx's own is tried on the built site. */
Object.assign(globalThis, {
  Stemmer: class {
    /** @param {string} word */
    stemWord(word) {
      return word.replace(/e?s$/, "");
    }
  },
});

/** @param {Partial<Record<"prose" | "code" | "keywords" | "errors", string>>} texts
 * @returns {SearchSection} */
const section = (/** @type {number} */ page, /** @type {string} */ anchor,
  /** @type {string} */ title, texts = {}) => [page, anchor, title, texts.prose ?? "",
  texts.code ?? "", texts.keywords ?? "", texts.errors ?? ""];

/** @param {SearchPage[]} pages @param {SearchSection[]} sections */
const found = (pages, ...sections) => {
  const search = StreamSearch.open({ pages, sections }, { claims: [], printed: [] });
  return (/** @type {string} */ query) => search(query).map(({ href }) => href);
};

/** @type {SearchPage[]} */
const TWO = [["a.html", "A", 1], ["b.html", "B", 1]];

test("a title comes before a text, and a keyword before a text, too", () => {
  const search = found(TWO, section(0, "", "Otra cosa", { prose: "la ventana" }),
    section(1, "", "Ventanas"), section(1, "k", "Nada", { keywords: "hueco, ventana rota" }));
  assert.equal(search("ventana")[0], "b.html");
  assert.equal(search("hueco")[0], "b.html#k");
  assert.ok(search("ventana").indexOf("b.html#k") < search("ventana").indexOf("a.html"));
});

test("the weight of a page decides between equals", () => {
  const pages = /** @type {SearchPage[]} */ ([["a.html", "A", 0.2], ["b.html", "B", 1]]);
  const same = { prose: "kafka" };
  assert.deepEqual(found(pages, section(0, "", "x", same), section(1, "", "y", same))("kafka"),
    ["b.html", "a.html"]);
});

test("words come in any order, as far as they are there, and begun", () => {
  const search = found(TWO, section(0, "", "Parar una consulta", { prose: "stop" }),
    section(1, "", "Otra", { prose: "consulta" }));
  assert.deepEqual(search("consultas parar"), ["a.html", "b.html"]);
  assert.deepEqual(search("consulta inexistente").length, 2);
  assert.deepEqual(search("consul").length, 2);
  assert.deepEqual(search("consul ").length, 0);
});

test("accents, capitals and joined words make no difference", () => {
  const search = found(TWO, section(0, "", "Sesión", { code: "q.awaitTermination()" }));
  for (const query of ["sesion", "SESIÓN", "termination", "awaitTermination"]) {
    assert.deepEqual(search(query), ["a.html"], query);
  }
});

test("numbers and ids are not looked for, and fillers only where there is nothing else", () => {
  const search = found(TWO, section(0, "", "Nada", { prose: "11111111 de la" }));
  assert.deepEqual(search("11111111"), ["a.html"]);
  assert.deepEqual(search("uno dos tres cuatro cinco seis 11111111"), []);
  assert.deepEqual(search("de"), ["a.html"]);
  assert.deepEqual(search("de zzz"), []);
  assert.deepEqual(search("  "), []);
});

test("what explains a pasted error stands first, once", () => {
  const search = StreamSearch.open(
    { pages: TWO, sections: [section(0, "", "Boom"), section(1, "s", "x", { prose: "boom" })] },
    { claims: [["Boom", "b.html#s", "x", "arréglalo."]], printed: [] });
  assert.deepEqual(search("Boom 1234").map(({ href }) => href), ["b.html#s", "a.html"]);
  assert.equal(search("Boom 1234")[0].text, "arréglalo.");
});

test("an excerpt stands around the first word, and marks it", () => {
  const text = `${"antes ".repeat(40)}la ventana ${"luego ".repeat(40)}`;
  const pieces = StreamSearch.excerpt(text, "ventanas", 60);
  assert.deepEqual(pieces.filter(({ hit }) => hit), [{ text: "ventana", hit: true }]);
  assert.equal(pieces[0].text, "… ");
  assert.equal(pieces.at(-1)?.text, " …");
  assert.ok(pieces.map((piece) => piece.text).join("").length < 90);
});
