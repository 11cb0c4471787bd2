import type { Expression } from "../ir/expression.js";
import type { Register } from "../ir/register.js";
import type { Statement } from "../ir/statement.js";
import type { Scalar } from "../ir/types.js";
import { expressionsOf, operandsOf } from "../ir/walk.js";
import type { StageDraft } from "./draft.js";

const FLOAT = 1;
const INT = 2;
const UINT = 4;
/** Moved from or to a place that is float: decides only when nothing else does. */
const WEAK_FLOAT = 8;

/**
 * Chooses what each register without a type is declared as. A register used as floats alone becomes float; one that ever
 * carries integers becomes integer, so that no integer's bits pass through a float register, where hardware may flush
 * them to zero or quieten them. Registers joined by plain moves carry the same words and are decided together; constant
 * buffers and registers already decided are not joined, only heard.
 */
export function inferRegisterTypes(stage: StageDraft): void {
  const inference = new Inference(stage);
  for (const list of [stage.prologue, stage.module.body, stage.epilogue]) {
    for (const statement of list) inference.visit(statement);
  }
  for (const register of stage.module.registers) stage.storage[register.id] ??= inference.decide(register);
}

class Inference {
  private readonly stage: StageDraft;
  private readonly parents: Int32Array;
  private readonly evidence: Uint8Array;

  constructor(stage: StageDraft) {
    this.stage = stage;
    const count = stage.module.registers.length;
    this.parents = Int32Array.from({ length: count }, (_, index) => index);
    this.evidence = new Uint8Array(count);
  }

  visit(statement: Statement): void {
    for (const expression of expressionsOf(statement)) this.hearLoads(expression);
    if (statement.kind !== "assign") return;
    const { register } = statement.place;
    if (statement.value.type.scalar === "bits") this.hearMove(register, statement.value);
    else this.hear(register, evidenceOf(statement.value.type.scalar));
  }

  decide(register: Register): Scalar {
    if (register.kind === "address") return "i32";
    const seen = this.evidence[this.find(register.id)] ?? 0;
    const strong = seen & (FLOAT | INT | UINT);
    if (register.kind === "constant") return (strong & (INT | UINT)) !== 0 ? "u32" : "f32";
    if (strong === FLOAT) return "f32";
    if (strong === 0) return (seen & WEAK_FLOAT) !== 0 ? "f32" : "u32";
    return strong === INT ? "i32" : "u32";
  }

  private hearLoads(expression: Expression): void {
    if (expression.kind === "load" && expression.type.scalar !== "bits") {
      this.hear(expression.place.register, evidenceOf(expression.type.scalar));
    }
    for (const operand of operandsOf(expression)) this.hearLoads(operand);
  }

  private hear(register: Register, evidence: number): void {
    const root = this.find(register.id);
    this.evidence[root] = (this.evidence[root] ?? 0) | evidence;
  }

  /** A move of untyped words from every load inside `value`. */
  private hearMove(to: Register, value: Expression): void {
    if (value.type.scalar !== "bits") return;
    if (value.kind === "load") this.join(to, value.place.register);
    for (const operand of operandsOf(value)) this.hearMove(to, operand);
  }

  private join(to: Register, from: Register): void {
    const toFixed = this.fixed(to);
    const fromFixed = this.fixed(from);
    if (from.kind === "constant") return;
    if (toFixed === undefined && fromFixed === undefined) this.union(to.id, from.id);
    else if (toFixed === undefined) this.hear(to, moveEvidence(fromFixed));
    else if (fromFixed === undefined) this.hear(from, moveEvidence(toFixed));
  }

  private fixed(register: Register): Scalar | undefined {
    return register.kind === "address" ? "i32" : this.stage.storage[register.id];
  }

  private find(id: number): number {
    let root = id;
    while ((this.parents[root] ?? root) !== root) root = this.parents[root] ?? root;
    // Path compression keeps the whole pass near linear.
    for (let at = id; at !== root;) {
      const next = this.parents[at] ?? root;
      this.parents[at] = root;
      at = next;
    }
    return root;
  }

  private union(a: number, b: number): void {
    const rootA = this.find(a);
    const rootB = this.find(b);
    if (rootA === rootB) return;
    this.parents[rootB] = rootA;
    this.evidence[rootA] = (this.evidence[rootA] ?? 0) | (this.evidence[rootB] ?? 0);
  }
}

function evidenceOf(scalar: Scalar): number {
  return scalar === "f32" ? FLOAT : scalar === "i32" ? INT : UINT;
}

function moveEvidence(scalar: Scalar | undefined): number {
  return scalar === "f32" ? WEAK_FLOAT : scalar === "i32" ? INT : UINT;
}
