/**
 * A display of this host: what the device asks of it is `Display` of core; what the device thread's loop and its owner ask is here.
 * The GPU socket of a VMM, PNG files, nothing, and a Wayland compositor are such displays; `DisplayTee` joins several.
 *
 * Life: made by `createDisplay` with `DisplayParts`; `listen` once, by the device that it belongs to; then any number of turns: the
 * loop waits for `fd` and `deadlineMs`, calls `serve`, then serves the guest's queues, which calls the methods of `Display`.
 * Everything runs on the device thread; nothing may block.
 */
import type { Logger } from "@virtgpu/core/base";
import type { CopyLedger } from "@virtgpu/core/memory";
import type { ScanoutExporter, ScanoutReader } from "@virtgpu/core/renderer";
import type { Display, DisplayListener } from "@virtgpu/core/virtio-gpu";
import type { SessionMemory } from "@virtgpu/core/vtest";

export interface HostDisplay extends Display {
  /** `gpu socket`, `png`, `none`, `wayland`: for logs, metrics and `explain`. */
  readonly name: string;
  /** The descriptor to wait for, or -1. May change from turn to turn. */
  readonly fd: number;
  /** Bits of `Poll` to wait for at `fd`: OUT only while something waits to be written. */
  readonly wantedEvents: number;
  /** When `serve` wants to be called though nothing came, on the clock of `performance.now()`; Infinity: never. */
  readonly deadlineMs: number;
  /** One turn: `revents` of `fd`, 0 when only time passed. Reads and writes what it can without waiting. */
  serve(revents: number): void;
  /** Whom to tell. Set before the first turn; null when the device goes. */
  listen(listener: DisplayListener | null): void;
  /** A new guest, or a guest that reset the device: every scanout is off, no buffer is used. The window may stay. */
  reset(): void;
  /** Releases everything; no method is called afterwards. */
  close(): void;
  /** Frames, bytes, what was merged or dropped, since start; for metrics. Borrowed. */
  readonly counters: DisplayCounters;
  /** How each head is shown now, where there is more than one way. For `explain`. */
  readonly paths?: readonly HeadPath[];
}

/** How one head is shown. */
export interface HeadPath {
  /** "dma-buf", "copy", "nothing". */
  readonly kind: string;
  /** What exactly, or why not better. */
  readonly detail: string;
}

/** What every display counts. Plain fields: the hot path adds to them. */
export interface DisplayCounters {
  /** Flushes that the device asked for. */
  flushes: number;
  /** Frames, or parts of them, that were handed on. */
  presented: number;
  /** Flushes whose damage went out with a later one. */
  merged: number;
  /** Flushes of which nothing was ever shown: the scanout was turned off or the reader went away first. */
  dropped: number;
  /** Frames handed on as a buffer, without pixels. */
  buffers: number;
  /** Buffers that a reader kept longer than `HOLD_LIMIT_MS` while a command waited. */
  lateReleases: number;
}

export function newDisplayCounters(): DisplayCounters {
  return { flushes: 0, presented: 0, merged: 0, dropped: 0, buffers: 0, lateReleases: 0 };
}

/** What a display is made of. */
export interface DisplayParts {
  /** Pixels of scanouts: always there. */
  readonly reader: ScanoutReader;
  /** Buffers behind scanouts: null where there is no such thing. Each may still be refused. */
  readonly exporter: ScanoutExporter | null;
  /** Memory that `reader` may write; shared memory where a compositor reads it. */
  readonly memory: Pick<SessionMemory, "createPrivate" | "createShared">;
  readonly ledger: CopyLedger;
  readonly logger: Logger;
}
