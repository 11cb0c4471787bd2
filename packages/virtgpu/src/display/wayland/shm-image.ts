/** A copy of a scanout in shared memory (`wl_shm`): what a compositor shows when it cannot have the scanout's own memory. */
import type { SharedMemory } from "@virtgpu/core/vtest";
import { Damage } from "../damage.js";
import { wl_buffer, wl_shm, wl_shm_pool } from "./generated/protocol.js";
import type { WaylandSession } from "./session.js";
import type { Size } from "./toplevel.js";

export const BYTES_PER_PIXEL = 4;
/** `wl_shm.format`. */
export const WL_SHM_FORMAT_ARGB8888 = 0;
export const WL_SHM_FORMAT_XRGB8888 = 1;
/** A guest chooses the size of its scanouts, and up to three copies live: larger ones are not shown. */
const MAX_COPY_BYTES = 256 << 20;

export class ShmImage {
  readonly width: number;
  readonly height: number;
  readonly strideBytes: number;
  readonly memory: SharedMemory;
  readonly bufferId: number;
  /** The compositor may be reading it. */
  isHeld = false;
  /** What has changed since it was filled. */
  readonly stale = new Damage();
  readonly #session: WaylandSession;

  private constructor(
    session: WaylandSession,
    memory: SharedMemory,
    size: Size,
    format: number,
    onRelease: () => void,
  ) {
    const { width, height } = size;
    this.#session = session;
    this.memory = memory;
    this.width = width;
    this.height = height;
    this.strideBytes = width * BYTES_PER_PIXEL;
    this.stale.add({ x: 0, y: 0, width, height });
    const { connection } = session;
    const pool = connection.create(wl_shm_pool, {});
    connection.send(session.shm, wl_shm.requests.create_pool, pool, memory.fd, memory.segment.bytes.length);
    this.bufferId = connection.create(wl_buffer, {
      release: () => {
        this.isHeld = false;
        onRelease();
      },
    });
    connection.send(
      pool,
      wl_shm_pool.requests.create_buffer,
      this.bufferId,
      0,
      width,
      height,
      this.strideBytes,
      format,
    );
    connection.send(pool, wl_shm_pool.requests.destroy);
    memory.closeFd();
  }

  /** Null: there is no memory for it. */
  static create(
    session: WaylandSession,
    createShared: (sizeBytes: number) => SharedMemory | null,
    size: Size,
    onRelease: () => void,
    format: number = WL_SHM_FORMAT_XRGB8888,
  ): ShmImage | null {
    const { width, height } = size;
    const sizeBytes = width * height * BYTES_PER_PIXEL;
    const memory = sizeBytes > MAX_COPY_BYTES ? null : createShared(sizeBytes);
    return memory === null ? null : new ShmImage(session, memory, size, format, onRelease);
  }

  /** The compositor keeps its own mapping as long as it needs it. */
  destroy(): void {
    this.#session.connection.send(this.bufferId, wl_buffer.requests.destroy);
    this.memory.release();
  }
}
