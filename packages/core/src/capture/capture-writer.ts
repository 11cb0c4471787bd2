import { asciiBytes } from "../wire/index.js";
import {
  CAPTURE_HEADER_BYTES,
  CAPTURE_MAGIC,
  CAPTURE_VERSION,
  RECORD_HEADER_BYTES,
  RecordKind,
  type RecordKindCode,
} from "./format.js";
import type { PageRuns } from "./page-delta.js";

/** Where a capture's bytes go. The array is borrowed until return. */
export interface CaptureSink {
  write(bytes: Uint8Array): void;
}

/** Facts about a recording, for people. Everything is optional. */
export interface CaptureInfo {
  /** Name that the client gave in CREATE_RENDERER. */
  readonly client?: string;
  /** `renderer` string in the server's caps. */
  readonly server?: string;
  readonly note?: string;
}

const PADDING = new Uint8Array(4);

/** Writes a capture, record by record, as it happens. */
export class CaptureWriter {
  readonly #sink: CaptureSink;
  readonly #nowMicros: () => number;
  readonly #header = new Uint8Array(RECORD_HEADER_BYTES);
  readonly #view = new DataView(this.#header.buffer);
  #lastMicros: number;

  /** Writes the file header at once. `nowMicros` is any clock that does not run backwards. */
  constructor(sink: CaptureSink, nowMicros: () => number) {
    this.#sink = sink;
    this.#nowMicros = nowMicros;
    this.#lastMicros = nowMicros();
    const header = new Uint8Array(CAPTURE_HEADER_BYTES);
    header.set(CAPTURE_MAGIC);
    new DataView(header.buffer).setUint32(8, CAPTURE_VERSION, true);
    sink.write(header);
  }

  /** ASCII only; other characters become `?`. */
  info(info: CaptureInfo): void {
    this.#record(RecordKind.INFO, asciiBytes(JSON.stringify(info)));
  }

  message(bytes: Uint8Array): void {
    this.#record(RecordKind.MESSAGE, bytes);
  }

  reply(bytes: Uint8Array): void {
    this.#record(RecordKind.REPLY, bytes);
  }

  sharedMemory(resourceId: number, sizeBytes: number): void {
    this.#record(RecordKind.SHARED_MEMORY, words(resourceId, sizeBytes));
  }

  /** Stores the pages of `memory` that `runs` names. */
  memory(resourceId: number, memory: Uint8Array, runs: PageRuns): void {
    const pieces: Uint8Array[] = [words(resourceId, runs.count)];
    for (let i = 0; i < runs.count; i++) pieces.push(words(runs.firstPage(i), runs.pageCount(i)));
    for (let i = 0; i < runs.count; i++)
      pieces.push(memory.subarray(runs.startBytes(i), runs.endBytes(i, memory.length)));
    this.#record(RecordKind.MEMORY, ...pieces);
  }

  end(messages: number, frames: number): void {
    this.#record(RecordKind.END, words(messages, frames));
  }

  #record(kind: RecordKindCode, ...pieces: readonly Uint8Array[]): void {
    let length = 0;
    for (const piece of pieces) length += piece.length;
    const now = this.#nowMicros();
    this.#view.setUint32(0, kind, true);
    this.#view.setUint32(4, length, true);
    this.#view.setUint32(8, Math.min(0xffffffff, Math.max(0, Math.round(now - this.#lastMicros))), true);
    this.#lastMicros = now;
    this.#sink.write(this.#header);
    for (const piece of pieces) this.#sink.write(piece);
    const padding = -length & 3;
    if (padding > 0) this.#sink.write(PADDING.subarray(0, padding));
  }
}

function words(first: number, second: number): Uint8Array {
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, first, true);
  view.setUint32(4, second, true);
  return bytes;
}
