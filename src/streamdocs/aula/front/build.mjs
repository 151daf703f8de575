// Bundles the sources beside it into the folder of the command line: node build.mjs FOLDER MODULES
// MODULES is the node_modules with what package-lock.json names. The same sources, the same bytes.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const [folder, modules] = process.argv.slice(2);
const { build } = createRequire(join(modules, "x.js"))("esbuild");
const here = dirname(fileURLToPath(import.meta.url));

const made = await build({
  absWorkingDir: here,
  entryPoints: ["aula.js", "aula.css"],
  outdir: folder,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  legalComments: "none", // all of them stand in LICENSES.txt
  loader: { ".css": "css" },
  nodePaths: [modules],
  metafile: true,
});

const names = Object.keys(made.metafile.inputs)
  .map((file) => relative(modules, join(here, file)))
  .filter((file) => !file.startsWith(".."))
  .map((file) => file.split("/").slice(0, file.startsWith("@") ? 2 : 1).join("/"));
const licences = [...new Set(names)].sort().map((name) => {
  const { version, license } = JSON.parse(readFileSync(join(modules, name, "package.json"), "utf8"));
  return `${name} ${version} (${license})\n\n${readFileSync(join(modules, name, "LICENSE"), "utf8")}`;
});
writeFileSync(join(folder, "LICENSES.txt"), licences.join(`\n${"-".repeat(80)}\n\n`));
