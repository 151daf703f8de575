"use strict";
/* Loads the scripts that need no page as a browser would: into one global scope, in order. */

const fs = require("node:fs");
const path = require("node:path");
const vm = require("node:vm");

const STATIC = path.join(__dirname, "../../src/streamdocs/publishing/static");

for (const name of ["stream-story", "stream-words", "stream-hints", "stream-scales",
  "stream-values", "stream-operators", "stream-model", "lab-scenario", "lab-run", "lab-tasks",
  "lab-author", "lab-program", "diagnose-engine", "search-engine",
  "question-progress"]) {
  const filename = path.join(STATIC, `${name}.js`);
  new vm.Script(fs.readFileSync(filename, "utf-8"), { filename }).runInThisContext();
}
