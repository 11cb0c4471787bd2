import type { GlslTarget } from "./glsl-target.js";
import type { ParsedShader } from "./parse-shader.js";
import type { ProgramInterface } from "./program-interface.js";
import type { ProgramKey } from "./program-key.js";
import { shaderError, type ShaderError } from "./shader-error.js";

/** The shaders of a draw. Other stages are refused by the type; the parser accepts them for the CLI's sake. */
export interface ProgramStages {
  readonly vertex: ParsedShader;
  readonly fragment: ParsedShader;
}

export type LinkResult =
  | { readonly ok: true; readonly vertex: string; readonly fragment: string; readonly iface: ProgramInterface }
  | { readonly ok: false; readonly error: ShaderError };

/**
 * Writes the GLSL of a vertex and a fragment shader that fit together: varyings matched by semantic, the key's
 * lowering applied. Pure: same input, same text. Costs in the order of the text (≈ 1 ms); call it on cache misses only.
 */
export function linkProgram(_stages: ProgramStages, _key: ProgramKey, _target: GlslTarget): LinkResult {
  return { ok: false, error: shaderError("not-offered", "linkProgram is not written yet") };
}
