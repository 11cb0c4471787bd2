import type { Expression } from "./expression.js";
import type { Statement } from "./statement.js";

/** The expressions directly inside one. */
export function operandsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "constant":
    case "variable":
    case "builtin":
    case "system":
      return NONE;
    case "load":
      return expression.place.index === null ? NONE : [expression.place.index];
    case "operation":
      return expression.args;
    case "bitcast":
    case "swizzle":
      return [expression.value];
    case "compose":
      return expression.parts;
    case "sample": {
      const parts = [
        expression.coordinate,
        expression.reference,
        expression.level,
        ...(expression.gradients ?? []),
        ...expression.offsets,
      ];
      return parts.filter((part) => part !== null);
    }
  }
}

const NONE: readonly Expression[] = [];

/** The expressions a statement evaluates, its place's index included. */
export function expressionsOf(statement: Statement): readonly Expression[] {
  switch (statement.kind) {
    case "assign":
      return statement.place.index === null ? [statement.value] : [statement.place.index, statement.value];
    case "output":
      return [statement.value];
    case "if":
      return [statement.condition];
    case "discard":
      return statement.condition === null ? NONE : [statement.condition];
    default:
      return NONE;
  }
}

/** Calls `visit` for an expression and everything inside it, outermost first. */
export function walkExpression(expression: Expression, visit: (expression: Expression) => void): void {
  visit(expression);
  for (const operand of operandsOf(expression)) walkExpression(operand, visit);
}
