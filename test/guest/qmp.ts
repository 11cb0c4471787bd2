/** QEMU's machine protocol, as far as the tests need it. Source: QEMU `docs/interop/qmp-spec.rst`. */
import { createConnection, type Socket } from "node:net";
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/** What a display shows: rows of RGB, 3 bytes a pixel. */
export interface Screen {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

export class Qmp {
  readonly #socket: Socket;
  readonly #waiting: ((answer: { return?: unknown; error?: { desc: string } }) => void)[] = [];
  #text = "";
  #isClosed = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding("utf8");
    socket.on("data", (text: string) => this.#onText(text));
    socket.on("error", () => {});
    socket.on("close", () => {
      this.#isClosed = true;
      for (const waiter of this.#waiting.splice(0)) waiter({ error: { desc: "QEMU is gone" } });
    });
  }

  /** Connects as soon as QEMU listens. @throws {Error} after `timeoutMs` */
  static async connect(path: string, timeoutMs = 20_000): Promise<Qmp> {
    const end = Date.now() + timeoutMs;
    for (;;) {
      const socket = await tryConnect(path);
      if (socket !== null) {
        const qmp = new Qmp(socket);
        await qmp.execute("qmp_capabilities", {});
        return qmp;
      }
      if (Date.now() > end) throw new Error(`QEMU does not listen at its control socket after ${timeoutMs} ms`);
      await delay(100);
    }
  }

  /** @throws {Error} with QEMU's words when it refuses */
  execute(command: string, args: Readonly<Record<string, unknown>>): Promise<unknown> {
    if (this.#isClosed) return Promise.reject(new Error(`QEMU refuses ${command}: it is gone`));
    return new Promise((resolve, reject) => {
      this.#waiting.push((answer) => {
        if (answer.error === undefined) resolve(answer.return);
        else reject(new Error(`QEMU refuses ${command}: ${answer.error.desc}`));
      });
      this.#socket.write(`${JSON.stringify({ execute: command, arguments: args })}\n`);
    });
  }

  /** What the console of a device shows now. `path` is a file that QEMU may write. */
  async screendump(path: string, args: Readonly<Record<string, unknown>> = {}): Promise<Screen> {
    await this.execute("screendump", { filename: path, ...args });
    return readPpm(readFileSync(path));
  }

  close(): void {
    this.#socket.destroy();
  }

  #onText(text: string): void {
    this.#text += text;
    for (let end = this.#text.indexOf("\n"); end >= 0; end = this.#text.indexOf("\n")) {
      const message = JSON.parse(this.#text.slice(0, end)) as { return?: unknown; error?: { desc: string } };
      this.#text = this.#text.slice(end + 1);
      if (message.return !== undefined || message.error !== undefined) this.#waiting.shift()?.(message);
    }
  }
}

function tryConnect(path: string): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = createConnection(path);
    socket.once("connect", () => resolve(socket));
    socket.once("error", () => resolve(null));
  });
}

/** A binary PPM (P6) with 8 bits a sample. */
export function readPpm(bytes: Buffer): Screen {
  const header = /^P6\s+(\d+)\s+(\d+)\s+255\s/.exec(bytes.subarray(0, 64).toString("latin1"));
  if (header === null) throw new Error("the screendump is no PPM file");
  return { width: Number(header[1]), height: Number(header[2]), rgb: bytes.subarray(header[0].length) };
}

/** How many pixels have each colour, as `rrggbb`, the most frequent first. */
export function countColours(screen: Screen): Map<string, number> {
  const counts = new Map<number, number>();
  for (let at = 0; at + 2 < screen.rgb.length; at += 3) {
    const colour = (screen.rgb[at]! << 16) | (screen.rgb[at + 1]! << 8) | screen.rgb[at + 2]!;
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const sorted = [...counts].toSorted((a, b) => b[1] - a[1]);
  return new Map(sorted.map(([colour, count]) => [colour.toString(16).padStart(6, "0"), count]));
}
