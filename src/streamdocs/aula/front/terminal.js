// A shell of the server's in an xterm: terminado's protocol is JSON arrays over a websocket.
import { FitAddon } from "@xterm/addon-fit";
import { Terminal as Xterm } from "@xterm/xterm";
import { AGAIN, post, socket } from "./client.js";
import { shown } from "./compare.js";

/** @type {Record<string, string>} */
const KEYS = { "^C": "\x03", "^D": "\x04", "^Z": "\x1a" };
const BEGUN = /\x1b\]7700;C[^\x07]*\x07/; // a command has begun: what comes is its own
const HALF = /\x1b(\](7(7(0(0(;[^\x07]*)?)?)?)?)?)?$/; // a mark whose end is still to come
const MARKS = 7700; // the OSC with which the shell says whether it waits: see handlers.py

export class Terminal {
  /**
   * @param {string} name as the page calls it
   * @param {(place: HTMLElement) => void} arrived told where there is news
   */
  static async open(name, arrived) {
    await post("/api/terminals", { name });
    return new Terminal(name, arrived);
  }

  /**
   * @param {string} name
   * @param {(place: HTMLElement) => void} arrived
   */
  constructor(name, arrived) {
    this.name = name;
    this.arrived = arrived;
    this.element = document.createElement("div");
    this.element.className = "aula-terminal";
    this.element.setAttribute("role", "region");
    this.element.setAttribute("aria-label", `Tu Terminal ${name}: con Mayús+Tabulador sales de él`);
    this.xterm = new Xterm({ fontSize: 13, screenReaderMode: true, scrollback: 5000, theme: theme() });
    this.fit = new FitAddon();
    this.xterm.loadAddon(this.fit);
    // The one key that leads out of it is the browser's: Tab completes, Escape is the programs'.
    this.xterm.attachCustomKeyEventHandler(({ key, shiftKey }) => !(key === "Tab" && shiftKey));
    /** The pid of the shell, once it has said it. */
    this.pid = "";
    /** Whether it has waited for a command once. */
    this.ready = false;
    /** Whether the shell waits for a command; if not, what is typed goes to a program. */
    this.atPrompt = false;
    /** Whether a command has begun in it. */
    this.begun = false;
    /** Whether the shell is about to wait. */
    this.asks = false;
    /** How often it has said that it is, that it wants more, or that a command begins. */
    this.marks = 0;
    /** How often the server has said that what was typed is in the terminal. */
    this.written = 0;
    /** What it has shown since a command began: the last one, or the first one of a cell. */
    this.shown = "";
    /** @type {"last" | "next" | "first"} since which one */
    this.since = "last";
    /** The first half of a mark. */
    this.half = "";
    /** @type {Set<() => void>} */
    this.news = new Set();
    this.ended = false;
    this.xterm.parser.registerOscHandler(MARKS, (mark) => {
      const kind = mark[0];
      if (kind === "P") this.waits(mark.slice(1));
      else this.marks += 1;
      this.asks ||= kind === "N";
      this.begun ||= kind === "C";
      if (kind === "C") this.atPrompt = false;
      return true; // what all that came amounts to is told once it has been read: see receive
    });
    this.ws = this.connect();
    this.xterm.onData((text) => this.send("stdin", text));
    this.xterm.onResize(() => this.tellSize());
    this.dressed = new MutationObserver(() => this.dress());
    this.dressed.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    new ResizeObserver(() => this.element.offsetWidth && this.fit.fit()).observe(this.element);
  }

  /**
   * Its prompt has been drawn; it is drawn again when the terminal has another size.
   * @param {string} pid
   */
  waits(pid) {
    if (!/^\d+$/.test(pid)) return; // whoever writes here could have written it
    this.pid = pid;
    this.ready = true;
    this.atPrompt ||= this.asks;
    this.asks = false;
  }

  connect() {
    const ws = socket(`/terminals/websocket/${this.name}`);
    ws.onmessage = ({ data }) => this.receive(JSON.parse(data));
    ws.onclose = () => {
      // A laptop that slept: the shell and what it runs go on.
      if (!this.ended) setTimeout(() => void this.again(), AGAIN);
    };
    return ws;
  }

  async again() {
    const answer = await fetch(`/api/terminals/${this.name}`).catch(() => undefined);
    if (answer?.status === 404) this.end();
    else if (!this.ended) {
      this.xterm.reset(); // the server says again what it said last
      this.ws = this.connect();
    }
  }

  /** @param {[string, string]} message */
  receive([kind, text]) {
    if (kind === "setup") this.tellSize();
    else if (kind === "disconnect") this.end();
    else if (kind === "written") {
      this.written += 1;
      this.tell();
    } else if (kind === "stdout") {
      this.xterm.write(text, () => {
        // A page that is loaded again gets all that was ever said, and is at many a prompt in it.
        const all = this.half + text;
        this.half = HALF.exec(all)?.[0] ?? "";
        const whole = all.slice(0, all.length - this.half.length);
        this.shown = shown(this.said(whole)).slice(-100_000);
        this.tell();
        this.arrived(this.element);
      });
    }
  }

  /** @param {string} text what has come, with no half of a mark */
  said(text) {
    const [before, ...begun] = text.split(BEGUN);
    if (!begun.length || this.since === "first") return this.shown + before + begun.join("");
    if (this.since === "last") return begun[begun.length - 1];
    this.since = "first";
    return begun.join("");
  }

  tell() {
    this.news.forEach((tell) => tell());
  }

  end() {
    if (!this.ended) this.xterm.write("\r\n[terminado]\r\n");
    this.ended = true;
    this.tell();
  }

  /** Leave nothing of it in the page. */
  remove() {
    this.ended = true;
    this.tell();
    this.ws.close();
    this.dressed.disconnect();
    this.element.remove();
    this.xterm.dispose();
  }

  /**
   * @param {...(string | number)} message
   * @returns {boolean} whether there was a line on which to send it
   */
  send(...message) {
    const open = this.ws.readyState === WebSocket.OPEN;
    if (open) this.ws.send(JSON.stringify(message));
    return open;
  }

  tellSize() {
    this.send("set_size", this.xterm.rows, this.xterm.cols, 0, 0);
  }

  /**
   * Be seen in `place`: a page speaks of «Terminal 1» in many boxes, and there is one.
   * @param {Element} place
   */
  show(place) {
    place.append(this.element);
    if (!this.xterm.element) this.xterm.open(this.element);
    this.dress();
    this.fit.fit();
  }

  /** The page is light or dark, and may be changed. */
  dress() {
    this.xterm.options.theme = theme();
  }

  /**
   * Return when `reached()`; false after so many ms.
   * @param {() => boolean} reached
   * @param {number} limit
   */
  until(reached, limit) {
    return new Promise((/** @type {(seen: boolean) => void} */ done) => {
      const look = () => {
        if (!reached()) return;
        clearTimeout(timer);
        this.news.delete(look);
        done(true);
      };
      const timer = setTimeout(() => {
        this.news.delete(look);
        done(reached());
      }, limit);
      this.news.add(look);
      look();
    });
  }

  /**
   * Type, and return when it is in the terminal, and a shell that waited has begun something: who
   * asks the kernel next would be quicker, on a busy machine.
   * @param {string} line what is typed, or the key that it stands for
   * @param {number} limit ms
   * @returns {Promise<boolean>} whether it is there
   */
  async type(line, limit) {
    const { atPrompt, marks, written } = this;
    if (!this.send("stdin", KEYS[line] ?? `${line}\r`)) return false;
    this.atPrompt = false;
    const there = () => this.written > written && (!atPrompt || this.marks > marks);
    return this.until(() => this.ended || there(), limit);
  }
}

const theme = () => {
  const its = getComputedStyle(document.documentElement);
  const [foreground, background] = ["--pst-color-text-base", "--pst-color-surface"].map((name) =>
    its.getPropertyValue(name).trim());
  return { foreground, background, cursor: foreground, selectionBackground: "#8888" };
};
