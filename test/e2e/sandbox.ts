/**
 * A private mount namespace with its own /tmp, so that several servers and clients can each have the fixed path
 * `/tmp/.virgl_test` (Mesa's vtest winsys knows no other) and X displays of their own. Every process started here is
 * watched, its output is kept, and `dispose` ends what is left by pid.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { cacheFolder } from "../guest/paths.js";
import { repositoryRoot } from "./paths.js";

export interface SpawnOptions {
  /** Added to a small clean environment, not to the test's own. */
  readonly env?: Readonly<Record<string, string>>;
  /** Used for log file names. */
  readonly name?: string;
}

export interface RunOptions extends SpawnOptions {
  /** After this many milliseconds: SIGTERM, twenty seconds later SIGKILL. Default 60,000. */
  readonly timeoutMs?: number;
}

export interface RunResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly timedOut: boolean;
  readonly stdout: string;
  readonly stderr: string;
  readonly wallMs: number;
}

/** A process inside a sandbox. */
export interface SandboxProcess {
  readonly name: string;
  readonly pid: number;
  readonly stdoutPath: string;
  readonly stderrPath: string;
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  isRunning(): boolean;
  stdout(): string;
  stderr(): string;
  /** SIGTERM, after `graceMs` SIGKILL; resolves when it is gone. */
  stop(graceMs?: number): Promise<void>;
}

const CLEAN_ENV_KEYS = ["PATH", "HOME", "LANG", "USER"] as const;

function cleanEnv(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  const env: Record<string, string> = {};
  for (const key of CLEAN_ENV_KEYS) {
    const value = process.env[key];
    if (value !== undefined) env[key] = value;
  }
  return { ...env, ...extra };
}

export class Sandbox {
  /** A directory that has the same path inside and outside; removed by `dispose`. */
  readonly workDir: string;
  readonly #holder: ChildProcess;
  readonly #holderPid: number;
  readonly #processes: SandboxProcess[] = [];
  #sequence = 0;

  private constructor(holder: ChildProcess, holderPid: number, workDir: string) {
    this.#holder = holder;
    this.#holderPid = holderPid;
    this.workDir = workDir;
  }

  /** Throws when the machine lets us make no mount namespace; ask `sandboxRefusal()` first to skip with a reason. */
  static async create(): Promise<Sandbox> {
    const workDir = mkdtempSync("/var/tmp/virtgpu-e2e-");
    const root = repositoryRoot();
    // A checkout or a cache below /tmp would vanish under the private /tmp: they are carried over.
    const script = `
      set -e
      mount -t tmpfs tmpfs /mnt
      n=0
      for path do
        n=$((n + 1))
        case $path in /tmp/*) mkdir /mnt/$n; mount --bind "$path" /mnt/$n ;; esac
      done
      mount -t tmpfs -o mode=1777 tmpfs /tmp
      n=0
      for path do
        n=$((n + 1))
        case $path in /tmp/*) mkdir -p "$path"; mount --move /mnt/$n "$path" ;; esac
      done
      umount /mnt
      mkdir -m 700 /tmp/xdg
      echo ready
      exec sleep 86400`;
    const holder = spawn("unshare", [...unshareFlags(), "sh", "-c", script, "sh", root, cacheFolder()], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let errorText = "";
    holder.stderr?.on("data", (chunk: Buffer) => (errorText += chunk.toString()));
    await new Promise<void>((resolve, reject) => {
      holder.stdout?.once("data", () => resolve());
      holder.once("error", reject);
      holder.once("exit", () => reject(new Error(`no private mount namespace: ${errorText.trim()}`)));
    });
    if (holder.pid === undefined) throw new Error("no pid for the namespace holder");
    return new Sandbox(holder, holder.pid, workDir);
  }

  /** The path outside for a path inside (for files in the private /tmp). */
  outsidePath(insidePath: string): string {
    return `/proc/${this.#holderPid}/root${insidePath}`;
  }

  spawn(command: string, args: readonly string[], options: SpawnOptions = {}): SandboxProcess {
    const name = `${String(this.#sequence++).padStart(2, "0")}-${options.name ?? command.split("/").at(-1) ?? "process"}`;
    const stdoutPath = join(this.workDir, `${name}.out`);
    const stderrPath = join(this.workDir, `${name}.err`);
    const out = openSync(stdoutPath, "w");
    const err = openSync(stderrPath, "w");
    const child = spawn("nsenter", [...nsenterFlags(this.#holderPid), "--", command, ...args], {
      cwd: this.workDir,
      env: cleanEnv({ XDG_RUNTIME_DIR: "/tmp/xdg", ...options.env }),
      stdio: ["ignore", out, err],
    });
    closeSync(out);
    closeSync(err);
    const process = watchChild(child, name, stdoutPath, stderrPath);
    this.#processes.push(process);
    return process;
  }

  async run(command: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
    const started = performance.now();
    const process = this.spawn(command, args, options);
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      void process.stop();
    }, options.timeoutMs ?? 300_000);
    const { code, signal } = await process.exited;
    clearTimeout(timer);
    const wallMs = performance.now() - started;
    return { code, signal, timedOut, stdout: process.stdout(), stderr: process.stderr(), wallMs };
  }

  /** Ends everything started here, newest first, then the namespace. `keepLogs` leaves `workDir`. */
  async dispose(keepLogs = false): Promise<void> {
    for (const process of this.#processes.toReversed()) {
      if (process.isRunning()) await process.stop();
    }
    this.#holder.removeAllListeners("exit");
    const gone = new Promise<void>((resolve) => this.#holder.once("exit", () => resolve()));
    this.#holder.kill("SIGKILL");
    await gone;
    if (!keepLogs) rmSync(this.workDir, { recursive: true, force: true });
  }
}

function watchChild(child: ChildProcess, name: string, stdoutPath: string, stderrPath: string): SandboxProcess {
  let running = true;
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once("error", () => {
      running = false;
      resolve({ code: 127, signal: null });
    });
    child.once("exit", (code, signal) => {
      running = false;
      resolve({ code, signal });
    });
  });
  return {
    name,
    pid: child.pid ?? -1,
    stdoutPath,
    stderrPath,
    exited,
    isRunning: () => running,
    stdout: () => readFileSync(stdoutPath, "utf8"),
    stderr: () => readFileSync(stderrPath, "utf8"),
    async stop(graceMs = 20_000) {
      if (!running) return;
      child.kill("SIGTERM");
      const late = await Promise.race([exited.then(() => false), delay(graceMs, true, { ref: false })]);
      if (late && running) child.kill("SIGKILL");
      await exited;
    },
  };
}

function unshareFlags(): string[] {
  return process.getuid?.() === 0 ? ["-m"] : ["-r", "-m"];
}

function nsenterFlags(pid: number): string[] {
  const flags = [`--mount=/proc/${pid}/ns/mnt`];
  if (process.getuid?.() !== 0) flags.unshift(`--user=/proc/${pid}/ns/user`, "--preserve-credentials");
  return flags;
}

let refusal: string | undefined | null = null;

/** Why no sandbox can be made here, or undefined when it can. Asked once per process. */
export async function sandboxRefusal(): Promise<string | undefined> {
  if (refusal === null) {
    try {
      const probe = await Sandbox.create();
      await probe.dispose();
      refusal = undefined;
    } catch (error) {
      refusal = error instanceof Error ? error.message : String(error);
    }
  }
  return refusal;
}

/** Polls until `condition` holds; throws `what` after `timeoutMs`. */
export async function waitUntil(condition: () => boolean, what: string, timeoutMs = 120_000): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`timed out after ${timeoutMs} ms: ${what}`);
    await delay(20);
  }
}

/** Looks a program up in PATH. */
export function findProgram(name: string): string | undefined {
  for (const directory of (process.env["PATH"] ?? "").split(":")) {
    const path = join(directory, name);
    if (existsSync(path)) return path;
  }
  return undefined;
}
