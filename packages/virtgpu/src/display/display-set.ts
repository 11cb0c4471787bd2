import type { CursorState, Display, DisplayListener, DisplayMode, Rect, ScanoutImage } from "@virtgpu/core/virtio-gpu";
import type { HostDisplay } from "./display.js";
import type { GpuSocketDisplay } from "./gpu-socket-display.js";

/**
 * All displays of one device as the one that it knows: everything is shown on each. The front-end's window, once it is connected,
 * says which monitors there are; without it the display of our own does.
 */
export class DisplaySet implements Display {
  readonly socket: GpuSocketDisplay;
  readonly own: HostDisplay;
  /** For the loop. */
  readonly all: readonly HostDisplay[];

  constructor(socket: GpuSocketDisplay, own: HostDisplay) {
    this.socket = socket;
    this.own = own;
    this.all = [socket, own];
  }

  modes(): readonly (DisplayMode | null)[] {
    return this.#leader.modes();
  }

  edid(scanoutId: number): Uint8Array | null {
    return this.#leader.edid(scanoutId);
  }

  refreshModes(done: () => void): void {
    this.#leader.refreshModes(done);
  }

  setScanout(scanoutId: number, image: ScanoutImage | null): void {
    this.socket.setScanout(scanoutId, image);
    this.own.setScanout(scanoutId, image);
  }

  flush(scanoutId: number, image: ScanoutImage, damage: Rect): void {
    this.socket.flush(scanoutId, image, damage);
    this.own.flush(scanoutId, image, damage);
  }

  updateCursor(cursor: CursorState): void {
    this.socket.updateCursor(cursor);
    this.own.updateCursor(cursor);
  }

  moveCursor(scanoutId: number, x: number, y: number): void {
    this.socket.moveCursor(scanoutId, x, y);
    this.own.moveCursor(scanoutId, x, y);
  }

  holds(resourceId: number): boolean {
    return this.socket.holds(resourceId) || this.own.holds(resourceId);
  }

  get holdsAny(): boolean {
    return this.socket.holdsAny || this.own.holdsAny;
  }

  isReading(scanoutId: number): boolean {
    return this.socket.isReading(scanoutId) || this.own.isReading(scanoutId);
  }

  forgetBuffer(resourceId: number): void {
    this.socket.forgetBuffer(resourceId);
    this.own.forgetBuffer(resourceId);
  }

  listen(listener: DisplayListener | null): void {
    for (const display of this.all) display.listen(listener);
  }

  reset(): void {
    for (const display of this.all) display.reset();
  }

  /** The earliest time at which a display wants a turn. */
  get deadlineMs(): number {
    return Math.min(this.socket.deadlineMs, this.own.deadlineMs);
  }

  get #leader(): HostDisplay {
    return this.socket.isConnected ? this.socket : this.own;
  }
}
