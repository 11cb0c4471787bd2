import type { DescriptorChain } from "../virtqueue/index.js";
import type { Answer } from "./answer.js";
import { VIRTIO_GPU_RINGS } from "./protocol.js";

/** A request whose answer is written and waits for a fence. */
export interface PendingRequest {
  readonly chain: DescriptorChain;
  readonly answer: Answer;
}

/** Names a timeline: the device's own, or a ring of a context. */
export type TimelineKey = number;

/** Requests without a ring index. */
export const DEVICE_TIMELINE: TimelineKey = -1;

/** `ringIndex` is below `VIRTIO_GPU_RINGS`. */
export function ringTimeline(contextId: number, ringIndex: number): TimelineKey {
  return contextId * VIRTIO_GPU_RINGS + ringIndex;
}

/**
 * Requests that wait for fences, by timeline. Spec: virtio 1.3, GPU Device / Request header: with a fence, every earlier request of its
 * timeline is done; timelines know nothing of each other.
 */
export class FenceTimelines {
  readonly #timelines = new Map<TimelineKey, { readonly fence: number; readonly request: PendingRequest }[]>();
  readonly #timelineOf = new Map<number, TimelineKey>();

  /** Requests that wait. */
  get size(): number {
    return this.#timelineOf.size;
  }

  /** @param fence above every earlier one of the device */
  add(timeline: TimelineKey, fence: number, request: PendingRequest): void {
    let waiting = this.#timelines.get(timeline);
    if (waiting === undefined) {
      waiting = [];
      this.#timelines.set(timeline, waiting);
    }
    waiting.push({ fence, request });
    this.#timelineOf.set(fence, timeline);
  }

  /** The fence signalled: hands over its request and those before it on the same timeline, in order. Unknown fences do nothing. */
  signal(fence: number, finish: (request: PendingRequest) => void): void {
    const timeline = this.#timelineOf.get(fence);
    if (timeline === undefined) return;
    const waiting = this.#timelines.get(timeline)!;
    while (waiting.length > 0 && waiting[0]!.fence <= fence) {
      const { fence: done, request } = waiting.shift()!;
      this.#timelineOf.delete(done);
      finish(request);
    }
    if (waiting.length === 0) this.#timelines.delete(timeline);
  }

  clear(): void {
    this.#timelines.clear();
    this.#timelineOf.clear();
  }
}
