// What a page of the course gets when the aula serves it: its cells run, its terminals are shells.
import { CodeCell } from "./code-cell.js";
import { batches, whole } from "./compare.js";
import { cells, code, printed, typed } from "./page.js";
import { Exercise } from "./exercise.js";
import { button, part, status } from "./parts.js";
import { news } from "./news.js";
import { Session } from "./session.js";
import { LONG, TerminalCell } from "./terminal-cell.js";

const page = location.pathname.replace(/^\/curso\//, "").replace(/\.html$/, "");
const state = status();
/** @param {string} text */
const tell = (text) => {
  state.textContent = text;
};
const lacking = status();
lacking.classList.add("aula-lacks");
/** @param {string} text */
const lacks = (text) => {
  lacking.textContent = text;
};
/** @param {boolean} all */
const forgotten = (all) => steps.forEach((step) => step.forget(all));
const recorded = document.querySelector(".bd-article .cell_output") !== null;
const { arrived, link } = news();
const session = new Session(page, tell, lacks, forgotten, recorded, arrived);

/** @type {(CodeCell | TerminalCell)[]} */
const steps = [];

const AWHILE = 100; // ms between two looks

/**
 * Return when Spark has printed the tables that `step` shows in the page, under whichever cell.
 * @param {CodeCell | TerminalCell} step
 */
async function printedToo(step) {
  const number = batches(printed(step.cell)).pop()?.number;
  if (number === undefined) return;
  const seen = () => steps.some((one) => one instanceof CodeCell
    && batches(one.output.said).some((it) => it.number === number && whole(it.table)));
  const deadline = Date.now() + LONG;
  while (!seen()) {
    if (Date.now() > deadline) throw new Error(`Spark no ha enseñado en 2 minutos su Batch ${number}.`);
    await new Promise((done) => setTimeout(done, AWHILE));
  }
}

/**
 * Run what has not been run yet, from the top of the page to `last`.
 * @param {CodeCell | TerminalCell} last
 */
async function upTo(last) {
  for (const step of steps.slice(0, steps.indexOf(last) + 1)) {
    if (step.done && step !== last) continue;
    if (!(await step.run())) return;
    if (step instanceof TerminalCell) await step.answered();
    if (step !== last) await printedToo(step);
    if (step !== last) await session.settle(await step.awaits());
  }
}

/**
 * What the page calls the query that a cell starts, if it has recorded one.
 * @param {CodeCell} cell
 */
function record(cell) {
  const alike = steps.filter((step) => step instanceof CodeCell && step.code === cell.code);
  return session.records.find(({ code, earlier }) =>
    code.trim() === cell.code.trim() && alike[earlier] === cell)?.name ?? "";
}

const written = `aulaWritten ${page}`;

/**
 * Keep what has been written, for the page when it is loaded again or come back to; and which
 * steps have been done in the kernel, if it is the same.
 */
function keep() {
  const texts = steps.map((step) => step instanceof CodeCell ? step.written : null);
  if (texts.some((text) => text !== null)) sessionStorage[written] = JSON.stringify(texts);
  else delete sessionStorage[written];
  const done = steps.map((step) => step.done);
  sessionStorage.aulaDone = JSON.stringify({ kernel: session.live, done });
}

function rewrite() {
  /** @type {(string | null)[]} */
  const texts = JSON.parse(sessionStorage[written] ?? "[]");
  texts.forEach((text, number) => {
    const step = steps[number];
    if (text !== null && step instanceof CodeCell) step.fill(text);
  });
}

function recall() {
  const { kernel, done } = JSON.parse(sessionStorage.aulaDone ?? "{}");
  if (kernel === session.live) steps.forEach((step, number) => done[number] && step.recall());
}

const all = cells();
all.forEach((cell, number) => {
  const box = cell.querySelector(".box.terminal");
  if (code(cell) !== null) {
    const later = () => all.slice(number).map(printed).join("");
    steps.push(new CodeCell(cell, String(number), session, later, upTo, record));
  } else if (box && typed(box).length) {
    steps.push(new TerminalCell(box, session, upTo));
  } else return;
  const fold = cell.parentElement?.closest(".bd-article details") ?? box?.closest(".cell details");
  const summary = fold?.querySelector(":scope > summary");
  if (summary && !summary.querySelector(".aula-fold")) {
    // Who has answered what is asked above it runs it in there.
    (summary.querySelector(".collapsed") ?? summary).append(
      part("span", "aula-fold", " Ábrelo para ejecutarlo tú"));
  }
});

// The final project is a folder of programs: its order checks it.
const CHECKED = /streamdocs comprueba (?!proyecto\b)([\w-]+)/;
for (const box of document.querySelectorAll(".bd-article .box.sketch")) {
  const name = CHECKED.exec(box.textContent ?? "")?.[1];
  if (name) new Exercise(box, name);
}

if (steps.length) {
  const panel = part("div", "aula-panel",
    part("strong", "", "Tu Spark: "), state,
    button("■ Parar", "Interrumpe la celda que está en marcha", () => session.interrupt(), tell),
    button("↻ Reiniciar", "Empieza con otro kernel: las consultas se paran, los terminales siguen",
      () => session.restart(), tell), link, lacking);
  panel.setAttribute("role", "region");
  panel.setAttribute("aria-label", "Tu Spark");
  document.querySelector(".bd-article")?.append(panel);
  tell("Sin arrancar");
  rewrite();
  // A page that was live, and is loaded again, goes on.
  if (session.goesOn) void session.kernel(false).then(recall, () => undefined);
  addEventListener("pagehide", keep);
}
