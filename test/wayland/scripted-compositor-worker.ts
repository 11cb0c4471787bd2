/**
 * A compositor that does what a test says: for what no real one can be made to do on demand (close a window, drag its edge, die in the
 * middle of a message). It answers what a client needs to have a configured window; everything else is the test's.
 * Runs in a worker, as the display's start blocks its thread.
 */
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import * as protocol from "#virtgpu/display/wayland/generated/protocol.js";
import { type Argument, type Interface, MessageWriter, readArguments } from "#virtgpu/display/wayland/wire.js";
import { Poll, pollFds } from "#virtgpu/native/events.js";
import { closeFd, createMemfd, Mapping } from "#virtgpu/native/memory.js";
import { acceptUnix, listenUnix, recvFds, sendFds, writeFrom } from "#virtgpu/native/socket.js";

export interface ScriptData {
  readonly path: string;
  /** Interfaces that are not offered, of those that it has. */
  readonly without: readonly string[];
  /** Requests go out here, commands come in. */
  readonly port: MessagePort;
}

/** What the test has it do. */
export type ScriptCommand =
  | {
      readonly do: "event";
      /** The newest of an interface, or an id. */
      readonly object: string | number;
      readonly opcode: number;
      readonly types: string;
      readonly args: Argument[];
    }
  | { readonly do: "words"; readonly words: number[] }
  /** Frame callbacks are answered from now on, or not. */
  | { readonly do: "frames"; readonly areShown: boolean }
  | { readonly do: "hang up" }
  | { readonly do: "end" };

const data = workerData as ScriptData;
const { port } = data;
const XR24 = 0x3432_5258;
const interfaces = new Map<string, Interface>(Object.values(protocol).map((type) => [type.name, type]));
/** Interfaces of objects that requests create, by request. */
const CREATES: Readonly<Record<string, string>> = {
  "wl_display.sync": "wl_callback",
  "wl_display.get_registry": "wl_registry",
  "wl_compositor.create_surface": "wl_surface",
  "wl_surface.frame": "wl_callback",
  "wl_shm.create_pool": "wl_shm_pool",
  "wl_shm_pool.create_buffer": "wl_buffer",
  "wl_seat.get_pointer": "wl_pointer",
  "xdg_wm_base.get_xdg_surface": "xdg_surface",
  "xdg_surface.get_toplevel": "xdg_toplevel",
  "wp_viewporter.get_viewport": "wp_viewport",
  "wp_presentation.feedback": "wp_presentation_feedback",
  "zwp_linux_dmabuf_v1.create_params": "zwp_linux_buffer_params_v1",
  "zwp_linux_dmabuf_v1.get_default_feedback": "zwp_linux_dmabuf_feedback_v1",
};
const GLOBALS = ["wl_compositor", "wl_shm", "xdg_wm_base", "wp_viewporter", "zwp_linux_dmabuf_v1"].filter(
  (name) => !data.without.includes(name),
);

class Client {
  readonly fd: number;
  readonly #objects = new Map<number, string>([[1, "wl_display"]]);
  readonly #ids = new Map<string, number>([["wl_display", 1]]);
  readonly #writer = new MessageWriter();
  readonly #words = new Uint32Array(0x8000);
  readonly #fds: number[] = [];
  #filled = 0;
  #isConfigured = false;
  #waitingFrames: number[] = [];
  #nextServerId = 0xff00_0000;
  areShown = true;

  constructor(fd: number) {
    this.fd = fd;
  }

  /** The newest object of this interface. */
  id(name: string): number {
    return this.#ids.get(name) ?? 0;
  }

  event(object: number, opcode: number, types: string, ...args: Argument[]): void {
    this.#writer.put(object, opcode, types, args);
  }

  flush(): void {
    if (this.areShown) for (const callback of this.#waitingFrames.splice(0)) this.done(callback);
    const { bytes, fds } = this.#writer.take();
    if (bytes.length > 0) sendFds(this.fd, bytes, 0, bytes.length, fds);
    for (const fd of fds) closeFd(fd);
  }

  done(callback: number): void {
    this.event(callback, 0, "u", 0);
    this.event(1, 1, "u", callback);
  }

  /** @returns false when the client is gone */
  receive(): boolean {
    const bytes = new Uint8Array(this.#words.buffer);
    const got = recvFds(this.fd, bytes, this.#filled, bytes.length - this.#filled, 8);
    this.#fds.push(...got.fds);
    this.#filled += got.bytes;
    let at = 0;
    while (this.#filled - at >= 8) {
      const word = this.#words[at / 4 + 1]!;
      const end = at + (word >>> 16);
      if (end > this.#filled) break;
      this.#handle(this.#words[at / 4]!, word & 0xffff, at / 4 + 2, end / 4);
      at = end;
    }
    bytes.copyWithin(0, at, this.#filled);
    this.#filled -= at;
    return got.bytes > 0;
  }

  #handle(object: number, opcode: number, first: number, end: number): void {
    const type = interfaces.get(this.#objects.get(object) ?? "");
    const [name, row] = Object.entries(type?.requests ?? {})[opcode] ?? [];
    if (type === undefined || name === undefined || row === undefined) return;
    const args = readArguments(this.#words, first, end, row[1], () => this.#fds.shift() ?? -1);
    const request = `${type.name}.${name}`;
    if (!Array.isArray(args)) throw new Error(`a bad ${request}: ${args}`);
    row[1].split("").forEach((kind, i) => {
      if (kind === "h") closeFd(args[i] as number);
      if (kind === "n") this.#create(args[i] as number, CREATES[request] ?? String(args[1]));
    });
    port.postMessage({ request, object, args: args.filter((arg) => typeof arg !== "object") });
    if (row[2] === true) this.event(1, 1, "u", object);
    this.#answer(request, args);
  }

  /** linux-dmabuf version 4: a table with XR24 LINEAR at index 1, and one tranche. */
  #sendFormats(feedback: number): void {
    const fd = createMemfd("formats", 4096);
    const table = Mapping.map(fd, 0, 4096);
    new Uint32Array(table.bytes.buffer).set([0, 0, 1, 1, XR24, 0, 0, 0]);
    table.release();
    this.event(feedback, 1, "hu", fd, 32);
    this.event(feedback, 2, "a", new Uint8Array(8));
    this.event(feedback, 4, "a", new Uint8Array(8));
    this.event(feedback, 5, "a", new Uint8Array(Uint16Array.of(1).buffer));
    this.event(feedback, 6, "u", 0);
    this.event(feedback, 3, "");
    this.event(feedback, 0, "");
  }

  #create(id: number, name: string): void {
    this.#objects.set(id, name);
    this.#ids.set(name, id);
  }

  #answer(request: string, args: readonly Argument[]): void {
    if (request === "wl_display.sync") this.done(args[0] as number);
    if (request === "wl_display.get_registry")
      GLOBALS.forEach((name, i) => this.event(args[0] as number, 0, "usu", i + 1, name, interfaces.get(name)!.version));
    if (request === "wl_surface.frame") this.#waitingFrames.push(args[0] as number);
    if (request === "wl_surface.commit" && this.id("xdg_toplevel") !== 0 && !this.#isConfigured) {
      this.#isConfigured = true;
      this.event(this.id("xdg_toplevel"), 0, "iia", 0, 0, new Uint8Array(0));
      this.event(this.id("xdg_surface"), 0, "u", 1);
    }
    if (request === "zwp_linux_dmabuf_v1.get_default_feedback") this.#sendFormats(args[0] as number);
    if (request === "zwp_linux_buffer_params_v1.create") {
      const buffer = this.#nextServerId++;
      this.#create(buffer, "wl_buffer");
      this.event(this.id("zwp_linux_buffer_params_v1"), 0, "n", buffer);
    }
    // The shell forgets the window.
    if (request === "xdg_toplevel.destroy") this.#isConfigured = false;
  }
}

const listener = listenUnix(data.path);
parentPort!.postMessage("listening");
let client: Client | null = null;
let isRunning = true;
while (isRunning) {
  const fds = Int32Array.of(client?.fd ?? listener);
  const revents = new Int16Array(1);
  pollFds(fds, Int16Array.of(Poll.IN), revents, 2000);
  if (revents[0] !== 0 && client === null) {
    const fd = acceptUnix(listener);
    if (fd >= 0) client = new Client(fd);
  } else if (revents[0] !== 0 && client !== null && !client.receive()) drop();
  for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port))
    obey(next.message as ScriptCommand);
  try {
    client?.flush();
  } catch {
    drop();
  }
}
closeFd(listener);
port.close();

function drop(): void {
  if (client !== null) closeFd(client.fd);
  client = null;
}

function obey(command: ScriptCommand): void {
  if (command.do === "end") isRunning = false;
  if (command.do === "hang up" || command.do === "end") drop();
  if (client === null) return;
  port.postMessage({ request: `did ${command.do}`, object: 0, args: [] });
  if (command.do === "frames") client.areShown = command.areShown;
  if (command.do === "event")
    client.event(
      typeof command.object === "number" ? command.object : client.id(command.object),
      command.opcode,
      command.types,
      ...command.args,
    );
  if (command.do === "words") {
    client.flush();
    const bytes = new Uint8Array(Uint32Array.from(command.words).buffer);
    writeFrom(client.fd, bytes, 0, bytes.length);
  }
}
