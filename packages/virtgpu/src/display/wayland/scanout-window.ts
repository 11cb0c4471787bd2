/**
 * One scanout in one window: decides for each frame whether the compositor gets the scanout's own memory (linux-dmabuf) or a copy
 * (wl_shm), and when. At most one frame is under way; flushes meanwhile are merged.
 */
import { GuestError } from "@virtgpu/core/base";
import { CopyReason } from "@virtgpu/core/memory";
import type { ScanoutBuffer } from "@virtgpu/core/renderer";
import { intersect, type Rect, type ScanoutImage } from "@virtgpu/core/virtio-gpu";
import { Damage } from "../damage.js";
import type { DisplayCounters, DisplayParts } from "../display.js";
import { fourccName } from "./dmabuf-formats.js";
import { DmabufImport } from "./dmabuf-import.js";
import type { WaylandSession } from "./session.js";
import { BYTES_PER_PIXEL, ShmImage } from "./shm-image.js";
import { ShmImages } from "./shm-images.js";
import { type Size, Toplevel } from "./toplevel.js";

export interface ScanoutWindowEvents {
  resized(size: Size): void;
  /** The user closed the window: it is to be destroyed. */
  closed(): void;
  /** What was flushed last is on the screen; `refreshNs` 0: unknown. */
  presented(refreshNs: number): void;
  /** `holds` has become false for this resource. */
  released(resourceId: number): void;
  pathChanged(path: ScanoutPath): void;
}

/** How a window shows its scanout now. */
export interface ScanoutPath {
  readonly kind: "nothing" | "dma-buf" | "copy";
  /** What exactly, or why not better. */
  readonly detail: string;
}

/** Guests flip between two or three buffers; more are imported anew. */
const MAX_IMPORTS = 8;
/** Imports that are given up and that the compositor still reads: a guest that shows ever more memory gets copies until it lets go. */
const MAX_LEAVING = 16;
/** A guest that changes its mode turns the scanout off for a moment: the last picture stays so long. */
const BLANK_AFTER_MS = 100;
/** Memory that goes is replaced on the screen by the next frame, or after this time by a copy or black. */
const LEAVE_AFTER_MS = 40;

export class ScanoutWindow {
  readonly #session: WaylandSession;
  readonly #parts: DisplayParts;
  readonly #counters: DisplayCounters;
  readonly #events: ScanoutWindowEvents;
  readonly #toplevel: Toplevel;
  readonly #copies: ShmImages;
  readonly #damage = new Damage();
  /** By resource. */
  readonly #imports = new Map<number, DmabufImport>();
  /** Their memory goes; the compositor has not let go yet. */
  readonly #leaving = new Set<DmabufImport>();
  #image: ScanoutImage | null = null;
  /** On the screen: an import, a copy, black, or nothing yet. */
  #shown: DmabufImport | null = null;
  #black: ShmImage | null = null;
  #size: Size = { width: 0, height: 0 };
  #isWaitingForGpu = false;
  #blankAtMs = Infinity;
  #isAlive = true;
  path: ScanoutPath = { kind: "nothing", detail: "no frame yet" };

  constructor(
    session: WaylandSession,
    title: string,
    parts: DisplayParts,
    counters: DisplayCounters,
    events: ScanoutWindowEvents,
  ) {
    this.#session = session;
    this.#parts = parts;
    this.#counters = counters;
    this.#events = events;
    this.#copies = new ShmImages(
      session,
      (sizeBytes) => parts.memory.createShared(sizeBytes),
      () => this.#update(),
    );
    this.#toplevel = new Toplevel(session, title, {
      configured: () => this.#update(),
      resized: (size) => events.resized(size),
      closed: () => events.closed(),
      frame: () => this.#update(),
      presented: (refreshNs) => this.#presented(refreshNs),
      discarded: () => {},
    });
  }

  get surfaceId(): number {
    return this.#toplevel.surfaceId;
  }

  /** Frames can be shown. */
  get isConfigured(): boolean {
    return this.#toplevel.isConfigured;
  }

  /** Resources for which `holds` is true. */
  held(): number[] {
    const ids = [...this.#imports.keys(), ...[...this.#leaving].map((entry) => entry.resourceId)];
    return [...new Set(ids)].filter((id) => this.holds(id));
  }

  /** Whether `holds` is true of any resource. */
  get holdsAny(): boolean {
    if (this.#imports.size === 0 && this.#leaving.size === 0) return false;
    return this.held().length > 0;
  }

  /** When `tick` wants to be called. */
  get deadlineMs(): number {
    return this.#blankAtMs;
  }

  tick(nowMs: number): void {
    if (nowMs < this.#blankAtMs) return;
    this.#blankAtMs = Infinity;
    this.#replace();
  }

  /** Another image, or nothing: shown with the next flush, or black after a moment. */
  setImage(image: ScanoutImage | null): void {
    const isSame = image !== null && this.#image !== null && isSameImage(image, this.#image);
    this.#image = image;
    if (image === null) {
      if (!this.#damage.isEmpty) this.#counters.dropped++;
      this.#damage.clear();
      if (this.#size.width > 0) this.#blankAtMs = performance.now() + BLANK_AFTER_MS;
      return;
    }
    if (isSame) return;
    this.#damage.clear();
    this.#copies.damage(whole(image.rect));
  }

  flush(image: ScanoutImage, damage: Rect): void {
    if (this.#image === null || !isSameImage(image, this.#image)) this.setImage(image);
    if (!this.#damage.isEmpty) this.#counters.merged++;
    this.#damage.add(damage);
    this.#copies.damage(damage);
    this.#update();
  }

  /** Whether the compositor may be reading memory of the resource that others must not write or take away. */
  holds(resourceId: number): boolean {
    for (const entry of this.#leaving) if (entry.resourceId === resourceId) return true;
    const entry = this.#imports.get(resourceId);
    // Nothing can keep a guest's CPU from drawing: its buffers are never waited for.
    return entry !== undefined && entry.isRead && !entry.isGuestDrawn;
  }

  /** What was flushed last is not handed on, or not on the screen yet. */
  get isReading(): boolean {
    return !this.#damage.isEmpty || this.#shown?.isRead === true;
  }

  /** The resource's memory goes. What is on the screen is replaced by a copy, the next frame, or black. */
  forget(resourceId: number): void {
    const entry = this.#imports.get(resourceId);
    if (entry === undefined) return;
    this.#drop(entry);
    if (this.#shown !== entry) return;
    this.#shown = null;
    // Another image is on its way: it comes in a moment, or black does.
    const isNextOnItsWay = this.#image !== null && this.#image.resourceId !== resourceId && !this.#damage.isEmpty;
    if (isNextOnItsWay) this.#blankAtMs = performance.now() + LEAVE_AFTER_MS;
    else this.#replace();
  }

  /** `forget` for every resource. */
  forgetAll(): void {
    for (const id of [...this.#imports.keys()]) this.forget(id);
  }

  destroy(): void {
    this.#isAlive = false;
    this.#toplevel.destroy();
    for (const entry of this.#imports.values()) entry.leave();
    this.#imports.clear();
    this.#copies.clear();
    this.#black?.destroy();
  }

  /** Hands the next frame on if there is one and the compositor wants it. */
  #update(): void {
    const image = this.#image;
    if (!this.#isAlive || image === null || this.#damage.isEmpty) return;
    if (!this.#toplevel.isConfigured || this.#toplevel.isBusy || this.#isWaitingForGpu) return;
    const buffer = this.#parts.exporter?.scanoutBuffer(image.resourceId, image.layout) ?? null;
    if (buffer === null) {
      this.#presentCopy(image, "the scanout's memory cannot be shared");
      return;
    }
    const known = this.#imports.get(image.resourceId);
    const isNew = known === undefined || !known.matches(buffer, image.rect);
    if (isNew && this.#leaving.size >= MAX_LEAVING) {
      this.#presentCopy(image, "the compositor still reads what was shown before");
      return;
    }
    const entry = this.#importOf(image, buffer);
    if (entry.state === "asked") return;
    if (entry.state === "refused") this.#presentCopy(image, entry.refusal);
    else if (entry.isGuestDrawn) this.#presentImport(entry, buffer);
    else this.#presentWhenRendered(entry, buffer);
  }

  #importOf(image: ScanoutImage, buffer: ScanoutBuffer): DmabufImport {
    const known = this.#imports.get(image.resourceId);
    if (known !== undefined && known.matches(buffer, image.rect)) return known;
    if (known !== undefined) this.#drop(known);
    const entry = new DmabufImport(this.#session, image.resourceId, buffer, image.rect, {
      settled: () => this.#update(),
      released: (released) => this.#released(released),
      gone: (gone) => {
        this.#leaving.delete(gone);
        this.#events.released(gone.resourceId);
      },
    });
    this.#imports.set(image.resourceId, entry);
    if (this.#imports.size > MAX_IMPORTS) this.#dropOldest();
    return entry;
  }

  #dropOldest(): void {
    for (const entry of this.#imports.values()) {
      if (entry === this.#shown) continue;
      this.#drop(entry);
      return;
    }
  }

  #drop(entry: DmabufImport): void {
    this.#imports.delete(entry.resourceId);
    this.#leaving.add(entry);
    entry.leave();
  }

  #presentWhenRendered(entry: DmabufImport, buffer: ScanoutBuffer): void {
    this.#isWaitingForGpu = true;
    let isAtOnce = true;
    this.#parts.exporter!.whenRendered(() => {
      this.#isWaitingForGpu = false;
      if (!this.#isAlive) return;
      const isWanted = this.#image?.resourceId === entry.resourceId && this.#imports.get(entry.resourceId) === entry;
      if (isWanted) this.#presentImport(entry, buffer);
      else if (!isAtOnce) this.#update();
      if (!isAtOnce) this.#session.connection.flush();
    });
    isAtOnce = false;
  }

  #presentImport(entry: DmabufImport, buffer: ScanoutBuffer): void {
    const damage = this.#damage.take();
    if (damage === null) return;
    // Used last: the others are dropped first.
    this.#imports.delete(entry.resourceId);
    this.#imports.set(entry.resourceId, entry);
    entry.isRead = true;
    entry.isReleased = false;
    this.#present(entry.bufferId, entry.rect, damage);
    this.#setShown(entry);
    this.#counters.buffers++;
    const detail = `${fourccName(buffer.fourcc)}, stride ${buffer.strideBytes}, ${buffer.isDmaBuf ? "dma-buf" : "memfd"}`;
    this.#setPath({ kind: "dma-buf", detail });
  }

  /** @returns whether a frame is on its way */
  #presentCopy(image: ScanoutImage, reason: string): boolean {
    const copy = this.#copies.take(image.rect.width, image.rect.height);
    // Its release calls `#update`.
    if (copy === "busy") return false;
    const damage = this.#damage.take() ?? whole(image.rect);
    if (copy === null || !this.#fill(copy, image)) {
      this.#counters.dropped++;
      this.#setPath({ kind: "nothing", detail: copy === null ? "no memory for a copy" : "it cannot be read" });
      return false;
    }
    copy.isHeld = true;
    this.#present(copy.bufferId, copy, damage);
    this.#setShown(null);
    this.#setPath({ kind: "copy", detail: reason });
    return true;
  }

  /** Brings a copy up to date: only what has changed since it was filled. */
  #fill(copy: ShmImage, image: ScanoutImage): boolean {
    const stale = copy.stale.take();
    const rect = stale === null ? null : intersect(stale, whole(image.rect));
    if (rect === null) return true;
    const code = this.#parts.reader.readScanout(
      image.resourceId,
      image.rect.x + rect.x,
      image.rect.y + rect.y,
      rect.width,
      rect.height,
      copy.memory.segment,
      rect.y * copy.strideBytes + rect.x * BYTES_PER_PIXEL,
      copy.strideBytes,
      image.layout,
      CopyReason.DISPLAY,
    );
    if (code === GuestError.NONE) return true;
    copy.stale.add(rect);
    return false;
  }

  /** Lets go of what is on the screen: a copy of it where it is still wanted, else black. */
  #replace(): void {
    const image = this.#image;
    if (!this.#isAlive || this.#size.width === 0) return;
    if (image !== null && this.#presentCopy(image, "its memory went away")) return;
    const black = ShmImage.create(
      this.#session,
      (sizeBytes) => this.#parts.memory.createShared(sizeBytes),
      this.#size,
      () => {},
    );
    if (black === null) return;
    this.#present(black.bufferId, black, whole(black));
    this.#setShown(null);
    this.#black = black;
    this.#setPath({ kind: "nothing", detail: "the guest shows nothing" });
  }

  #present(bufferId: number, size: Size, damage: Rect): void {
    this.#toplevel.present(bufferId, size, damage);
    this.#size = { width: size.width, height: size.height };
    this.#blankAtMs = Infinity;
    this.#black?.destroy();
    this.#black = null;
    this.#counters.presented++;
  }

  #setShown(entry: DmabufImport | null): void {
    const old = this.#shown;
    // The compositor reads it until its release, though a frame of it was shown.
    if (old !== null && old !== entry) old.isRead = !old.isReleased;
    this.#shown = entry;
  }

  #released(entry: DmabufImport): void {
    if (!entry.isGuestDrawn) this.#events.released(entry.resourceId);
    this.#update();
  }

  #presented(refreshNs: number): void {
    const shown = this.#shown;
    if (shown !== null && shown.isRead) {
      shown.isRead = false;
      if (!shown.isGuestDrawn) this.#events.released(shown.resourceId);
    }
    if (this.#damage.isEmpty) this.#events.presented(refreshNs);
  }

  #setPath(path: ScanoutPath): void {
    if (path.kind === this.path.kind && path.detail === this.path.detail) return;
    this.path = path;
    this.#events.pathChanged(path);
  }
}

function isSameImage(a: ScanoutImage, b: ScanoutImage): boolean {
  const p = a.rect;
  const q = b.rect;
  return (
    a.resourceId === b.resourceId &&
    isSameLayout(a.layout, b.layout) &&
    p.x === q.x &&
    p.y === q.y &&
    p.width === q.width &&
    p.height === q.height
  );
}

/** A blob may be shown from another place in it. */
function isSameLayout(a: ScanoutImage["layout"], b: ScanoutImage["layout"]): boolean {
  if (a === null || b === null) return a === b;
  const isSameShape = a.width === b.width && a.height === b.height && a.format === b.format;
  return isSameShape && a.strideBytes === b.strideBytes && a.offsetBytes === b.offsetBytes;
}

function whole(size: Size): Rect {
  return { x: 0, y: 0, width: size.width, height: size.height };
}
