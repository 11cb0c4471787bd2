import { float, operation, uint } from "../../ir/build.js";
import type { IoPlace, ShaderModule, SystemValueUse } from "../../ir/module.js";
import type { Statement } from "../../ir/statement.js";
import type { Result } from "../../shader-error.js";
import type { IoRegister } from "../../shader-info.js";
import { lowerArithmetic } from "./lower-arithmetic.js";
import { lowerTexture } from "./lower-texture.js";
import { Lowering } from "./lowering.js";
import type { Declaration, Instruction, SyntaxTree } from "./syntax-tree.js";

/**
 * Turns a syntax tree into IR: registers from declarations, statements from instructions. Refuses what the IR has no
 * words for; whether the result makes sense is the validator's question.
 */
export function lowerTree(tree: SyntaxTree): Result<ShaderModule> {
  const lowering = new Lowering(tree);
  const lines: number[] = [];
  let count = 0;
  for (const instruction of tree.instructions) {
    if (lowering.error !== null || instruction.opcode === "END") break;
    lowerInstruction(lowering, instruction);
    while (lines.length < lowering.body.length) lines.push(instruction.line);
    count++;
  }
  const inputs = collectIo(lowering, tree, "IN");
  const outputs = collectIo(lowering, tree, "OUT");
  const systemValues = collectSystemValues(lowering, tree);
  if (lowering.error !== null) return { ok: false, error: lowering.error };
  const property = (name: string): string | number | undefined =>
    tree.properties.find((row) => row.name === name)?.value;
  return {
    ok: true,
    value: {
      stage: tree.stage,
      registers: lowering.map.registers,
      inputs,
      outputs,
      systemValues,
      samplers: lowering.samplers,
      body: lowering.body,
      lines,
      color0WritesAll: property("FS_COLOR0_WRITES_ALL_CBUFS") === 1,
      integerPixelCenter: property("FS_COORD_PIXEL_CENTER") === "INTEGER",
      lowerLeftOrigin: property("FS_COORD_ORIGIN") === "LOWER_LEFT",
      earlyDepthStencil: property("FS_EARLY_DEPTH_STENCIL") === 1,
      instructionCount: count,
      returnsEarly: lowering.body.some((statement) => statement.kind === "return"),
    },
  };
}

/** Control flow without operands. RET at the end of main is the same as END, and is dropped by the writer's host. */
const MARKS: Readonly<Record<string, Statement>> = {
  ELSE: { kind: "else" },
  ENDIF: { kind: "endIf" },
  BGNLOOP: { kind: "loop" },
  ENDLOOP: { kind: "endLoop" },
  BRK: { kind: "break" },
  CONT: { kind: "continue" },
  RET: { kind: "return" },
  KILL: { kind: "discard", condition: null },
};

function lowerInstruction(lowering: Lowering, instruction: Instruction): void {
  const { opcode, sources } = instruction;
  const mark = Object.hasOwn(MARKS, opcode) ? MARKS[opcode] : undefined;
  if (mark !== undefined) {
    lowering.body.push(mark);
    return;
  }
  const [source] = sources;
  if (opcode === "NOP") return;
  if (opcode === "IF" && source !== undefined) {
    const value = lowering.readChannels(source, "f32", 0);
    lowering.body.push({ kind: "if", condition: operation("notEqual", value, float(0)) });
  } else if (opcode === "UIF" && source !== undefined) {
    const value = lowering.readChannels(source, "u32", 0);
    lowering.body.push({ kind: "if", condition: operation("notEqual", value, uint(0)) });
  } else if (opcode === "KILL_IF" && source !== undefined) {
    lowering.body.push({ kind: "discard", condition: killCondition(lowering, instruction) });
  } else if (!lowerArithmetic(lowering, instruction) && !lowerTexture(lowering, instruction)) {
    lowering.fail("not-offered", `${opcode} is not offered`, instruction);
  }
}

/** KILL_IF: any channel below zero. Repeated channels are tested once. */
function killCondition(lowering: Lowering, instruction: Instruction): ReturnType<typeof operation> {
  const source = instruction.sources[0];
  if (source === undefined) return operation("lessThan", float(0), float(0));
  const channels = [0, 1, 2, 3].filter((channel) => source.swizzle.indexOf(source.swizzle[channel] ?? 0) === channel);
  const below = operation("lessThan", lowering.readChannels(source, "f32", ...channels), float(0, channels.length));
  return channels.length === 1 ? below : operation("any", below);
}

function collectIo(lowering: Lowering, tree: SyntaxTree, file: "IN" | "OUT"): IoPlace[] {
  const found: IoPlace[] = [];
  for (const declaration of tree.declarations) {
    if (declaration.file !== file || lowering.error !== null) continue;
    if (declaration.dimension !== -1) {
      if (tree.stage === "vertex" || tree.stage === "fragment")
        lowering.fail("invalid", `${file} takes one index in this stage`, declaration);
      continue;
    }
    for (let index = declaration.first; index <= declaration.last; index++) {
      const at = lowering.map.direct(file, index);
      if (at !== null)
        found.push({ io: ioRegister(tree, declaration, index), register: at.register, element: at.element });
    }
  }
  return found.sort((a, b) => a.io.index - b.io.index);
}

function ioRegister(tree: SyntaxTree, declaration: Declaration, index: number): IoRegister {
  const isAttribute = declaration.file === "IN" && tree.stage === "vertex";
  const step = index - declaration.first;
  return {
    index,
    semantic: isAttribute ? "GENERIC" : (declaration.semantic ?? "GENERIC"),
    semanticIndex: isAttribute ? index : declaration.semanticIndex + step,
    mask: declaration.mask,
    interpolation:
      declaration.interpolation ??
      (declaration.semantic === "COLOR" || declaration.semantic === "BCOLOR" ? "COLOR" : "PERSPECTIVE"),
    location: declaration.location,
    invariant: declaration.invariant,
  };
}

function collectSystemValues(lowering: Lowering, tree: SyntaxTree): SystemValueUse[] {
  const found: SystemValueUse[] = [];
  for (const declaration of tree.declarations) {
    if (declaration.file !== "SV") continue;
    const at = lowering.map.direct("SV", declaration.first);
    if (declaration.semantic === null || declaration.first !== declaration.last) {
      lowering.fail("invalid", "a system value needs one register and a semantic", declaration);
    } else if (at !== null) {
      found.push({ semantic: declaration.semantic, register: at.register });
    }
  }
  return found;
}
