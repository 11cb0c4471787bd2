import { compose, float, load, loadAll, operation, system, variable } from "../ir/build.js";
import type { Expression } from "../ir/expression.js";
import type { InterfaceVariable } from "../ir/interface.js";
import { valueType } from "../ir/types.js";
import { hasClipDistance } from "../abilities.js";
import type { ProgramDraft } from "./draft.js";
import { outputPlace } from "./place-position.js";

/**
 * Clips by the planes the rasterizer enables: by the shader's own CLIPDIST, else by user planes against CLIPVERTEX or the
 * position. Uses gl_ClipDistance where the host has it; elsewhere the distances are varyings and the fragment shader
 * discards, which is exact for triangles and lines (a point is cut instead of dropped).
 */
export function clipByPlanes(draft: ProgramDraft): void {
  const enabled = enabledDistances(draft);
  const { vertex } = draft;
  const numbers = [...Array(8).keys()].filter((index) => (enabled & (1 << index)) !== 0);
  if (numbers.length === 0) return;
  if (hasClipDistance(draft.target) !== false) {
    vertex.clipDistances = (numbers[numbers.length - 1] ?? 0) + 1;
    for (const index of numbers) {
      vertex.epilogue.push({ kind: "output", target: "clipDistance", element: index, value: distance(draft, index) });
    }
    return;
  }
  for (let first = 0; first < numbers.length; first += 4)
    discardBehind(draft, numbers.slice(first, first + 4), first / 4);
}

/** Bit i: distance i cuts. A shader that writes clip distances has no user planes. */
export function enabledDistances(draft: ProgramDraft): number {
  const own = draft.vertex.info.clipDistanceMask;
  return draft.key.clipPlaneMask & (own !== 0 ? own : 0xff);
}

function distance(draft: ProgramDraft, index: number): Expression {
  const { vertex } = draft;
  if (vertex.info.clipDistanceMask !== 0) {
    const own = outputPlace(vertex, "CLIPDIST", index >> 2);
    return own === null ? float(0) : load(own, "f32", [index & 3]);
  }
  const from = outputPlace(vertex, "CLIPVERTEX") ?? outputPlace(vertex, "POSITION");
  return from === null ? float(0) : operation("dot", loadAll(from, "f32"), system(1 + index, 0, 1, 2, 3));
}

function discardBehind(draft: ProgramDraft, numbers: readonly number[], group: number): void {
  const common = {
    name: `v_clip${group}`,
    type: valueType("f32", numbers.length),
    location: -1,
    interpolation: "smooth",
    sampling: "center",
  } as const;
  const out: InterfaceVariable = { ...common, role: "varyingOut" };
  const into: InterfaceVariable = { ...common, role: "varyingIn" };
  draft.vertex.variables.push(out);
  draft.fragment.variables.push(into);
  draft.vertex.epilogue.push({
    kind: "output",
    target: out,
    element: 0,
    value: compose(...numbers.map((index) => distance(draft, index))),
  });
  const behind = operation("lessThan", variable(into), float(0, numbers.length));
  draft.fragment.prologue.unshift({
    kind: "discard",
    condition: numbers.length === 1 ? behind : operation("any", behind),
  });
}
