// What a cell caused, below it. What the course's cells print is nearly all text, and tables of text.

import { part } from "./parts.js";

const COLOURS = /\x1b\[[0-9;]*m/g;
const MOST = 100_000; // characters of a block: a query that is left running prints without end
const BLOCKS = 100; // of what is printed and what is drawn, by turns

/**
 * The address of a drawing: as an image, no script in it runs.
 * @type {Record<string, (data: string) => string>}
 */
const DRAWINGS = {
  "image/svg+xml": (data) => `data:image/svg+xml,${encodeURIComponent(data)}`,
  "image/png": (data) => `data:image/png;base64,${data}`,
};

export class Output {
  /** @param {() => void} changed */
  constructor(changed) {
    this.element = part("div", "cell_output aula-output", part("p", "aula-title", "Lo que te da a ti"));
    this.changed = changed;
    /** What it says, as text. */
    this.said = "";
    /** @type {HTMLElement[]} what it shows, from the oldest on */
    this.blocks = [];
    /** Characters in the last block. */
    this.length = 0;
    /** Whether the next news takes the place of all before. */
    this.clears = false;
  }

  /**
   * @param {string} type
   * @param {any} content
   */
  add(type, content) {
    if (type === "clear_output") {
      this.clears = true;
      if (content.wait) return;
    }
    if (!["stream", "execute_result", "display_data", "error", "clear_output"].includes(type)) return;
    if (this.clears) this.clear();
    if (type === "stream") this.text(content.text, content.name);
    else if (type === "error") this.text(`${content.traceback.join("\n")}\n`, "error");
    else if (type !== "clear_output") this.rich(content.data);
    this.changed();
  }

  clear() {
    this.blocks.splice(0).forEach((block) => block.remove());
    this.said = "";
    this.clears = false;
  }

  /** @param {HTMLElement} block */
  push(block) {
    this.blocks.push(block);
    this.element.append(block);
    if (this.blocks.length > BLOCKS) this.blocks.shift()?.remove();
  }

  /**
   * @param {string} text
   * @param {string} kind
   */
  text(text, kind) {
    let last = this.blocks[this.blocks.length - 1];
    if (last?.dataset.kind !== kind) {
      last = part("pre", "");
      last.dataset.kind = kind;
      last.setAttribute("role", "group");
      last.setAttribute("aria-label", "Lo que te da a ti");
      this.push(last);
      this.length = 0;
      // As the page says it: one piece begins on the line after another.
      this.said = this.said.replace(/\n+$/, "\n");
    }
    // Who reads further up is left there.
    const atEnd = last.scrollHeight - last.scrollTop - last.clientHeight < 8;
    const plain = text.replace(COLOURS, "");
    this.said = (this.said + plain).slice(-MOST);
    last.append(plain);
    // It may scroll: who has no mouse must get there. The theme takes it off what scrolls not yet.
    last.tabIndex = 0;
    this.length += plain.length;
    if (this.length > 2 * MOST) {
      last.textContent = (last.textContent ?? "").slice(-MOST).replace(/^.*\n/, "");
      this.length = last.textContent.length;
    }
    if (atEnd) last.scrollTop = last.scrollHeight;
  }

  /** @param {Record<string, string | string[]>} data */
  rich(data) {
    const of = (/** @type {string} */ mime) => [data[mime] ?? ""].flat().join("");
    const drawn = Object.keys(DRAWINGS).find(of);
    if (drawn) {
      const image = document.createElement("img");
      image.src = DRAWINGS[drawn](of(drawn));
      image.alt = "Lo que dibuja la celda";
      this.push(image);
    } else if (of("text/html")) {
      // Its scripts stay out of the page: in here, they could ask the server for a shell.
      const frame = document.createElement("iframe");
      frame.setAttribute("sandbox", "");
      frame.title = "Lo que dibuja la celda";
      frame.srcdoc = of("text/html");
      this.push(frame);
    } else {
      this.text(`${of("text/plain")}\n`, "result");
    }
  }
}
