// What a page holds that can be run, as the site's build left it.

/**
 * What was typed, and whether the shell waited for it; null where only the line before tells.
 * @typedef {{text: string, atPrompt: boolean | null}} Line
 */

/** What may differ between two runs of a page, as the server knows it: see files.py. */
export const varies = () => {
  /** @type {string[]} */
  const patterns = JSON.parse(document.getElementById("aula-varies")?.textContent ?? "[]");
  return patterns.map((pattern) => new RegExp(pattern, "g"));
};

/** The code cells and the terminals of a page, in its order; copies in columns are none. */
export const cells = () =>
  /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".bd-article .cell")]);

/** @param {Element} cell */
export const code = (cell) => {
  const block = cell.querySelector(".cell_input pre");
  return block && (block.textContent ?? "").replace(/\n$/, "");
};

/**
 * What a cell shows of what Spark and Python printed; its terminals are told apart.
 * @param {Element} cell
 */
export const printed = (cell) =>
  [...cell.querySelectorAll(".cell_output:not(.aula-output) pre")]
    .filter((block) => !block.matches(".terminal-text"))
    .map((block) => (block.textContent ?? "").replace(/\n*$/, "\n")).join("");

/** @param {Element} box a terminal's */
export const nameOf = (box) => box.querySelector(".terminal-name")?.textContent?.trim() ?? "";

/**
 * All that the page shows of a terminal, in its order.
 * @param {string} name
 */
const pieces = (name) => cells().flatMap((cell) => [...cell.querySelectorAll(".box.terminal")])
  .filter((box) => nameOf(box) === name)
  .flatMap((box) => [...box.querySelectorAll(".terminal-text > span")]);

/**
 * Whether the shell waited when `piece` was typed: the last prompt had not been answered, though
 * a program in the background may have printed since, and it may stand in an earlier box.
 * @param {Element} piece
 * @param {string} name its terminal's
 */
function waited(piece, name) {
  const all = pieces(name);
  const before = all.slice(0, all.indexOf(piece)).reverse();
  return before.find((one) => one.matches(".gp, .kbd, .key"))?.matches(".gp") ?? false;
}

/**
 * The lines that were typed into a terminal in the recording, and whether its shell waited.
 * @param {Element} box
 * @returns {Line[]}
 */
export function typed(box) {
  return [...box.querySelectorAll(".terminal-text > span")].flatMap((piece) => {
    const text = (piece.textContent ?? "").replace(/\n$/, "");
    if (piece.matches(".key")) return [{ text, atPrompt: null }];
    if (!piece.matches(".kbd")) return [];
    const atPrompt = box.matches(".unrun") ? null : waited(piece, nameOf(box));
    // Nothing stands between its lines, no prompt either: those that follow were a program's.
    return text.split("\n").map((line, number) =>
      ({ text: line, atPrompt: number && atPrompt !== null ? false : atPrompt }));
  });
}

/**
 * What a terminal showed, after what was typed.
 * @param {Element} box
 */
export const answered = (box) =>
  [...box.querySelectorAll(".terminal-text > .go")].map((piece) => piece.textContent ?? "").join("");

/**
 * The last line in a box of a program that went on: it ended with no prompt, or printed by itself,
 * without what was typed in the box. "" if there is none.
 * @param {Element} box
 */
export function lastLine(box) {
  const own = [...box.querySelectorAll(".terminal-text > span")];
  const typed = own.filter((piece) => piece.matches(".kbd, .key")).pop();
  const all = pieces(nameOf(box));
  if (typed && all.slice(all.indexOf(typed)).some((piece) => piece.matches(".gp"))) return "";
  const after = typed ? own.slice(own.indexOf(typed) + 1) : own;
  const text = after.filter((piece) => piece.matches(".go")).map((piece) => piece.textContent ?? "");
  return text.join("").trim().split("\n").pop() ?? "";
}
