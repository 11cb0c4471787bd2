import type { CursorState, Rect, ScanoutImage } from "@virtgpu/core/virtio-gpu";
import { Damage } from "./damage.js";

/** What the front-end has been told of one scanout, and what waits to be told: a bounded state instead of a queue. */
export class SocketHead {
  readonly id: number;
  image: ScanoutImage | null = null;
  readonly damage = new Damage();
  /** Flushes in `damage`. */
  flushes = 0;
  /** Waits to be announced; heads are announced in the order of these numbers. 0: nothing waits. */
  announceOrder = 0;
  /** What the front-end shows: a size in pixels, 0 when off. */
  shownWidth = 0;
  shownHeight = 0;
  /** `serial` of the buffer that the front-end shows; 0: it shows pixels, or nothing. */
  shownSerial = 0;
  shownRect: Rect | null = null;
  /** The resource whose buffer the front-end reads until it answers DMABUF_UPDATE; 0: none. */
  heldResource = 0;
  /** The guest must wait for that: it draws by the GPU, or its memory goes. */
  keepsGuest = false;
  /** What was flushed last is in the buffer. */
  isDrawn = true;
  /** `serial` of the buffer that `forgetBuffer` took away: never shown again. */
  forgottenSerial = 0;
  cursor: CursorState | null = null;
  isCursorMoved = false;
  cursorX = 0;
  cursorY = 0;

  constructor(id: number) {
    this.id = id;
  }

  /** Forgets what waits. @returns flushes that nobody will see */
  drop(): number {
    const count = this.flushes;
    this.damage.clear();
    this.flushes = 0;
    this.isDrawn = true;
    return count;
  }
}
