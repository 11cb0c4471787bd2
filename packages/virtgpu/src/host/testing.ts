/** For tests of whole servers: one started from the command line, and a client that says what it is told to. */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { waitReadable } from "../native/events.js";
import { VtestConnection } from "../transport/vtest-connection.js";

const MAIN = fileURLToPath(new URL("../cli/main.js", import.meta.url));

export interface LogLine {
  readonly level: string;
  readonly msg: string;
  readonly [key: string]: unknown;
}

/** `virtgpu serve` as a process, on a socket in a folder of its own. */
export class ServerProcess {
  readonly folder = mkdtempSync(join(tmpdir(), "virtgpu-test-"));
  readonly socket = join(this.folder, "vtest");
  readonly control = join(this.folder, "control.sock");
  readonly lines: LogLine[] = [];
  readonly process: ChildProcess;
  readonly #exit: Promise<number | null>;
  /** It has ended, and `lines` has all that it said. */
  #isClosed = false;

  constructor(flags: readonly string[], env: NodeJS.ProcessEnv = {}) {
    const args = [MAIN, "serve", `--vtest=${this.socket}`, `--control=${this.control}`, "--log-json", ...flags];
    this.process = spawn(process.execPath, args, {
      stdio: ["ignore", "inherit", "pipe"],
      env: { ...process.env, ...env },
    });
    let rest = "";
    this.process.stderr?.setEncoding("utf8").on("data", (text: string) => {
      const parts = (rest + text).split("\n");
      rest = parts.pop() ?? "";
      for (const line of parts) {
        if (line.startsWith("{")) this.lines.push(JSON.parse(line) as LogLine);
        else process.stderr.write(`${line}\n`);
      }
    });
    this.#exit = new Promise((resolve) => this.process.once("close", resolve));
    void this.#exit.then(() => (this.#isClosed = true));
  }

  /** The n-th log line with this message; waits for it. @throws {Error} when the server has ended, or after two minutes, with the log. */
  async line(message: string, n = 1): Promise<LogLine> {
    for (let i = 0; i < 4800; i++) {
      const found = this.lines.filter((each) => each.msg === message)[n - 1];
      if (found !== undefined) return found;
      if (this.#isClosed) break;
      await sleep(25);
    }
    throw new Error(`no log line "${message}" (${n}):\n${this.lines.map((each) => JSON.stringify(each)).join("\n")}`);
  }

  /** Open descriptors. */
  openFds(): number {
    return readdirSync(`/proc/${this.process.pid}/fd`).length;
  }

  /** Resident memory in bytes. */
  rssBytes(): number {
    const match = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${this.process.pid}/status`, "latin1"));
    return Number(match?.[1] ?? 0) * 1024;
  }

  /** Sends a signal and waits for the end. @returns the exit status. */
  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<number | null> {
    this.process.kill(signal);
    return this.whenExited();
  }

  /** Waits for the end and removes the folder. @returns the exit status, null after a signal. */
  async whenExited(): Promise<number | null> {
    const status = await this.#exit;
    rmSync(this.folder, { recursive: true, force: true });
    return status;
  }
}

/** A vtest client for tests. Waits on the event loop, so that a server in the same process is not held up. */
export class TestClient {
  readonly connection: VtestConnection;

  constructor(path: string) {
    this.connection = new VtestConnection(path);
  }

  /** VCMD_CREATE_RENDERER. */
  hello(name = "test"): this {
    const bytes = new TextEncoder().encode(`${name}\0`);
    this.send([bytes.length, 8], bytes);
    return this;
  }

  /** Words, then bytes. False: the server has closed. */
  send(words: readonly number[], tail: Uint8Array = new Uint8Array(0)): boolean {
    const bytes = new Uint8Array(words.length * 4 + tail.length);
    bytes.set(new Uint8Array(Uint32Array.from(words).buffer));
    bytes.set(tail, words.length * 4);
    return this.connection.write(bytes, 0, bytes.length);
  }

  /** `count` bytes of answer; fewer when the server closed. */
  async receive(count: number): Promise<Uint8Array> {
    await waitReadable(this.connection.fd);
    const bytes = new Uint8Array(count);
    return bytes.subarray(0, this.connection.readExact(bytes, 0, count));
  }

  /** VCMD_GET_CAPS2: the bytes of the capability set. */
  async caps(): Promise<Uint8Array> {
    this.send([0, 9]);
    const head = await this.receive(8);
    if (head.length < 8) return head;
    return this.receive(new DataView(head.buffer).getUint32(0, true) - 1);
  }

  /** Waits for the server's close; what it still sends is dropped. */
  async untilClosed(): Promise<void> {
    while ((await this.receive(1)).length === 1);
  }

  close(): void {
    this.connection.close();
  }
}
