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

const SIZE = "800x600";
/**
 * `glmark2-es2-drm` draws as large as the largest mode of the connector, off-screen too, whatever `--size` says: 5120x2160 where QEMU
 * makes the EDID. `--size` must only differ from the mode: glmark2 2023.01 makes no window when it is what is there.
 */
const GLMARK2 = `glmark2-es2-drm --off-screen --size 1x1`;
const ONE_MODE = `LD_PRELOAD=/run/programs/only-mode ONLY_MODE=${SIZE}`;

/** Scenes in one run of glmark2: starting it costs a second, and turns should be short. */
const GROUP = 4;
/** What a scene may take beside its own time: terrain and refract have seconds of preparation. */
const SCENE_PATIENCE_SECONDS = 20;

export interface SceneRow {
  readonly scene: string;
  readonly ours: number;
  readonly peer: number;
  readonly ratio: number;
}

export interface OffscreenResult {
  readonly rows: readonly SceneRow[];
  readonly geomean: number;
  /** Fewer than asked for when time was up. */
  readonly rounds: number;
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

type Rates = Record<"ours" | "peer", number[]>;

/** Stops before a round that would end after `maxSeconds`. A scene that one side did not draw in time has no rate there (NaN). */
export async function measureOffscreen(
  pair: Pair,
  scenes: readonly string[],
  options: { readonly rounds: number; readonly secondsPerScene: number; readonly maxSeconds: number },
): Promise<OffscreenResult> {
  const started = performance.now();
  const elapsed = (): number => (performance.now() - started) / 1000;
  const rates = new Map<string, Rates>(scenes.map((scene) => [scene, { ours: [], peer: [] }]));
  const renderers = { ours: "", peer: "" };
  const sizes = new Set<string>();
  let round = 0;
  for (; round < options.rounds && elapsed() * (1 + 1 / Math.max(1, round)) <= options.maxSeconds; round++) {
    for (let at = 0; at < scenes.length; at += GROUP) {
      const group = scenes.slice(at, at + GROUP);
      const turns = ["ours", "peer"] as const;
      // Who is first changes, so that nobody always finds the machine as the other left it.
      for (const side of (round + at / GROUP) % 2 === 0 ? turns : turns.toReversed()) {
        const { text } = await pair[side].run(commandOf(group, options.secondsPerScene));
        const found = readRates(text, group);
        group.forEach((scene, i) => rates.get(scene)![side].push(found[i]!));
        for (const match of text.matchAll(/Surface Size:\s+(\d+x\d+)/g)) sizes.add(match[1]!);
        renderers[side] = /GL_RENDERER:\s+(.*)/.exec(text)?.[1] ?? renderers[side];
      }
    }
    process.stderr.write(`round ${round + 1}: ${elapsed().toFixed(0)} s\n`);
  }
  if (sizes.size !== 1 || !sizes.has(SIZE)) throw new Error(`glmark2 drew at ${[...sizes].join(" and ")}`);
  for (const renderer of Object.values(renderers)) if (!renderer.startsWith("virgl (")) throw new Error(renderer);
  const rows = [...rates].map(([scene, { ours, peer }]) => {
    // Of the rounds' own ratios, so that a slow minute of the machine counts on both sides.
    const ratio = median(ours.map((fps, i) => fps / peer[i]!).filter(Number.isFinite));
    return { scene, ours: median(ours.filter(Number.isFinite)), peer: median(peer.filter(Number.isFinite)), ratio };
  });
  const geomean = geometricMean(rows.map((row) => row.ratio).filter(Number.isFinite));
  return { rows, geomean, rounds: round, seconds: elapsed(), renderers: [renderers.ours, renderers.peer] };
}

function commandOf(group: readonly string[], seconds: number): string {
  const list = group.map((scene) => `-b '${scene}:duration=${seconds}'`).join(" ");
  const patience = Math.ceil(group.length * (seconds + SCENE_PATIENCE_SECONDS));
  return `${ONE_MODE} timeout ${patience} ${GLMARK2} ${list} 2>&1`;
}

/** Frames a second of each scene, from the frame time, which has more digits; NaN where glmark2 did not get that far. */
function readRates(text: string, group: readonly string[]): number[] {
  const found = [...text.matchAll(/^\[\w+\] .*: FPS: \d+ FrameTime: ([\d.]+) ms/gm)].map(
    (match) => 1000 / Number(match[1]),
  );
  if (found.length < group.length) process.stderr.write(`only ${found.length} of ${group.join(" ")}\n`);
  return group.map((_, i) => found[i] ?? NaN);
}
