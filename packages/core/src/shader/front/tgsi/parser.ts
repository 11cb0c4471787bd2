import { SHADER_LIMITS } from "../../limits.js";
import { type Result, shaderError, type ShaderError } from "../../shader-error.js";
import type { ShaderStage } from "../../shader-info.js";
import { INTERPOLATIONS, LOCATIONS, RETURN_TYPES, SEMANTICS, STAGES, TEXTURE_TARGETS } from "./keywords.js";
import { IMMEDIATE_TYPES } from "./keywords.js";
import { TokenKind } from "./lexer.js";
import { parseFloatWord, parseIntegerWord } from "./number-text.js";
import { OPCODES, type OpcodeShape } from "./opcodes.js";
import { OperandParser } from "./operand-parser.js";
import type {
  Declaration,
  Immediate,
  ImmediateType,
  Instruction,
  Operand,
  Property,
  Span,
  SyntaxTree,
} from "./syntax-tree.js";

/**
 * Reads TGSI text into a syntax tree. The text is a line of processor name, then one declaration, immediate, property
 * or instruction a line, in any order. Grammar: virgl's dialect of tgsi_dump.c. No recursion, no backtracking.
 */
class Parser extends OperandParser {
  private readonly properties: Property[] = [];
  private readonly declarations: Declaration[] = [];
  private readonly immediates: Immediate[] = [];
  private readonly instructions: Instruction[] = [];

  parse(): Result<SyntaxTree> {
    const stage = this.parseStage();
    while (this.error === null && this.lexer.kind !== TokenKind.END) {
      if (this.lexer.kind === TokenKind.LINE_END) this.lexer.next();
      else this.parseLine();
    }
    if (this.error !== null) return { ok: false, error: this.error };
    const { properties, declarations, immediates, instructions } = this;
    return { ok: true, value: { stage, properties, declarations, immediates, instructions } };
  }

  private parseStage(): ShaderStage {
    this.lexer.next();
    while (this.lexer.kind === TokenKind.LINE_END) this.lexer.next();
    const stage = STAGES.get(this.lexer.text);
    if (stage === undefined) this.fail("expected VERT, FRAG, GEOM, TESS_CTRL, TESS_EVAL or COMP");
    this.lexer.next();
    if (this.error === null) this.expectLineEnd();
    return stage ?? "vertex";
  }

  private parseLine(): void {
    switch (this.lexer.text) {
      case "DCL":
        return this.parseDeclaration();
      case "IMM":
        return this.parseImmediate();
      case "PROPERTY":
        return this.parseProperty();
      default:
        return this.parseInstruction();
    }
  }

  private expectLineEnd(): void {
    if (this.lexer.kind === TokenKind.END) return;
    if (this.lexer.kind !== TokenKind.LINE_END) this.fail(`unexpected ${JSON.stringify(this.lexer.text)}`);
  }

  private skipToLineEnd(): void {
    while (this.lexer.kind !== TokenKind.LINE_END && this.lexer.kind !== TokenKind.END) this.lexer.next();
  }

  private parseProperty(): void {
    this.lexer.next();
    const name = this.takeWord("a property name");
    const text = this.takeWord("a property value");
    if (this.properties.length >= SHADER_LIMITS.properties)
      return this.failLimit("properties", SHADER_LIMITS.properties);
    const value = parseIntegerWord(text);
    this.properties.push({ name, value: value ?? text });
    // CS_FIXED_* and GS properties may list further words; they do not matter here.
    this.skipToLineEnd();
  }

  private parseImmediate(): void {
    const span = this.span();
    this.lexer.next();
    if (this.atMark("[")) {
      const index = this.takeBracketNumber();
      if (this.error === null && index !== this.immediates.length)
        return this.fail(`immediate ${index} is out of order`);
    }
    const type = IMMEDIATE_TYPES.get(this.lexer.text);
    if (type === undefined) return this.fail("expected an immediate type such as FLT32");
    this.lexer.next();
    if (!this.atMark("{")) return this.fail('expected "{"');
    const words = this.parseImmediateWords(type);
    if (this.error !== null) return;
    if (this.immediates.length >= SHADER_LIMITS.immediates)
      return this.failLimit("immediates", SHADER_LIMITS.immediates);
    this.immediates.push({ type, words, ...span });
    this.expectLineEnd();
  }

  private parseImmediateWords(type: ImmediateType): [number, number, number, number] {
    const words: [number, number, number, number] = [0, 0, 0, 0];
    for (let count = 0; ; count++) {
      this.lexer.nextNumber();
      const word = type === "FLT32" ? parseFloatWord(this.lexer.text) : parseIntegerWord(this.lexer.text);
      const isWide = type.endsWith("64");
      if (this.lexer.kind !== TokenKind.WORD || (word === null && !isWide))
        this.fail(`bad ${type} value ${JSON.stringify(this.lexer.text)}`);
      if (count >= 4) this.fail("an immediate has at most four values");
      if (this.error !== null) return words;
      if (!isWide) words[count] = word ?? 0;
      this.lexer.next();
      if (this.atMark("}")) break;
      if (!this.atMark(",")) this.fail('expected "," or "}"');
    }
    this.lexer.next();
    return words;
  }

  private parseDeclaration(): void {
    const span = this.span();
    this.lexer.next();
    if (this.declarations.length >= SHADER_LIMITS.declarations)
      return this.failLimit("declarations", SHADER_LIMITS.declarations);
    const file = this.takeFile();
    let range = this.takeRange();
    let dimension = -1;
    if (this.atMark("[")) {
      dimension = range.isEmpty ? -2 : range.first;
      range = this.takeRange();
    }
    if (this.error === null && range.isEmpty) this.fail("expected a register number");
    const mask = this.atMark(".") ? this.takeMask() : 15;
    const declaration: Mutable<Declaration> = {
      file,
      first: range.first,
      last: range.last,
      dimension,
      mask,
      semantic: null,
      semanticIndex: 0,
      interpolation: null,
      location: "CENTER",
      invariant: false,
      arrayId: 0,
      target: null,
      returnType: "FLOAT",
      ...span,
    };
    while (this.error === null && this.atMark(",")) {
      this.lexer.next();
      this.parseDeclarationWord(declaration);
    }
    if (this.error !== null) return;
    this.declarations.push(declaration);
    this.expectLineEnd();
  }

  /** One comma-separated word after a declaration's register; which list it comes from depends on the file. */
  private parseDeclarationWord(declaration: Mutable<Declaration>): void {
    const word = this.takeWord("a declaration word");
    if (word === "ARRAY") {
      declaration.arrayId = this.takeParenthesisedNumber();
    } else if (declaration.file === "SVIEW" || declaration.file === "IMAGE") {
      const target = TEXTURE_TARGETS.get(word);
      if (declaration.target === null && target !== undefined) declaration.target = target;
      else if (RETURN_TYPES.has(word)) declaration.returnType = word;
      else if (declaration.file === "SVIEW") this.fail(`unknown word ${JSON.stringify(word)} in a declaration`);
    } else if (INTERPOLATIONS.has(word) && (declaration.semantic !== null || word !== "COLOR")) {
      declaration.interpolation = INTERPOLATIONS.get(word) ?? null;
    } else if (SEMANTICS.has(word)) {
      declaration.semantic = SEMANTICS.get(word) ?? null;
      if (this.atMark("[")) declaration.semanticIndex = this.takeBracketNumber();
      if (this.error === null && declaration.semanticIndex > 255)
        this.fail(`semantic index ${declaration.semanticIndex} is above 255`);
    } else if (LOCATIONS.has(word)) {
      declaration.location = LOCATIONS.get(word) ?? "CENTER";
    } else if (word === "INVARIANT") {
      declaration.invariant = true;
    } else if (word === "STREAM") {
      this.skipToLineEnd();
    } else if (
      word !== "LOCAL" &&
      word !== "ATOMIC" &&
      word !== "SHARED" &&
      word !== "GLOBAL" &&
      word !== "PRIVATE" &&
      word !== "INPUT"
    ) {
      this.fail(`unknown word ${JSON.stringify(word)} in a declaration`);
    }
  }

  private parseInstruction(): void {
    if (this.instructions.length >= SHADER_LIMITS.instructions)
      return this.failLimit("instructions", SHADER_LIMITS.instructions);
    let span = this.span();
    let word = this.takeWord("an instruction");
    if (this.error === null && this.atMark(":") && /^\d+$/.test(word)) {
      this.lexer.next();
      span = this.span();
      word = this.takeWord("an opcode");
    }
    if (this.error !== null) return;
    const { opcode, saturate, precise } = splitModifiers(word);
    const shape = OPCODES.get(opcode);
    if (shape === undefined) {
      this.error = shaderError("syntax", `unknown opcode ${JSON.stringify(opcode)}`, span.line, span.column);
      return;
    }
    const destinations: Operand[] = [];
    const sources: Operand[] = [];
    this.parseOperands(shape, destinations, sources);
    if (this.error !== null) return;
    const { target, offsets } = this.parseTextureTail(shape);
    if (this.atMark(":")) {
      // A branch label: structure follows from the matching ENDIF or ENDLOOP, so the number is not needed.
      this.lexer.next();
      this.takeNumber();
    }
    if (this.error !== null) return;
    const { line, column } = span;
    this.instructions.push({ opcode, saturate, precise, destinations, sources, target, offsets, line, column });
    if (HAS_FREE_TAIL.has(opcode)) this.skipToLineEnd();
    else this.expectLineEnd();
  }

  private parseOperands(shape: OpcodeShape, destinations: Operand[], sources: Operand[]): void {
    const count = shape.destinations + shape.sources;
    for (let index = 0; index < count && this.error === null; index++) {
      if (index > 0) {
        if (!this.atMark(",")) return this.fail('expected ","');
        this.lexer.next();
      }
      if (index < shape.destinations) destinations.push(this.parseDestination());
      else sources.push(this.parseSource());
    }
  }

  private parseTextureTail(shape: OpcodeShape): Pick<Instruction, "target" | "offsets"> {
    const offsets: Operand[] = [];
    if (!shape.isTexture) return { target: null, offsets };
    if (!this.atMark(",")) this.fail("expected a texture target");
    this.lexer.next();
    const target = TEXTURE_TARGETS.get(this.lexer.text);
    if (target === undefined) this.fail(`unknown texture target ${JSON.stringify(this.lexer.text)}`);
    this.lexer.next();
    while (this.error === null && this.atMark(",")) {
      this.lexer.next();
      if (offsets.length >= 4) this.fail("a texture instruction has at most four offsets");
      offsets.push(this.parseSource());
    }
    return { target: target ?? "2D", offsets };
  }
}

/** Opcodes that list memory qualifiers, targets and formats after their operands. */
const HAS_FREE_TAIL: ReadonlySet<string> = new Set(
  "LOAD STORE RESQ ATOMUADD ATOMXCHG ATOMCAS ATOMAND ATOMOR ATOMXOR ATOMUMIN ATOMUMAX ATOMIMIN ATOMIMAX ATOMFADD".split(
    " ",
  ),
);

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function splitModifiers(word: string): { opcode: string; saturate: boolean; precise: boolean } {
  let opcode = word;
  const precise = opcode.endsWith("_PRECISE");
  if (precise) opcode = opcode.slice(0, -8);
  const saturate = opcode.endsWith("_SAT");
  if (saturate) opcode = opcode.slice(0, -4);
  return { opcode, saturate, precise };
}

/** Parses the text; every failure is a value. Bounded by `SHADER_LIMITS`. */
export function parseSyntaxTree(text: string): Result<SyntaxTree> {
  if (text.length > SHADER_LIMITS.textLength) {
    const error: ShaderError = shaderError(
      "limit",
      `text of ${text.length} characters is above ${SHADER_LIMITS.textLength}`,
    );
    return { ok: false, error };
  }
  return new Parser(text).parse();
}

export type { Span };
