// Jupyter's kernel messages over one websocket, and the little of its REST that an aula needs.

/** @typedef {{status: string, ename?: string, evalue?: string}} Reply */
/** @typedef {(type: string, content: any) => void} Listener */

export const AGAIN = 1000; // ms between two tries to reach a server that is gone

// The same after a reload: the server keeps what came meanwhile, and sends it then. It lies there
// only while the page is loaded again: a tab that is duplicated takes what lies there with it.
const SESSION = sessionStorage.aula ?? crypto.randomUUID();
delete sessionStorage.aula;
addEventListener("pagehide", () => {
  sessionStorage.aula = SESSION;
});
// Neither does it lie there when a page comes back that the browser had kept.
addEventListener("pageshow", () => {
  delete sessionStorage.aula;
});

/** @param {string} name */
const cookie = (name) =>
  document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);

/**
 * @param {string} method
 * @param {string} path
 * @param {object} [body]
 * @param {number} [also] a status that is an answer, too
 * @returns {Promise<{status: number, body: any}>}
 */
export async function ask(method, path, body, also) {
  const answer = await fetch(path, {
    method,
    headers: { "Content-Type": "application/json", "X-XSRFToken": cookie("_xsrf") ?? "" },
    body: body && JSON.stringify(body),
    keepalive: method === "PUT", // what is kept as one leaves the page
  });
  const text = await answer.text();
  if (!answer.ok && answer.status !== also) {
    throw new Error(`El aula ha contestado ${answer.status}: ¿sigue abierta en tu terminal?`);
  }
  return { status: answer.status, body: text && JSON.parse(text) };
}

/**
 * @param {string} path
 * @param {object} [body]
 */
export const post = (path, body = {}) => ask("POST", path, body);

/** @param {string} path */
export const socket = (path) => new WebSocket(`ws://${location.host}${path}`);

export class Kernel {
  /**
   * Messages find the cell that caused them by their parent's id, which begins with its key.
   * @param {string} id the kernel's
   * @param {Map<string, Listener>} cells
   * @param {(state: string) => void} tell told of «busy», «idle», «restarting», «dead», «lost»
   */
  constructor(id, cells, tell) {
    this.id = id;
    this.cells = cells;
    this.tell = tell;
    this.session = SESSION;
    /** @type {Map<string, (reply: Reply) => void>} */
    this.replies = new Map();
    /** @type {WebSocket | undefined} */
    this.ws = undefined;
    /** Whether it has said how it is, since the line was there. */
    this.known = false;
    /** Tells who waits for the line that it will not come. */
    this.fail = () => {};
    // A browser keeps a page that is left, to go back to it, and its lines with it: the aula would
    // say of the next page that a window shows this one.
    addEventListener("pagehide", () => this.rest());
    addEventListener("pageshow", ({ persisted }) => persisted && this.ws && void this.again());
  }

  /** @returns {Promise<void>} */
  connect() {
    const ws = socket(`/api/kernels/${this.id}/channels?session_id=${this.session}`);
    this.ws = ws;
    ws.onmessage = ({ data }) => this.receive(JSON.parse(data));
    ws.onclose = () => {
      if (this.ws !== ws) return;
      this.tell("lost");
      // A laptop that slept: what runs goes on, and the server has kept what it said.
      setTimeout(() => this.ws === ws && void this.again(), AGAIN);
    };
    return new Promise((done, fail) => {
      ws.onopen = () => {
        this.known = false;
        void this.look().then(done);
        void this.miss(ws, [...this.replies.keys()]);
      };
      ws.onerror = this.fail = () => fail(new Error("No llego al kernel: ¿sigue el aula abierta?"));
    });
  }

  /** How the server says that it is; of one that cannot be reached, nothing. */
  async state() {
    const answer = await fetch(`/api/kernels/${this.id}`).catch(() => undefined);
    return answer?.ok && (await answer.json()).execution_state;
  }

  /** Tell how it is: what runs since before the page was loaded says nothing of itself. */
  async look() {
    const state = await this.state();
    if (!this.known) this.tell(state === "busy" ? state : "idle");
  }

  /**
   * A kernel that rests has answered to all that it was asked before. What it said while the line
   * was cut is sent now; but not if another window has come first.
   * @param {WebSocket} ws the line that is there again
   * @param {string[]} asked what has been asked over an earlier one
   */
  async miss(ws, asked) {
    for (let rested = false; this.ws === ws && asked.some((id) => this.replies.has(id)); ) {
      await new Promise((done) => setTimeout(done, AGAIN));
      const rests = (await this.state()) === "idle"; // as it does for a moment between two cells
      if (rested && rests) this.giveUp("lost", asked);
      rested = rests;
    }
  }

  /** Hang up, and know still where to call. */
  rest() {
    if (!this.ws) return;
    this.ws.onclose = this.ws.onerror = null;
    this.ws.close();
    this.fail();
  }

  async again() {
    const answer = await fetch(`/api/kernels/${this.id}`).catch(() => undefined);
    if (answer?.status === 404) {
      this.leave();
      this.tell("gone");
    } else {
      await this.connect().catch(() => undefined); // it is closed again, and tried again
    }
  }

  /** Nobody will answer there any more. */
  leave() {
    const ws = this.ws;
    this.ws = undefined;
    ws?.close();
    this.giveUp("dead");
  }

  /**
   * @param {string} key the cell's
   * @param {string} code
   * @param {boolean} [silent] whether it is no cell's
   * @param {object} [metadata] what the kernel is told of it
   * @returns {Promise<Reply>}
   */
  execute(key, code, silent = false, metadata = {}) {
    const id = `${key}.${crypto.randomUUID()}`;
    const header = { msg_id: id, msg_type: "execute_request", session: this.session,
      username: "", date: new Date().toISOString(), version: "5.3" };
    const content = { code, silent, store_history: !silent, user_expressions: {},
      allow_stdin: false, stop_on_error: true };
    return new Promise((done, fail) => {
      if (this.ws?.readyState !== WebSocket.OPEN) {
        fail(new Error("El aula no contesta: ¿sigue abierta en tu terminal?"));
        return;
      }
      this.replies.set(id, done);
      this.ws.send(JSON.stringify({ header, parent_header: {}, metadata, content,
        channel: "shell", buffers: [] }));
    });
  }

  /** @param {{header: any, parent_header: any, content: any, channel: string}} message */
  receive({ header, parent_header, content, channel }) {
    const id = parent_header?.msg_id ?? "";
    if (channel === "shell" && header.msg_type === "execute_reply") {
      this.replies.get(id)?.(content);
      this.replies.delete(id);
    } else if (header.msg_type === "status") {
      const state = content.execution_state;
      this.known = true;
      if (state === "dead") this.leave(); // it has died too often: Jupyter knows it no more
      else if (state === "restarting") this.giveUp(state);
      this.tell(state);
    } else if (channel === "iopub") {
      this.cells.get(id.split(".")[0])?.(header.msg_type, content);
    }
  }

  /**
   * @param {string} status why nobody will answer
   * @param {string[]} [asked] to what; without it, to all
   */
  giveUp(status, asked = [...this.replies.keys()]) {
    for (const id of asked) {
      this.replies.get(id)?.({ status });
      this.replies.delete(id);
    }
  }

  interrupt = () => post(`/api/kernels/${this.id}/interrupt`);

  async restart() {
    this.giveUp("restarting");
    await post(`/api/kernels/${this.id}/restart`);
  }
}
