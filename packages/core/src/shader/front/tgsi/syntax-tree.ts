/**
 * The TGSI text as it was written: names resolved to tables, numbers to numbers, nothing checked against anything
 * else. `lower.ts` turns it into IR.
 */
import type { Interpolation, InterpolationLocation, Semantic, ShaderStage, TextureTarget } from "../../shader-info.js";

/** Register files, p_shader_tokens.h: enum tgsi_file_type. */
export type RegisterFile =
  | "CONST"
  | "IN"
  | "OUT"
  | "TEMP"
  | "SAMP"
  | "ADDR"
  | "IMM"
  | "SV"
  | "IMAGE"
  | "SVIEW"
  | "BUFFER"
  | "MEMORY"
  | "HWATOMIC";

/** Where in the text something stands; line and column from 1. */
export interface Span {
  readonly line: number;
  readonly column: number;
}

export interface Declaration extends Span {
  readonly file: RegisterFile;
  readonly first: number;
  readonly last: number;
  /** First bracket of a two-dimensional declaration: constant buffer, or -1. Per-vertex `IN[][0]` gives -2. */
  readonly dimension: number;
  /** Declared components, bit 0 = x. */
  readonly mask: number;
  readonly semantic: Semantic | null;
  readonly semanticIndex: number;
  readonly interpolation: Interpolation | null;
  readonly location: InterpolationLocation;
  readonly invariant: boolean;
  /** ARRAY(n), 0 when it is none. */
  readonly arrayId: number;
  readonly target: TextureTarget | null;
  /** SVIEW's return types for x. UNORM SNORM SINT UINT FLOAT. */
  readonly returnType: string;
}

export interface Property {
  readonly name: string;
  readonly value: string | number;
}

export type ImmediateType = "FLT32" | "UINT32" | "INT32" | "FLT64" | "UINT64" | "INT64";

export interface Immediate extends Span {
  readonly type: ImmediateType;
  /** Bit patterns of the four 32-bit words; all zero for 64-bit types, which are refused on use. */
  readonly words: readonly [number, number, number, number];
}

/** `file[register.swizzle + offset]`, with `register` null for a plain `file[offset]`. */
export interface Index {
  readonly register: { readonly file: RegisterFile; readonly index: number; readonly component: number } | null;
  readonly offset: number;
}

export interface Operand extends Span {
  readonly file: RegisterFile;
  /** Null for one-dimensional operands. */
  readonly dimension: Index | null;
  readonly index: Index;
  /** The number in `TEMP[ADDR[0].x](4)`, else 0. */
  readonly arrayId: number;
  /** Sources: four components 0..3. Destinations: identity. */
  readonly swizzle: readonly [number, number, number, number];
  /** Destinations: bit 0 = x. Sources: 15. */
  readonly mask: number;
  readonly negate: boolean;
  readonly absolute: boolean;
}

export interface Instruction extends Span {
  readonly opcode: string;
  readonly saturate: boolean;
  readonly precise: boolean;
  readonly destinations: readonly Operand[];
  readonly sources: readonly Operand[];
  readonly target: TextureTarget | null;
  /** Texture offsets after the target: IMM or TEMP operands, at most 4. */
  readonly offsets: readonly Operand[];
}

export interface SyntaxTree {
  readonly stage: ShaderStage;
  readonly properties: readonly Property[];
  readonly declarations: readonly Declaration[];
  readonly immediates: readonly Immediate[];
  readonly instructions: readonly Instruction[];
}
