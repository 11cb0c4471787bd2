import type { BlobLayout } from "../renderer/index.js";
import type { DisplayMode } from "./edid.js";

/** A rectangle in pixels. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What one scanout shows: `rect` of a resource. */
export interface ScanoutImage {
  readonly resourceId: number;
  readonly rect: Rect;
  /** How to read an untyped blob: to be handed to `ScanoutReader.readScanout`. Null: the resource knows its own shape. */
  readonly layout: BlobLayout | null;
}

/** A cursor, or its end when `resourceId` is 0. The image is the 64 × 64 resource. */
export interface CursorState {
  readonly scanoutId: number;
  readonly x: number;
  readonly y: number;
  readonly resourceId: number;
  readonly hotX: number;
  readonly hotY: number;
  /** As in `ScanoutImage`. */
  readonly layout: BlobLayout | null;
}

/**
 * What a display tells the device. Called from the display's own turn in the device thread's loop, never from inside a call that
 * the device makes.
 */
export interface DisplayListener {
  /** `modes()` answers something else than before: the guest is told (VIRTIO_GPU_EVENT_DISPLAY). */
  modesChanged(): void;
  /** The last flush of the scanout is on the screen, or as near to it as the display can know. */
  presented(scanoutId: number): void;
  /** `holds(resourceId)` has become false: commands that waited for it go on. */
  released(resourceId: number): void;
}

/**
 * Where scanouts are shown: a VMM's window, a Wayland compositor, PNG files. Called by the device; must not call it back.
 * No call blocks: what cannot be sent now is queued, merged or dropped, and counted.
 */
export interface Display {
  /** The mode of each scanout; null: the scanout is off. At most `VIRTIO_GPU_MAX_SCANOUTS`; their number is fixed. */
  modes(): readonly (DisplayMode | null)[];
  /**
   * The EDID of a scanout as somebody else made it, whole blocks of 128 bytes, at most `VIRTIO_GPU_EDID_BYTES`; null: the device
   * makes one from the mode. Up to date after `refreshModes`.
   */
  edid(scanoutId: number): Uint8Array | null;
  /**
   * Brings `modes` and `edid` up to date, then calls `done` once, now or later. A display that must ask somebody else first does
   * not block: the guest's request waits, nothing else does.
   */
  refreshModes(done: () => void): void;
  /** A scanout shows another image, or nothing. */
  setScanout(scanoutId: number, image: ScanoutImage | null): void;
  /**
   * `damage`, in pixels of the scanout, has new contents. The display takes them by `ScanoutReader.readScanout` at once, or, where
   * the resource has a `ScanoutBuffer`, shows that buffer and then *holds* it.
   */
  flush(scanoutId: number, image: ScanoutImage, damage: Rect): void;
  /** The cursor has another image. */
  updateCursor(cursor: CursorState): void;
  /** The cursor moved. */
  moveCursor(scanoutId: number, x: number, y: number): void;
  /**
   * Whether a compositor or VMM may be reading the resource's own memory now: commands that write it or take it away wait until
   * `released`, but no longer than `HOLD_LIMIT_MS`. Never true for a display that takes pixels; for a buffer that the guest's CPU
   * draws only after `forgetBuffer`, as nothing can keep that CPU from drawing on.
   */
  holds(resourceId: number): boolean;
  /** Whether `holds` is true of any resource. Asked before every command stream: cheap. */
  readonly holdsAny: boolean;
  /**
   * Whether what was flushed last to the scanout is still to be read: not handed on yet, or handed on as a buffer that is not on the
   * screen yet. Fenced flushes of blobs are answered when it is false, or after `FLUSH_LIMIT_MS`.
   */
  isReading(scanoutId: number): boolean;
  /**
   * The resource's memory goes or changes: UNREF, DETACH_BACKING, a reset, guest memory that is no more. Nothing new is shown from it;
   * what is on the screen stays until the next flush, as a copy where the display can have one. `holds` becomes false as soon as
   * the reader has let go.
   */
  forgetBuffer(resourceId: number): void;
}

/** How long a command waits for a buffer that a compositor holds, in milliseconds. After it the command runs: the frame may tear. */
export const HOLD_LIMIT_MS = 100;

/** How long the answer to a fenced flush of a blob is withheld, in milliseconds: Linux waits 50 for it, then draws on. */
export const FLUSH_LIMIT_MS = 40;

/** The overlap of two rectangles, or null. */
export function intersect(a: Rect, b: Rect): Rect | null {
  const x = Math.max(a.x, b.x);
  const y = Math.max(a.y, b.y);
  const width = Math.min(a.x + a.width, b.x + b.width) - x;
  const height = Math.min(a.y + a.height, b.y + b.height) - y;
  return width > 0 && height > 0 ? { x, y, width, height } : null;
}
