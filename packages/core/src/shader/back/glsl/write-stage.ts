import type { GlslTarget } from "../../glsl-target.js";
import { SHADER_LIMITS } from "../../limits.js";
import type { StageDraft } from "../../passes/draft.js";
import type { SamplerFixup } from "../../program-key.js";
import { type Result, shaderError } from "../../shader-error.js";
import { hasEarlyFragmentTests } from "../../abilities.js";
import { interfaceDeclarations, registerDeclarations } from "./declarations.js";
import { writeStatements } from "./statements.js";
import { writeContext } from "./write-context.js";

/**
 * Writes one finished stage as GLSL ES. The body is collected first, since writing it decides which extensions and
 * helper functions the head must bring.
 */
export function writeStage(
  draft: StageDraft,
  target: GlslTarget,
  isPlain: boolean,
  fixups: readonly SamplerFixup[],
): Result<string> {
  const context = writeContext(draft, target, isPlain, fixups);
  const head = interfaceDeclarations(context);
  const registers = registerDeclarations(context, draft.module.returnsEarly ? "" : "  ");
  const body: string[] = [];
  if (draft.module.returnsEarly) {
    // A guest return must not skip our epilogue, so the guest's code is a function and its registers are global.
    body.push(registers, "void guest_main() {\n");
    writeStatements(context, draft.module.body, body);
    body.push("}\nvoid main() {\n");
    writeStatements(context, draft.prologue, body);
    body.push("  guest_main();\n");
  } else {
    body.push("void main() {\n", registers);
    writeStatements(context, draft.prologue, body);
    writeStatements(context, draft.module.body, body);
  }
  writeStatements(context, draft.epilogue, body);
  body.push("}\n");
  if (context.features.error !== null) return { ok: false, error: context.features.error };
  const early =
    draft.module.earlyDepthStencil && hasEarlyFragmentTests(target) ? "layout(early_fragment_tests) in;\n" : "";
  const precision = "precision highp float;\nprecision highp int;\n";
  const text = `#version ${target.version} es\n${context.features.write()}${precision}${early}${head}${context.helpers.write()}${body.join("")}`;
  if (text.length > SHADER_LIMITS.outputLength) {
    return {
      ok: false,
      error: shaderError("limit", `the GLSL of ${text.length} characters is above ${SHADER_LIMITS.outputLength}`),
    };
  }
  return { ok: true, value: text };
}
