import type { Expression } from "../ir/expression.js";
import type { Statement } from "../ir/statement.js";
import { expressionsOf, walkExpression } from "../ir/walk.js";
import type { StageDraft } from "./draft.js";

/**
 * Finds registers that may be read before they are written, by id. They are declared with zeros: what lies in a GPU's
 * registers may be another guest's. A component counts as written only by stores outside all IFs and loops.
 */
export function findUninitialised(stage: StageDraft): ReadonlySet<number> {
  const assigned = new Uint8Array(stage.module.registers.length);
  const found = new Set<number>();
  let depth = 0;
  const read = (expression: Expression): void => {
    if (expression.kind !== "load") return;
    const { register, index } = expression.place;
    let mask = 0;
    for (const component of expression.components) mask |= 1 << component;
    if (register.isArray || index !== null || ((assigned[register.id] ?? 0) & mask) !== mask) found.add(register.id);
  };
  const visit = (statement: Statement): void => {
    for (const expression of expressionsOf(statement)) walkExpression(expression, read);
    if (statement.kind === "if" || statement.kind === "loop") depth++;
    else if (statement.kind === "endIf" || statement.kind === "endLoop") depth--;
    else if (statement.kind === "assign" && depth === 0) {
      const { id } = statement.place.register;
      assigned[id] = (assigned[id] ?? 0) | statement.mask;
    }
  };
  for (const list of [stage.prologue, stage.module.body]) for (const statement of list) visit(statement);
  // An early return may skip any store, so after it nothing counts as written.
  if (stage.module.returnsEarly) assigned.fill(0);
  for (const statement of stage.epilogue) visit(statement);
  return found;
}
