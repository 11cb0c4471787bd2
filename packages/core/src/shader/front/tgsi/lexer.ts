import { SHADER_LIMITS } from "../../limits.js";

/**
 * Splits TGSI text into words, numbers are words too (`0x3f800000`, `2D`), single punctuation marks and line ends.
 * Reads forward only and keeps no list of tokens; a value with a fraction or a sign inside an immediate is read by
 * `readNumberText`. Text form: tgsi_dump.c / tgsi_text.c of Mesa ("TGSI text").
 */
export const TokenKind = { WORD: 0, MARK: 1, LINE_END: 2, END: 3, BAD: 4 } as const;
export type TokenKindValue = (typeof TokenKind)[keyof typeof TokenKind];

const NEWLINE = 10;

function isWordCode(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95;
}

function isSpaceCode(code: number): boolean {
  return code === 32 || code === 9 || code === 13;
}

function isNumberCode(code: number): boolean {
  return isWordCode(code) || code === 43 || code === 45 || code === 46;
}

export class Lexer {
  kind: TokenKindValue = TokenKind.LINE_END;
  /** The current token's characters; one character for a mark, empty at line ends. */
  text = "";
  line = 1;
  /** Offset of the current token; columns are derived from it only when an error is made. */
  private tokenStart = 0;
  private lineStart = 0;
  private position = 0;
  private readonly source: string;

  constructor(source: string) {
    this.source = source;
  }

  get column(): number {
    return this.tokenStart - this.lineStart + 1;
  }

  /** Moves to the next token. Words longer than the limit and characters outside the alphabet become BAD. */
  next(): void {
    if (this.kind === TokenKind.LINE_END && this.position > 0) {
      this.line++;
      this.lineStart = this.position;
    }
    const source = this.source;
    while (isSpaceCode(source.charCodeAt(this.position))) this.position++;
    this.tokenStart = this.position;
    if (this.position >= source.length) return this.set(TokenKind.END, "");
    const code = source.charCodeAt(this.position);
    if (code === NEWLINE) {
      this.position++;
      return this.set(TokenKind.LINE_END, "");
    }
    if (isWordCode(code)) return this.readWord();
    this.position++;
    this.set(code > 32 && code < 127 ? TokenKind.MARK : TokenKind.BAD, source.charAt(this.position - 1));
  }

  /** Like `next`, but signs and points belong to the word: for immediates (`-1.5e+03`, `-nan`, `0x7f800000`). */
  nextNumber(): void {
    const source = this.source;
    while (isSpaceCode(source.charCodeAt(this.position))) this.position++;
    if (!isNumberCode(source.charCodeAt(this.position))) return this.next();
    this.tokenStart = this.position;
    let end = this.position + 1;
    while (end - this.position <= SHADER_LIMITS.wordLength && isNumberCode(source.charCodeAt(end))) end++;
    this.finishWord(end);
  }

  private readWord(): void {
    let end = this.position + 1;
    while (end - this.position <= SHADER_LIMITS.wordLength && isWordCode(this.source.charCodeAt(end))) end++;
    this.finishWord(end);
  }

  private finishWord(end: number): void {
    const text = this.source.slice(this.position, end);
    this.position = end;
    this.set(text.length > SHADER_LIMITS.wordLength ? TokenKind.BAD : TokenKind.WORD, text);
  }

  private set(kind: TokenKindValue, text: string): void {
    this.kind = kind;
    this.text = text;
  }
}
