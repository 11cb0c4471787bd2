import type { Rect } from "@virtgpu/core/virtio-gpu";

/** Damage that grows: the smallest rectangle around everything added. */
export class Damage {
  #left = 0;
  #top = 0;
  #right = 0;
  #bottom = 0;

  get isEmpty(): boolean {
    return this.#right <= this.#left;
  }

  add(rect: Rect): void {
    const right = rect.x + rect.width;
    const bottom = rect.y + rect.height;
    if (this.isEmpty) {
      this.#left = rect.x;
      this.#top = rect.y;
      this.#right = right;
      this.#bottom = bottom;
      return;
    }
    this.#left = Math.min(this.#left, rect.x);
    this.#top = Math.min(this.#top, rect.y);
    this.#right = Math.max(this.#right, right);
    this.#bottom = Math.max(this.#bottom, bottom);
  }

  /** What was added, or null; then it is empty. */
  take(): Rect | null {
    if (this.isEmpty) return null;
    const rect = {
      x: this.#left,
      y: this.#top,
      width: this.#right - this.#left,
      height: this.#bottom - this.#top,
    };
    this.clear();
    return rect;
  }

  clear(): void {
    this.#left = this.#top = this.#right = this.#bottom = 0;
  }
}
