// A terminal of the page: a button types what was typed in the recording into a real one.
import { batches, whole } from "./compare.js";
import { answered, lastLine, nameOf, typed } from "./page.js";
import { button, part, status } from "./parts.js";

/** @typedef {import("./session.js").Session} Session */

const SOON = 5_000; // ms in which a shell is back at its prompt after ^C
const TOLD = 1_000; // ms after which the reader is told what is waited for
export const LONG = 120_000; // ms for the page's programs and queries to do what they did there

export class TerminalCell {
  /**
   * @param {Element} box
   * @param {Session} session
   * @param {(cell: TerminalCell) => Promise<void>} upTo runs the page up to a terminal
   */
  constructor(box, session, upTo) {
    this.box = box;
    this.cell = box.closest(".cell") ?? box;
    this.session = session;
    this.lines = typed(box);
    this.name = nameOf(box);
    /** What each terminal shows last in this cell: a program in another may answer. */
    this.expected = [...this.cell.querySelectorAll(".box.terminal")].map(
      (one) => ({ name: nameOf(one), number: batches(answered(one)).pop()?.number,
        line: lastLine(one), ends: typed(one).length > 0 }));
    this.done = false;
    /** @type {Promise<boolean> | undefined} what is being typed now */
    this.running = undefined;
    this.status = status();
    const fails = (/** @type {string} */ text) => this.say(text);
    const title = `Lo que pone, en tu Terminal ${this.name}, que es de verdad`;
    const write = button("⌨ Escribirlo", title, () => this.run(SOON), fails);
    const open = button("Abrir el terminal", `Tu Terminal ${this.name}, para escribir lo que quieras`,
      () => this.open(), fails);
    const all = button("⤓ Hasta aquí", "Lo que aún no has ejecutado, desde arriba", () => upTo(this), fails);
    box.append(part("div", "aula-bar", write, all, open, this.status));
  }

  /** @param {string} text */
  say(text) {
    this.status.textContent = text;
  }

  /**
   * Wait, and say what for if it is not there at once.
   * @param {string} text
   * @param {Promise<boolean>} reached
   */
  async patiently(text, reached) {
    const late = setTimeout(() => this.say(text), TOLD);
    const there = await reached;
    clearTimeout(late);
    this.say("");
    return there;
  }

  /** @param {boolean} all whether the shells have ended, too */
  forget(all) {
    if (!all) return;
    this.done = false;
    this.say("");
  }

  /** What was done before the page was loaded again. */
  recall() {
    this.done = true;
    this.say("Hecho antes de recargar");
  }

  /** @param {import("./terminal.js").Terminal} terminal */
  show(terminal) {
    terminal.show(this.box);
    // Below it stands what was answered in the recording: who writes something else must know.
    const after = this.box.nextElementSibling;
    if (after && !after.matches(".aula-title, .copyable")) {
      after.before(part("p", "aula-title", "Lo que grabó la página"));
    }
  }

  async open() {
    const terminal = await this.session.terminal(this.name);
    this.show(terminal);
    terminal.xterm.focus();
    return terminal;
  }

  /**
   * Type it, once: who asks again while it is typed gets the same answer.
   * @param {number} limit how long a program may keep the shell from its prompt
   * @returns {Promise<boolean>}
   */
  run(limit = LONG) {
    this.running ??= this.once(limit).finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  /** @param {number} limit */
  async once(limit) {
    this.say("Abre el terminal…");
    const terminal = await this.session.terminal(this.name);
    this.show(terminal);
    this.say("");
    let { begun } = terminal;
    terminal.since = "next"; // what its first command shows is seen in its last, too
    for (const { text, atPrompt } of this.lines) {
      if (atPrompt || !begun) {
        // A shell that has just been asked for takes as long as the machine needs.
        const patience = terminal.ready ? limit : LONG;
        // Typed too soon after ^C, a line would be echoed before the prompt, or read by a program.
        const free = terminal.until(() => terminal.atPrompt, patience);
        if (!(await this.patiently("Espera a que este terminal quede libre…", free))) {
          this.say("Aquí hay un programa en marcha: pulsa Control+C en el terminal, y repite.");
          return false;
        }
      }
      // As one who waits for the answer before the next line: pasted, they would be one batch.
      if (begun) await this.session.settle();
      begun = true;
      if (atPrompt === false && terminal.atPrompt) {
        this.say("Aquí no hay ningún programa que lea esta línea: arranca antes el de más arriba.");
        return false;
      }
      const there = terminal.type(text, LONG);
      if (!(await this.patiently(`Espera a que el terminal lea «${text}»…`, there))) {
        this.say(`El terminal no ha leído «${text}»: ¿sigue abierta el aula? Repite.`);
        return false;
      }
    }
    return (this.done = true);
  }

  /** What is waited for before what comes after: the shell's command has ended, or waits for input. */
  async awaits() {
    const { pid } = await this.session.terminal(this.name);
    return pid && !this.cell.matches(".until") ? `shell ${pid}` : "";
  }

  /** Return when the programs have shown the tables, or the lines, that they show here in the page. */
  async answered() {
    for (const { name, number, line, ends } of this.expected) {
      if (number === undefined && !line) continue;
      const terminal = await this.session.terminal(name);
      const what = number === undefined ? `«${line}»` : `su Batch ${number}`;
      this.say(`Espera a que el Terminal ${name} enseñe ${what}…`);
      const seen = () => number === undefined
        ? terminal.shown.includes(line) || (ends && terminal.atPrompt)
        : batches(terminal.shown).some((one) => one.number === number && whole(one.table));
      if (!(await terminal.until(seen, LONG))) {
        throw new Error(`El Terminal ${name} no ha enseñado en 2 minutos ${what}.`);
      }
      this.say("");
    }
  }
}
