import { spawn } from "node:child_process";
import { mesa25Environment } from "./mesa25.js";

export interface ScriptResult {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a compiled script with Mesa 25's software driver in a process of its own: a crash of the driver is that process's. */
export async function runWithMesa25(
  script: URL,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
  timeoutMs = 120_000,
): Promise<ScriptResult> {
  const mesa = await mesa25Environment();
  const child = spawn(process.execPath, [script.pathname, ...args], {
    env: { ...process.env, LIBGL_ALWAYS_SOFTWARE: "1", ...mesa, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: timeoutMs,
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr = (stderr + chunk.toString()).slice(-8000)));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status, signal) => resolve({ status, signal, stdout, stderr }));
  });
}
