/** QEMU's D-Bus display on a bus of our own: tells a console how large its window is. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type Running, start } from "./process.js";

const MM_PER_PIXEL = 25.4 / 96;
const REPLY_MS = 60_000;

export class DisplayBus {
  /** For `-display dbus,addr=`. */
  readonly address: string;
  readonly #folder: string;
  readonly #daemon: Running;

  private constructor(folder: string, daemon: Running, address: string) {
    this.#folder = folder;
    this.#daemon = daemon;
    this.address = address;
  }

  /** @throws {Error} where D-Bus is not installed */
  static async start(): Promise<DisplayBus> {
    for (const tool of ["dbus-daemon", "dbus-send"]) {
      if (spawnSync("sh", ["-c", `command -v ${tool}`]).status !== 0) throw new Error(`${tool} is not installed`);
    }
    const folder = mkdtempSync(join(tmpdir(), "virtgpu-bus-"));
    const path = `unix:path=${join(folder, "bus")}`;
    const daemon = start("dbus-daemon", [
      "--session",
      "--nofork",
      "--nopidfile",
      "--print-address",
      `--address=${path}`,
    ]);
    for (let i = 0; i < 2400 && daemon.isRunning(); i++) {
      if (daemon.output().includes("\n")) return new DisplayBus(folder, daemon, path);
      await delay(50);
    }
    daemon.kill();
    throw new Error(`no bus of our own: ${daemon.output()}`);
  }

  /** The window of a head gets this size. Source: QEMU `ui/dbus-display1.xml`: org.qemu.Display1.Console.SetUIInfo. */
  async resize(head: number, width: number, height: number): Promise<void> {
    const [widthMm, heightMm] = [width, height].map((pixels) => Math.round(pixels * MM_PER_PIXEL));
    const call = start("dbus-send", [
      `--bus=${this.address}`,
      ...["--print-reply", `--reply-timeout=${REPLY_MS}`],
      "--dest=org.qemu",
      `/org/qemu/Display1/Console_${head}`,
      "org.qemu.Display1.Console.SetUIInfo",
      ...[`uint16:${widthMm}`, `uint16:${heightMm}`, "int32:0", "int32:0", `uint32:${width}`, `uint32:${height}`],
    ]);
    const end = await Promise.race([call.exited, delay(2 * REPLY_MS, "no end", { ref: false })]);
    call.kill();
    if (end !== "status 0") throw new Error(`SetUIInfo of head ${head}: ${end}\n${call.output()}`);
  }

  async close(): Promise<void> {
    this.#daemon.kill();
    await this.#daemon.exited;
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
