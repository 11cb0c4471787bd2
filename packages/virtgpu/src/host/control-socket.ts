/**
 * The control socket of a running device: `$XDG_RUNTIME_DIR/virtgpu/NAME.sock` (`/run/virtgpu/NAME.sock` for root), mode
 * 0600 in a folder of mode 0700. One JSON object a line in, one out: `{"command":"explain"}`. Reads only: nothing that it
 * answers changes the device.
 */
import { createServer, type Server, type Socket } from "node:net";
import { unlinkSync } from "node:fs";
import * as v from "valibot";
import { HostError } from "@virtgpu/core/base";
import { listenAtPath, makePrivateFolder } from "../transport/socket-path.js";
import type { ScopedLogger } from "./log.js";

const COMMANDS = ["status", "explain", "metrics"] as const;
export type ControlCommand = (typeof COMMANDS)[number];

/** What a device answers to each command. A rejection becomes `{"error": …}`. */
export type ControlAnswers = Readonly<Record<ControlCommand, () => Promise<unknown>>>;

const ControlRequest = v.strictObject({ command: v.picklist(COMMANDS) });

const MAX_REQUEST_CHARS = 4096;
const MAX_CONNECTIONS = 16;
/** Requests of one connection that wait for their answer. */
const MAX_WAITING = 8;
/** A connection on which nothing happens for so long is closed. */
const IDLE_MS = 60_000;

/** The folder of all control sockets. @throws {HostError} CONTROL_NO_RUNTIME_DIR */
export function controlFolder(): string {
  const runtime = process.getuid?.() === 0 ? "/run" : process.env["XDG_RUNTIME_DIR"];
  if (runtime === undefined || runtime === "") {
    throw new HostError(
      "CONTROL_NO_RUNTIME_DIR",
      "XDG_RUNTIME_DIR is not set, so there is no place for the control socket",
      { cure: "set it, or give --control=PATH" },
    );
  }
  return `${runtime}/virtgpu`;
}

/** Where the device called `name` listens. @throws {HostError} CONTROL_NO_RUNTIME_DIR */
export function controlPath(name: string): string {
  return `${controlFolder()}/${name}.sock`;
}

export class ControlSocket {
  readonly path: string;
  readonly #server: Server;

  private constructor(path: string, server: Server) {
    this.path = path;
    this.#server = server;
  }

  /** @throws {HostError} when the path is held or cannot be made. */
  static async start(path: string, answers: ControlAnswers, log: ScopedLogger): Promise<ControlSocket> {
    makePrivateFolder(path);
    const listener = listenAtPath({ path, mode: 0o600 });
    const server = createServer((socket) => new Conversation(socket, answers, log).begin());
    server.maxConnections = MAX_CONNECTIONS;
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen({ fd: listener.fd }, resolve);
    });
    // It must not keep a process alive whose device has ended.
    server.unref();
    return new ControlSocket(path, server);
  }

  close(): void {
    this.#server.close();
    try {
      unlinkSync(this.path);
    } catch {
      // Already gone.
    }
  }
}

/** One connection: its requests are answered one after the other. */
class Conversation {
  readonly #socket: Socket;
  readonly #answers: ControlAnswers;
  readonly #log: ScopedLogger;
  #text = "";
  readonly #waiting: string[] = [];
  #isAnswering = false;

  constructor(socket: Socket, answers: ControlAnswers, log: ScopedLogger) {
    this.#socket = socket;
    this.#answers = answers;
    this.#log = log;
  }

  begin(): void {
    const socket = this.#socket;
    socket.unref();
    socket.setEncoding("utf8");
    socket.setTimeout(IDLE_MS, () => socket.destroy());
    socket.on("error", () => {});
    socket.on("data", (chunk: string) => this.#take(chunk));
  }

  #take(chunk: string): void {
    this.#text += chunk;
    const lines = this.#text.split("\n");
    this.#text = lines.pop() ?? "";
    this.#waiting.push(...lines);
    if (this.#text.length > MAX_REQUEST_CHARS || this.#waiting.length > MAX_WAITING) {
      this.#log.warn("a control connection asked too much and was closed", {});
      this.#socket.destroy();
      return;
    }
    if (!this.#isAnswering) void this.#answerAll();
  }

  async #answerAll(): Promise<void> {
    this.#isAnswering = true;
    for (let line = this.#waiting.shift(); line !== undefined; line = this.#waiting.shift()) {
      const answer = await this.#answer(line);
      if (this.#socket.destroyed) break;
      // Who does not read is not answered again before: nothing piles up here.
      if (!this.#socket.write(`${JSON.stringify(answer)}\n`)) await this.#drained();
    }
    this.#isAnswering = false;
  }

  #drained(): Promise<void> {
    const socket = this.#socket;
    return new Promise((resolve) => {
      const done = (): void => {
        socket.off("drain", done).off("close", done);
        resolve();
      };
      socket.on("drain", done).on("close", done);
    });
  }

  async #answer(line: string): Promise<unknown> {
    try {
      const { command } = v.parse(ControlRequest, JSON.parse(line));
      return await this.#answers[command]();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#log.warn("control request refused", { reason });
      return { error: reason };
    }
  }
}
