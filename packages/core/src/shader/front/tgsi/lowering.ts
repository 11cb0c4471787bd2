import { assign, bitcast, constant, load, operation, place } from "../../ir/build.js";
import type { Expression } from "../../ir/expression.js";
import type { ModuleSampler } from "../../ir/module.js";
import type { Place } from "../../ir/register.js";
import type { Statement } from "../../ir/statement.js";
import type { Scalar } from "../../ir/types.js";
import { SHADER_LIMITS } from "../../limits.js";
import { shaderError, type ShaderError, type ShaderErrorCode } from "../../shader-error.js";
import type { ReturnType, TextureTarget } from "../../shader-info.js";
import { RegisterMap } from "./register-map.js";
import type { Index, Instruction, Operand, Span, SyntaxTree } from "./syntax-tree.js";

/**
 * What the lowering of every instruction shares: operands to expressions, results to statements, errors. The first
 * error sticks; everything returns something harmless after it.
 */
export class Lowering {
  error: ShaderError | null = null;
  readonly tree: SyntaxTree;
  readonly map: RegisterMap;
  readonly body: Statement[] = [];
  readonly samplers: ModuleSampler[] = [];
  private readonly samplerIds = new Map<string, number>();
  private readonly declaredSamplers = new Set<number>();
  private readonly returnTypes = new Map<number, ReturnType>();
  private constants: ReadonlyMap<number, Operand> | null = null;

  constructor(tree: SyntaxTree) {
    this.tree = tree;
    this.map = new RegisterMap(tree);
    this.error = this.map.error;
    for (const { file, first, last, returnType } of tree.declarations) {
      if (file !== "SVIEW" && file !== "SAMP") continue;
      const type = returnType === "SINT" ? "int" : returnType === "UINT" ? "uint" : "float";
      for (let slot = first; slot <= last && slot < SHADER_LIMITS.samplers; slot++) {
        if (file === "SAMP") this.declaredSamplers.add(slot);
        else this.returnTypes.set(slot, type);
      }
    }
  }

  fail(code: ShaderErrorCode, message: string, span: Span): void {
    this.error ??= shaderError(code, message, span.line, span.column);
  }

  /** The components a destination mask selects from a source's swizzle. */
  static masked(source: Operand, mask: number): number[] {
    const components: number[] = [];
    for (let bit = 0; bit < 4; bit++) if ((mask & (1 << bit)) !== 0) components.push(source.swizzle[bit] ?? 0);
    return components;
  }

  /** Reads a source per destination component. */
  read(source: Operand, scalar: Scalar, mask: number): Expression {
    return this.readComponents(source, scalar, Lowering.masked(source, mask));
  }

  /** Reads the named source channels (before the swizzle): channel 0 is what `.x` of the operand shows. */
  readChannels(source: Operand, scalar: Scalar, ...channels: number[]): Expression {
    return this.readComponents(
      source,
      scalar,
      channels.map((channel) => source.swizzle[channel] ?? 0),
    );
  }

  /** Stores a result; `value` is as wide as the mask has bits. Saturates float results if the instruction says so. */
  store(instruction: Instruction, value: Expression): void {
    const destination = instruction.destinations[0];
    if (destination === undefined) return;
    if (destination.file !== "TEMP" && destination.file !== "OUT" && destination.file !== "ADDR") {
      return this.fail("invalid", `${destination.file} cannot be written`, destination);
    }
    const to = this.placeOf(destination);
    if (to === null) return;
    const isFloat = value.type.scalar === "f32";
    this.body.push(
      assign(to, destination.mask, instruction.saturate && isFloat ? operation("saturate", value) : value),
    );
  }

  /** The sampler an operand names, as the texture kind this instruction wants. */
  samplerOf(operand: Operand, target: TextureTarget): number {
    if (operand.file !== "SAMP") this.fail("invalid", "expected a SAMP operand", operand);
    if (operand.index.register !== null)
      this.fail("not-offered", "samplers chosen at run time are not offered", operand);
    const slot = operand.index.offset;
    if (!this.declaredSamplers.has(slot)) this.fail("invalid", `SAMP[${slot}] is not declared`, operand);
    const key = `${slot} ${target}`;
    const known = this.samplerIds.get(key);
    if (known !== undefined) return known;
    const id = this.samplers.length;
    this.samplers.push({ slot, target, returnType: this.returnTypes.get(slot) ?? "float" });
    this.samplerIds.set(key, id);
    return id;
  }

  /** TEMPs whose only writer is one full MOV of an immediate, with that immediate. Computed once. */
  constantTemporaries(): ReadonlyMap<number, Operand> {
    if (this.constants !== null) return this.constants;
    const found = new Map<number, Operand>();
    const written = new Set<number>();
    let isIndirect = false;
    for (const { opcode, saturate, destinations, sources } of this.tree.instructions) {
      const [destination] = destinations;
      const [source] = sources;
      if (destination === undefined || destination.file !== "TEMP") continue;
      isIndirect ||= destination.index.register !== null;
      const index = destination.index.offset;
      const isPlain = source?.file === "IMM" && !source.negate && !source.absolute && !saturate;
      if (opcode === "MOV" && isPlain && !written.has(index)) found.set(index, source);
      else found.delete(index);
      written.add(index);
    }
    this.constants = isIndirect ? new Map() : found;
    return this.constants;
  }

  private readComponents(source: Operand, scalar: Scalar, components: readonly number[]): Expression {
    const hasModifier = source.negate || source.absolute;
    const type = scalar === "bits" && hasModifier ? "f32" : scalar;
    let value = this.readPlain(source, type, components);
    if (source.absolute)
      value = type === "u32" ? bitcast(operation("abs", bitcast(value, "i32")), "u32") : operation("abs", value);
    return source.negate ? operation("neg", value) : value;
  }

  private readPlain(source: Operand, scalar: Scalar, components: readonly number[]): Expression {
    if (source.file === "IMM") {
      const immediate = source.index.register === null ? this.tree.immediates[source.index.offset] : undefined;
      if (immediate === undefined) this.fail("invalid", `IMM[${source.index.offset}] is not declared`, source);
      else if (immediate.type.endsWith("64"))
        this.fail("not-offered", `${immediate.type} immediates are not offered`, source);
      return constant(
        scalar,
        components.map((component) => immediate?.words[component] ?? 0),
      );
    }
    const from = this.placeOf(source);
    return from === null
      ? constant(
          scalar,
          components.map(() => 0),
        )
      : load(from, scalar, components);
  }

  private placeOf(operand: Operand): Place | null {
    switch (operand.file) {
      case "CONST":
        return this.constantPlace(operand);
      case "TEMP":
      case "IN":
      case "OUT":
      case "ADDR":
      case "SV":
        if (operand.dimension !== null) this.fail("invalid", `${operand.file} takes one index in this stage`, operand);
        return operand.index.register === null ? this.directPlace(operand) : this.arrayPlace(operand);
      default:
        this.fail(
          operand.file === "SAMP" || operand.file === "SVIEW" ? "invalid" : "not-offered",
          `${operand.file} cannot be an operand here`,
          operand,
        );
        return null;
    }
  }

  private directPlace(operand: Operand): Place | null {
    const found = this.map.direct(operand.file, operand.index.offset);
    if (found === null) this.fail("invalid", `${operand.file}[${operand.index.offset}] is not declared`, operand);
    return found;
  }

  private arrayPlace(operand: Operand): Place | null {
    const register = this.map.array(operand.file, operand.arrayId);
    if (register === null) {
      this.fail("invalid", `array ${operand.arrayId} of ${operand.file} is not declared`, operand);
      return null;
    }
    return place(register, operand.index.offset - register.first, this.indexValue(operand.index, operand));
  }

  private constantPlace(operand: Operand): Place | null {
    if (operand.dimension !== null && operand.dimension.register !== null) {
      this.fail("not-offered", "constant buffers chosen at run time are not offered", operand);
      return null;
    }
    const buffer = operand.dimension?.offset ?? 0;
    const register = this.map.constantBuffer(buffer);
    const { offset } = operand.index;
    if (register === null || (operand.index.register === null && (offset < 0 || offset >= register.length))) {
      this.fail("invalid", `CONST[${buffer}][${offset}] is not declared`, operand);
      return null;
    }
    return place(register, offset, this.indexValue(operand.index, operand));
  }

  /** The run-time part of an index, an i32; the constant part stays in `Place.element`. */
  private indexValue(index: Index, span: Span): Expression | null {
    if (index.register === null) return null;
    const { file, index: number, component } = index.register;
    const from = this.map.direct(file, number);
    if (from !== null) return load(from, "i32", [component]);
    this.fail("invalid", `${file}[${number}] is not declared`, span);
    return null;
  }
}
