/**
 * Scanouts as windows of a Wayland compositor. The scanout's own memory is handed on where the compositor takes it (linux-dmabuf),
 * else a copy (wl_shm). A compositor that goes away is told and waited for: the guest goes on unseen and is shown again.
 */
import { HostError } from "@virtgpu/core/base";
import {
  type CursorState,
  type DisplayListener,
  type DisplayMode,
  fitsEdid,
  type Rect,
  type ScanoutImage,
} from "@virtgpu/core/virtio-gpu";
import { Poll, pollFds } from "../../native/events.js";
import { type DisplayParts, type HostDisplay, newDisplayCounters } from "../display.js";
import { type OwnModes, ownModes } from "../own-modes.js";
import { WaylandCursor } from "./cursor.js";
import { type ScanoutPath, ScanoutWindow } from "./scanout-window.js";
import { WaylandSession } from "./session.js";
import { waylandSocketPath } from "./socket-address.js";
import type { Size } from "./toplevel.js";

export interface WaylandSettings extends OwnModes {
  /** Path, or name in XDG_RUNTIME_DIR; null: the session's own compositor. */
  readonly socket: string | null;
}

/** How long a compositor may take at the start. */
const OPEN_LIMIT_MS = 5000;
const RETRY_MS = 500;
/** What an EDID can carry, and what any guest can draw to. */
const MAX_SIDE = 4095;
const MIN_SIDE = 64;
const MAX_REFRESH = 240;
const NANOSECONDS = 1e9;
const TELL_AGAIN_MS = 60_000;
/** Guests choose strides and formats, and so how many different things there are to tell. */
const MAX_TOLD = 64;

/** What one head shows, kept across compositors. */
interface Head {
  readonly index: number;
  mode: DisplayMode;
  image: ScanoutImage | null;
  window: ScanoutWindow | null;
  /** The user closed the window: the monitor is unplugged. */
  isClosed: boolean;
}

export class WaylandDisplay implements HostDisplay {
  readonly name = "wayland";
  readonly counters = newDisplayCounters();
  readonly #parts: DisplayParts;
  readonly #path: string;
  readonly #heads: readonly Head[];
  #session: WaylandSession | null = null;
  #cursor: WaylandCursor | null = null;
  #listener: DisplayListener | null = null;
  #lost: HostError | null = null;
  #retryAtMs = Infinity;
  /** When each way of showing was last told. */
  readonly #toldAtMs = new Map<string, number>();
  /** Changed inside a call of the device: told in our own turn. */
  #haveModesChanged = false;

  private constructor(parts: DisplayParts, settings: WaylandSettings) {
    this.#parts = parts;
    this.#path = waylandSocketPath(settings.socket ?? "");
    this.#heads = ownModes(settings).map((mode, index) => ({
      index,
      mode: describable(mode),
      image: null,
      window: null,
      isClosed: false,
    }));
  }

  /** Connects, and waits until the compositor has said what it offers. @throws {HostError} when there is none, or it lacks something */
  static open(parts: DisplayParts, settings: WaylandSettings): WaylandDisplay {
    const display = new WaylandDisplay(parts, settings);
    display.#connect();
    try {
      display.#waitUntilOpen();
    } catch (error) {
      display.close();
      throw error;
    }
    return display;
  }

  get fd(): number {
    return this.#session?.connection.fd ?? -1;
  }

  get wantedEvents(): number {
    return this.#session?.connection.hasWaiting === true ? Poll.IN | Poll.OUT : Poll.IN;
  }

  get deadlineMs(): number {
    if (this.#lost !== null || this.#haveModesChanged) return 0;
    let deadline = this.#retryAtMs;
    for (const { window } of this.#heads) if (window !== null) deadline = Math.min(deadline, window.deadlineMs);
    return deadline;
  }

  /** How each head is shown now. */
  get paths(): readonly ScanoutPath[] {
    return this.#heads.map(({ window }) => window?.path ?? { kind: "nothing", detail: "no window" });
  }

  modes(): readonly (DisplayMode | null)[] {
    return this.#heads.map((head) => (head.isClosed ? null : head.mode));
  }

  edid(): null {
    return null;
  }

  refreshModes(done: () => void): void {
    done();
  }

  setScanout(scanoutId: number, image: ScanoutImage | null): void {
    const head = this.#heads[scanoutId];
    // The front-end's window may offer more scanouts than there are windows here.
    if (head === undefined) return;
    const isReopened = head.isClosed && head.image === null && image !== null;
    head.image = image;
    if (isReopened) {
      head.isClosed = false;
      this.#haveModesChanged = true;
      this.#openWindow(head);
    }
    head.window?.setImage(image);
    this.#session?.connection.flush();
  }

  flush(scanoutId: number, image: ScanoutImage, damage: Rect): void {
    this.counters.flushes++;
    const window = this.#heads[scanoutId]?.window ?? null;
    if (window === null) this.counters.dropped++;
    else window.flush(image, damage);
    this.#session?.connection.flush();
  }

  updateCursor(cursor: CursorState): void {
    this.#cursor?.update(cursor);
    this.#session?.connection.flush();
  }

  /** The host's pointer is where the host's user has it. */
  moveCursor(): void {}

  holds(resourceId: number): boolean {
    return this.#heads.some(({ window }) => window?.holds(resourceId) === true);
  }

  get holdsAny(): boolean {
    return this.#heads.some(({ window }) => window?.holdsAny === true);
  }

  isReading(scanoutId: number): boolean {
    return this.#heads[scanoutId]?.window?.isReading === true;
  }

  forgetBuffer(resourceId: number): void {
    for (const { window } of this.#heads) window?.forget(resourceId);
    this.#session?.connection.flush();
  }

  serve(revents: number): void {
    const session = this.#session;
    if (session !== null && (revents & ~Poll.OUT) !== 0) session.connection.receive();
    const now = performance.now();
    if (this.#lost !== null) this.#handleLoss(this.#lost, now);
    if (now >= this.#retryAtMs) this.#retry(now);
    if (this.#haveModesChanged) {
      this.#haveModesChanged = false;
      this.#listener?.modesChanged();
    }
    for (const { window } of this.#heads) window?.tick(now);
    this.#session?.connection.flush();
  }

  listen(listener: DisplayListener | null): void {
    this.#listener = listener;
  }

  reset(): void {
    for (const head of this.#heads) {
      const old = head.image;
      head.image = null;
      head.window?.setImage(null);
      if (old !== null) head.window?.forget(old.resourceId);
      head.window?.forgetAll();
    }
    this.#session?.connection.flush();
  }

  close(): void {
    for (const head of this.#heads) {
      head.window?.destroy();
      head.window = null;
    }
    this.#cursor?.destroy();
    this.#session?.connection.flush();
    this.#session?.close();
    this.#session = null;
    this.#retryAtMs = Infinity;
  }

  /** @throws {HostError} when nobody listens */
  #connect(): void {
    const session = new WaylandSession(this.#path, this.#parts.logger, {
      ready: () => this.#start(),
      closed: (reason) => (this.#lost = reason),
      seatCapabilities: (capabilities) => this.#cursor?.setCapabilities(capabilities),
    });
    this.#session = session;
    this.#cursor = new WaylandCursor(
      session,
      this.#parts,
      (surface) => this.#heads.find(({ window }) => window?.surfaceId === surface)?.index ?? -1,
    );
  }

  #waitUntilOpen(): void {
    const fds = new Int32Array(1);
    const end = performance.now() + OPEN_LIMIT_MS;
    const isOpen = (): boolean =>
      this.#session?.isReady === true && this.#heads.every(({ window }) => window?.isConfigured === true);
    while (!isOpen()) {
      if (this.#lost !== null) throw this.#lost;
      const leftMs = end - performance.now();
      fds[0] = this.fd;
      if (leftMs <= 0 || pollFds(fds, Int16Array.of(Poll.IN), new Int16Array(1), leftMs * 1000) === 0)
        throw new HostError("WAYLAND_SILENT", `the Wayland compositor at ${this.#path} does not answer`);
      this.#session!.connection.receive();
    }
    // Sizes that the compositor chose at the start are the first modes: nobody has to be told.
  }

  /** The compositor has said what it offers. */
  #start(): void {
    const { dmabuf } = this.#session!;
    this.#parts.logger.info("scanouts are shown by a Wayland compositor", {
      socket: this.#path,
      dmabufFormats: dmabuf?.formats.size ?? 0,
    });
    if (dmabuf === null) {
      this.#parts.logger.warn("The Wayland compositor takes no dma-bufs: every frame is copied.", {
        cure: "a compositor that draws with GL or Vulkan on a driver that imports dma-bufs",
      });
    }
    for (const head of this.#heads) if (!head.isClosed) this.#openWindow(head);
  }

  #openWindow(head: Head): void {
    if (this.#session?.isReady !== true) return;
    const { index } = head;
    const title = this.#heads.length === 1 ? "virtgpu" : `virtgpu ${index}`;
    head.window = new ScanoutWindow(this.#session, title, this.#parts, this.counters, {
      resized: (size) => this.#resize(head, size),
      closed: () => this.#closeWindow(head),
      presented: (refreshNs) => {
        if (refreshNs > 0) head.mode = describable({ ...head.mode, refresh: Math.round(NANOSECONDS / refreshNs) });
        this.#listener?.presented(index);
      },
      released: (resourceId) => {
        if (!this.holds(resourceId)) this.#listener?.released(resourceId);
      },
      pathChanged: (path) => this.#tellPath(index, path),
    });
    // A compositor that came back: what the guest showed last.
    if (head.image !== null) head.window.flush(head.image, { ...head.image.rect, x: 0, y: 0 });
  }

  #resize(head: Head, size: Size): void {
    const mode = describable({ ...head.mode, width: size.width, height: size.height });
    if (mode.width === head.mode.width && mode.height === head.mode.height) return;
    head.mode = mode;
    this.#parts.logger.info("the window has another size: the guest is told", { scanout: head.index, ...mode });
    this.#listener?.modesChanged();
  }

  /** The user closed the window: to the guest the monitor is unplugged. */
  #closeWindow(head: Head): void {
    this.#parts.logger.info("the window was closed: the guest sees the monitor unplugged", { scanout: head.index });
    const held = head.window?.held() ?? [];
    head.window?.destroy();
    head.window = null;
    head.isClosed = true;
    this.#listener?.modesChanged();
    for (const resourceId of held) this.#listener?.released(resourceId);
  }

  #handleLoss(reason: HostError, nowMs: number): void {
    this.#lost = null;
    this.#parts.logger.warn("The Wayland compositor is gone: nothing is shown until it is back.", {
      reason: reason.message,
      code: reason.code,
    });
    const held = this.#heads.flatMap(({ window }) => window?.held() ?? []);
    for (const head of this.#heads) {
      head.window?.destroy();
      head.window = null;
    }
    this.#cursor?.destroy();
    this.#cursor = null;
    this.#session = null;
    this.#retryAtMs = nowMs + RETRY_MS;
    for (const resourceId of held) this.#listener?.released(resourceId);
  }

  #retry(nowMs: number): void {
    this.#retryAtMs = Infinity;
    try {
      this.#connect();
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      this.#retryAtMs = nowMs + RETRY_MS;
    }
  }

  /** Once a minute: a guest may flip between buffers of which one can be shared. */
  #tellPath(scanout: number, path: ScanoutPath): void {
    const { logger } = this.#parts;
    const { detail } = path;
    const now = performance.now();
    const told = `${scanout} ${path.kind} ${detail}`;
    if (now - (this.#toldAtMs.get(told) ?? -Infinity) < TELL_AGAIN_MS) return;
    if (this.#toldAtMs.size >= MAX_TOLD) this.#toldAtMs.clear();
    this.#toldAtMs.set(told, now);
    if (path.kind === "dma-buf") logger.info("the scanout is shown from its own memory", { scanout, detail });
    else if (path.kind === "copy") logger.warn("The scanout is copied for the display.", { scanout, reason: detail });
    else logger.debug("the scanout is not shown", { scanout, detail });
  }
}

/** The nearest mode that an EDID can describe and any guest can draw to: compositors have windows of every size. */
function describable(mode: DisplayMode): DisplayMode {
  const clamp = (side: number): number => Math.min(MAX_SIDE, Math.max(MIN_SIDE, side));
  const size = { width: clamp(mode.width), height: clamp(mode.height) };
  let refresh = Math.min(MAX_REFRESH, Math.max(1, mode.refresh));
  while (refresh > 1 && !fitsEdid({ ...size, refresh })) refresh--;
  return { ...size, refresh };
}
