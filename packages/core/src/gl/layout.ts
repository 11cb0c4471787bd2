/** How an op of the table lies in words: shared by the generator and the words-to-text decoder. */
import { GL_OPS, type GlOpRow } from "./ops.js";

/** Where one argument of an op lies. */
export interface GlArgLayout {
  readonly name: string;
  /** As in ops.ts, without the `xN`. */
  readonly kind: string;
  /** Values of this kind: N of `KINDxN`, else 1. */
  readonly values: number;
  /** First word, counted from the opcode's. */
  readonly at: number;
}

/** One op of the table as words. */
export interface GlOpLayout {
  readonly row: GlOpRow;
  /** The first word of an encoded op; never 0. */
  readonly opcode: number;
  /** Words of an encoded op, the opcode's included. */
  readonly lengthWords: number;
  readonly args: readonly GlArgLayout[];
}

/** Words of one value: a data reference is segment, offset (low, high), length. */
export const GL_DATA_WORDS = 4;

function layoutOf(row: GlOpRow, opcode: number): GlOpLayout {
  const args: GlArgLayout[] = [];
  let at = 1;
  for (const part of row.args.split(" ")) {
    if (part === "") continue;
    const [name, rawKind] = part.split(":") as [string, string];
    const many = /^([a-z0-9]+?)x(\d+)$/.exec(rawKind);
    const kind = many === null ? rawKind : many[1]!;
    const values = many === null ? 1 : Number(many[2]);
    args.push({ name, kind, values, at });
    at += kind === "data" ? GL_DATA_WORDS : values;
  }
  return { row, opcode, lengthWords: at, args };
}

/** Layouts by opcode - 1. */
export const GL_OP_LAYOUTS: readonly GlOpLayout[] = GL_OPS.map((row, index) => layoutOf(row, index + 1));
