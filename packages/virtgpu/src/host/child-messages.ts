/**
 * What a client's process and the server tell each other over their socket pair: one JSON object a line, except that
 * the `serve` line carries the client's socket as SCM_RIGHTS. Both ends are ours and trusted; the child is fed by a
 * hostile client, so the server bounds what it reads (line length) and treats all text as data.
 */
import type { LogFields } from "@virtgpu/core/base";

/** Where the child finds its end of the socket pair. */
export const CHILD_SOCKET_FD = 3;

/** Longest line that the server accepts from a child before it ends the child. */
export const MAX_LINE_BYTES = 256 * 1024;

/** Who is at the other end of a client's socket (SO_PEERCRED). */
export interface PeerCredentials {
  readonly pid: number;
  readonly uid: number;
  readonly gid: number;
}

/** Bytes and copies by reason (names of `COPY_REASON_NAMES`), and error counters by name. Sums are sums over clients. */
export interface Totals {
  readonly bytes: Readonly<Record<string, number>>;
  readonly copies: Readonly<Record<string, number>>;
  readonly errors: Readonly<Record<string, number>>;
  readonly submissions: number;
  /** Frames that the client read back to show. */
  readonly frames: number;
}

/** Server to child. */
export type ServerMessage =
  | { readonly type: "serve"; readonly client: number; readonly peer: PeerCredentials }
  | { readonly type: "status" };

/** Child to server. */
export type ChildMessage =
  | { readonly type: "ready"; readonly renderer: string; readonly version: string; readonly startMs: number }
  | { readonly type: "failed"; readonly code: string; readonly message: string; readonly cure?: string }
  | {
      readonly type: "log";
      readonly level: "debug" | "info" | "warn" | "error";
      readonly message: string;
      readonly fields?: LogFields;
    }
  | { readonly type: "name"; readonly name: string }
  | { readonly type: "status"; readonly totals: Totals }
  | { readonly type: "end"; readonly totals: Totals; readonly peakRssBytes: number };

export const NO_TOTALS: Totals = { bytes: {}, copies: {}, errors: {}, submissions: 0, frames: 0 };

/** The sum of two totals, as a new object. */
export function addTotals(a: Totals, b: Totals): Totals {
  return {
    bytes: addRecords(a.bytes, b.bytes),
    copies: addRecords(a.copies, b.copies),
    errors: addRecords(a.errors, b.errors),
    submissions: a.submissions + b.submissions,
    frames: a.frames + b.frames,
  };
}

function addRecords(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): Record<string, number> {
  const sum: Record<string, number> = { ...a };
  for (const [key, value] of Object.entries(b)) sum[key] = (sum[key] ?? 0) + value;
  return sum;
}

/** Cuts a byte stream into lines. `push` returns the complete lines; an unfinished line over `MAX_LINE_BYTES` throws. */
export class LineSplitter {
  #rest = "";
  readonly #decoder = new TextDecoder();

  /** @throws {RangeError} when a line is longer than `MAX_LINE_BYTES`. */
  push(bytes: Uint8Array): string[] {
    const parts = (this.#rest + this.#decoder.decode(bytes, { stream: true })).split("\n");
    this.#rest = parts.pop() ?? "";
    if (this.#rest.length > MAX_LINE_BYTES) throw new RangeError(`line longer than ${MAX_LINE_BYTES} bytes`);
    return parts;
  }
}
