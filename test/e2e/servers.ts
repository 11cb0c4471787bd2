/** The vtest servers that the end-to-end tests compare: ours, and Debian's virgl_test_server (package virgl-server). */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { repositoryRoot } from "./paths.js";
import { waitUntil, type Sandbox, type SandboxProcess } from "./sandbox.js";

export const VTEST_DEFAULT_SOCKET = "/tmp/.virgl_test";

export interface ServerSpec {
  /** `c` is virgl_test_server, `ours` is bin/virtgpu-test-server. */
  readonly kind: "c" | "ours";
  /** Default `/tmp/.virgl_test`. */
  readonly socketPath?: string;
  /** Desktop GL on the host instead of GLES. */
  readonly hostGl?: boolean;
  /** E.g. `VIRTGPU_FORCE_LIMITS`, `GALLIUM_NOOP`. Never GALLIUM_DRIVER=virpipe. */
  readonly env?: Readonly<Record<string, string>>;
  /** Further flags. */
  readonly args?: readonly string[];
}

export interface RunningServer {
  readonly spec: ServerSpec;
  readonly process: SandboxProcess;
  readonly socketPath: string;
  /** Everything it wrote to stderr and stdout so far. */
  log(): string;
  stop(): Promise<void>;
}

/** Starts a server and waits until its socket is there. */
export async function startServer(sandbox: Sandbox, spec: ServerSpec): Promise<RunningServer> {
  const socketPath = spec.socketPath ?? VTEST_DEFAULT_SOCKET;
  const env = { LIBGL_ALWAYS_SOFTWARE: "1", ...spec.env };
  const command = spec.kind === "c" ? "virgl_test_server" : join(repositoryRoot(), "bin/virtgpu-test-server");
  // virgl_test_server 0.10 takes the path only after "=".
  const args = ["--use-egl-surfaceless", `--socket-path=${socketPath}`, ...(spec.args ?? [])];
  if (!spec.hostGl) args.push("--use-gles");
  if (spec.kind === "ours") args.push("--log-json");
  const started = sandbox.spawn(command, args, { env, name: `${spec.kind}-server` });
  const outside = sandbox.outsidePath(socketPath);
  await waitUntil(
    () => existsSync(outside) || !started.isRunning(),
    `${spec.kind} server to listen at ${socketPath}\n${started.stderr()}`,
  );
  if (!started.isRunning())
    throw new Error(`${spec.kind} server ended at start: ${started.stderr()}${started.stdout()}`);
  await delay(50); // bind makes the path, listen follows
  return {
    spec,
    process: started,
    socketPath,
    log: () => started.stderr() + started.stdout(),
    stop: () => started.stop(),
  };
}

/** Is our server there to be started? For tests that are written before it. */
export function ourServerExists(): boolean {
  return existsSync(join(repositoryRoot(), "bin/virtgpu-test-server"));
}

/** One client's end, as our server logs it. */
export interface FinishedClient {
  /** The guest process's, as it told it. */
  readonly name: string;
  readonly frames: number;
  readonly submissions: number;
  /** Error counters by name; all 0 for a client that did nothing wrong. */
  readonly counters: Readonly<Record<string, number>>;
  readonly copiedBytes: Readonly<Record<string, number>>;
  readonly peakRssBytes: number;
}

/** The "client finished" lines of our server's JSON log. */
export function finishedClients(server: RunningServer): FinishedClient[] {
  return logLines(server).filter((line): line is FinishedClient & LogLine => line.msg === "client finished");
}

export interface LogLine {
  readonly level: number | string;
  readonly msg: string;
}

/** Our server's log, parsed; what is not JSON is left out. */
export function logLines(server: RunningServer): LogLine[] {
  const lines: LogLine[] = [];
  for (const text of server.log().split("\n")) {
    if (!text.startsWith("{")) continue;
    try {
      lines.push(JSON.parse(text) as LogLine);
    } catch {
      // a line still being written
    }
  }
  return lines;
}

/** What the log counts beside errors. */
const ACTIVITY_COUNTERS: ReadonlySet<string> = new Set(["submissions", "draws", "clears", "programsLinked"]);

/** Error counters that are not 0, over all clients, as "name=count" words; empty when all is well. */
export function raisedCounters(clients: readonly FinishedClient[]): string[] {
  const raised: string[] = [];
  for (const { counters } of clients) {
    for (const [name, count] of Object.entries(counters)) {
      if (count !== 0 && !ACTIVITY_COUNTERS.has(name)) raised.push(`${name}=${count}`);
    }
  }
  return raised;
}
