/** Child processes of a guest run: their output as it comes, how they end, and an end for all of them. */
import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";

export interface Running {
  readonly child: ChildProcess;
  readonly pid: number;
  /** Resolves to how it ended: `status N` or the signal's name. */
  readonly exited: Promise<string>;
  isRunning(): boolean;
  /** Both output streams, in the order in which they came. */
  output(): string;
  /** Writes to its standard input. */
  type(text: string): void;
  kill(signal?: NodeJS.Signals): void;
}

export interface StartOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Becomes descriptor 3 of the process. */
  readonly inherited?: number | null;
}

/** A guest must not outlive a test that failed. */
const alive = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of alive) child.kill("SIGKILL");
});
for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => process.exit(1));

export function start(command: string, args: readonly string[], options: StartOptions = {}): Running {
  const stdio: StdioOptions = ["pipe", "pipe", "pipe"];
  const { inherited = null } = options;
  if (inherited !== null) stdio.push(inherited);
  const child = spawn(command, args, { stdio, env: { ...process.env, ...options.env } });
  let text = "";
  let isRunning = true;
  const add = (chunk: Buffer): void => void (text += chunk.toString("latin1"));
  child.stdout!.on("data", add);
  child.stderr!.on("data", add);
  // A process that is gone reads no more: how it ended is what counts.
  child.stdin!.on("error", () => {});
  const exited = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("close", (code, signal) => resolve(signal ?? `status ${code}`));
  });
  alive.add(child);
  void exited.then(() => {
    isRunning = false;
    alive.delete(child);
  });
  return {
    child,
    pid: child.pid ?? -1,
    exited,
    isRunning: () => isRunning,
    output: () => text,
    type: (line) => void child.stdin!.write(line),
    kill: (signal = "SIGKILL") => void child.kill(signal),
  };
}
