/**
 * `npm run bench`: virtgpu against virgl_test_server, taking turns on the same recorded streams and on live scenes.
 *
 *     npm run bench -- [--rounds=N] [--no-live] [--no-streams] [--mode=llvmpipe|noop] [WORD...]
 *
 * WORDs select streams and scenes by name. Without words the results go to bench/results/.
 * The first run records the streams, which takes some minutes more; they stay in build/bench. What is measured: steady
 * state, docs/decisions/0008.
 */
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";
import { repositoryRoot, Sandbox, startServer, type RunningServer } from "#e2e/harness.js";
import { measureLive } from "./live.js";
import { countFrames, measurePlay, type Target } from "./play.js";
import { formatReport, rowOf, writeReport } from "./report.js";
import { benchStreams } from "./streams.js";
import type { HostMode, Row, Sample, ServerKind } from "./types.js";

const LIVE_SCENES = [
  "build:use-vbo=true",
  "texture:texture-filter=mipmap",
  "desktop:effect=shadow:windows=4",
  "ideas",
  "jellyfish",
];
const LIVE_SECONDS = 3;
const KINDS: readonly ServerKind[] = ["ours", "c"];
/** How much of a stream is played: what the C server shows in this processor time, warm-up included. */
const PLAY_CPU_MS: Readonly<Record<HostMode, number>> = { llvmpipe: 1500, noop: 800 };

const { values, positionals: words } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    mode: { type: "string", multiple: true, default: ["llvmpipe", "noop"] },
    live: { type: "boolean", default: true },
    streams: { type: "boolean", default: true },
  },
  allowNegative: true,
  allowPositionals: true,
});
const rounds = Math.max(1, Number(values.rounds));
const modes = values.mode as HostMode[];

const environmentOf = (mode: HostMode): Record<string, string> => (mode === "noop" ? { GALLIUM_NOOP: "1" } : {});

/** Alternates who goes first, so that neither server always finds the machine as the other left it. */
function turns(round: number): readonly ServerKind[] {
  return round % 2 === 0 ? KINDS : KINDS.toReversed();
}

async function benchRecorded(): Promise<Row[]> {
  const rows: Row[] = [];
  const streams = await benchStreams(words);
  const sandbox = await Sandbox.create();
  try {
    for (const mode of modes) {
      const env = environmentOf(mode);
      const servers: Record<ServerKind, RunningServer> = {
        ours: await startServer(sandbox, { kind: "ours", socketPath: `/tmp/ours-${mode}.sock`, env }),
        c: await startServer(sandbox, { kind: "c", socketPath: `/tmp/c-${mode}.sock`, env }),
      };
      const targetOf = (kind: ServerKind): Target => ({
        socketPath: sandbox.outsidePath(servers[kind].socketPath),
        serverPid: servers[kind].process.pid,
      });
      for (const { name, file } of streams) {
        const row = benchStream(name, mode, file, targetOf);
        rows.push(row);
        process.stderr.write(
          `${mode} ${name}: fps x ${(row.fps.ours / row.fps.c).toFixed(2)}, ` +
            `CPU x ${(row.cpuMsPerFrame.ours / row.cpuMsPerFrame.c).toFixed(2)}\n`,
        );
      }
      for (const kind of KINDS) await servers[kind].stop();
    }
  } finally {
    await sandbox.dispose();
  }
  return rows;
}

function benchStream(name: string, mode: HostMode, file: string, targetOf: (kind: ServerKind) => Target): Row {
  const bytes = readFileSync(file);
  const capture = bytes[0] === 0x1f ? gunzipSync(bytes) : bytes;
  const samples: Record<ServerKind, Sample[]> = { ours: [], c: [] };
  const failed = new Set<ServerKind>();
  let frames = 0;
  const attempt = (kind: ServerKind, work: () => void): void => {
    if (failed.has(kind)) return;
    try {
      work();
    } catch (error) {
      failed.add(kind);
      process.stderr.write(`${mode} ${name}, ${kind === "c" ? "the C server" : "ours"}: ${String(error)}\n`);
      if (kind === "ours") process.exitCode = 1;
    }
  };
  attempt("c", () => (frames = countFrames(targetOf("c"), capture, PLAY_CPU_MS[mode])));
  if (failed.has("c")) attempt("ours", () => (frames = countFrames(targetOf("ours"), capture, PLAY_CPU_MS[mode])));
  for (let round = 0; round < rounds; round++) {
    for (const kind of turns(round)) {
      attempt(kind, () => samples[kind].push(measurePlay(targetOf(kind), capture, frames)));
    }
  }
  return rowOf(name, mode, samples);
}

async function benchLive(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const mode of modes) {
    for (const scene of LIVE_SCENES.filter((text) => words.length === 0 || words.some((word) => text.includes(word)))) {
      const samples: Record<ServerKind, Sample[]> = { ours: [], c: [] };
      const failed = new Set<ServerKind>();
      for (let round = 0; round < rounds; round++) {
        for (const kind of turns(round)) {
          if (failed.has(kind)) continue;
          try {
            samples[kind].push(await measureLive({ kind, env: environmentOf(mode) }, scene, LIVE_SECONDS));
          } catch (error) {
            failed.add(kind);
            samples[kind].length = 0;
            const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
            process.stderr.write(`live ${mode} ${scene} on ${kind}: ${reason}\n`);
            if (kind === "ours") process.exitCode = 1;
          }
        }
      }
      const row = rowOf(scene.split(":")[0] ?? scene, mode, samples);
      rows.push(row);
      process.stderr.write(`live ${mode} ${scene}: fps x ${(row.fps.ours / row.fps.c).toFixed(2)}\n`);
    }
  }
  return rows;
}

const report = {
  date: new Date().toISOString().slice(0, 10),
  node: process.versions.node,
  cpu: `${cpus().length} x ${cpus()[0]?.model ?? "unknown CPU"}`,
  rounds,
  streams: values.streams ? await benchRecorded() : [],
  live: values.live ? await benchLive() : [],
};
process.stdout.write(formatReport(report));
if (words.length === 0 && values.live && values.streams) {
  for (const path of writeReport(join(repositoryRoot(), "bench/results"), report))
    process.stderr.write(`written: ${path}\n`);
}
