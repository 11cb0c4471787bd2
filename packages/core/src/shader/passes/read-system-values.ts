import { assign, builtin, compose, float, int, operation, place, splat } from "../ir/build.js";
import type { Expression } from "../ir/expression.js";
import { hasHelperInvocation, hasPrimitiveId, hasSampleVariables } from "../abilities.js";
import { type Scalar, valueType } from "../ir/types.js";
import type { Semantic } from "../shader-info.js";
import { fragmentPosition } from "./read-fragment-inputs.js";
import { type ProgramDraft, refuse, type StageDraft } from "./draft.js";

/** Fills the system-value registers a stage reads from the pipeline's built-in values, repeated over the components. */
export function readSystemValues(draft: ProgramDraft, stage: StageDraft): void {
  for (const { semantic, register } of stage.module.systemValues) {
    if (!stage.read.has(register.id)) continue;
    const value = systemValue(draft, stage, semantic);
    if (value === null)
      return refuse(draft, "not-offered", `${semantic} is not offered in a ${stage.stage} shader on this host`);
    const scalar: Scalar = value.type.scalar;
    stage.storage[register.id] = scalar;
    stage.prologue.push(assign(place(register), 15, value.type.width === 1 ? splat(value, 4) : value));
  }
}

const INT = valueType("i32", 1);
const BOOL = valueType("bool", 1);

function systemValue(draft: ProgramDraft, stage: StageDraft, semantic: Semantic): Expression | null {
  const { target } = draft;
  const isFragment = stage.stage === "fragment";
  switch (semantic) {
    case "VERTEXID":
      return isFragment ? null : builtin("vertexId", INT);
    case "INSTANCEID":
      return isFragment ? null : builtin("instanceId", INT);
    case "POSITION":
      return isFragment ? fragmentPosition(draft) : null;
    case "FACE":
      // As a system value the face is a truth value; as an input it is ±1 (read-fragment-inputs.ts).
      return isFragment ? operation("maskOf", builtin("frontFacing", BOOL)) : null;
    case "HELPER_INVOCATION":
      return isFragment && hasHelperInvocation(target) ? operation("maskOf", builtin("helperInvocation", BOOL)) : null;
    case "PRIM_ID":
      return isFragment && hasPrimitiveId(target) !== false ? builtin("primitiveId", INT) : null;
    case "SAMPLEID":
      return isFragment && hasSampleVariables(target) !== false ? builtin("sampleId", INT) : null;
    case "SAMPLEMASK":
      return isFragment && hasSampleVariables(target) !== false ? builtin("sampleMaskIn", INT) : null;
    case "SAMPLEPOS":
      return isFragment && hasSampleVariables(target) !== false
        ? compose(builtin("samplePosition", valueType("f32", 2)), float(0, 2))
        : null;
    // Layered rendering and several viewports are not offered: there is only number 0.
    case "LAYER":
    case "VIEWPORT_INDEX":
      return int(0);
    default:
      return null;
  }
}
