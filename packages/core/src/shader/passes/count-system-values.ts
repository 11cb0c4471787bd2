import { expressionsOf, walkExpression } from "../ir/walk.js";
import type { StageDraft } from "./draft.js";

/** Sets how many vec4s of system values a stage reads: none, the common one, or that and the eight clip planes. */
export function countSystemValues(stage: StageDraft): void {
  for (const list of [stage.prologue, stage.epilogue]) {
    for (const statement of list) {
      for (const expression of expressionsOf(statement)) {
        walkExpression(expression, (inner) => {
          if (inner.kind === "system") stage.sysVec4s = Math.max(stage.sysVec4s, inner.index === 0 ? 1 : 9);
        });
      }
    }
  }
}
