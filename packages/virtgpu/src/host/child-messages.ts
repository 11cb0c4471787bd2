/**
 * What a client's process and the server tell each other over their socket pair: one JSON object a line, except that
 * the `serve` line carries the client's socket as SCM_RIGHTS. The child is fed by a hostile client, which may have taken it over: the
 * server bounds the length of a line and believes only what `child-message-schema.ts` lets through.
 */
import type { LogFields } from "@virtgpu/core/base";
import type { DeviceReport } from "./device-report.js";

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

/** What clients did and cost, by name. Sums are sums over clients. */
export interface Totals {
  /** Bytes and copies by reason (`COPY_REASON_NAMES`). */
  readonly bytes: Counts;
  readonly copies: Counts;
  /** Errors: all 0 for clients that did nothing wrong. */
  readonly errors: Counts;
  /** Submissions, draws, frames and the like. */
  readonly activity: Counts;
  /** Fences by the number of their latency's bucket, and `sumMs`. */
  readonly fences: Counts;
}
export type Counts = Readonly<Record<string, number>>;

/** Server to child. */
export type ServerMessage =
  | { readonly type: "serve"; readonly client: number; readonly peer: PeerCredentials }
  | { readonly type: "status" }
  | { readonly type: "report"; readonly maxListed: number };

/** Child to server. */
export type ChildMessage =
  | { readonly type: "ready"; readonly renderer: string; readonly version: string; readonly startMs: number }
  /** The client's socket has arrived; nothing was read from it yet. */
  | { readonly type: "serving" }
  | { readonly type: "failed"; readonly code: string; readonly message: string; readonly cure?: string }
  | {
      readonly type: "log";
      readonly level: "debug" | "info" | "warn" | "error";
      readonly message: string;
      readonly fields?: LogFields;
    }
  | ({ readonly type: "status" } & ClientReport)
  | { readonly type: "report"; readonly report: DeviceReport }
  | ({ readonly type: "end" } & ClientReport);

/** What a client process knows of its client. */
export interface ClientReport {
  /** What the client calls itself. */
  readonly name: string;
  readonly totals: Totals;
  readonly peakRssBytes: number;
  /** Processor time since the client was handed over, start-up apart. */
  readonly cpuMs: number;
}

export const NO_TOTALS: Totals = { bytes: {}, copies: {}, errors: {}, activity: {}, fences: {} };

/** The sum of two totals, as a new object. */
export function addTotals(a: Totals, b: Totals): Totals {
  return {
    bytes: addRecords(a.bytes, b.bytes),
    copies: addRecords(a.copies, b.copies),
    errors: addRecords(a.errors, b.errors),
    activity: addRecords(a.activity, b.activity),
    fences: addRecords(a.fences, b.fences),
  };
}

/** Names that a sum over clients has at most: a client process that invents names must not make the server's sums grow for ever. */
const MAX_SUMMED_NAMES = 512;

function addRecords(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): Record<string, number> {
  const sum: Record<string, number> = { ...a };
  let names = Object.keys(sum).length;
  for (const [key, value] of Object.entries(b)) {
    if (!Object.hasOwn(sum, key) && ++names > MAX_SUMMED_NAMES) break;
    sum[key] = (sum[key] ?? 0) + value;
  }
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
