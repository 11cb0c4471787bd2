/** For this package's tests: our own back-end process with a front-end, closed when the test ends. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { GpuFrontEnd, type GpuFrontEndOptions } from "./gpu-front-end.js";

export { socketOf } from "./gpu-front-end.js";

/** The launcher that VMMs start. */
export const BACK_END_PROGRAM = fileURLToPath(new URL("../cli/vhost-user.js", import.meta.url));

/** Starts the back-end with `--fd` and `flags`, brings it to DRIVER_OK, and ends it after the test. */
export function startBackEnd(
  t: TestContext,
  flags: readonly string[] = [],
  options: Partial<GpuFrontEndOptions> = {},
): GpuFrontEnd {
  const frontEnd = GpuFrontEnd.start({
    command: process.execPath,
    args: (fd) => [BACK_END_PROGRAM, `--fd=${fd}`, ...flags],
    ...options,
  });
  t.after(() => frontEnd.close());
  return frontEnd;
}

/** The response type of an answer. */
export function typeOf(answer: DataView): number {
  return answer.getUint32(0, true);
}

/** Waits for a line of the back-end's log. */
export async function untilLogged(frontEnd: GpuFrontEnd, pattern: RegExp): Promise<void> {
  for (let i = 0; i < 2400 && !pattern.test(frontEnd.log); i++) await delay(50);
  assert.match(frontEnd.log, pattern);
}

/** Waits until `condition` holds. @throws after two minutes, with `what` */
export async function until(condition: () => boolean, what: string): Promise<void> {
  for (let i = 0; i < 2400; i++) {
    if (condition()) return;
    await delay(50);
  }
  assert.fail(`not within two minutes: ${what}`);
}

/** A back-end that listens, as systemd or a VMM without `--fd` starts it. Ended after the test. */
export async function listenBackEnd(
  t: TestContext,
  flags: readonly string[],
): Promise<{ path: string; child: ChildProcess; log: () => string }> {
  const directory = mkdtempSync(join(tmpdir(), "virtgpu-listen-"));
  const path = join(directory, "gpu.sock");
  const child = spawn(process.execPath, [BACK_END_PROGRAM, `--socket-path=${path}`, ...flags], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let log = "";
  child.stderr.on("data", (text: Buffer) => (log += text.toString("utf8")));
  const ended = new Promise((resolve) => child.once("close", resolve));
  t.after(async () => {
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), 30_000);
    await ended;
    clearTimeout(timer);
    rmSync(directory, { recursive: true, force: true });
  });
  await until(() => readdirSync(directory).includes("gpu.sock"), `no socket; the back-end says: ${log}`);
  return { path, child, log: () => log };
}
