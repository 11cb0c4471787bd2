import { compose, float, load, loadAll, operation, swizzle } from "../ir/build.js";
import type { Expression } from "../ir/expression.js";
import type { InterfaceVariable } from "../ir/interface.js";
import type { Place } from "../ir/register.js";
import { type Scalar, valueType } from "../ir/types.js";
import { hasSampleVariables } from "../abilities.js";
import { ColorType } from "../program-key.js";
import { type ProgramDraft, refuse } from "./draft.js";
import { outputPlace } from "./place-position.js";

/**
 * Writes the fragment shader's colours, depth and sample mask. Colour 0 goes to every bound buffer when the shader says
 * so; each is typed by its buffer and fixed up for how the buffer is stored (R and B exchanged, alpha 1, sRGB). Returns
 * the locations written, bit i = location i.
 */
export function writeFragmentOutputs(draft: ProgramDraft): number {
  const { fragment, key, target } = draft;
  const own = fragment.info.colorOutputMask;
  const isBroadcast = fragment.module.color0WritesAll && own === 1;
  let mask = 0;
  for (let location = 0; location < Math.min(key.colorCount, target.maxDrawBuffers); location++) {
    const from = outputPlace(fragment, "COLOR", isBroadcast ? 0 : location);
    if (from === null) continue;
    writeColor(draft, location, from);
    mask |= 1 << location;
  }
  presetColorStorage(draft);
  writeDepthAndMask(draft);
  return mask;
}

function colorScalar(types: number, location: number): Scalar {
  const type = (types >>> (2 * location)) & 3;
  return type === ColorType.INT ? "i32" : type === ColorType.UINT ? "u32" : "f32";
}

/** Colour registers take their buffer's type, so that plain moves into them need no casts. */
function presetColorStorage(draft: ProgramDraft): void {
  for (const { io, register } of draft.fragment.module.outputs) {
    if (io.semantic !== "COLOR" || io.semanticIndex > 7) continue;
    const scalar = colorScalar(draft.key.colorTypes, io.semanticIndex);
    const known = draft.fragment.storage[register.id];
    draft.fragment.storage[register.id] = known === undefined || known === scalar ? scalar : "u32";
  }
}

function writeColor(draft: ProgramDraft, location: number, from: Place): void {
  const { fragment, key } = draft;
  const scalar = colorScalar(key.colorTypes, location);
  const target: InterfaceVariable = {
    role: "fragmentOutput",
    name: `frag${location}`,
    type: valueType(scalar, 4),
    location,
    interpolation: "smooth",
    sampling: "center",
  };
  fragment.variables.push(target);
  const bit = 1 << location;
  let value: Expression = loadAll(from, scalar);
  if (scalar === "f32" && (key.colorSrgbEncode & bit) !== 0) {
    value = compose(operation("linearToSrgb", load(from, "f32", [0, 1, 2])), load(from, "f32", [3]));
  }
  if ((key.colorSwapRb & bit) !== 0) value = swizzle(value, 2, 1, 0, 3);
  if ((key.colorAlphaOne & bit) !== 0)
    value = compose(swizzle(value, 0, 1, 2), scalar === "f32" ? float(1) : bitcastOne(scalar));
  fragment.epilogue.push({ kind: "output", target, element: 0, value });
}

function bitcastOne(scalar: Scalar): Expression {
  return { kind: "constant", type: valueType(scalar, 1), words: [1] };
}

function writeDepthAndMask(draft: ProgramDraft): void {
  const { fragment } = draft;
  const depth = outputPlace(fragment, "POSITION");
  if (depth !== null)
    fragment.epilogue.push({ kind: "output", target: "fragDepth", element: 0, value: load(depth, "f32", [2]) });
  const mask = outputPlace(fragment, "SAMPLEMASK");
  if (mask !== null) {
    if (hasSampleVariables(draft.target) === false)
      return refuse(draft, "not-offered", "SAMPLEMASK is not offered on this host");
    fragment.epilogue.push({ kind: "output", target: "sampleMask", element: 0, value: load(mask, "i32", [0]) });
  }
  // GLES cannot export a stencil value from a shader.
  if (outputPlace(fragment, "STENCIL") !== null) refuse(draft, "not-offered", "STENCIL outputs are not offered");
}
