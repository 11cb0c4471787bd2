/**
 * A window of the compositor's shell: one `xdg_toplevel` with its surface. Tells which size the compositor wants, and puts buffers on
 * the screen, one frame at a time. Source: xdg-shell (stable), wp_viewporter, presentation-time.
 */
import type { Rect } from "@virtgpu/core/virtio-gpu";
import {
  wl_callback,
  wl_compositor,
  wl_surface,
  wp_presentation,
  wp_presentation_feedback,
  wp_viewport,
  wp_viewporter,
  xdg_surface,
  xdg_toplevel,
  xdg_wm_base,
} from "./generated/protocol.js";
import type { WaylandSession } from "./session.js";

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface ToplevelEvents {
  /** Buffers may be attached from now on. */
  configured(): void;
  /** The user or the compositor wants the window to have this size. */
  resized(size: Size): void;
  /** The user closed the window. */
  closed(): void;
  /** The compositor would draw another frame now. */
  frame(): void;
  /** The last frame is on the screen; `refreshNs` 0: unknown. */
  presented(refreshNs: number): void;
  /** A frame was never shown: another took its place. */
  discarded(): void;
}

interface Configure extends Size {
  /** Maximized or fullscreen: the compositor insists on the size. */
  readonly isStrict: boolean;
  readonly isResizing: boolean;
}

/** A configure event may echo a size that we had shortly before: that is no wish for it. */
const ECHO_MS = 2000;
const NO_WISH: Configure = { width: 0, height: 0, isStrict: false, isResizing: false };

export class Toplevel {
  readonly surfaceId: number;
  readonly #session: WaylandSession;
  readonly #events: ToplevelEvents;
  readonly #xdgSurface: number;
  readonly #toplevel: number;
  /** 0 without wp_viewporter. */
  readonly #viewport: number;
  #next: Configure = NO_WISH;
  #current: Configure = NO_WISH;
  #isConfigured = false;
  #isFrameDue = false;
  #lastBuffer = 0;
  #content: Size = { width: 0, height: 0 };
  #recent: { readonly size: Size; readonly untilMs: number }[] = [];

  constructor(session: WaylandSession, title: string, events: ToplevelEvents) {
    this.#session = session;
    this.#events = events;
    const { connection } = session;
    this.surfaceId = connection.create(wl_surface, {});
    connection.send(session.compositor, wl_compositor.requests.create_surface, this.surfaceId);
    this.#xdgSurface = connection.create(xdg_surface, { configure: (serial) => this.#configure(serial) });
    connection.send(session.wmBase, xdg_wm_base.requests.get_xdg_surface, this.#xdgSurface, this.surfaceId);
    this.#toplevel = connection.create(xdg_toplevel, {
      configure: (width, height, states) => (this.#next = readConfigure(width, height, states)),
      close: () => events.closed(),
    });
    connection.send(this.#xdgSurface, xdg_surface.requests.get_toplevel, this.#toplevel);
    connection.send(this.#toplevel, xdg_toplevel.requests.set_title, title);
    connection.send(this.#toplevel, xdg_toplevel.requests.set_app_id, "virtgpu");
    this.#viewport = session.viewporter === 0 ? 0 : connection.create(wp_viewport, {});
    if (this.#viewport !== 0)
      connection.send(session.viewporter, wp_viewporter.requests.get_viewport, this.#viewport, this.surfaceId);
    connection.send(this.surfaceId, wl_surface.requests.commit);
  }

  get isConfigured(): boolean {
    return this.#isConfigured;
  }

  /** A frame is under way and the compositor has not asked for the next. */
  get isBusy(): boolean {
    return this.#isFrameDue;
  }

  /** The size that the compositor insists on, or null. */
  get strictSize(): Size | null {
    return this.#current.isStrict ? this.#current : null;
  }

  /**
   * Shows a buffer of this size. `damage` is what differs from the buffer shown before; another buffer is damaged as a whole.
   * Scaled where the compositor insists on another size and can scale.
   */
  present(bufferId: number, size: Size, damage: Rect): void {
    const { connection } = this.#session;
    const { requests } = wl_surface;
    connection.send(this.surfaceId, requests.attach, bufferId, 0, 0);
    const { x, y, width, height } =
      bufferId === this.#lastBuffer ? damage : { x: 0, y: 0, width: size.width, height: size.height };
    connection.send(this.surfaceId, requests.damage_buffer, x, y, width, height);
    this.#lastBuffer = bufferId;
    this.#setContent(size);
    this.#scale();
    this.#askForNews();
    connection.send(this.surfaceId, requests.commit);
  }

  destroy(): void {
    const { connection } = this.#session;
    if (this.#viewport !== 0) connection.send(this.#viewport, wp_viewport.requests.destroy);
    connection.send(this.#toplevel, xdg_toplevel.requests.destroy);
    connection.send(this.#xdgSurface, xdg_surface.requests.destroy);
    connection.send(this.surfaceId, wl_surface.requests.destroy);
  }

  #configure(serial: number): void {
    const { connection } = this.#session;
    const wish = this.#next;
    this.#current = wish;
    connection.send(this.#xdgSurface, xdg_surface.requests.ack_configure, serial);
    if (this.#isConfigured) {
      // Content of the wrong size must not be committed in a strict state: scaled until the guest follows.
      this.#scale();
      if (this.#lastBuffer !== 0) connection.send(this.surfaceId, wl_surface.requests.commit);
    }
    const isFirst = !this.#isConfigured;
    this.#isConfigured = true;
    if (!wish.isResizing && wish.width > 0 && wish.height > 0 && !this.#isEcho(wish)) this.#events.resized(wish);
    if (isFirst) this.#events.configured();
  }

  #setContent(size: Size): void {
    const { width, height } = this.#content;
    if (width === size.width && height === size.height) return;
    const now = performance.now();
    if (width > 0) {
      this.#recent = this.#recent.filter(({ untilMs }) => untilMs > now).slice(-8);
      this.#recent.push({ size: this.#content, untilMs: now + ECHO_MS });
    }
    this.#content = size;
  }

  #isEcho(wish: Size): boolean {
    const isSame = (size: Size): boolean => size.width === wish.width && size.height === wish.height;
    const now = performance.now();
    return isSame(this.#content) || this.#recent.some(({ size, untilMs }) => untilMs > now && isSame(size));
  }

  #scale(): void {
    if (this.#viewport === 0) return;
    const { width, height } = this.strictSize ?? this.#content;
    if (width <= 0 || height <= 0) return;
    this.#session.connection.send(this.#viewport, wp_viewport.requests.set_destination, width, height);
  }

  #askForNews(): void {
    const { connection, presentation } = this.#session;
    this.#isFrameDue = true;
    const callback = connection.create(wl_callback, {
      done: () => {
        this.#isFrameDue = false;
        // Without the presentation protocol, that the next frame is wanted is the best sign that this one was shown.
        if (presentation === 0) this.#events.presented(0);
        this.#events.frame();
      },
    });
    connection.send(this.surfaceId, wl_surface.requests.frame, callback);
    if (presentation === 0) return;
    const feedback = connection.create(wp_presentation_feedback, {
      presented: (_secondsHigh, _secondsLow, _nanoseconds, refreshNs) => this.#events.presented(refreshNs),
      discarded: () => this.#events.discarded(),
    });
    connection.send(presentation, wp_presentation.requests.feedback, this.surfaceId, feedback);
  }
}

function readConfigure(width: number, height: number, states: Uint8Array): Configure {
  const list = new Uint32Array(states.buffer, states.byteOffset, states.length >>> 2);
  const { state } = xdg_toplevel.enums;
  return {
    width,
    height,
    isStrict: list.includes(state.maximized) || list.includes(state.fullscreen),
    isResizing: list.includes(state.resizing),
  };
}
