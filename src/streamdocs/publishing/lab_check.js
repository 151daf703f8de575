"use strict";
/* Reads laboratories, as JSON, and writes what is wrong with each: a list of sentences a laboratory. */

const fs = require("node:fs");
const path = require("node:path");
const vm = require("node:vm");

for (const name of ["stream-values", "stream-operators", "stream-model", "lab-scenario", "lab-run",
  "lab-tasks", "lab-author"]) {
  const filename = path.join(__dirname, "static", `${name}.js`);
  // As a browser would: into one global scope.
  new vm.Script(fs.readFileSync(filename, "utf-8"), { filename }).runInThisContext();
}
const labs = JSON.parse(fs.readFileSync(0, "utf-8"));
process.stdout.write(JSON.stringify(labs.map(LabAuthor.problems)));
