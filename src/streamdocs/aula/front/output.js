// What a cell caused, below it. Text: what the course's cells print is text, and tables of text.

const COLOURS = /\x1b\[[0-9;]*m/g;
const MOST = 100_000; // characters: a query that is left running prints without end

export class Output {
  /** @param {() => void} changed */
  constructor(changed) {
    this.element = document.createElement("div");
    this.element.className = "cell_output aula-output";
    this.changed = changed;
    /** What it says, as text. */
    this.said = "";
  }

  /**
   * @param {string} type
   * @param {any} content
   */
  add(type, content) {
    if (type === "stream") this.text(content.text, content.name);
    else if (type === "execute_result" || type === "display_data") this.rich(content.data);
    else if (type === "error") this.text(`${content.traceback.join("\n")}\n`, "error");
    else if (type === "clear_output") this.element.replaceChildren();
    else return;
    this.changed();
  }

  /**
   * @param {string} text
   * @param {string} kind
   */
  text(text, kind) {
    let last = this.element.lastElementChild;
    if (!(last instanceof HTMLPreElement) || last.dataset.kind !== kind) {
      last = document.createElement("pre");
      /** @type {HTMLPreElement} */ (last).dataset.kind = kind;
      this.element.append(last);
    }
    const plain = text.replace(COLOURS, "");
    this.said = (this.said + plain).slice(-MOST);
    last.append(plain);
    if ((last.textContent?.length ?? 0) > 2 * MOST) last.textContent = this.said;
  }

  /** @param {Record<string, string | string[]>} data */
  rich(data) {
    const html = [data["text/html"] ?? ""].flat().join("");
    if (!html) {
      this.text(`${[data["text/plain"] ?? ""].flat().join("")}\n`, "result");
      return;
    }
    // Its scripts stay out of the page: in here, they could ask the server for a shell.
    const frame = document.createElement("iframe");
    frame.setAttribute("sandbox", "");
    frame.title = "Lo que dibuja la celda";
    frame.srcdoc = html;
    this.element.append(frame);
  }
}
