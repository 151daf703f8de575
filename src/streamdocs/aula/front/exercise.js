// An exercise: its program in an editor, kept as one writes, checked where its text stands.
import { ask, post } from "./client.js";
import { editor } from "./editor.js";
import { button, part, status } from "./parts.js";

const PAUSE = 800; // ms without a key after which what is written is kept

export class Exercise {
  /**
   * @param {Element} box the one that says how to check it
   * @param {string} name
   */
  constructor(box, name) {
    this.path = `/aula/exercises/${name}`;
    this.status = status();
    this.place = part("div", "aula-exercise");
    this.report = /** @type {HTMLPreElement} */ (part("pre", "aula-report"));
    this.report.setAttribute("aria-label", "Lo que responde la comprobación");
    this.report.hidden = true;
    /** @type {ReturnType<typeof editor> | undefined} */
    this.editor = undefined;
    this.saving = 0; // the timer, while something is to be kept
    addEventListener("pagehide", () => {
      if (this.saving) void this.keep().catch(() => undefined);
    });
    const fails = (/** @type {string} */ text) => this.say(text);
    this.open = button("✎ Escribirlo aquí", "Abre tu programa en un editor", () => this.begin(), fails);
    this.check = button("✓ Comprueba", "Ejecuta tu programa con datos nuevos", () => this.try(), fails);
    this.check.hidden = true;
    this.place.append(part("div", "aula-bar", this.open, this.check, this.status), this.report);
    box.after(this.place);
  }

  /** @param {string} text */
  say(text) {
    this.status.textContent = text;
  }

  async begin() {
    const { text, file } = (await ask("GET", this.path)).body;
    this.editor = editor(text, "Tu programa", () => void this.try().catch((e) => this.say(e.message)),
      () => this.later());
    this.place.prepend(this.editor.element);
    this.open.hidden = true;
    this.check.hidden = false;
    this.say(`Se guarda en ${file}`);
  }

  /** What is written is being kept. */
  kept() {
    clearTimeout(this.saving);
    this.saving = 0;
  }

  later() {
    this.kept();
    this.saving = setTimeout(() => void this.keep().catch((e) => this.say(e.message)), PAUSE);
  }

  async keep() {
    this.kept();
    await ask("PUT", this.path, { text: this.editor?.text() });
    this.say("Guardado");
  }

  async try() {
    this.kept();
    this.say("Se ejecuta con datos nuevos; tarda unos segundos…");
    this.report.hidden = true;
    const { right, report } = (await post(this.path, { text: this.editor?.text() })).body;
    this.report.textContent = report;
    this.report.hidden = false;
    this.report.tabIndex = 0; // it may scroll; the theme takes it off what is hidden
    this.place.dataset.right = String(right);
    this.say(right ? "Bien: es lo que se pedía" : "Todavía no");
  }
}
