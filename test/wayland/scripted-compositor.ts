import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { receiveMessageOnPort, MessageChannel, Worker } from "node:worker_threads";
import type { Argument } from "#virtgpu/display/wayland/wire.js";
import type { ScriptCommand, ScriptData } from "./scripted-compositor-worker.js";

/** A request that the compositor got. */
export interface SeenRequest {
  readonly request: string;
  readonly object: number;
  readonly args: readonly unknown[];
}

/** The test's hold on a scripted compositor. */
export class ScriptedCompositor {
  readonly socket: string;
  readonly #folder: string;
  readonly #worker: Worker;
  readonly #seen: SeenRequest[] = [];
  readonly #messages = new MessageChannel();

  private constructor(without: readonly string[]) {
    this.#folder = mkdtempSync(join(tmpdir(), "virtgpu-compositor-"));
    this.socket = join(this.#folder, "w");
    const data: ScriptData = { path: this.socket, without, port: this.#messages.port1 };
    this.#worker = new Worker(new URL("./scripted-compositor-worker.js", import.meta.url), {
      workerData: data,
      transferList: [this.#messages.port1],
    });
  }

  static async start(without: readonly string[] = []): Promise<ScriptedCompositor> {
    const compositor = new ScriptedCompositor(without);
    await once(compositor.#worker, "message");
    return compositor;
  }

  /** What it got so far; works while the event loop stands still. */
  get seen(): readonly SeenRequest[] {
    const port = this.#messages.port2;
    for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port))
      this.#seen.push(next.message as SeenRequest);
    return this.#seen;
  }

  count(request: string): number {
    return this.seen.filter((one) => one.request === request).length;
  }

  tell(command: ScriptCommand): void {
    this.#messages.port2.postMessage(command);
  }

  event(object: string, opcode: number, types: string, ...args: Argument[]): void {
    this.tell({ do: "event", object, opcode, types, args });
  }

  /** The shell wants the window to have this size. `states`: `xdg_toplevel.state`. */
  configure(width: number, height: number, states: readonly number[] = []): void {
    this.event("xdg_toplevel", 0, "iia", width, height, new Uint8Array(Uint32Array.from(states).buffer));
    this.event("xdg_surface", 0, "u", 9);
  }

  async stop(): Promise<void> {
    const ended = once(this.#worker, "exit");
    this.tell({ do: "end" });
    await ended;
    this.#messages.port2.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
