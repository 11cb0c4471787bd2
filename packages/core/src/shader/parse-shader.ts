import { lowerTree } from "./front/tgsi/lower.js";
import { parseSyntaxTree } from "./front/tgsi/parser.js";
import type { ShaderModule } from "./ir/module.js";
import { shaderError, type ShaderError } from "./shader-error.js";
import type { ShaderInfo, ShaderStage } from "./shader-info.js";
import { validateModule } from "./valid/validate.js";

/** A shader that parsed and validated. Immutable; may be linked into any number of programs. */
export interface ParsedShader {
  readonly info: ShaderInfo;
  /** The shader in the IR (docs/shader-ir.md); for `linkProgram` and for tools. */
  readonly module: ShaderModule;
}

export type ParseResult =
  | { readonly ok: true; readonly shader: ParsedShader }
  | { readonly ok: false; readonly error: ShaderError };

/**
 * Parses and validates TGSI text. `stage` is what the guest's CREATE_OBJECT said; a text of another stage is refused.
 * `text` must be ASCII up to (not including) its NUL. Never throws; work is linear in the text's length.
 */
export function parseTgsi(text: string, stage: ShaderStage): ParseResult {
  const tree = parseSyntaxTree(text);
  if (!tree.ok) return tree;
  if (tree.value.stage !== stage) {
    return { ok: false, error: shaderError("invalid", `the text is a ${tree.value.stage} shader, not ${stage}`, 1, 1) };
  }
  // Other stages are only read: `linkProgram` refuses them, since no capability offers them.
  const isDrawStage = stage === "vertex" || stage === "fragment";
  const lowered = lowerTree(isDrawStage ? tree.value : { ...tree.value, declarations: [], instructions: [] });
  if (!lowered.ok) return lowered;
  const info = validateModule(lowered.value);
  return info.ok ? { ok: true, shader: { info: info.value, module: lowered.value } } : info;
}
