// The page's kernel and its terminals, once something is run: who only reads starts no JVM.
import { ask, Kernel } from "./client.js";
import { Terminal } from "./terminal.js";

/** @type {Record<string, string>} */
const STATES = {
  busy: "En marcha",
  idle: "Listo",
  restarting: "Se ha parado de golpe, y arranca otra vez: ejecuta desde el principio",
  dead: "Se ha parado de golpe: ejecuta desde el principio",
  lost: "El aula no contesta; sigo probando",
  gone: "Otra página ha tomado su sitio: lo que ejecutes aquí empieza de cero",
};
const ASKED = "%aula_reposo"; // see kernel.py
// The same for all pages that a tab shows. The session of client.js is not: a page that the browser
// keeps tells it too late to the next.
const WINDOW = (sessionStorage.aulaWindow ??= crypto.randomUUID());
const US = "aula"; // the key of what is no cell's

export class Session {
  /**
   * @param {string} page its name
   * @param {(text: string) => void} tell told how the kernel is
   * @param {(text: string) => void} lacks told what the page needs, and could not be had
   * @param {(all: boolean) => void} forgotten called when nothing that was run is there any more:
   *   what was run in the kernel, or all, the terminals with it
   * @param {boolean} recorded whether the page holds what its own run gave
   * @param {(place: HTMLElement) => void} arrived told where there is news
   */
  constructor(page, tell, lacks, forgotten, recorded, arrived) {
    this.page = page;
    this.recorded = recorded;
    this.arrived = arrived;
    this.tell = tell;
    this.lacks = lacks;
    this.forgotten = forgotten;
    /** @type {Map<string, import("./client.js").Listener>} */
    this.cells = new Map();
    /** @type {Map<string, Promise<Terminal>>} */
    this.terminals = new Map();
    /** @type {Promise<Kernel> | undefined} */
    this.beginning = undefined;
    /** @type {{name: string, code: string, earlier: number}[]} the cells whose queries the page has recorded */
    this.records = [];
    this.restarting = false;
    /** The kernel's id, while it lives. */
    this.live = "";
  }

  /**
   * The kernel, which starts now if there is none.
   * @param {boolean} [asks] whether another page may be ended for it, if the reader agrees
   */
  kernel(asks = true) {
    this.beginning ??= this.begin(asks).catch((error) => {
      this.beginning = undefined;
      this.tell("Sin arrancar");
      throw error;
    });
    return this.beginning;
  }

  /** @param {boolean} asks */
  async begin(asks) {
    this.tell("Arranca");
    let answer = await turn(this.page, false);
    if (answer.status === 409) {
      const other = answer.body.page;
      if (!asks || !confirm(`«${other}» está en marcha en otra ventana. ¿La paro, y empiezo con esta?`)) {
        throw new Error(`Sigue en marcha «${other}», en otra ventana.`);
      }
      answer = await turn(this.page, true);
    }
    const kernel = new Kernel(answer.body.kernel, this.cells, (state) => this.heard(state));
    await kernel.connect().catch((error) => {
      kernel.leave();
      throw error;
    });
    sessionStorage.aulaPage = this.page;
    this.records = answer.body.records;
    this.live = kernel.id;
    this.lacks(answer.body.lacks);
    return kernel;
  }

  /** Whether this page was live before it was loaded again. */
  get goesOn() {
    return sessionStorage.aulaPage === this.page;
  }

  /** @param {string} state */
  heard(state) {
    // A kernel that ends, and one that begins, say that they are busy.
    if (STATES[state] && !this.restarting) this.tell(STATES[state]);
    if (state === "restarting") this.forgotten(false);
    if (state === "gone" || state === "dead") {
      this.forgotten(true);
      this.beginning = undefined;
      this.live = "";
      for (const one of this.terminals.values()) one.then((it) => it.remove(), () => undefined);
      this.terminals.clear();
      if (this.goesOn) delete sessionStorage.aulaPage; // the tab may show another, and come back
    }
  }

  /**
   * @param {string} key
   * @param {string} code
   * @param {object} metadata
   */
  async run(key, code, metadata) {
    return (await this.kernel()).execute(key, code, false, metadata);
  }

  /**
   * Return when Spark and the programs have answered to what was typed, if that can be told.
   * @param {string} [what] see kernel.py
   * @returns {Promise<void>}
   */
  async settle(what = "") {
    const kernel = await this.kernel();
    const cells = [...kernel.replies.keys()].filter((id) => !id.startsWith(`${US}.`));
    if (cells.length) return; // one runs: it could not answer
    const { status, evalue } = await kernel.execute(US, `${ASKED} ${what}`, true);
    if (status === "lost") return this.settle(what);
    if (status === "error") throw new Error(evalue);
    // Of one that the reader has run meanwhile, and that failed, its own place tells.
    if (status !== "ok" && status !== "aborted") throw new Error(STATES.restarting);
  }

  async interrupt() {
    await (await this.beginning)?.interrupt(); // where none is, none is begun to be stopped
  }

  async restart() {
    const kernel = await this.kernel();
    this.tell("Arranca otra vez");
    this.restarting = true;
    try {
      await kernel.restart();
    } finally {
      this.restarting = false;
    }
    this.forgotten(false);
    this.tell(STATES.idle);
  }

  /**
   * The terminal of that name; one, also where two ask at once.
   * @param {string} name
   * @returns {Promise<Terminal>}
   */
  async terminal(name) {
    await this.kernel();
    const kept = this.terminals.get(name);
    const known = await kept?.catch(() => undefined);
    if (this.terminals.get(name) !== kept) return this.terminal(name); // another was faster
    if (known && !known.ended) return known;
    known?.remove();
    const opening = Terminal.open(name, this.arrived);
    this.terminals.set(name, opening);
    return opening;
  }
}

/**
 * Ask for `page` to be the live one, in this window; 409 where another is, that a window shows.
 * @param {string} page
 * @param {boolean} insist
 */
const turn = (page, insist) =>
  ask("POST", "/aula/page", { page, window: WINDOW, insist }, 409);
