import type { Rect } from "@virtgpu/core/virtio-gpu";
import type { SharedMemory } from "@virtgpu/core/vtest";
import type { WaylandSession } from "./session.js";
import { ShmImage } from "./shm-image.js";

/** One to fill, one on the screen, one on its way. */
const MAX_IMAGES = 3;

/** The copies of one scanout: as many as the compositor keeps, at most three. */
export class ShmImages {
  readonly #session: WaylandSession;
  readonly #createShared: (sizeBytes: number) => SharedMemory | null;
  #images: ShmImage[] = [];
  readonly #onRelease: () => void;
  #width = 0;
  #height = 0;

  /** `onRelease` is called when a copy is free again. */
  constructor(
    session: WaylandSession,
    createShared: (sizeBytes: number) => SharedMemory | null,
    onRelease: () => void,
  ) {
    this.#onRelease = onRelease;
    this.#session = session;
    this.#createShared = createShared;
  }

  /** `damage` of the scanout is newer than every copy. */
  damage(damage: Rect): void {
    for (const image of this.#images) image.stale.add(damage);
  }

  /** A copy of this size that the compositor does not read. Null: it reads all of them ("busy"), or there is no memory. */
  take(width: number, height: number): ShmImage | "busy" | null {
    if (this.#width !== width || this.#height !== height) this.clear();
    this.#width = width;
    this.#height = height;
    const free = this.#images.find((image) => !image.isHeld);
    if (free !== undefined) return free;
    if (this.#images.length >= MAX_IMAGES) return "busy";
    const image = ShmImage.create(this.#session, this.#createShared, { width, height }, this.#onRelease);
    if (image !== null) this.#images.push(image);
    return image ?? (this.#images.length > 0 ? "busy" : null);
  }

  clear(): void {
    for (const image of this.#images.splice(0)) image.destroy();
  }
}
