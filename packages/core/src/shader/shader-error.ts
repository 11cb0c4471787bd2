/**
 * Why a shader was refused. Always a value, never thrown: shader text comes from the guest.
 * `draw` maps every one of them to `GuestError.BAD_SHADER`, except `not-offered` and `limit`.
 */
export type ShaderErrorCode =
  /** The text is not TGSI: unknown word, missing bracket, number out of range. */
  | "syntax"
  /** The text parses but breaks a rule: undeclared register, IF without ENDIF, wrong operand count. */
  | "invalid"
  /** Well formed, but uses something this device does not offer (fp64, images, geometry stage). */
  | "not-offered"
  /** One of the limits of `limits.ts` was reached. */
  | "limit"
  /** The two stages cannot be joined, or the program key does not fit them. */
  | "link";

/** Why, and where in the guest's text. For logs: the guest is told of nothing but the refusal. */
export interface ShaderError {
  readonly code: ShaderErrorCode;
  /** What is wrong, lower case, with the names and numbers involved. */
  readonly message: string;
  /** Position in the TGSI text, both counted from 1; 0 when the error has no place in it. */
  readonly line: number;
  readonly column: number;
}

/** A value, or why the guest's shader was refused. */
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: ShaderError };

/** Line and column are counted from 1; 0: no place in the text. */
export function shaderError(code: ShaderErrorCode, message: string, line = 0, column = 0): ShaderError {
  return { code, message, line, column };
}

/** `12:5: undeclared register TEMP[9]`, for logs. */
export function formatShaderError(error: ShaderError): string {
  return error.line > 0 ? `${error.line}:${error.column}: ${error.message}` : error.message;
}
