import type { GlslTarget } from "./glsl-target.js";
import { linkProgram } from "./link-program.js";
import { parseTgsi, type ParsedShader } from "./parse-shader.js";
import type { ProgramInterface } from "./program-interface.js";
import { DEFAULT_PROGRAM_KEY, type ProgramKey } from "./program-key.js";
import { shaderError, type ShaderError } from "./shader-error.js";
import type { IoRegister, Semantic, ShaderInfo, ShaderStage } from "./shader-info.js";

export type TranslateResult =
  | {
      readonly ok: true;
      /** The translated shader. */
      readonly glsl: string;
      readonly info: ShaderInfo;
      readonly iface: ProgramInterface;
      /** Both stages of the program it was put into; one of them is `glsl`. */
      readonly vertex: string;
      readonly fragment: string;
    }
  | { readonly ok: false; readonly error: ShaderError };

const HEADS: Readonly<Record<string, ShaderStage>> = {
  VERT: "vertex",
  FRAG: "fragment",
  GEOM: "geometry",
  TESS_CTRL: "tess-control",
  TESS_EVAL: "tess-evaluation",
  COMP: "compute",
};

/** The stage a TGSI text names in its first word; null when it names none. */
export function stageOfText(text: string): ShaderStage | null {
  const head = /^\s*([A-Z_]+)/.exec(text.slice(0, 64))?.[1] ?? "";
  return Object.hasOwn(HEADS, head) ? (HEADS[head] ?? null) : null;
}

/**
 * Translates one shader alone: for the command line and for reading. The other stage is made up: a vertex shader that
 * feeds every input, or a fragment shader that reads every output, so that no varying is dropped.
 */
export function translateShader(
  text: string,
  target: GlslTarget,
  key: ProgramKey = DEFAULT_PROGRAM_KEY,
): TranslateResult {
  const stage = stageOfText(text);
  if (stage === null)
    return { ok: false, error: shaderError("syntax", "expected VERT, FRAG, GEOM, TESS_CTRL, TESS_EVAL or COMP", 1, 1) };
  const parsed = parseTgsi(text, stage);
  if (!parsed.ok) return parsed;
  const { info } = parsed.shader;
  const isVertex = stage === "vertex";
  const partner = parseTgsi(
    isVertex ? readerOf(info.outputs) : feederOf(info.inputs),
    isVertex ? "fragment" : "vertex",
  );
  if (!partner.ok) return partner;
  const vertex: ParsedShader = isVertex ? parsed.shader : partner.shader;
  const fragment: ParsedShader = isVertex ? partner.shader : parsed.shader;
  const colorCount = Math.max(key.colorCount, isVertex ? 1 : 32 - Math.clz32(info.colorOutputMask));
  const linked = linkProgram({ vertex, fragment }, { ...key, colorCount }, target);
  if (!linked.ok) return linked;
  const { iface } = linked;
  return {
    ok: true,
    glsl: isVertex ? linked.vertex : linked.fragment,
    info,
    iface,
    vertex: linked.vertex,
    fragment: linked.fragment,
  };
}

const VARYINGS: ReadonlySet<Semantic> = new Set([
  "COLOR",
  "BCOLOR",
  "GENERIC",
  "TEXCOORD",
  "FOG",
  "NORMAL",
  "CLIPDIST",
]);

function varyings(registers: readonly IoRegister[]): IoRegister[] {
  const seen = new Set<string>();
  return registers.filter(({ semantic, semanticIndex }) => {
    const name = `${semantic}[${semanticIndex}]`;
    const isNew = VARYINGS.has(semantic) && !seen.has(name);
    seen.add(name);
    return isNew;
  });
}

function feederOf(inputs: readonly IoRegister[]): string {
  const rows = varyings(inputs);
  const declarations = rows.map((io, index) => `DCL OUT[${index + 1}], ${io.semantic}[${io.semanticIndex}]\n`);
  const moves = rows.map((_, index) => `  ${index + 1}: MOV OUT[${index + 1}], IN[0]\n`);
  return `VERT\nDCL IN[0]\nDCL OUT[0], POSITION\n${declarations.join("")}  0: MOV OUT[0], IN[0]\n${moves.join("")}END\n`;
}

function readerOf(outputs: readonly IoRegister[]): string {
  const rows = varyings(outputs);
  const declarations = rows.map((io, index) => `DCL IN[${index}], ${io.semantic}[${io.semanticIndex}], PERSPECTIVE\n`);
  const sums = rows.map((_, index) => `  ${index + 1}: ADD TEMP[0], TEMP[0], IN[${index}]\n`);
  return `FRAG\n${declarations.join("")}DCL OUT[0], COLOR\nDCL TEMP[0]\nIMM[0] FLT32 {0.0, 0.0, 0.0, 0.0}\n  0: MOV TEMP[0], IMM[0]\n${sums.join("")}MOV OUT[0], TEMP[0]\nEND\n`;
}
