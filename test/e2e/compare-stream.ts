/**
 * By hand: `node test/dist/e2e/compare-stream.js [--host-gl] [--env=K=V]... [FILE|PROGRAM]...` plays recorded streams
 * (or programs of programs.ts, recorded first under the C server on the same kind of host and kept in build/streams) on both servers and leaves
 * the first unequal frame of each as PNG in build/compare.
 */
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { compareFrames, writeFrame } from "./frames.js";
import { buildDir, finishedClients, raisedCounters, Sandbox, startServer } from "./harness.js";
import { KNOWN_STREAM } from "./known-stream.js";
import { PROGRAMS } from "./programs.js";
import { Recorder, replayFrames } from "./recordings.js";

const { values, positionals } = parseArgs({
  options: {
    "host-gl": { type: "boolean", default: false },
    env: { type: "string", multiple: true, default: [] },
  },
  allowPositionals: true,
});
const env: Record<string, string> = {};
for (const pair of values.env) env[pair.slice(0, pair.indexOf("="))] = pair.slice(pair.indexOf("=") + 1);
const hostGl = values["host-gl"];
const outDir = join(buildDir(), "compare");
const streamDir = join(buildDir(), hostGl ? "streams-host-gl" : "streams");
mkdirSync(streamDir, { recursive: true });

async function streamFiles(): Promise<string[]> {
  const names = positionals.length === 0 ? [KNOWN_STREAM, ...PROGRAMS.map(({ name }) => name)] : positionals;
  const files = names.map((name) => (/\.vgs(\.gz)?$/.test(name) ? name : join(streamDir, `${name}.vgs`)));
  const missing = files.filter((file) => !existsSync(file));
  if (missing.length === 0) return files;
  await using recorder = await Recorder.create({ kind: "c", hostGl });
  for (const file of missing) {
    const program = PROGRAMS.find(({ name }) => `${name}.vgs` === basename(file));
    if (program === undefined) throw new Error(`neither a file nor a program: ${file}`);
    await recorder.record(program, file);
  }
  return files;
}

const files = await streamFiles();
const sandbox = await Sandbox.create();
try {
  const ours = await startServer(sandbox, { kind: "ours", hostGl, env, socketPath: "/tmp/ours.sock" });
  const c = await startServer(sandbox, { kind: "c", hostGl, socketPath: "/tmp/c.sock" });
  for (const file of files) {
    const name = basename(file).replace(/\..*$/, "");
    const ends = finishedClients(ours).length;
    let verdict: string;
    try {
      const theirs = replayFrames(sandbox.outsidePath(c.socketPath), file);
      const mine = replayFrames(sandbox.outsidePath(ours.socketPath), file);
      verdict = `${mine.length} frames, all equal`;
      let unequal = 0;
      theirs.forEach((frame, index) => {
        const other = mine[index];
        const difference = other === undefined ? undefined : compareFrames(other, frame);
        if (difference?.equal === true) return;
        unequal++;
        if (unequal > 1 || other === undefined) return;
        rmSync(join(outDir, name), { recursive: true, force: true });
        writeFrame(join(outDir, name, `${index}-ours.png`), other);
        writeFrame(join(outDir, name, `${index}-c.png`), frame);
        verdict = `frame ${index}: ${difference?.reason}`;
      });
      if (unequal > 0) verdict = `UNEQUAL ${unequal} of ${theirs.length}; first: ${verdict}`;
    } catch (error) {
      verdict = `FAILED ${String(error)}`;
    }
    await new Promise((resolve) => setTimeout(resolve, 300));
    const raised = raisedCounters(finishedClients(ours).slice(ends));
    process.stdout.write(
      `${name.padEnd(16)} ${verdict}${raised.length === 0 ? "" : `; counters ${raised.join(" ")}`}\n`,
    );
  }
  if (env["VIRTGPU_LOG"] !== undefined) process.stdout.write(ours.log());
} finally {
  await sandbox.dispose();
}
