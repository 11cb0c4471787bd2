/**
 * `npm run test:fuzz -- [--seconds=N] [--seed=N]`: random streams, and random numbers of transfers and ops, with seeds that nobody tried,
 * for N seconds (default 600; 0: without end). Goes through the kinds of host in turn, keeps going after a failure, and ends with each
 * failing seed and how to repeat it.
 */
import { parseArgs } from "node:util";
import { runExactBytes } from "#virtgpu/render-tests/exact-bytes/run-program.js";
import { describeReport, findingOf, NO_DRAWING, runFuzz, STREAMS_PER_PROCESS, type FuzzRun } from "./fuzz-process.js";

/** A kind of run. */
interface Job {
  readonly name: string;
  /** Runs a seed. @throws {Error} what was found */
  run(seed: number): Promise<JobOutcome>;
  /** The command that repeats a seed. */
  again(seed: number): string;
}

interface JobOutcome {
  /** For people. */
  readonly line: string;
  readonly streams: number;
  readonly cases: number;
  /** "": nothing. */
  readonly finding: string;
}

/** Extensions and core features of newer versions that smaller hosts lack. */
const WITHOUT = ["EXT_float_blend", "EXT_texture_norm16", "EXT_copy_image", "OES_copy_image", "EXT_geometry_shader"];
const SMALLER = {
  MESA_GLES_VERSION_OVERRIDE: "3.1",
  MESA_EXTENSION_OVERRIDE: [...WITHOUT, "OES_geometry_shader"].map((name) => `-GL_${name}`).join(" "),
};

function streamJob(name: string, options: Omit<FuzzRun, "seed">): Job {
  const { streams, canaryEvery = 0, api = "gles" } = options;
  const env = Object.entries({ LIBGL_ALWAYS_SOFTWARE: "1", ...options.env }).map(([key, value]) => `${key}='${value}'`);
  return {
    name,
    async run(seed) {
      const report = await runFuzz({ ...options, seed });
      return { line: describeReport(report), streams: report.streams, cases: 0, finding: findingOf(report) };
    },
    again: (seed) =>
      `VIRTGPU_GL_DEBUG=1 ${env.join(" ")} node test/dist/fuzz/fuzz-main.js ${seed} ${streams} ${canaryEvery} ${api}`,
  };
}

/** Transfers and ops between guard pages: packages/virtgpu/src/render-tests/exact-bytes. */
function exactBytesJob(level: "ops" | "transfers", api: "gles" | "gl"): Job {
  const steps = 20_000;
  return {
    name: `exact bytes of ${level} on ${api}`,
    async run(seed) {
      const report = await runExactBytes({ level, api, seed, steps });
      return {
        line: `seed ${seed}: ${JSON.stringify(report)}`,
        streams: 0,
        cases: Number(report["cases"]),
        finding: "",
      };
    },
    again: (seed) =>
      `LIBGL_ALWAYS_SOFTWARE=1 node packages/virtgpu/dist/render-tests/exact-bytes/program.js ${level} ${api} ${seed} ${steps}`,
  };
}

const JOBS: readonly Job[] = [
  streamJob("OpenGL ES, nothing drawn", { streams: STREAMS_PER_PROCESS, env: NO_DRAWING }),
  streamJob("desktop OpenGL, nothing drawn", { streams: STREAMS_PER_PROCESS, api: "gl", env: NO_DRAWING }),
  streamJob("OpenGL ES 3.1, nothing drawn", { streams: STREAMS_PER_PROCESS, env: { ...NO_DRAWING, ...SMALLER } }),
  streamJob("OpenGL ES, drawn, with a bystander", { streams: 8192, canaryEvery: 64 }),
  exactBytesJob("ops", "gles"),
  exactBytesJob("transfers", "gles"),
  exactBytesJob("ops", "gl"),
  exactBytesJob("transfers", "gl"),
];

const { values } = parseArgs({
  options: { seconds: { type: "string", default: "600" }, seed: { type: "string", default: String(Date.now() % 1e9) } },
});
const seconds = Number(values.seconds);
const firstSeed = Number(values.seed);
const start = performance.now();
const failures: string[] = [];
let streams = 0;
let cases = 0;
for (let n = 0; seconds === 0 || performance.now() - start < seconds * 1000; n++) {
  const job = JOBS[n % JOBS.length]!;
  const seed = firstSeed + n;
  const finding = await attempt(job, seed);
  if (finding === "") continue;
  failures.push(`seed ${seed} (${job.name}): ${finding}\n  again: ${job.again(seed)}`);
  console.log(failures.at(-1));
}
const took = Math.round((performance.now() - start) / 1000);
console.log(`${streams} streams and ${cases} cases of exact bytes in ${took} s, seeds from ${firstSeed}`);
for (const failure of failures) console.log(failure);
console.log(
  failures.length === 0 ? "no finding" : `${failures.length} seeds failed: each cause gets a test of its own`,
);
process.exitCode = failures.length === 0 ? 0 : 1;

/** @returns what went wrong, or "" */
async function attempt(job: Job, seed: number): Promise<string> {
  try {
    const outcome = await job.run(seed);
    streams += outcome.streams;
    cases += outcome.cases;
    console.log(`${job.name}, ${outcome.line}`);
    return outcome.finding;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
