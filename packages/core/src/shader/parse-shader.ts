import { shaderError, type ShaderError } from "./shader-error.js";
import type { ShaderInfo, ShaderStage } from "./shader-info.js";

/** A shader that parsed and validated. Immutable; may be linked into any number of programs. */
export interface ParsedShader {
  readonly info: ShaderInfo;
}

export type ParseResult = { readonly ok: true; readonly shader: ParsedShader } | { readonly ok: false; readonly error: ShaderError };

/**
 * Parses and validates TGSI text. `stage` is what the guest's CREATE_OBJECT said; a text of another stage is refused.
 * `text` must be ASCII up to (not including) its NUL. Never throws; work is linear in the text's length.
 */
export function parseTgsi(_text: string, _stage: ShaderStage): ParseResult {
  return { ok: false, error: shaderError("not-offered", "parseTgsi is not written yet") };
}
