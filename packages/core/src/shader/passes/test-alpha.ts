import { load, operation, system } from "../ir/build.js";
import type { OperationName } from "../ir/operations.js";
import { ColorType, PIPE_FUNC_ALWAYS } from "../program-key.js";
import type { ProgramDraft } from "./draft.js";
import { outputPlace } from "./place-position.js";

/** The comparison that *fails* the test, by PIPE_FUNC_* (p_defines.h); NEVER (0) always fails. */
const FAILING: readonly (OperationName | null)[] = [
  null,
  "greaterThanEqual",
  "notEqual",
  "greaterThan",
  "lessThanEqual",
  "equal",
  "lessThan",
];

/** The alpha test, which GLES lacks: discards fragments whose first colour's alpha fails against sys[0].z. */
export function testAlpha(draft: ProgramDraft): void {
  const { fragment, key } = draft;
  if (key.alphaFunc === PIPE_FUNC_ALWAYS || (key.colorTypes & 3) !== ColorType.FLOAT) return;
  const color = outputPlace(fragment, "COLOR");
  if (color === null) return;
  const failing = FAILING[key.alphaFunc] ?? null;
  const condition = failing === null ? null : operation(failing, load(color, "f32", [3]), system(0, 2));
  fragment.epilogue.push({ kind: "discard", condition });
}
