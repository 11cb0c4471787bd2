import { shaderError, type ShaderError } from "../../shader-error.js";
import { Lexer, TokenKind } from "./lexer.js";
import { REGISTER_FILES } from "./keywords.js";
import { parseIntegerWord } from "./number-text.js";
import type { Index, Operand, RegisterFile, Span } from "./syntax-tree.js";

type Swizzle = readonly [number, number, number, number];

const IDENTITY: Swizzle = [0, 1, 2, 3];
const ZERO_INDEX: Index = { register: null, offset: 0 };
/** Larger than any register file; keeps every later sum exact. */
const MAX_NUMBER = 0xffff;

interface Range {
  readonly first: number;
  readonly last: number;
  readonly isEmpty: boolean;
}

/**
 * The parts of the grammar below a line: words, numbers, ranges and operands. The first error sticks in `error`; every
 * method returns something harmless after it, so callers check once.
 */
export class OperandParser {
  error: ShaderError | null = null;
  protected readonly lexer: Lexer;

  constructor(text: string) {
    this.lexer = new Lexer(text);
  }

  protected span(): Span {
    return { line: this.lexer.line, column: this.lexer.column };
  }

  protected fail(message: string, at: Span = this.span()): void {
    this.error ??= shaderError("syntax", message, at.line, at.column);
  }

  protected failLimit(what: string, limit: number): void {
    this.error ??= shaderError("limit", `more than ${limit} ${what}`, this.lexer.line, this.lexer.column);
  }

  protected atMark(mark: string): boolean {
    return this.lexer.kind === TokenKind.MARK && this.lexer.text === mark;
  }

  protected takeMark(mark: string): void {
    if (!this.atMark(mark)) this.fail(`expected ${JSON.stringify(mark)}`);
    else this.lexer.next();
  }

  protected takeWord(what: string): string {
    if (this.lexer.kind !== TokenKind.WORD) this.fail(`expected ${what}`);
    const text = this.lexer.text;
    this.lexer.next();
    return text;
  }

  protected takeNumber(): number {
    const value = this.lexer.kind === TokenKind.WORD ? parseIntegerWord(this.lexer.text) : null;
    if (value === null || value > MAX_NUMBER) this.fail(`expected a number up to ${MAX_NUMBER}`);
    this.lexer.next();
    return value === null || value > MAX_NUMBER ? 0 : value;
  }

  protected takeBracketNumber(): number {
    this.takeMark("[");
    const value = this.takeNumber();
    this.takeMark("]");
    return value;
  }

  protected takeParenthesisedNumber(): number {
    this.takeMark("(");
    const value = this.takeNumber();
    this.takeMark(")");
    return value;
  }

  protected takeFile(): RegisterFile {
    const file = REGISTER_FILES.get(this.lexer.text);
    if (file === undefined) this.fail(`unknown register file ${JSON.stringify(this.lexer.text)}`);
    this.lexer.next();
    return file ?? "TEMP";
  }

  /** `[n]`, `[n..m]` or `[]`. */
  protected takeRange(): Range {
    this.takeMark("[");
    if (this.atMark("]")) {
      this.lexer.next();
      return { first: 0, last: 0, isEmpty: true };
    }
    const first = this.takeNumber();
    let last = first;
    if (this.atMark(".")) {
      this.lexer.next();
      this.takeMark(".");
      last = this.takeNumber();
    }
    this.takeMark("]");
    if (last < first) this.fail(`range ${first}..${last} runs backwards`);
    return { first, last, isEmpty: false };
  }

  /** `.xyw`: letters in ascending order, each once. */
  protected takeMask(): number {
    this.takeMark(".");
    const span = this.span();
    const letters = this.takeWord("a write mask");
    let mask = 0;
    for (let index = 0; index < letters.length && index < 5; index++) {
      const component = componentOf(letters.charCodeAt(index));
      if (component < 0 || mask >= 1 << component) this.fail(`bad write mask ${JSON.stringify(letters)}`, span);
      mask |= 1 << Math.max(component, 0);
    }
    return mask;
  }

  /** `.xyzw`, one letter standing for all four, or the three of a texture offset (the last is repeated). */
  protected takeSwizzle(): Swizzle {
    this.takeMark(".");
    const span = this.span();
    const letters = this.takeWord("a swizzle");
    const at = (index: number): number => {
      const component = componentOf(letters.charCodeAt(Math.min(index, letters.length - 1)));
      if (component < 0) this.fail(`bad swizzle ${JSON.stringify(letters)}`, span);
      return Math.max(component, 0);
    };
    if (letters.length !== 4 && letters.length !== 3 && letters.length !== 1)
      this.fail(`bad swizzle ${JSON.stringify(letters)}`, span);
    return [at(0), at(1), at(2), at(3)];
  }

  protected parseDestination(): Operand {
    // Written out: spreading objects here took half of the time of parsing.
    const { line, column } = this.lexer;
    const { file, dimension, index, arrayId } = this.parsePlace();
    const mask = this.atMark(".") ? this.takeMask() : 15;
    return { file, dimension, index, arrayId, swizzle: IDENTITY, mask, negate: false, absolute: false, line, column };
  }

  protected parseSource(): Operand {
    const { line, column } = this.lexer;
    const negate = this.atMark("-");
    if (negate) this.lexer.next();
    const absolute = this.atMark("|");
    if (absolute) this.lexer.next();
    const { file, dimension, index, arrayId } = this.parsePlace();
    const swizzle = this.atMark(".") ? this.takeSwizzle() : IDENTITY;
    if (absolute) this.takeMark("|");
    return { file, dimension, index, arrayId, swizzle, mask: 15, negate, absolute, line, column };
  }

  private parsePlace(): Pick<Operand, "file" | "dimension" | "index" | "arrayId"> {
    const file = this.takeFile();
    let index = this.parseIndex();
    let dimension: Index | null = null;
    if (this.atMark("[")) {
      dimension = index;
      index = this.parseIndex();
    }
    const arrayId = this.atMark("(") ? this.takeParenthesisedNumber() : 0;
    return { file, dimension, index, arrayId };
  }

  /** `[5]`, `[ADDR[0].x]`, `[ADDR[0].x+5]`, `[ADDR[0].x-2]`. The inner register takes a plain index: no nesting. */
  private parseIndex(): Index {
    if (this.error !== null) return ZERO_INDEX;
    this.takeMark("[");
    const file = REGISTER_FILES.get(this.lexer.text);
    if (file === undefined) {
      const offset = this.takeNumber();
      this.takeMark("]");
      return { register: null, offset };
    }
    this.lexer.next();
    const index = this.takeBracketNumber();
    const component = this.atMark(".") ? this.takeSwizzle()[0] : 0;
    let offset = 0;
    if (this.atMark("+") || this.atMark("-")) {
      const sign = this.atMark("-") ? -1 : 1;
      this.lexer.next();
      offset = sign * this.takeNumber();
    }
    this.takeMark("]");
    return { register: { file, index, component }, offset };
  }
}

function componentOf(code: number): number {
  // Only x, y, z and w; lower case as the dumper writes them.
  return code === 119 ? 3 : code >= 120 && code <= 122 ? code - 120 : -1;
}
