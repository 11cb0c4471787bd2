import type { CursorState, DisplayMode, Rect, ScanoutImage } from "@virtgpu/core/virtio-gpu";
import { Poll } from "../native/events.js";
import { type HostDisplay, newDisplayCounters } from "./display.js";
import { type OwnModes, ownModes } from "./own-modes.js";

/** A display that shows nothing: monitors that the guest may draw for. Also the base of displays that only take pixels. */
export class NoneDisplay implements HostDisplay {
  readonly name: string = "none";
  readonly counters = newDisplayCounters();
  readonly fd = -1;
  readonly wantedEvents = Poll.IN;
  readonly deadlineMs = Infinity;
  readonly #modes: readonly DisplayMode[];

  constructor(settings: OwnModes) {
    this.#modes = ownModes(settings);
  }

  modes(): readonly DisplayMode[] {
    return this.#modes;
  }

  edid(): null {
    return null;
  }

  refreshModes(done: () => void): void {
    done();
  }

  setScanout(_scanoutId: number, _image: ScanoutImage | null): void {}

  flush(_scanoutId: number, _image: ScanoutImage, _damage: Rect): void {
    this.counters.flushes++;
  }

  updateCursor(_cursor: CursorState): void {}

  moveCursor(_scanoutId: number, _x: number, _y: number): void {}

  get holdsAny(): boolean {
    return false;
  }

  holds(): boolean {
    return false;
  }

  isReading(): boolean {
    return false;
  }

  forgetBuffer(): void {}

  serve(): void {}

  listen(): void {}

  reset(): void {}

  close(): void {}
}
