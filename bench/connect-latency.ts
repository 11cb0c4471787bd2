/**
 * `npm run bench:connect`: how long a vtest client waits for its first answer, beside virgl_test_server: one client at a time, and bursts.
 * The two servers take turns in one run. Ours has a warm client process for each single client; a burst finds fewer of them than it
 * has clients.
 *
 *     npm run bench:connect -- [--rounds=N] [--burst=N] [--json]
 */
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { setTimeout as delay } from "node:timers/promises";
import { Sandbox, startServer } from "#e2e/harness.js";
import { VtestClient } from "#e2e/vtest-client.js";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "15" },
    burst: { type: "string", default: "4" },
    json: { type: "boolean", default: false },
  },
});
const rounds = Math.max(1, Number(values.rounds));
const burst = Math.max(1, Number(values.burst));
/** So many starts of a Node process between two clients: the next client process is warm by then. */
const GAP_STARTS = 12;

type Kind = "ours" | "c";

async function firstAnswerMs(path: string): Promise<number> {
  const started = performance.now();
  const client = await VtestClient.connect(path);
  await client.handshake();
  const elapsed = performance.now() - started;
  client.close();
  return elapsed;
}

function nodeStartMs(): number {
  const times = Array.from({ length: 5 }, () => {
    const started = performance.now();
    spawnSync(process.execPath, ["-e", "0"]);
    return performance.now() - started;
  });
  return median(times);
}

const median = (times: readonly number[]): number => times.toSorted((a, b) => a - b)[times.length >> 1]!;

const sandbox = await Sandbox.create();
try {
  const paths: Record<Kind, string> = { ours: "/tmp/ours.sock", c: "/tmp/c.sock" };
  for (const kind of ["ours", "c"] as const) await startServer(sandbox, { kind, socketPath: paths[kind] });
  const start = nodeStartMs();
  const single: Record<Kind, number[]> = { ours: [], c: [] };
  const last: Record<Kind, number[]> = { ours: [], c: [] };
  for (let round = 0; round < rounds; round++) {
    const kinds: readonly Kind[] = round % 2 === 0 ? ["ours", "c"] : ["c", "ours"];
    for (const kind of kinds) {
      const path = sandbox.outsidePath(paths[kind]);
      await delay(GAP_STARTS * start);
      single[kind].push(await firstAnswerMs(path));
      await delay(GAP_STARTS * start);
      last[kind].push(Math.max(...(await Promise.all(Array.from({ length: burst }, () => firstAnswerMs(path))))));
    }
  }
  const row = (what: string, times: Record<Kind, number[]>) => {
    const [oursMs, cMs] = [median(times.ours), median(times.c)];
    return { what, oursMs, cMs, ratio: oursMs / cMs };
  };
  const rows = [row("one client", single), row(`the last of ${burst} at once`, last)];
  if (values.json) process.stdout.write(`${JSON.stringify({ rounds, burst, nodeStartMs: start, rows }, null, 2)}\n`);
  else {
    process.stdout.write(`first answer, median of ${rounds} rounds; Node starts in ${start.toFixed(0)} ms here\n`);
    for (const { what, oursMs, cMs, ratio } of rows) {
      process.stdout.write(
        `${what.padEnd(24)} ours ${oursMs.toFixed(1).padStart(7)} ms   C server ${cMs.toFixed(1).padStart(7)} ms   x ${ratio.toFixed(2)}\n`,
      );
    }
  }
} finally {
  await sandbox.dispose();
}
