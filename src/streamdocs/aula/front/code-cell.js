// A cell that runs: its editor, its buttons, and what it gave beside what the page recorded.
import { verdict } from "./compare.js";
import { editor } from "./editor.js";
import { Output } from "./output.js";
import { code, printed, varies } from "./page.js";
import { button, part, status } from "./parts.js";
import { OwnPlayer, PLAYED } from "./player.js";

/** @typedef {import("./session.js").Session} Session */

const VARIES = varies();
const DEAF = 5000; // ms after which a cell that was to stop, and runs still, will not stop
const ABOVE = "Si el nombre es de una celda de arriba, «Hasta aquí» la ejecuta.";

export class CodeCell {
  /**
   * @param {HTMLElement} cell
   * @param {string} key
   * @param {Session} session
   * @param {() => string} later what the page recorded from this cell on
   * @param {(cell: CodeCell) => Promise<void>} upTo runs the page up to a cell
   * @param {(cell: CodeCell) => string} record what the page calls the query that it starts, if it
   *   has recorded one
   */
  constructor(cell, key, session, later, upTo, record) {
    this.cell = cell;
    this.key = key;
    this.session = session;
    this.later = later;
    this.recorded = printed(cell);
    /** Its code, as it stands in the page. */
    this.code = code(cell) ?? "";
    this.record = record;
    this.done = false;
    /** @type {Promise<boolean> | undefined} what it does now */
    this.running = undefined;
    /** Whether the page's own run of it ended with an error. */
    this.raises = cell.matches(".tag_raises-exception");
    this.editor = editor(this.code, `Código de la celda ${Number(key) + 1}`, () => this.press());
    this.status = status();
    this.compared = part("p", "aula-compared");
    this.compared.setAttribute("role", "status");
    const fails = (/** @type {string} */ text) => this.say(text);
    this.stop = button("■ Parar", "Interrumpe la celda", () => this.interrupt(), fails);
    this.stop.hidden = true;
    this.reset = button("↺ Como estaba", "Lo que pone la página, en lugar de lo tuyo",
      () => this.fill(this.code), fails);
    this.reset.hidden = true;
    this.bar = part("div", "aula-bar",
      button("▶ Ejecutar", "Esta celda (Mayús+Intro)", () => this.run(), fails),
      button("⤓ Hasta aquí", "Lo que aún no has ejecutado, desde arriba", () => upTo(this), fails),
      this.stop, this.reset, this.status);
    const input = cell.querySelector(".cell_input");
    input?.replaceChildren(this.editor.element);
    // A cell that is folded is run all the same: its buttons stand outside.
    const folded = input?.closest(".cell details");
    if (folded) folded.after(this.bar);
    else input?.append(this.bar);
    this.ended = part("p", "aula-ended");
    this.ended.setAttribute("role", "status");
    this.output = this.fresh();
    this.player = new OwnPlayer(() => this.cell.append(this.player.element));
    session.cells.set(key, (type, content) => this.heard(type, content));
  }

  /**
   * @param {string} type
   * @param {any} content
   */
  heard(type, content) {
    if (type === "execute_input" && this.running) this.begins();
    if (type === "query_ended") this.tellEnd(content.reason);
    const played = content.data?.[PLAYED];
    if (!played) this.output.add(type, content);
    else void this.player.show(played).catch((error) => this.say(error.message));
  }

  /** What is waited for before what comes after: as many micro-batches as the page waited for. */
  awaits() {
    const batches = /\buntil-batches-(\d+)/.exec(this.cell.className)?.[1];
    return batches ? `batches ${batches}` : "";
  }

  fresh() {
    const output = new Output(() => this.show(output));
    return output;
  }

  press() {
    void this.run().catch((error) => this.say(error.message));
  }

  /** @param {string} text */
  say(text) {
    this.status.textContent = text;
  }

  forget() {
    this.done = false;
    this.say("");
  }

  /**
   * What the reader has written in it; null where it is the page's.
   * @returns {string | null}
   */
  get written() {
    const text = this.editor.text();
    return text === this.code ? null : text;
  }

  /** @param {string} text */
  fill(text) {
    this.editor.fill(text);
    this.reset.hidden = this.written === null;
  }

  /** What was done before the page was loaded again. */
  recall() {
    this.done = true;
    this.say("Hecho antes de recargar");
  }

  /**
   * A query that it began has died since: the cell itself has ended well.
   * @param {string} reason
   */
  tellEnd(reason) {
    if (!this.ended.isConnected) this.cell.append(this.ended);
    this.ended.textContent = `La consulta que arrancó esta celda se ha parado: ${reason}`;
    this.session.arrived(this.ended);
  }

  async interrupt() {
    const { running } = this;
    await this.session.interrupt();
    setTimeout(() => {
      const text = "Sigue en marcha: su código no atiende a «Parar». «Reiniciar» acaba con él.";
      if (running && this.running === running) this.say(text);
    }, DEAF);
  }

  /** It runs now, and may be stopped. */
  begins() {
    this.stop.hidden = false;
    this.say("En marcha…");
  }

  /**
   * Run it, once: who asks again while it runs gets the same answer.
   * @returns {Promise<boolean>} whether it did what it does in the page
   */
  run() {
    this.running ??= this.once().finally(() => {
      this.running = undefined;
      this.stop.hidden = true;
    });
    return this.running;
  }

  async once() {
    const output = this.fresh();
    this.say("Espera a Spark…");
    const kernel = await this.session.kernel();
    this.output.element.remove();
    this.output = output;
    this.compared.textContent = "";
    this.ended.remove();
    this.reset.hidden = this.written === null;
    const name = this.record(this);
    const metadata = name ? { record: this.player.begin(name) } : {};
    if (kernel.replies.size) this.say("Espera a que acabe la que está en marcha…");
    const { status, ename } = await this.session.run(this.key, this.editor.text(), metadata);
    this.cell.dataset.aula = status;
    this.done = status === "ok" || (status === "error" && this.raises);
    this.say(told(status, ename));
    this.compare(output);
    return this.done;
  }

  /**
   * Show `output`, which has news, beside what was recorded.
   * @param {Output} output
   */
  show(output) {
    if (output !== this.output) return;
    if (!output.element.isConnected) this.place(output.element);
    this.compare(output);
    this.session.arrived(output.element);
  }

  /** @param {HTMLElement} element */
  place(element) {
    const before = this.cell.querySelector(":scope > .cell_output:not(.aula-output)");
    let both = this.cell.querySelector(":scope > .aula-both");
    if (!both) {
      both = part("div", "aula-both");
      this.add(both, this.compared);
      if (before) {
        before.prepend(part("p", "aula-title", "Lo que grabó la página"));
        both.append(before);
      }
    }
    both.append(element);
  }

  /** @param {Output} output */
  compare(output) {
    if (!this.session.recorded) return; // nothing in the page has been run: there is nothing to be like
    const seen = verdict(this.recorded, this.later(), output.said, VARIES);
    this.compared.textContent = seen?.text ?? "";
    this.compared.dataset.same = String(seen?.same ?? "");
    if (!this.compared.isConnected && seen) this.add(this.compared);
  }

  /**
   * The player, which is the tallest, stands last.
   * @param {...Element} parts
   */
  add(...parts) {
    const { element } = this.player;
    for (const one of parts) this.cell.insertBefore(one, element.isConnected ? element : null);
  }
}

/**
 * @param {string} status
 * @param {string} [name]
 */
function told(status, name) {
  if (status === "ok") return "Hecho";
  if (status === "aborted") return "No se ha ejecutado: falló otra antes";
  if (status === "error" && name === "KeyboardInterrupt") return "Parada";
  if (status === "error" && name === "NameError") return `Ha fallado: ${name}. ${ABOVE}`;
  if (status === "error") return `Ha fallado: ${name}`;
  if (status === "lost") return "Ha acabado, y no sé cómo: lo que dijo se fue a otra ventana. Repite.";
  return "Se ha quedado sin acabar: el kernel ha terminado";
}
