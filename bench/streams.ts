/** The recorded workloads: made once under the C server's caps and kept in build/bench. */
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { buildDir } from "#e2e/harness.js";
import type { Program } from "#e2e/programs.js";
import { Recorder } from "#e2e/recordings.js";
import { es2gears, weston } from "#e2e/programs.js";

interface BenchStream {
  readonly name: string;
  /** Of glmark2. */
  readonly scene: string;
  /**
   * Enough for a play of a second or more where the driver does nothing: V8 compiles in the first few hundred frames, and a server's
   * steady state is what is asked about. Fewer where frames are large or slow.
   */
  readonly frames: number;
}

const GLMARK2_STREAMS: readonly BenchStream[] = [
  { name: "build", scene: "build:use-vbo=true", frames: 5000 },
  { name: "build-no-vbo", scene: "build:use-vbo=false", frames: 4000 },
  { name: "texture", scene: "texture:texture-filter=mipmap", frames: 5000 },
  { name: "shading", scene: "shading:shading=phong", frames: 3000 },
  { name: "bump", scene: "bump:bump-render=normals", frames: 3000 },
  { name: "effect2d", scene: "effect2d:kernel=0,1,0;1,-4,1;0,1,0;", frames: 4000 },
  { name: "pulsar", scene: "pulsar:light=false:quads=5:texture=false", frames: 4000 },
  { name: "desktop", scene: "desktop:effect=shadow:windows=4", frames: 1200 },
  {
    name: "buffer-map",
    scene: "buffer:columns=200:interleave=false:update-fraction=0.5:update-method=map",
    frames: 600,
  },
  { name: "ideas", scene: "ideas:speed=duration", frames: 4000 },
  { name: "jellyfish", scene: "jellyfish", frames: 3000 },
  { name: "shadow", scene: "shadow", frames: 1000 },
  { name: "refract", scene: "refract", frames: 120 },
  { name: "conditionals", scene: "conditionals:fragment-steps=5:vertex-steps=0", frames: 4000 },
  { name: "loop", scene: "loop:fragment-steps=5:fragment-uniform=true:vertex-steps=5", frames: 4000 },
];

/** Longer than the recordings that the tests use, which are played in half a second, of which warm-up is all. */
const GEARS_MS = 3000;
const WESTON_MS = 25_000;
/** Larger recordings are kept packed. */
const PACKED_FROM_BYTES = 32 << 20;

/** A program and how much of it is recorded, which is part of the file's name: other lengths are recorded anew. */
interface Recording {
  readonly program: Program;
  readonly length: number;
}

function programOf({ name, scene, frames }: BenchStream): Program {
  return {
    name,
    async run(bench) {
      const args = ["--size", "400x300", "-b", `${scene}:nframes=${frames}:duration=100`];
      const result = await bench.client("glmark2-es2", args, { timeoutMs: 300_000 });
      if (result.code !== 0) throw new Error(`glmark2-es2 ${scene}: exit ${result.code}\n${result.stdout}`);
    },
  };
}

function recordings(): Recording[] {
  return [
    ...GLMARK2_STREAMS.map((stream) => ({ program: programOf(stream), length: stream.frames })),
    { program: es2gears(GEARS_MS), length: GEARS_MS },
    { program: weston(WESTON_MS), length: WESTON_MS },
  ];
}

/** Packs a large recording where it lies; readers know gzip by its first bytes. */
function pack(file: string): void {
  if (statSync(file).size >= PACKED_FROM_BYTES) writeFileSync(file, gzipSync(readFileSync(file), { level: 1 }));
}

/** Name and file of every stream whose name holds one of `words` (all when there is none), recorded where missing. */
export async function benchStreams(words: readonly string[]): Promise<{ name: string; file: string }[]> {
  const directory = join(buildDir(), "bench");
  mkdirSync(directory, { recursive: true });
  const fileOf = ({ program, length }: Recording): string => join(directory, `${program.name}-${length}.vgs`);
  const wanted = recordings().filter(
    ({ program }) => words.length === 0 || words.some((word) => program.name.includes(word)),
  );
  const missing = wanted.filter((recording) => !existsSync(fileOf(recording)));
  if (missing.length > 0) {
    await using recorder = await Recorder.create({ kind: "c" });
    for (const recording of missing) {
      process.stderr.write(`recording ${recording.program.name}\n`);
      const part = `${fileOf(recording)}.part`;
      await recorder.record(recording.program, part);
      pack(part);
      renameSync(part, fileOf(recording));
    }
  }
  return wanted.map((recording) => ({ name: recording.program.name, file: fileOf(recording) }));
}
