import { writeStage } from "./back/glsl/write-stage.js";
import { describeInterface } from "./describe-interface.js";
import type { GlslTarget } from "./glsl-target.js";
import type { ParsedShader } from "./parse-shader.js";
import { parseTgsi } from "./parse-shader.js";
import { bindAttributes } from "./passes/bind-attributes.js";
import { captureOutputs } from "./passes/capture-outputs.js";
import { clipByPlanes } from "./passes/clip-by-planes.js";
import { countSystemValues } from "./passes/count-system-values.js";
import { makeDraft, type ProgramDraft } from "./passes/draft.js";
import { inferRegisterTypes } from "./passes/infer-register-types.js";
import { matchVaryings } from "./passes/match-varyings.js";
import { placePosition } from "./passes/place-position.js";
import { readSystemValues } from "./passes/read-system-values.js";
import { setPointSize } from "./passes/set-point-size.js";
import { testAlpha } from "./passes/test-alpha.js";
import { writeFragmentOutputs } from "./passes/write-fragment-outputs.js";
import type { ProgramInterface } from "./program-interface.js";
import type { ProgramKey } from "./program-key.js";
import { shaderError, type ShaderError } from "./shader-error.js";

/** The shaders of a draw. Other stages are refused by the type; the parser accepts them for the CLI's sake. */
export interface ProgramStages {
  readonly vertex: ParsedShader;
  /** Null when the guest bound none (transform feedback with rasterisation off): an empty one is used. */
  readonly fragment: ParsedShader | null;
}

export type LinkResult =
  | { readonly ok: true; readonly vertex: string; readonly fragment: string; readonly iface: ProgramInterface }
  | { readonly ok: false; readonly error: ShaderError };

/**
 * Writes the GLSL of a vertex and a fragment shader that fit together: varyings matched by semantic, the key's
 * lowering applied. Pure: same input, same text. Costs in the order of the text (≈ 1 ms); call it on cache misses only.
 */
export function linkProgram(stages: ProgramStages, key: ProgramKey, target: GlslTarget): LinkResult {
  const { vertex } = stages;
  const fragment = stages.fragment ?? emptyFragment;
  if (fragment === null || vertex.info.stage !== "vertex" || fragment.info.stage !== "fragment") {
    const got = `${vertex.info.stage} and ${fragment?.info.stage ?? "no"}`;
    return {
      ok: false,
      error: shaderError("not-offered", `a program takes a vertex and a fragment shader, not ${got} shaders`),
    };
  }
  const draft: ProgramDraft = {
    vertex: makeDraft("vertex", vertex.module, vertex.info),
    fragment: makeDraft("fragment", fragment.module, fragment.info),
    key,
    target,
    error: null,
  };
  const { captures, colorOutputMask } = runPasses(draft);
  if (draft.error !== null) return { ok: false, error: draft.error };
  const vertexText = writeStage(draft.vertex, target, key.vertexPlainUniforms, key.samplerFixups);
  if (!vertexText.ok) return vertexText;
  const fragmentText = writeStage(draft.fragment, target, key.fragmentPlainUniforms, key.samplerFixups);
  if (!fragmentText.ok) return fragmentText;
  return {
    ok: true,
    vertex: vertexText.value,
    fragment: fragmentText.value,
    iface: describeInterface(draft, captures, colorOutputMask),
  };
}

/** The order matters where passes share a place: discards come before colours, types are inferred last. */
function runPasses(draft: ProgramDraft): { captures: ProgramInterface["captures"]; colorOutputMask: number } {
  bindAttributes(draft);
  readSystemValues(draft, draft.vertex);
  readSystemValues(draft, draft.fragment);
  matchVaryings(draft);
  placePosition(draft);
  setPointSize(draft);
  clipByPlanes(draft);
  const captures = captureOutputs(draft);
  testAlpha(draft);
  const colorOutputMask = writeFragmentOutputs(draft);
  countSystemValues(draft.vertex);
  countSystemValues(draft.fragment);
  inferRegisterTypes(draft.vertex);
  inferRegisterTypes(draft.fragment);
  return { captures, colorOutputMask };
}

const parsedEmpty = parseTgsi("FRAG\n  0: END\n", "fragment");
const emptyFragment = parsedEmpty.ok ? parsedEmpty.shader : null;
