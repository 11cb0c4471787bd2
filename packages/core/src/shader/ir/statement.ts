/**
 * Statements: the only things with effects, in one flat list per stage. Control flow is marked by statements that open
 * and close (`if` … `else` … `endIf`, `loop` … `endLoop`), so no walk over a body recurses on guest nesting.
 */
import type { Expression } from "./expression.js";
import type { InterfaceVariable, OutputBuiltin } from "./interface.js";
import type { Place } from "./register.js";

/** Stores the value's components into the masked components of a place, in order; the others keep theirs. */
export interface AssignStatement {
  readonly kind: "assign";
  readonly place: Place;
  /** Bit 0 = x; as many bits set as the value is wide. */
  readonly mask: number;
  readonly value: Expression;
}

/** Stores to the program's interface. */
export interface OutputStatement {
  readonly kind: "output";
  readonly target: InterfaceVariable | OutputBuiltin;
  /** Element of an array built-in, else 0. */
  readonly element: number;
  readonly value: Expression;
}

export interface IfStatement {
  readonly kind: "if";
  readonly condition: Expression;
}

/** Ends a fragment. */
export interface DiscardStatement {
  readonly kind: "discard";
  /** Null: always. */
  readonly condition: Expression | null;
}

export interface MarkStatement {
  readonly kind: "else" | "endIf" | "loop" | "endLoop" | "break" | "continue" | "return";
}

export type Statement = AssignStatement | OutputStatement | IfStatement | DiscardStatement | MarkStatement;
