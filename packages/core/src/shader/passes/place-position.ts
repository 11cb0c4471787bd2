import { compose, float, floats, load, operation, place, system } from "../ir/build.js";
import type { Expression } from "../ir/expression.js";
import type { Place } from "../ir/register.js";
import type { Semantic } from "../shader-info.js";
import type { ProgramDraft, StageDraft } from "./draft.js";

/** Where the vertex shader's output of a semantic is, or null when it writes none. */
export function outputPlace(stage: StageDraft, semantic: Semantic, index = 0): Place | null {
  const found = stage.module.outputs.find((row) => row.io.semantic === semantic && row.io.semanticIndex === index);
  return found !== undefined && stage.written.has(found.register.id) ? place(found.register, found.element) : null;
}

/**
 * Writes gl_Position from the guest's clip position: y times the sign the viewport asks for (GL viewports cannot have
 * a negative height), and z from [0, w] to [-w, w] when the guest's clip space is that of Direct3D (clip_halfz).
 */
export function placePosition(draft: ProgramDraft): void {
  const { vertex, key } = draft;
  const from = outputPlace(vertex, "POSITION");
  const value = from === null ? floats(0, 0, 0, 1) : transformed(from, key.clipHalfZ);
  vertex.epilogue.push({ kind: "output", target: "position", element: 0, value });
  if (vertex.module.outputs.some((row) => row.io.semantic === "POSITION" && row.io.invariant))
    vertex.invariants.add("position");
}

function transformed(from: Place, halfZ: boolean): Expression {
  const component = (index: number): Expression => load(from, "f32", [index]);
  const y = operation("mul", component(1), system(0, 0));
  if (!halfZ) return compose(component(0), y, load(from, "f32", [2, 3]));
  const z = operation("sub", operation("mul", float(2), component(2)), component(3));
  return compose(component(0), y, z, component(3));
}
