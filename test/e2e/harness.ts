/**
 * Runs unmodified Mesa programs natively, through the C server and through ours, each in a private mount namespace.
 *
 *     await using bench = await Bench.create({ server: { kind: "c" }, x11: true });
 *     const result = await bench.client("es2_info", []);
 *
 * `client` runs with GALLIUM_DRIVER=virpipe when there is a server, else on llvmpipe itself.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import {
  Sandbox,
  waitUntil,
  type RunOptions,
  type RunResult,
  type SandboxProcess,
  type SpawnOptions,
} from "./sandbox.js";
import { startServer, type RunningServer, type ServerSpec } from "./servers.js";

export { repositoryRoot, buildDir } from "./paths.js";
export * from "./sandbox.js";
export * from "./servers.js";

export interface BenchOptions {
  /** None: clients run natively. */
  readonly server?: ServerSpec;
  /** Clients use virpipe though the server at `/tmp/.virgl_test` is started by the caller. */
  readonly behindSocket?: boolean;
  /** Start Xvfb; needed by es2_info, es2gears and glmark2-es2. */
  readonly x11?: boolean;
  /** Default 1280x1024. */
  readonly screen?: { readonly width: number; readonly height: number };
}

/** A sandbox, at most one server in it, at most one X display. */
export class Bench implements AsyncDisposable {
  readonly sandbox: Sandbox;
  readonly server: RunningServer | undefined;
  readonly display: string | undefined;
  readonly #clientEnv: Readonly<Record<string, string>>;

  private constructor(
    sandbox: Sandbox,
    server: RunningServer | undefined,
    display: string | undefined,
    virpipe: boolean,
  ) {
    this.sandbox = sandbox;
    this.server = server;
    this.display = display;
    this.#clientEnv = {
      LIBGL_ALWAYS_SOFTWARE: "1",
      GALLIUM_DRIVER: virpipe ? "virpipe" : "llvmpipe",
      ...(display === undefined ? {} : { DISPLAY: display }),
    };
  }

  static async create(options: BenchOptions): Promise<Bench> {
    const sandbox = await Sandbox.create();
    try {
      const display = options.x11 ? await startXvfb(sandbox, options.screen) : undefined;
      const server = options.server === undefined ? undefined : await startServer(sandbox, options.server);
      return new Bench(sandbox, server, display, server !== undefined || options.behindSocket === true);
    } catch (error) {
      await sandbox.dispose();
      throw error;
    }
  }

  /** Runs a GL program to its end. Extra `env` wins over ours. */
  client(command: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
    return this.sandbox.run(command, args, { ...options, env: { ...this.#clientEnv, ...options.env } });
  }

  /** Starts a GL program and leaves it running. */
  startClient(command: string, args: readonly string[], options: SpawnOptions = {}): SandboxProcess {
    return this.sandbox.spawn(command, args, { ...options, env: { ...this.#clientEnv, ...options.env } });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.sandbox.dispose(process.env["VIRTGPU_KEEP_LOGS"] === "1");
  }
}

/** Starts Xvfb on a free display and returns its name, ":N". */
export async function startXvfb(
  sandbox: Sandbox,
  screen: { readonly width: number; readonly height: number } = { width: 1280, height: 1024 },
  flags: readonly string[] = [],
): Promise<string> {
  const server = sandbox.spawn(
    "Xvfb",
    [
      "-displayfd",
      "1",
      "-nolisten",
      "tcp",
      "-noreset",
      "-screen",
      "0",
      `${screen.width}x${screen.height}x24`,
      ...flags,
    ],
    { name: "xvfb" },
  );
  await waitUntil(() => /^\d+\n/.test(server.stdout()) || !server.isRunning(), "Xvfb to name its display", 20_000);
  const display = /^(\d+)\n/.exec(server.stdout())?.[1];
  if (display === undefined) throw new Error(`Xvfb did not start: ${server.stderr()}`);
  return `:${display}`;
}

export interface ProcessUsage {
  /** User and system time in milliseconds, of the process and its living descendants. */
  readonly cpuMs: number;
  /** Largest peak resident set (VmHWM) of any one of them, in bytes. */
  readonly peakRssBytes: number;
  readonly pids: readonly number[];
}

/** CPU time and memory of a process and its descendants (proc(5)). */
export function usageOf(pid: number): ProcessUsage {
  const pids = [pid, ...descendantsOf(pid)];
  let cpuMs = 0;
  let peakRssBytes = 0;
  for (const each of pids) {
    try {
      cpuMs += cpuMsOf(each);
      const peak = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${each}/status`, "utf8"))?.[1];
      peakRssBytes = Math.max(peakRssBytes, Number(peak ?? 0) * 1024);
    } catch {
      // it ended between listing and reading
    }
  }
  return { cpuMs, peakRssBytes, pids };
}

const CLOCK_TICKS_PER_SECOND = 100; // sysconf(_SC_CLK_TCK) on every Linux we run on

/** utime + stime of one process. From its threads' schedstat, which counts nanoseconds, where the kernel has it. */
function cpuMsOf(pid: number): number {
  let nanoseconds = 0;
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    const path = `/proc/${pid}/task/${task}/schedstat`;
    if (!existsSync(path)) return cpuMsInTicks(pid);
    nanoseconds += Number(readFileSync(path, "utf8").split(" ")[0]);
  }
  return nanoseconds / 1e6;
}

function cpuMsInTicks(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  // The state is field 3, utime 14, stime 15.
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / CLOCK_TICKS_PER_SECOND;
}

export function descendantsOf(pid: number): number[] {
  const found: number[] = [];
  const queue = [pid];
  for (let parent = queue.pop(); parent !== undefined; parent = queue.pop()) {
    let text: string;
    try {
      text = readFileSync(`/proc/${parent}/task/${parent}/children`, "utf8");
    } catch {
      continue;
    }
    for (const word of text.split(" ")) {
      if (word.trim() === "") continue;
      found.push(Number(word));
      queue.push(Number(word));
    }
  }
  return found;
}
