/**
 * A Weston of our own for one test: headless, private runtime folder and socket, plain desktop without a panel. Its desktop shell puts
 * windows at random places; the kiosk shell of Weston 10, which would not, never shows a window when there is no seat.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { takeScreenshot } from "./screenshot.js";

export interface WestonOptions {
  /** `pixman` takes no dma-bufs; `gl` does with a driver that imports them. */
  readonly renderer: "pixman" | "gl";
  readonly shell?: "desktop" | "kiosk";
  /** An X server to run on: then there is a seat with a pointer. Default: headless. */
  readonly x?: string;
  readonly width?: number;
  readonly height?: number;
  /** In addition to ours. */
  readonly env?: Readonly<Record<string, string>>;
  /** Runtime folder to use, where a Weston was before. */
  readonly folder?: string;
}

const PATIENCE_MS = 120_000;
/** Of the desktop: 0xRRGGBB, in no picture of ours. */
export const BACKGROUND = 0x10_2030;
const CONFIG = `[shell]
background-color=0xff102030
panel-position=none
animation=none
close-animation=none
startup-animation=none
locking=false
`;
const SOCKET = "wayland-test";

export class Weston {
  readonly folder: string;
  readonly socket: string;
  readonly #child: ChildProcess;

  private constructor(options: WestonOptions) {
    this.folder = options.folder ?? mkdtempSync(join(tmpdir(), "virtgpu-weston-"));
    this.socket = join(this.folder, SOCKET);
    const { renderer, shell = "desktop", width = 480, height = 360 } = options;
    // Left by one that was killed.
    rmSync(this.socket, { force: true });
    writeFileSync(join(this.folder, "weston.ini"), CONFIG);
    const args = [
      `--backend=${options.x === undefined ? "headless" : "x11"}-backend.so`,
      renderer === "gl" ? "--use-gl" : "--use-pixman",
      `--shell=${shell}-shell.so`,
      `--width=${width}`,
      `--height=${height}`,
      `--socket=${SOCKET}`,
      "--idle-time=0",
      `--config=${join(this.folder, "weston.ini")}`,
      // Lets any client take screenshots.
      "--debug",
      `--log=${join(this.folder, "weston.log")}`,
    ];
    const x = options.x === undefined ? {} : { DISPLAY: options.x };
    const env = { ...process.env, XDG_RUNTIME_DIR: this.folder, ...x, ...options.env };
    this.#child = spawn("weston", args, { env, stdio: "ignore" });
  }

  /** @throws {Error} with Weston's log when it does not start */
  static async start(options: WestonOptions): Promise<Weston> {
    const weston = new Weston(options);
    const until = performance.now() + PATIENCE_MS;
    const failed = once(weston.#child, "error").then(([error]) => String(error));
    while (!existsSync(weston.socket)) {
      const failure = await Promise.race([failed, delay(20)]);
      if (failure === undefined && weston.#child.exitCode === null && performance.now() < until) continue;
      const log = weston.log;
      await weston.stop();
      throw new Error(`weston does not start: ${failure ?? log}`);
    }
    // Its shell's helper paints the desktop a little later.
    while (options.shell !== "kiosk" && !isPainted(weston.socket)) {
      if (performance.now() > until) throw new Error(`weston shows no desktop: ${weston.log}`);
      await delay(20);
    }
    return weston;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get log(): string {
    const path = join(this.folder, "weston.log");
    return existsSync(path) ? readFileSync(path, "utf8") : "";
  }

  /** Kills it, as a crash would. The folder stays. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null || this.#child.pid === undefined) return;
    const ended = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await ended;
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function isPainted(socket: string): boolean {
  try {
    return takeScreenshot(socket).pixels.every((pixel) => pixel === BACKGROUND);
  } catch {
    // Bound and not listening yet.
    return false;
  }
}
