import { place } from "../../ir/build.js";
import type { Place, Register, RegisterKind } from "../../ir/register.js";
import { SHADER_LIMITS } from "../../limits.js";
import { shaderError, type ShaderError } from "../../shader-error.js";
import type { Declaration, Operand, RegisterFile, Span, SyntaxTree } from "./syntax-tree.js";

/** The files that become IR registers, with how far their numbers go. */
const FILES: ReadonlyMap<RegisterFile, { kind: RegisterKind; limit: number }> = new Map([
  ["TEMP", { kind: "temporary", limit: SHADER_LIMITS.temporaries }],
  ["ADDR", { kind: "address", limit: SHADER_LIMITS.addresses }],
  ["IN", { kind: "input", limit: SHADER_LIMITS.inputs }],
  ["OUT", { kind: "output", limit: SHADER_LIMITS.outputs }],
  ["SV", { kind: "systemValue", limit: SHADER_LIMITS.systemValues }],
  ["CONST", { kind: "constant", limit: SHADER_LIMITS.constVec4s }],
]);

/** What the instructions do with a file: decides whether its registers stay apart or become one array. */
interface FileUse {
  /** Array ids that an instruction indexes at run time. */
  readonly indirectArrays: Set<number>;
  /** Some instruction indexes the file without naming an array. */
  indirectWhole: boolean;
}

/**
 * Gives every declared guest register its IR register. Registers that are only named by constant numbers stay
 * separate variables; arrays that are indexed at run time become one register with several elements.
 */
export class RegisterMap {
  readonly registers: Register[] = [];
  /** Constant buffers whose range is indexed at run time, by buffer. */
  readonly indirectConstants = new Set<number>();
  error: ShaderError | null = null;
  private readonly places = new Map<RegisterFile, (Place | undefined)[]>();
  private readonly arrays = new Map<string, Register>();
  private readonly constants: (Register | undefined)[] = [];
  private readonly uses = new Map<RegisterFile, FileUse>();
  private readonly precise = new Set<string>();

  constructor(tree: SyntaxTree) {
    this.collectUses(tree);
    const constantLengths: number[] = [];
    for (const declaration of tree.declarations) {
      if (declaration.file === "CONST") this.measureConstant(declaration, constantLengths);
      else if (FILES.has(declaration.file)) this.declare(declaration, tree);
    }
    constantLengths.forEach((length, buffer) => {
      this.constants[buffer] = this.add("constant", buffer, length, true, false);
    });
  }

  /** Where `FILE[index]` lives, or null when it was not declared. */
  direct(file: RegisterFile, index: number): Place | null {
    return this.places.get(file)?.[index] ?? null;
  }

  constantBuffer(buffer: number): Register | null {
    return this.constants[buffer] ?? null;
  }

  /** The array an indirect operand of `file` ranges over, or null when none was declared. */
  array(file: RegisterFile, arrayId: number): Register | null {
    return this.arrays.get(this.uses.get(file)?.indirectWhole === true ? file : `${file}(${arrayId})`) ?? null;
  }

  private fail(message: string, span: Span, code: "invalid" | "limit" = "invalid"): void {
    this.error ??= shaderError(code, message, span.line, span.column);
  }

  private collectUses(tree: SyntaxTree): void {
    for (const file of FILES.keys()) this.uses.set(file, { indirectArrays: new Set(), indirectWhole: false });
    for (const instruction of tree.instructions) {
      for (const operand of instruction.destinations) {
        this.collectOperand(operand);
        if (instruction.precise) this.precise.add(`${operand.file}[${operand.index.offset}]`);
      }
      for (const operand of instruction.sources) this.collectOperand(operand);
      for (const operand of instruction.offsets) this.collectOperand(operand);
    }
  }

  private collectOperand(operand: Operand): void {
    const use = this.uses.get(operand.file);
    if (use === undefined || operand.index.register === null) return;
    if (operand.file === "CONST") this.indirectConstants.add(operand.dimension?.offset ?? 0);
    else if (operand.arrayId === 0) use.indirectWhole = true;
    else use.indirectArrays.add(operand.arrayId);
  }

  private measureConstant(declaration: Declaration, lengths: number[]): void {
    const buffer = Math.max(declaration.dimension, 0);
    if (buffer >= SHADER_LIMITS.constBuffers)
      return this.fail(`constant buffer ${buffer} is out of range`, declaration, "limit");
    if (declaration.last >= SHADER_LIMITS.constVec4s)
      return this.fail(`CONST[${declaration.last}] is out of range`, declaration, "limit");
    lengths[buffer] = Math.max(lengths[buffer] ?? 0, declaration.last + 1);
  }

  private declare(declaration: Declaration, tree: SyntaxTree): void {
    const { file, first, last, arrayId } = declaration;
    const info = FILES.get(file);
    const use = this.uses.get(file);
    if (info === undefined || use === undefined || this.error !== null) return;
    if (last >= info.limit) return this.fail(`${file}[${last}] is out of range`, declaration, "limit");
    const places = this.places.get(file) ?? [];
    this.places.set(file, places);
    const array = use.indirectWhole
      ? this.wholeFile(file, info.kind, tree)
      : use.indirectArrays.has(arrayId)
        ? this.arrayOf(declaration, info.kind)
        : null;
    for (let index = first; index <= last; index++) {
      if (places[index] !== undefined) return this.fail(`${file}[${index}] is declared twice`, declaration);
      const isPrecise = this.precise.has(`${file}[${index}]`);
      places[index] =
        array === null ? place(this.add(info.kind, index, 1, false, isPrecise)) : place(array, index - array.first);
    }
  }

  /** One register for everything the file declares. */
  private wholeFile(file: RegisterFile, kind: RegisterKind, tree: SyntaxTree): Register {
    const known = this.arrays.get(file);
    if (known !== undefined) return known;
    let end = 0;
    for (const declaration of tree.declarations)
      if (declaration.file === file) end = Math.max(end, declaration.last + 1);
    const register = this.add(kind, 0, Math.min(end, FILES.get(file)?.limit ?? end), true, false);
    this.arrays.set(file, register);
    return register;
  }

  private arrayOf(declaration: Declaration, kind: RegisterKind): Register {
    const key = `${declaration.file}(${declaration.arrayId})`;
    if (this.arrays.has(key)) this.fail(`array ${declaration.arrayId} is declared twice`, declaration);
    const register = this.add(kind, declaration.first, declaration.last - declaration.first + 1, true, false);
    this.arrays.set(key, register);
    return register;
  }

  private add(kind: RegisterKind, first: number, length: number, isArray: boolean, isPrecise: boolean): Register {
    const register: Register = { id: this.registers.length, kind, first, length, isArray, isPrecise };
    this.registers.push(register);
    return register;
  }
}
