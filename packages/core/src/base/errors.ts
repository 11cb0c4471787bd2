/**
 * The two thrown error families. Bad guest input is *not* one of them: it is a value (`guest-error.ts`),
 * expected, cheap and counted, and never crosses the device as an exception.
 */

/**
 * The host could not do something: GL, EGL, sockets, memory, files.
 * `message` says what happened and to what; `cure`, when known, says what the user can do.
 */
export class HostError extends Error {
  override readonly name = "HostError";
  /** Stable, upper-case, for programs to match (`EGL_INITIALIZE_FAILED`). */
  readonly code: string;
  readonly cure: string | undefined;

  constructor(code: string, message: string, options: { cause?: unknown; cure?: string } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.cure = options.cure;
  }
}

/** A bug of ours. The process may tear down one context, never continue silently. */
export class InternalError extends Error {
  override readonly name = "InternalError";
}

/** @throws {InternalError} when `condition` is false. For our invariants only, never for guest input. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InternalError(message);
}

/** Marks a branch that the types say cannot happen. @throws {InternalError} always. */
export function unreachable(value: never, message: string): never {
  throw new InternalError(`${message}: ${String(value)}`);
}
