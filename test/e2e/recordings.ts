/** Recording a program's stream at a server, and replaying streams, with the project's own `record` and `replay`. */
import { existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { frameToRgba, playCapture } from "@virtgpu/core/capture";
import { nativeFdMapper, VtestConnection } from "#virtgpu/transport/vtest-connection.js";
import type { Frame } from "./frames.js";
import { Bench, startServer, waitUntil, type RunningServer, type Sandbox, type ServerSpec } from "./harness.js";
import { repositoryRoot } from "./paths.js";
import type { Program } from "./programs.js";
import { VTEST_DEFAULT_SOCKET } from "./servers.js";

const UPSTREAM_SOCKET = "/tmp/upstream.sock";
const VIRTGPU = join(repositoryRoot(), "bin/virtgpu");

export interface ReplayResult {
  readonly frames: number;
  readonly seconds: number;
}

/** A sandbox with a server behind which programs are recorded one after the other. */
export class Recorder implements AsyncDisposable {
  readonly #bench: Bench;
  readonly #server: RunningServer;

  private constructor(bench: Bench, server: RunningServer) {
    this.#bench = bench;
    this.#server = server;
  }

  static async create(server: ServerSpec): Promise<Recorder> {
    const bench = await Bench.create({ x11: true, behindSocket: true });
    return new Recorder(bench, await startServer(bench.sandbox, { ...server, socketPath: UPSTREAM_SOCKET }));
  }

  /**
   * Records one program into `file`, for `times` as long where it is timed. Throws with the logs when the program fails or nothing was
   * recorded.
   */
  async record(program: Program, file: string, times = 1): Promise<void> {
    const { sandbox } = this.#bench;
    const args = ["record", `--vtest=${VTEST_DEFAULT_SOCKET}`, `--upstream=${UPSTREAM_SOCKET}`, file];
    const recorder = sandbox.spawn(VIRTGPU, args, { name: `record-${program.name}` });
    const socket = sandbox.outsidePath(VTEST_DEFAULT_SOCKET);
    await waitUntil(() => existsSync(socket) || !recorder.isRunning(), "the recorder to listen");
    try {
      await program.run(this.#bench, times);
    } catch (error) {
      throw new Error(`${String(error)}\n-- recorder:\n${recorder.stderr()}\n-- server:\n${this.#server.log()}`, {
        cause: error,
      });
    } finally {
      await recorder.stop(120_000);
    }
    if (!existsSync(file) || statSync(file).size === 0) {
      throw new Error(`${program.name}: nothing recorded\n${recorder.stderr()}${recorder.stdout()}`);
    }
  }

  get server(): RunningServer {
    return this.#server;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#bench[Symbol.asyncDispose]();
  }
}

/** Plays `file` to a running server; frames go to `framesDir` as PNG when given. */
export async function replay(
  sandbox: Sandbox,
  server: RunningServer,
  file: string,
  options: { readonly framesDir?: string; readonly timeoutMs?: number } = {},
): Promise<ReplayResult> {
  const args = ["replay", "--json", `--vtest=${server.socketPath}`, file];
  if (options.framesDir !== undefined) {
    mkdirSync(options.framesDir, { recursive: true });
    args.push(`--frames=${options.framesDir}`);
  }
  const result = await sandbox.run(VIRTGPU, args, { timeoutMs: options.timeoutMs ?? 600_000, name: "replay" });
  if (result.code !== 0) {
    const how = result.timedOut ? "timed out" : `exit ${result.code ?? result.signal}`;
    throw new Error(
      `replay on the ${server.spec.kind} server: ${how}\n${result.stderr}${result.stdout}\n-- server:\n${server.log()}`,
    );
  }
  return JSON.parse(result.stdout) as ReplayResult;
}

/**
 * Plays `file` to the server at `socketPath` (a path outside the sandbox) and returns every frame. Blocks this process.
 * Throws when the server refuses.
 */
export function replayFrames(socketPath: string, file: string): Frame[] {
  const bytes = readFileSync(file);
  const capture = bytes[0] === 0x1f ? gunzipSync(bytes) : bytes;
  const frames: Frame[] = [];
  const connection = new VtestConnection(socketPath);
  try {
    const { failure } = playCapture({
      capture,
      server: connection,
      mapper: nativeFdMapper,
      onFrame(frame) {
        const pixels = new Uint8Array(frame.width * frame.height * 4);
        frameToRgba(frame, pixels);
        frames.push({ width: frame.width, height: frame.height, pixels });
      },
    });
    if (failure !== null) throw new Error(failure);
  } finally {
    connection.close();
  }
  return frames;
}
