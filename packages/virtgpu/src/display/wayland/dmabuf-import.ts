/** A scanout's memory as the compositor has it: one `wl_buffer` made of a dma-buf, without a copy. */
import type { ScanoutBuffer } from "@virtgpu/core/renderer";
import type { Rect } from "@virtgpu/core/virtio-gpu";
import { DRM_FORMAT_MOD_LINEAR, fourccName } from "./dmabuf-formats.js";
import { wl_buffer, zwp_linux_buffer_params_v1, zwp_linux_dmabuf_v1 } from "./generated/protocol.js";
import type { WaylandSession } from "./session.js";

const BYTES_PER_PIXEL = 4;
/** The protocol's offset is a 32-bit number. */
const MAX_OFFSET_BYTES = 0xffff_ffff;
/** `zwp_linux_buffer_params_v1.flags`. */
const FLAG_Y_INVERT = 1;

export interface ImportEvents {
  /** The compositor took or refused the buffer. */
  settled(): void;
  /** The compositor has let go of the frame: it may be drawn anew. */
  released(entry: DmabufImport): void;
  /** After `leave`: the compositor has let go of the memory. */
  gone(entry: DmabufImport): void;
}

export class DmabufImport {
  readonly resourceId: number;
  /** Of the buffer and the rectangle that it was made of. */
  readonly serial: number;
  readonly rect: Rect;
  readonly isGuestDrawn: boolean;
  state: "asked" | "ready" | "refused" = "asked";
  /** Why it is refused. */
  refusal = "";
  /** The `wl_buffer`; 0 before it is ready. */
  bufferId = 0;
  /** A frame of it was handed on and is not on the screen yet, or another frame took its place and it is not released. */
  isRead = false;
  /** The compositor has let go since the last frame of it. */
  isReleased = true;
  /** Released when the compositor lets go. */
  #isLeaving = false;
  readonly #session: WaylandSession;
  readonly #events: ImportEvents;

  constructor(session: WaylandSession, resourceId: number, buffer: ScanoutBuffer, rect: Rect, events: ImportEvents) {
    this.#session = session;
    this.#events = events;
    this.resourceId = resourceId;
    this.serial = buffer.serial;
    this.rect = rect;
    this.isGuestDrawn = buffer.isGuestDrawn;
    this.#ask(buffer);
  }

  /** Whether it shows this part of this memory. */
  matches(buffer: ScanoutBuffer, rect: Rect): boolean {
    const mine = this.rect;
    return (
      this.serial === buffer.serial &&
      mine.x === rect.x &&
      mine.y === rect.y &&
      mine.width === rect.width &&
      mine.height === rect.height
    );
  }

  /** The memory goes: the buffer is destroyed, at once when nobody reads it, else at its release. */
  leave(): void {
    if (this.#isLeaving) return;
    this.#isLeaving = true;
    if (this.state === "refused") this.#events.gone(this);
    else if (this.isReleased) this.#destroy();
  }

  #ask(buffer: ScanoutBuffer): void {
    const { dmabuf, connection } = this.#session;
    if (dmabuf === null) {
      this.#refuse("the compositor takes no dma-bufs");
      return;
    }
    const choice = dmabuf.formats.choose(buffer.fourcc, buffer.modifier);
    if (choice === null) {
      this.#refuse(`the compositor does not take ${fourccName(buffer.fourcc)} in this layout`);
      return;
    }
    const offsetBytes = this.#offset(buffer);
    if (offsetBytes < 0 || offsetBytes > MAX_OFFSET_BYTES) {
      this.#refuse(offsetBytes < 0 ? "part of a tiled buffer is shown" : "it begins above 4 GiB of its memory file");
      return;
    }
    const { width, height } = this.rect;
    const { requests } = zwp_linux_buffer_params_v1;
    const params = connection.create(zwp_linux_buffer_params_v1, {
      created: (id) => {
        connection.send(params, requests.destroy);
        this.#accept(id);
      },
      failed: () => {
        connection.send(params, requests.destroy);
        this.#refuse(`the compositor cannot import it (stride ${buffer.strideBytes}, offset ${offsetBytes})`);
        this.#events.settled();
      },
    });
    connection.send(dmabuf.id, zwp_linux_dmabuf_v1.requests.create_params, params);
    const high = Number(choice.modifier >> 32n);
    const low = Number(choice.modifier & 0xffff_ffffn);
    connection.send(params, requests.add, buffer.fd, 0, offsetBytes, buffer.strideBytes, high, low);
    connection.send(params, requests.create, width, height, choice.format, buffer.isYInverted ? FLAG_Y_INVERT : 0);
  }

  /** Where the rectangle begins in memory, or -1: only linear memory can be shown in part. */
  #offset(buffer: ScanoutBuffer): number {
    const { x, y, width, height } = this.rect;
    if (x === 0 && y === 0 && width === buffer.width && height === buffer.height) return buffer.offsetBytes;
    if (buffer.modifier !== DRM_FORMAT_MOD_LINEAR) return -1;
    const firstRow = buffer.isYInverted ? buffer.height - y - height : y;
    return buffer.offsetBytes + firstRow * buffer.strideBytes + x * BYTES_PER_PIXEL;
  }

  #accept(id: number): void {
    this.bufferId = id;
    this.#session.connection.adopt(id, wl_buffer, { release: () => this.#release() });
    if (this.#isLeaving) {
      this.#destroy();
      return;
    }
    this.state = "ready";
    this.#events.settled();
  }

  #refuse(why: string): void {
    this.state = "refused";
    this.refusal = why;
    if (this.#isLeaving) this.#events.gone(this);
  }

  #release(): void {
    const wasRead = this.isRead;
    this.isRead = false;
    this.isReleased = true;
    if (this.#isLeaving) this.#destroy();
    else if (wasRead) this.#events.released(this);
  }

  #destroy(): void {
    // Not there yet: destroyed when it comes.
    if (this.bufferId === 0) return;
    const { connection } = this.#session;
    connection.send(this.bufferId, wl_buffer.requests.destroy);
    this.bufferId = 0;
    // The compositor has dropped its mapping when it has handled the request.
    connection.sync(() => this.#events.gone(this));
  }
}
