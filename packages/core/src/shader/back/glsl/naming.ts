import type { Register } from "../../ir/register.js";

/**
 * Names by construction unique and legal: a letter or two for the kind, the stage where the global name space is shared,
 * and the guest's own number, so that GLSL can be read beside its TGSI.
 */
export function registerName(register: Register, prefix: string): string {
  switch (register.kind) {
    case "temporary":
      return `t${register.first}`;
    case "address":
      return `addr${register.first}`;
    case "input":
      return `in${register.first}`;
    case "output":
      return `out${register.first}`;
    case "systemValue":
      return `sv${register.first}`;
    case "constant":
      return constantName(register.first, prefix);
  }
}

/** Arrays and single registers of one file never share a `first`, arrays of whole files excepted: those have no singles. */
export function constantName(buffer: number, prefix: string): string {
  return `${prefix}c${buffer}`;
}

export function stagePrefix(stage: "vertex" | "fragment"): string {
  return stage === "vertex" ? "vs_" : "fs_";
}

export function blockName(buffer: number, stage: "vertex" | "fragment"): string {
  return `${stagePrefix(stage)}block${buffer}`;
}
