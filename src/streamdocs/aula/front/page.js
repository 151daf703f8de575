// What a page holds that can be run, as the site's build left it.

/**
 * What was typed, and whether the shell waited for it; null where only the line before tells.
 * @typedef {{text: string, atPrompt: boolean | null}} Line
 */

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
 * The lines that were typed into a terminal in the recording, and whether its shell waited.
 * @param {Element} box
 * @returns {Line[]}
 */
export function typed(box) {
  const pieces = [...box.querySelectorAll(".terminal-text > span")];
  return pieces.flatMap((piece, index) => {
    const atPrompt = box.matches(".unrun") ? null : pieces[index - 1]?.matches(".gp") ?? false;
    const text = (piece.textContent ?? "").replace(/\n$/, "");
    if (piece.matches(".key")) return [{ text, atPrompt: null }];
    if (!piece.matches(".kbd")) return [];
    return text.split("\n").map((line, number) =>
      ({ text: line, atPrompt: number ? null : atPrompt }));
  });
}

/**
 * What a terminal showed, after what was typed.
 * @param {Element} box
 */
export const answered = (box) =>
  [...box.querySelectorAll(".terminal-text > .go")].map((piece) => piece.textContent ?? "").join("");
