/**
 * The control socket of a running device: `$XDG_RUNTIME_DIR/virtgpu/NAME.sock` (`/run/virtgpu/NAME.sock` for root), mode
 * 0600. One JSON object a line in, one out: `{"command":"status"}`.
 */
import { createServer, type Server, type Socket } from "node:net";
import { unlinkSync } from "node:fs";
import * as v from "valibot";
import { HostError } from "@virtgpu/core/base";
import { listenAtPath, makePrivateFolder } from "../transport/socket-path.js";
import type { ScopedLogger } from "./log.js";

const ControlRequest = v.strictObject({ command: v.picklist(["status"]) });
export type ControlRequest = v.InferOutput<typeof ControlRequest>;

const MAX_REQUEST_CHARS = 64 * 1024;

/** Where the device called `name` listens. @throws {HostError} CONTROL_NO_RUNTIME_DIR */
export function controlPath(name: string): string {
  const runtime = process.getuid?.() === 0 ? "/run" : process.env["XDG_RUNTIME_DIR"];
  if (runtime === undefined || runtime === "") {
    throw new HostError(
      "CONTROL_NO_RUNTIME_DIR",
      "XDG_RUNTIME_DIR is not set, so there is no place for the control socket",
      { cure: "set it, or give --control=PATH" },
    );
  }
  return `${runtime}/virtgpu/${name}.sock`;
}

export class ControlSocket {
  readonly path: string;
  readonly #server: Server;

  private constructor(path: string, server: Server) {
    this.path = path;
    this.#server = server;
  }

  /** @throws {HostError} when the path is held or cannot be made. */
  static async start(
    path: string,
    answer: (request: ControlRequest) => Promise<unknown>,
    log: ScopedLogger,
  ): Promise<ControlSocket> {
    makePrivateFolder(path);
    const listener = listenAtPath({ path, mode: 0o600 });
    const server = createServer((socket) => serve(socket, answer, log));
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen({ fd: listener.fd }, resolve);
    });
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

function serve(socket: Socket, answer: (request: ControlRequest) => Promise<unknown>, log: ScopedLogger): void {
  let text = "";
  socket.setEncoding("utf8");
  socket.on("error", () => {});
  socket.on("data", (chunk: string) => {
    text += chunk;
    if (text.length > MAX_REQUEST_CHARS) return void socket.destroy();
    const lines = text.split("\n");
    text = lines.pop() ?? "";
    for (const line of lines) void reply(socket, line, answer, log);
  });
}

async function reply(
  socket: Socket,
  line: string,
  answer: (request: ControlRequest) => Promise<unknown>,
  log: ScopedLogger,
): Promise<void> {
  try {
    const request = v.parse(ControlRequest, JSON.parse(line));
    socket.write(`${JSON.stringify(await answer(request))}\n`);
  } catch (error) {
    log.warn("control request refused", { reason: String(error) });
    socket.write(`${JSON.stringify({ error: String(error) })}\n`);
  }
}
