/** glmark2-es2 2023.01: its default list, and how its output is read. */
import type { RunResult } from "./sandbox.js";

/** The default list, as `glmark2-es2 --validate` of Debian 12 names it. */
export const GLMARK2_SCENES = [
  "build:use-vbo=false",
  "build:use-vbo=true",
  "texture:texture-filter=nearest",
  "texture:texture-filter=linear",
  "texture:texture-filter=mipmap",
  "shading:shading=gouraud",
  "shading:shading=blinn-phong-inf",
  "shading:shading=phong",
  "shading:shading=cel",
  "bump:bump-render=high-poly",
  "bump:bump-render=normals",
  "bump:bump-render=height",
  "effect2d:kernel=0,1,0;1,-4,1;0,1,0;",
  "effect2d:kernel=1,1,1,1,1;1,1,1,1,1;1,1,1,1,1;",
  "pulsar:light=false:quads=5:texture=false",
  "desktop:blur-radius=5:effect=blur:passes=1:separable=true:windows=4",
  "desktop:effect=shadow:windows=4",
  "buffer:columns=200:interleave=false:update-dispersion=0.9:update-fraction=0.5:update-method=map",
  "buffer:columns=200:interleave=false:update-dispersion=0.9:update-fraction=0.5:update-method=subdata",
  "buffer:columns=200:interleave=true:update-dispersion=0.9:update-fraction=0.5:update-method=map",
  "ideas:speed=duration",
  "jellyfish",
  "terrain",
  "shadow",
  "refract",
  "conditionals:fragment-steps=0:vertex-steps=0",
  "conditionals:fragment-steps=5:vertex-steps=0",
  "conditionals:fragment-steps=0:vertex-steps=5",
  "function:fragment-complexity=low:fragment-steps=5",
  "function:fragment-complexity=medium:fragment-steps=5",
  "loop:fragment-loop=false:fragment-steps=5:vertex-steps=5",
  "loop:fragment-steps=5:fragment-uniform=false:vertex-steps=5",
  "loop:fragment-steps=5:fragment-uniform=true:vertex-steps=5",
] as const;

/** Arguments that run `scenes`, each for `seconds`. */
export function glmark2Args(scenes: readonly string[], seconds: number, size = "400x300"): string[] {
  return ["--size", size, "-b", `:duration=${seconds}`, ...scenes.flatMap((scene) => ["-b", scene])];
}

export interface SceneResult {
  /** As glmark2 prints it: `[scene] options`. */
  readonly scene: string;
  readonly fps: number;
}

/** Lines such as `[build] use-vbo=false: FPS: 207 FrameTime: 4.845 ms`. */
export function parseScenes(result: RunResult): SceneResult[] {
  const scenes: SceneResult[] = [];
  for (const match of result.stdout.matchAll(/^\[(\w+)\] (.*): FPS: (\d+)/gm)) {
    scenes.push({ scene: `[${match[1]}] ${match[2]}`, fps: Number(match[3]) });
  }
  return scenes;
}

/** Lines such as `[build] use-vbo=false: Validation: Success`, as `scene` → verdict. */
export function parseValidation(result: RunResult): Map<string, string> {
  const verdicts = new Map<string, string>();
  for (const match of result.stdout.matchAll(/^\[(\w+)\] (.*): Validation: (\w+)/gm)) {
    verdicts.set(`[${match[1]}] ${match[2]}`, match[3] ?? "");
  }
  return verdicts;
}
