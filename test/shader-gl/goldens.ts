/**
 * Golden shaders: `test/golden/shaders/NAME.tgsi` holds a vertex shader, a fragment shader or both one after the other;
 * `NAME.options.json` the draw's key and the host's GLSL, where they are not the defaults. What they become is
 * `NAME.vert.glsl` and `NAME.frag.glsl`, or `NAME.error.txt` when they are refused.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  DEFAULT_PROGRAM_KEY,
  GLES_300,
  formatShaderError,
  linkProgram,
  parseTgsi,
  translateShader,
  type GlslTarget,
  type ProgramKey,
  type ShaderStage,
} from "@virtgpu/core/shader";

export const GOLDEN_FOLDER = join(dirname(fileURLToPath(import.meta.url)), "../../golden/shaders");

interface Options {
  readonly key?: Partial<ProgramKey>;
  readonly target?: { readonly version?: 300 | 310 | 320; readonly extensions?: readonly string[] };
}

export interface Golden {
  readonly name: string;
  readonly vertex: string | null;
  readonly fragment: string | null;
  readonly key: ProgramKey;
  readonly target: GlslTarget;
}

export function goldenNames(): string[] {
  return readdirSync(GOLDEN_FOLDER)
    .filter((file) => file.endsWith(".tgsi"))
    .map((file) => file.slice(0, -5))
    .sort();
}

export function readGolden(name: string): Golden {
  const text = readFileSync(join(GOLDEN_FOLDER, `${name}.tgsi`), "latin1");
  const optionsPath = join(GOLDEN_FOLDER, `${name}.options.json`);
  const options = existsSync(optionsPath) ? (JSON.parse(readFileSync(optionsPath, "utf8")) as Options) : {};
  const { vertex, fragment } = splitStages(text);
  return {
    name,
    vertex,
    fragment,
    key: { ...DEFAULT_PROGRAM_KEY, ...options.key },
    target: {
      ...GLES_300,
      maxDrawBuffers: 8,
      version: options.target?.version ?? 300,
      extensions: new Set(options.target?.extensions ?? []),
    },
  };
}

/** The text from its first word to the fragment shader's, and from there on. */
export function splitStages(text: string): { vertex: string | null; fragment: string | null } {
  const at = text.startsWith("FRAG\n") ? 0 : text.indexOf("\nFRAG\n") + 1;
  const hasFragment = text.startsWith("FRAG\n") || at > 0;
  return {
    vertex: hasFragment ? (at > 0 ? text.slice(0, at) : null) : text,
    fragment: hasFragment ? text.slice(at) : null,
  };
}

/** File contents by ending (`.vert.glsl`); an ending that is absent must not exist. */
export function renderGolden(golden: Golden): Map<string, string> {
  const files = new Map<string, string>();
  const { vertex, fragment, key, target } = golden;
  if (vertex !== null && fragment !== null) {
    const linked = linkTexts(vertex, fragment, key, target);
    if (!linked.ok) return files.set(".error.txt", `${formatShaderError(linked.error)}\n`);
    return files.set(".vert.glsl", linked.vertex).set(".frag.glsl", linked.fragment);
  }
  const translated = translateShader(vertex ?? fragment ?? "", target, key);
  if (!translated.ok) return files.set(".error.txt", `${formatShaderError(translated.error)}\n`);
  return files.set(vertex === null ? ".frag.glsl" : ".vert.glsl", translated.glsl);
}

export function linkTexts(
  vertex: string,
  fragment: string,
  key: ProgramKey,
  target: GlslTarget,
): ReturnType<typeof linkProgram> {
  const parse = (text: string, stage: ShaderStage): ReturnType<typeof parseTgsi> => parseTgsi(text, stage);
  const parsedVertex = parse(vertex, "vertex");
  if (!parsedVertex.ok) return parsedVertex;
  const parsedFragment = parse(fragment, "fragment");
  if (!parsedFragment.ok) return parsedFragment;
  return linkProgram({ vertex: parsedVertex.shader, fragment: parsedFragment.shader }, key, target);
}
