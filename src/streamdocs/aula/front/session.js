// The page's kernel and its terminals, once something is run: who only reads starts no JVM.
import { Kernel, post } from "./client.js";
import { Terminal } from "./terminal.js";

/** @type {Record<string, string>} */
const STATES = {
  busy: "En marcha",
  idle: "Listo",
  restarting: "Se ha parado de golpe, y arranca otra vez: ejecuta desde el principio",
  dead: "Se ha parado de golpe: reinícialo",
  lost: "El aula no contesta; sigo probando",
  gone: "Otra página ha tomado su sitio: lo que ejecutes aquí empieza de cero",
};
const ASKED = "%aula_reposo"; // see kernel.py

export class Session {
  /**
   * @param {string} page its name
   * @param {(text: string) => void} tell told how the kernel is
   * @param {(text: string) => void} lacks told what the page needs, and could not be had
   * @param {() => void} forgotten called when nothing that was run is there any more
   */
  constructor(page, tell, lacks, forgotten) {
    this.page = page;
    this.tell = tell;
    this.lacks = lacks;
    this.forgotten = forgotten;
    /** @type {Map<string, import("./client.js").Listener>} */
    this.cells = new Map();
    /** @type {Map<string, Promise<Terminal>>} */
    this.terminals = new Map();
    /** @type {Promise<Kernel> | undefined} */
    this.beginning = undefined;
  }

  /** The kernel, which starts now if there is none. */
  kernel() {
    this.beginning ??= this.begin().catch((error) => {
      this.beginning = undefined;
      this.tell("Sin arrancar");
      throw error;
    });
    return this.beginning;
  }

  async begin() {
    this.tell("Arranca");
    let answer = await post("/aula/page", { page: this.page, insist: false });
    if (answer.status === 409) {
      const other = answer.body.page;
      if (!confirm(`«${other}» está en marcha en otra ventana. ¿La paro, y empiezo con esta?`)) {
        throw new Error(`Sigue en marcha «${other}», en otra ventana.`);
      }
      answer = await post("/aula/page", { page: this.page, insist: true });
    }
    const kernel = new Kernel(answer.body.kernel, this.cells, (state) => this.heard(state));
    await kernel.connect();
    sessionStorage.aulaPage = this.page;
    this.lacks(answer.body.lacks);
    return kernel;
  }

  /** Whether this page was live before it was loaded again. */
  get goesOn() {
    return sessionStorage.aulaPage === this.page;
  }

  /** @param {string} state */
  heard(state) {
    if (STATES[state]) this.tell(STATES[state]);
    if (state === "restarting" || state === "gone") this.forgotten();
    if (state === "gone") {
      this.beginning = undefined;
      this.terminals.clear();
      delete sessionStorage.aulaPage;
    }
  }

  /**
   * @param {string} key
   * @param {string} code
   */
  async run(key, code) {
    return (await this.kernel()).execute(key, code);
  }

  /** Return when Spark and the programs have answered to what was typed, if that can be told. */
  async settle() {
    const kernel = await this.kernel();
    if (kernel.replies.size) return; // a cell runs: it could not answer
    const { status, evalue } = await kernel.execute("aula", ASKED, true);
    if (status === "error") throw new Error(evalue);
  }

  async interrupt() {
    await (await this.kernel()).interrupt();
  }

  async restart() {
    this.tell("Arranca otra vez");
    await (await this.kernel()).restart();
    this.forgotten();
    this.tell(STATES.idle);
  }

  /** @param {string} name */
  async terminal(name) {
    await this.kernel();
    const known = await this.terminals.get(name);
    if (!known || known.ended) {
      known?.element.remove();
      this.terminals.set(name, Terminal.open(name));
    }
    return /** @type {Promise<Terminal>} */ (this.terminals.get(name));
  }
}
