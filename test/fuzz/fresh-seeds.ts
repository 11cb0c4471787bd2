/**
 * `npm run test:fuzz -- [--seconds=N] [--seed=N]`: random streams with seeds that nobody tried, for N seconds (default 600; 0: without
 * end). Goes through the kinds of host in turn, keeps going after a failure, and ends with each failing seed and how to repeat it.
 */
import { parseArgs } from "node:util";
import { describeReport, findingOf, NO_DRAWING, runFuzz, STREAMS_PER_PROCESS, type FuzzRun } from "./fuzz-process.js";

type Host = Omit<FuzzRun, "seed"> & { readonly name: string };

/** Extensions and core features of newer versions that smaller hosts lack. */
const WITHOUT = ["EXT_float_blend", "EXT_texture_norm16", "EXT_copy_image", "OES_copy_image", "EXT_geometry_shader"];
const SMALLER = {
  MESA_GLES_VERSION_OVERRIDE: "3.1",
  MESA_EXTENSION_OVERRIDE: [...WITHOUT, "OES_geometry_shader"].map((name) => `-GL_${name}`).join(" "),
};

const HOSTS: readonly Host[] = [
  { name: "OpenGL ES, nothing drawn", streams: STREAMS_PER_PROCESS, env: NO_DRAWING },
  { name: "desktop OpenGL, nothing drawn", streams: STREAMS_PER_PROCESS, api: "gl", env: NO_DRAWING },
  { name: "OpenGL ES 3.1, nothing drawn", streams: STREAMS_PER_PROCESS, env: { ...NO_DRAWING, ...SMALLER } },
  { name: "OpenGL ES, drawn, with a bystander", streams: 8192, canaryEvery: 64 },
];

const { values } = parseArgs({
  options: { seconds: { type: "string", default: "600" }, seed: { type: "string", default: String(Date.now() % 1e9) } },
});
const seconds = Number(values.seconds);
const firstSeed = Number(values.seed);
const start = performance.now();
const failures: string[] = [];
let streams = 0;
for (let n = 0; seconds === 0 || performance.now() - start < seconds * 1000; n++) {
  const { name, ...run } = HOSTS[n % HOSTS.length]!;
  const seed = firstSeed + n;
  const finding = await attempt({ ...run, seed }, name);
  if (finding !== "") {
    const again = `node test/dist/fuzz/fuzz-main.js ${seed} ${run.streams} ${run.canaryEvery ?? 0} ${run.api ?? "gles"}`;
    const env = Object.entries({ LIBGL_ALWAYS_SOFTWARE: "1", ...run.env }).map(([key, value]) => `${key}='${value}'`);
    failures.push(`seed ${seed} (${name}): ${finding}\n  again: VIRTGPU_GL_DEBUG=1 ${env.join(" ")} ${again}`);
    console.log(failures.at(-1));
  }
}
console.log(`${streams} streams in ${Math.round((performance.now() - start) / 1000)} s, seeds from ${firstSeed}`);
for (const failure of failures) console.log(failure);
console.log(
  failures.length === 0 ? "no finding" : `${failures.length} seeds failed: record them in renderer.serial.test.ts`,
);
process.exitCode = failures.length === 0 ? 0 : 1;

/** @returns what went wrong, or "" */
async function attempt(run: FuzzRun, name: string): Promise<string> {
  try {
    const report = await runFuzz(run);
    streams += report.streams;
    console.log(`${name}, ${describeReport(report)}`);
    return findingOf(report);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
