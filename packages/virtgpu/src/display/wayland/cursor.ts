/**
 * The guest's pointer image as the image of the host's pointer while it is over one of our windows. A display without input can do no
 * more: the guest does not learn where the host's pointer is, and its own position is not shown. Source: wl_seat, wl_pointer.
 */
import { GuestError } from "@virtgpu/core/base";
import { CopyReason } from "@virtgpu/core/memory";
import type { CursorState } from "@virtgpu/core/virtio-gpu";
import type { DisplayParts } from "../display.js";
import { wl_compositor, wl_pointer, wl_seat, wl_surface } from "./generated/protocol.js";
import type { WaylandSession } from "./session.js";
import { ShmImage, WL_SHM_FORMAT_ARGB8888 } from "./shm-image.js";

/** Spec: virtio 1.3, GPU Device: the cursor is a 64 × 64 resource. */
const SIDE = 64;
const SIZE = { width: SIDE, height: SIDE };

export class WaylandCursor {
  readonly #session: WaylandSession;
  readonly #parts: DisplayParts;
  readonly #scanoutOf: (surfaceId: number) => number;
  readonly #states: (CursorState | null)[] = [];
  #pointer = 0;
  #surface = 0;
  #image: ShmImage | null = null;
  /** Of the last enter event. */
  #serial = 0;
  /** The scanout whose window the pointer is over, or -1. */
  #over = -1;
  /** A change was sent and not yet handled: a guest cannot make us send more than the compositor takes. */
  #isBusy = false;
  #isDue = false;

  /** `scanoutOf` gives the scanout of a window's surface, or -1. */
  constructor(session: WaylandSession, parts: DisplayParts, scanoutOf: (surfaceId: number) => number) {
    this.#session = session;
    this.#parts = parts;
    this.#scanoutOf = scanoutOf;
  }

  /** `wl_seat.capabilities`. */
  setCapabilities(capabilities: number): void {
    const { connection, seat } = this.#session;
    const hasPointer = (capabilities & wl_seat.enums.capability.pointer) !== 0;
    if (!hasPointer || this.#pointer !== 0) return;
    this.#pointer = connection.create(wl_pointer, {
      enter: (serial, surface) => {
        this.#serial = serial;
        this.#over = this.#scanoutOf(surface);
        this.#show();
      },
      leave: () => (this.#over = -1),
    });
    connection.send(seat, wl_seat.requests.get_pointer, this.#pointer);
  }

  update(state: CursorState): void {
    this.#states[state.scanoutId] = state;
    if (state.scanoutId === this.#over) this.#show();
  }

  destroy(): void {
    this.#image?.destroy();
    this.#image = null;
  }

  #show(): void {
    const state = this.#states[this.#over];
    // A guest that has set no cursor yet: the host's pointer keeps its image.
    if (state === null || state === undefined) return;
    if (this.#isBusy) {
      this.#isDue = true;
      return;
    }
    const { connection } = this.#session;
    const isVisible = state.resourceId !== 0 && this.#draw(state);
    const surface = isVisible ? this.#surface : 0;
    connection.send(this.#pointer, wl_pointer.requests.set_cursor, this.#serial, surface, state.hotX, state.hotY);
    this.#isBusy = true;
    connection.sync(() => {
      this.#isBusy = false;
      if (!this.#isDue) return;
      this.#isDue = false;
      this.#show();
    });
  }

  /** @returns false when the guest's image cannot be read */
  #draw(state: CursorState): boolean {
    const { connection, compositor } = this.#session;
    const image = ShmImage.create(
      this.#session,
      (sizeBytes) => this.#parts.memory.createShared(sizeBytes),
      SIZE,
      () => {},
      WL_SHM_FORMAT_ARGB8888,
    );
    if (image === null) return false;
    const { segment } = image.memory;
    const { layout, resourceId } = state;
    const reader = this.#parts.reader;
    const code = reader.readScanout(
      resourceId,
      0,
      0,
      SIDE,
      SIDE,
      segment,
      0,
      image.strideBytes,
      layout,
      CopyReason.DISPLAY,
    );
    if (code !== GuestError.NONE) {
      this.#parts.logger.warn("The cursor's resource is not 64 × 64 pixels.", { resourceId });
      image.destroy();
      return false;
    }
    if (this.#surface === 0) {
      this.#surface = connection.create(wl_surface, {});
      connection.send(compositor, wl_compositor.requests.create_surface, this.#surface);
    }
    connection.send(this.#surface, wl_surface.requests.attach, image.bufferId, 0, 0);
    connection.send(this.#surface, wl_surface.requests.damage_buffer, 0, 0, SIDE, SIDE);
    connection.send(this.#surface, wl_surface.requests.commit);
    this.#image?.destroy();
    this.#image = image;
    return true;
  }
}
