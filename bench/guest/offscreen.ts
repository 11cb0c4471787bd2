/** glmark2-es2-drm off-screen: ours and the in-process device take turns, a group of scenes at a time. */
import { GLMARK2_SCENES } from "#e2e/glmark2.js";
import { geometricMean, median } from "../statistics.js";
import type { Pair } from "./sides.js";

/** One scene of each kind: what a round must have to be worth its time. */
export const ESSENTIAL = [
  "build:use-vbo=true",
  "texture:texture-filter=mipmap",
  "shading:shading=phong",
  "bump:bump-render=high-poly",
  "effect2d:kernel=1,1,1,1,1;1,1,1,1,1;1,1,1,1,1;",
  "pulsar:light=false:quads=5:texture=false",
  "desktop:effect=shadow:windows=4",
  "buffer:columns=200:interleave=false:update-dispersion=0.9:update-fraction=0.5:update-method=map",
  "ideas:speed=duration",
  "jellyfish",
  "terrain",
  "shadow",
  "refract",
  "conditionals:fragment-steps=5:vertex-steps=0",
  "function:fragment-complexity=medium:fragment-steps=5",
  "loop:fragment-steps=5:fragment-uniform=true:vertex-steps=5",
] as const;

/** Scenes in one run of glmark2: starting it costs a second, and turns should be short. */
const GROUP = 4;

export interface SceneRow {
  readonly scene: string;
  readonly ours: number;
  readonly peer: number;
  readonly ratio: number;
}

export interface OffscreenResult {
  readonly rows: readonly SceneRow[];
  readonly geomean: number;
  readonly seconds: number;
  /** GL_RENDERER on both sides. */
  readonly renderers: readonly [string, string];
}

/** `words`: `essential`, `all`, or parts of scene names. */
export function chooseScenes(words: readonly string[]): readonly string[] {
  if (words.includes("all")) return GLMARK2_SCENES;
  if (words.includes("essential")) return ESSENTIAL;
  return GLMARK2_SCENES.filter((scene) => words.some((word) => scene.includes(word)));
}

export async function measureOffscreen(
  pair: Pair,
  scenes: readonly string[],
  rounds: number,
  secondsPerScene: number,
): Promise<OffscreenResult> {
  const started = performance.now();
  const rates = new Map(scenes.map((scene) => [scene, { ours: [] as number[], peer: [] as number[] }]));
  const renderers = { ours: "", peer: "" };
  for (let round = 0; round < rounds; round++) {
    for (let at = 0; at < scenes.length; at += GROUP) {
      const group = scenes.slice(at, at + GROUP);
      const turns = ["ours", "peer"] as const;
      // Who is first changes, so that nobody always finds the machine as the other left it.
      for (const side of (round + at / GROUP) % 2 === 0 ? turns : turns.toReversed()) {
        const list = group.map((scene) => `-b '${scene}:duration=${secondsPerScene}'`).join(" ");
        const { text } = await pair[side].run(`glmark2-es2-drm --off-screen -s 800x600 ${list} 2>&1`);
        const found = [...text.matchAll(/^\[\w+\] .*: FPS: (\d+)/gm)].map((match) => Number(match[1]));
        if (found.length !== group.length) throw new Error(`${side}: glmark2 did not draw ${group.join(" ")}\n${text}`);
        group.forEach((scene, i) => rates.get(scene)![side].push(found[i]!));
        renderers[side] = /GL_RENDERER:\s+(.*)/.exec(text)?.[1] ?? renderers[side];
      }
    }
    process.stderr.write(`round ${round + 1}: ${((performance.now() - started) / 1000).toFixed(0)} s\n`);
  }
  for (const renderer of Object.values(renderers)) if (!renderer.startsWith("virgl (")) throw new Error(renderer);
  const rows = [...rates].map(([scene, { ours, peer }]) => {
    // Of the rounds' own ratios, so that a slow minute of the machine counts on both sides.
    const ratio = median(ours.map((fps, i) => fps / peer[i]!));
    return { scene, ours: median(ours), peer: median(peer), ratio };
  });
  const geomean = geometricMean(rows.map((row) => row.ratio));
  const seconds = (performance.now() - started) / 1000;
  return { rows, geomean, seconds, renderers: [renderers.ours, renderers.peer] };
}
