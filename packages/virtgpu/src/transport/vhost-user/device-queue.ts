import type { Logger } from "@virtgpu/core/base";
import type { GuestMemory } from "@virtgpu/core/memory";
import { VIRTIO_F_EVENT_IDX, VIRTIO_F_INDIRECT_DESC, type VringState } from "@virtgpu/core/vhost-user";
import { type DescriptorChain, SplitQueue, checkSplitQueue, splitQueueBytes } from "@virtgpu/core/virtqueue";
import { drainEventFd, signalEventFd } from "../../native/events.js";

/** Requests of one turn: between turns the front-end, the stop descriptor, fences and displays are looked after. */
const MAX_AT_ONCE = 64;
/** So long may a turn be before it takes another request: a guest chooses how much work one is. */
const MAX_TURN_MS = 10;

/** One queue of the device with its eventfds, as far as the front-end has described it. */
export class DeviceQueue {
  readonly name: string;
  readonly #logger: Logger;
  readonly #clockMs: () => number;
  #vring: VringState | null = null;
  #queue: SplitQueue | null = null;
  #isFaultTold = false;
  /** Answered while the ring's memory was away: put into the used ring when it is back. */
  #owed: { readonly head: number; readonly writtenBytes: number }[] = [];

  /** @param clockMs milliseconds on a clock that only goes forward */
  constructor(name: string, logger: Logger, clockMs: () => number = () => performance.now()) {
    this.name = name;
    this.#logger = logger;
    this.#clockMs = clockMs;
  }

  /** The kick descriptor to wait on, or -1. */
  get kickFd(): number {
    return this.#queue === null || !this.#vring!.isEnabled ? -1 : (this.#vring!.kick ?? -1);
  }

  /** Takes a new description over. The rings are looked up again: memory or addresses may have moved. */
  update(memory: GuestMemory, vring: VringState, features: bigint): void {
    const nextAvailable = this.#queue?.nextAvailable ?? vring.base;
    this.#vring = vring;
    this.#queue = null;
    if (vring.descriptorAddress < 0 || vring.size === 0) return;
    const bytes = splitQueueBytes(vring.size);
    const descriptors = memory.userSpan(vring.descriptorAddress, bytes.descriptors);
    const available = memory.userSpan(vring.availableAddress, bytes.available);
    const used = memory.userSpan(vring.usedAddress, bytes.used);
    if (descriptors === null || available === null || used === null) return;
    const config = {
      size: vring.size,
      descriptors,
      available,
      used,
      hasEventIndex: (features & (1n << VIRTIO_F_EVENT_IDX)) !== 0n,
      hasIndirect: (features & (1n << VIRTIO_F_INDIRECT_DESC)) !== 0n,
      nextAvailable,
    };
    const refusal = checkSplitQueue(config);
    if (refusal === null) {
      this.#queue = new SplitQueue(memory, config);
      for (const { head, writtenBytes } of this.#owed.splice(0)) this.push(head, writtenBytes);
    } else this.#logger.error(`The ${this.name} queue cannot be used: ${refusal}.`);
  }

  /** Rings are in memory that goes away. */
  forgetMemory(): void {
    if (this.#vring !== null && this.#queue !== null) this.#vring.base = this.#queue.nextAvailable;
    this.#queue = null;
  }

  /** @returns the index to go on from */
  stop(): number {
    const next = this.#queue?.nextAvailable ?? this.#vring?.base ?? 0;
    this.#queue = null;
    this.#vring = null;
    this.#owed = [];
    this.#isFaultTold = false;
    return next;
  }

  drainKick(): void {
    if (this.kickFd >= 0) drainEventFd(this.kickFd);
  }

  /**
   * Serves what is there; `take` gives a chain to fill (null: no more now, without a kick to come), `handle` gets it. Ends when the ring is
   * empty and the driver is told to kick, or when the turn has been long enough.
   * @returns true when it ended before, as a guest that never stops must not keep others waiting: to be called again without a kick
   */
  serve(take: () => DescriptorChain | null, handle: (chain: DescriptorChain) => void): boolean {
    const queue = this.#queue;
    if (queue === null || !this.#vring!.isEnabled) return false;
    const startMs = this.#clockMs();
    let count = 0;
    do {
      for (;;) {
        if (count === MAX_AT_ONCE || (count > 0 && this.#clockMs() - startMs >= MAX_TURN_MS)) return true;
        count++;
        const chain = take();
        if (chain === null) return false;
        if (!queue.pop(chain)) break;
        handle(chain);
        // Handling may stop the queue (a reset), or memory may go away.
        if (this.#queue !== queue) return false;
      }
      if (queue.fault !== null) {
        this.#tellFault(queue.fault);
        return false;
      }
    } while (queue.enableNotification());
    return false;
  }

  /** Gives a request back; `notify` tells the driver. */
  push(head: number, writtenBytes: number): void {
    const queue = this.#queue;
    if (queue === null) {
      if (this.#vring !== null) this.#owed.push({ head, writtenBytes });
      return;
    }
    queue.push(head, writtenBytes);
  }

  /** Tells the driver of what was given back, if it wants to hear. */
  notify(): void {
    const queue = this.#queue;
    if (queue === null) return;
    const call = this.#vring!.call;
    if (queue.needsNotification() && call !== null) signalEventFd(call);
  }

  #tellFault(fault: string): void {
    if (this.#isFaultTold) return;
    this.#isFaultTold = true;
    this.#logger.error(
      `The guest broke the ${this.name} queue: ${fault}. It is not served until the guest resets the device.`,
    );
    const error = this.#vring!.error;
    if (error !== null) signalEventFd(error);
  }
}
