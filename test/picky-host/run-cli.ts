import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { pickyEnvironment, type PickyRules } from "./picky-host.js";

const CLI = fileURLToPath(new URL("../../../packages/virtgpu/dist/cli/main.js", import.meta.url));
const PATIENCE_MS = 600_000;

export interface CliResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `virtgpu ARGS` on a picky host. `before`: a command that runs it. */
export async function runOnPickyHost(
  rules: PickyRules,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  before: readonly string[] = [],
): Promise<CliResult> {
  const [program, ...rest] = [...before, process.execPath, CLI, ...args];
  const child = spawn(program!, rest, {
    env: { ...process.env, ...(await pickyEnvironment(rules)), ...env },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: PATIENCE_MS,
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const [status] = (await once(child, "close")) as [number | null];
  return { status, stdout, stderr };
}
