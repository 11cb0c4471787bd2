/** The recorded workloads: made once under the C server's caps and kept in build/bench. */
import { existsSync, mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { buildDir } from "#e2e/harness.js";
import type { Program } from "#e2e/programs.js";
import { Recorder } from "#e2e/recordings.js";
import { es2gears, PROGRAMS } from "#e2e/programs.js";

interface BenchStream {
  readonly name: string;
  /** Of glmark2; enough that warm-up and measurement take a second or two on llvmpipe. */
  readonly scene: string;
  readonly frames: number;
}

const GLMARK2_STREAMS: readonly BenchStream[] = [
  { name: "build", scene: "build:use-vbo=true", frames: 1200 },
  { name: "build-no-vbo", scene: "build:use-vbo=false", frames: 800 },
  { name: "texture", scene: "texture:texture-filter=mipmap", frames: 1500 },
  { name: "shading", scene: "shading:shading=phong", frames: 600 },
  { name: "bump", scene: "bump:bump-render=normals", frames: 800 },
  { name: "effect2d", scene: "effect2d:kernel=0,1,0;1,-4,1;0,1,0;", frames: 1000 },
  { name: "pulsar", scene: "pulsar:light=false:quads=5:texture=false", frames: 1200 },
  { name: "desktop", scene: "desktop:effect=shadow:windows=4", frames: 500 },
  {
    name: "buffer-map",
    scene: "buffer:columns=200:interleave=false:update-fraction=0.5:update-method=map",
    frames: 300,
  },
  { name: "ideas", scene: "ideas:speed=duration", frames: 800 },
  { name: "jellyfish", scene: "jellyfish", frames: 400 },
  { name: "shadow", scene: "shadow", frames: 400 },
  { name: "refract", scene: "refract", frames: 80 },
  { name: "conditionals", scene: "conditionals:fragment-steps=5:vertex-steps=0", frames: 1000 },
  { name: "loop", scene: "loop:fragment-steps=5:fragment-uniform=true:vertex-steps=5", frames: 800 },
];

function programOf({ name, scene, frames }: BenchStream): Program {
  return {
    name,
    async run(bench) {
      const args = ["--size", "400x300", "-b", `${scene}:nframes=${frames}:duration=100`];
      const result = await bench.client("glmark2-es2", args, { timeoutMs: 120_000 });
      if (result.code !== 0) throw new Error(`glmark2-es2 ${scene}: exit ${result.code}\n${result.stdout}`);
    },
  };
}

/** The recording that the tests use is played in half a second, of which warm-up is all. */
const GEARS_MS = 3000;

function programs(): Program[] {
  const weston = PROGRAMS.filter(({ name }) => name === "weston");
  return [...GLMARK2_STREAMS.map(programOf), es2gears(GEARS_MS), ...weston];
}

/** Name and file of every stream whose name holds one of `words` (all when there is none), recorded where missing. */
export async function benchStreams(words: readonly string[]): Promise<{ name: string; file: string }[]> {
  const directory = join(buildDir(), "bench");
  mkdirSync(directory, { recursive: true });
  const wanted = programs().filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
  const missing = wanted.filter(({ name }) => !existsSync(join(directory, `${name}.vgs`)));
  if (missing.length > 0) {
    await using recorder = await Recorder.create({ kind: "c" });
    for (const program of missing) {
      process.stderr.write(`recording ${program.name}\n`);
      const file = join(directory, `${program.name}.vgs`);
      await recorder.record(program, `${file}.part`);
      renameSync(`${file}.part`, file);
    }
  }
  return wanted.map(({ name }) => ({ name, file: join(directory, `${name}.vgs`) }));
}
