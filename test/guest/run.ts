import { spawnSync } from "node:child_process";

export interface CommandOptions {
  readonly cwd?: string;
  readonly input?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a tool to its end. @returns its standard output. @throws {Error} with what it wrote when it fails or is missing */
export function run(command: string, args: readonly string[], options: CommandOptions = {}): Buffer {
  const result = spawnSync(command, args, {
    cwd: options.cwd,
    input: options.input,
    env: { ...process.env, LC_ALL: "C", ...options.env },
    maxBuffer: 1 << 30,
  });
  if (result.error !== undefined) throw new Error(`${command} cannot be started: ${result.error.message}`);
  if (result.status !== 0) {
    throw new Error(
      `${command} ${args.join(" ")} ended with ${result.status}:\n${String(result.stderr)}${String(result.stdout)}`.slice(
        0,
        4000,
      ),
    );
  }
  return result.stdout;
}

/** As `run`, as lines of text. */
export function lines(command: string, args: readonly string[], options: CommandOptions = {}): string[] {
  return run(command, args, options).toString("utf8").split("\n");
}
