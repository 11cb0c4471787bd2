import { load, system } from "../ir/build.js";
import type { ProgramDraft } from "./draft.js";
import { outputPlace } from "./place-position.js";

/** Points need gl_PointSize on GLES: the shader's own, or the rasterizer's when it says so or the shader writes none. */
export function setPointSize(draft: ProgramDraft): void {
  const { vertex, key } = draft;
  if (!key.points) return;
  const own = outputPlace(vertex, "PSIZE");
  const value = own === null || key.pointSizeFromState ? system(0, 1) : load(own, "f32", [0]);
  vertex.epilogue.push({ kind: "output", target: "pointSize", element: 0, value });
}
