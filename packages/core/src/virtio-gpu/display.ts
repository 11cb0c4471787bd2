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
}

/** A cursor, or its end when `resourceId` is 0. The image is the 64 × 64 resource. */
export interface CursorState {
  readonly scanoutId: number;
  readonly x: number;
  readonly y: number;
  readonly resourceId: number;
  readonly hotX: number;
  readonly hotY: number;
}

/** Where scanouts are shown: a VMM's window, a Wayland compositor, PNG files. Called by the device; must not call it back. */
export interface Display {
  /** The mode of each scanout; null: the scanout is off. At most `VIRTIO_GPU_MAX_SCANOUTS`; their number is fixed. */
  modes(): readonly (DisplayMode | null)[];
  /**
   * Brings `modes` up to date, then calls `done` once, now or later. A display that must ask somebody else first does not block:
   * the guest's request waits, nothing else does.
   */
  refreshModes(done: () => void): void;
  /** A scanout shows another image, or nothing. */
  setScanout(scanoutId: number, image: ScanoutImage | null): void;
  /** `damage`, in pixels of the scanout, has new contents. */
  flush(scanoutId: number, image: ScanoutImage, damage: Rect): void;
  /** The cursor has another image. */
  updateCursor(cursor: CursorState): void;
  /** The cursor moved. */
  moveCursor(scanoutId: number, x: number, y: number): void;
}

/** The overlap of two rectangles, or null. */
export function intersect(a: Rect, b: Rect): Rect | null {
  const x = Math.max(a.x, b.x);
  const y = Math.max(a.y, b.y);
  const width = Math.min(a.x + a.width, b.x + b.width) - x;
  const height = Math.min(a.y + a.height, b.y + b.height) - y;
  return width > 0 && height > 0 ? { x, y, width, height } : null;
}
