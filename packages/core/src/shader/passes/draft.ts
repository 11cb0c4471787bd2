import type { InterfaceVariable } from "../ir/interface.js";
import type { ShaderModule } from "../ir/module.js";
import type { Statement } from "../ir/statement.js";
import type { Scalar } from "../ir/types.js";
import { expressionsOf, walkExpression } from "../ir/walk.js";
import type { GlslTarget } from "../glsl-target.js";
import { shaderError, type ShaderError, type ShaderErrorCode } from "../shader-error.js";
import type { ShaderInfo } from "../shader-info.js";
import type { ProgramKey } from "../program-key.js";
import type { DrawStage } from "../program-interface.js";

/**
 * One stage of a program while the passes work on it. The module is shared with every other program and never changes;
 * what a pass adds goes before (`prologue`) or after (`epilogue`) the guest's body, and into the tables here.
 */
export interface StageDraft {
  readonly stage: DrawStage;
  readonly module: ShaderModule;
  readonly info: ShaderInfo;
  readonly prologue: Statement[];
  readonly epilogue: Statement[];
  readonly variables: InterfaceVariable[];
  /** Input registers that are another name for an interface variable: no copy, no declaration. By register id. */
  readonly aliases: Map<number, InterfaceVariable>;
  /** What each register is declared with, by register id; filled by passes, the rest by inference. */
  readonly storage: (Scalar | undefined)[];
  /** Registers the body reads or writes, by id. */
  readonly read: ReadonlySet<number>;
  readonly written: ReadonlySet<number>;
  /** Outputs declared `invariant`. */
  readonly invariants: Set<InterfaceVariable | "position">;
  /** Length of gl_ClipDistance, 0 when it is not used. */
  clipDistances: number;
  /** 0, 1 or 9; see `BlockBinding`. */
  sysVec4s: number;
}

/** Both stages and what the draw says about them; what every pass takes. */
export interface ProgramDraft {
  readonly vertex: StageDraft;
  readonly fragment: StageDraft;
  readonly key: ProgramKey;
  readonly target: GlslTarget;
  /** The first reason why the program cannot be made. */
  error: ShaderError | null;
}

export function makeDraft(stage: DrawStage, module: ShaderModule, info: ShaderInfo): StageDraft {
  const read = new Set<number>();
  const written = new Set<number>();
  for (const statement of module.body) {
    for (const expression of expressionsOf(statement)) {
      walkExpression(expression, (inner) => {
        if (inner.kind === "load") read.add(inner.place.register.id);
      });
    }
    if (statement.kind === "assign") written.add(statement.place.register.id);
  }
  return {
    stage,
    module,
    info,
    read,
    written,
    prologue: [],
    epilogue: [],
    variables: [],
    aliases: new Map(),
    storage: new Array<Scalar | undefined>(module.registers.length).fill(undefined),
    invariants: new Set(),
    clipDistances: 0,
    sysVec4s: 0,
  };
}

export function refuse(draft: ProgramDraft, code: ShaderErrorCode, message: string): void {
  draft.error ??= shaderError(code, message);
}
