/**
 * The virtio-gpu device: takes requests from the two queues, answers each exactly once. Knows the renderer's waist and the
 * display's interface only: no GL, no transport. Spec: virtio 1.3, GPU Device.
 *
 * A fenced request is answered when the GPU has finished what came before it; its buffers stay with the device until then.
 */
import { HostError } from "../base/index.js";
import type { GuestMemory } from "../memory/index.js";
import type { CompletionSink } from "../renderer/index.js";
import { DescriptorChain } from "../virtqueue/index.js";
import { type Answer, plainAnswer } from "./answer.js";
import { type CommandRow, commandTable } from "./command-table.js";
import { dropResource, moveBackings } from "./commands-resource.js";
import { Deferred, LATE_ANSWER_BYTES } from "./deferred.js";
import { type DeviceParts, DeviceState } from "./device-state.js";
import { DEVICE_TIMELINE, FenceTimelines, ringTimeline } from "./fence-timelines.js";
import { mustWait } from "./held-buffers.js";
import type { HostBuffer } from "./host-memory.js";
import {
  VIRTIO_GPU_EVENT_DISPLAY,
  VIRTIO_GPU_F_CONTEXT_INIT,
  VIRTIO_GPU_F_EDID,
  VIRTIO_GPU_F_RESOURCE_BLOB,
  VIRTIO_GPU_F_RESOURCE_UUID,
  VIRTIO_GPU_F_VIRGL,
  VIRTIO_GPU_RESP_ERR_INVALID_CONTEXT_ID,
  VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER,
  VIRTIO_GPU_RESP_ERR_UNSPEC,
  VIRTIO_GPU_RINGS,
} from "./protocol.js";
import { Request, REQUEST_FIXED_BYTES_MAX, type RequestFence } from "./request.js";

/** Takes back finished requests. Called during `control`, `cursor` and `poll`; must not call the device. */
export interface RequestSink {
  /** The answer is written; `writtenBytes` is what goes into the used ring. */
  done(queue: "control" | "cursor", head: number, writtenBytes: number): void;
}

/** `struct virtio_gpu_config`, what a device knows of it. */
export interface DeviceConfig {
  /** `events_read`. */
  readonly events: number;
  readonly scanouts: number;
  readonly capsets: number;
}

type QueueName = "control" | "cursor";

/** Chains that are kept for later requests. */
const FREE_CHAINS = 256;

/** A request that is neither answered nor behind a fence. */
interface WaitingRequest {
  readonly chain: DescriptorChain;
  readonly cutShort: () => void;
  /** Memory in which the chain was found. */
  readonly memoryGeneration: number;
}

/**
 * One device of one guest. A transport pops chains and hands them to `control` and `cursor`, calls `poll` when fences may have signalled,
 * and tells it of changes of memory; answers come through `RequestSink`. Nothing blocks but where it says so.
 */
export class VirtioGpuDevice implements CompletionSink {
  readonly #state: DeviceState;
  readonly #sink: RequestSink;
  readonly #rows: ReadonlyMap<number, CommandRow>;
  readonly #request = new Request();
  readonly #fences = new FenceTimelines();
  readonly #waiting = new Set<WaitingRequest>();
  readonly #freeChains: DescriptorChain[] = [];
  /** Pieces of memory that waiting requests keep. */
  #heldSpans = 0;
  #stalled: { readonly waiting: WaitingRequest; readonly goOn: () => void } | null = null;
  #nextFence = 1;
  /** `events_read` of the configuration space. */
  #events = 0;

  /** `rows` is the command table; tests leave rows out. */
  constructor(parts: DeviceParts, sink: RequestSink, rows: readonly CommandRow[] = commandTable) {
    this.#state = new DeviceState(parts);
    this.#sink = sink;
    this.#rows = new Map(rows.map((row) => [row.type, row]));
  }

  /** Device feature bits (0 to 23 only; ring features are the transport's): computed from the commands that exist and the renderer. */
  get offeredFeatures(): bigint {
    const { renderer } = this.#state.parts;
    const hasVirgl = renderer.capsets.length > 0 && this.#implements(VIRTIO_GPU_F_VIRGL);
    const offered = [
      [VIRTIO_GPU_F_VIRGL, hasVirgl],
      [VIRTIO_GPU_F_EDID, this.#implements(VIRTIO_GPU_F_EDID)],
      [VIRTIO_GPU_F_RESOURCE_UUID, this.#implements(VIRTIO_GPU_F_RESOURCE_UUID)],
      [VIRTIO_GPU_F_RESOURCE_BLOB, renderer.hasBlobs && this.#implements(VIRTIO_GPU_F_RESOURCE_BLOB)],
      // Has no command of its own, but needs contexts.
      [VIRTIO_GPU_F_CONTEXT_INIT, hasVirgl],
    ] as const;
    return offered.reduce((features, [bit, isOffered]) => (isOffered ? features | (1n << BigInt(bit)) : features), 0n);
  }

  /** Whether every command of the feature has its row. */
  #implements(feature: number): boolean {
    return commandTable.every((row) => row.feature !== feature || this.#rows.has(row.type));
  }

  get config(): DeviceConfig {
    const { scanoutCount, parts } = this.#state;
    return { events: this.#events, scanouts: scanoutCount, capsets: parts.renderer.capsets.length };
  }

  /** The display has other modes. The transport tells the guest that the configuration has changed. */
  displayChanged(): void {
    this.#events |= VIRTIO_GPU_EVENT_DISPLAY;
  }

  /** The driver wrote `events_clear`. */
  clearEvents(events: number): void {
    this.#events &= ~events;
  }

  /** The descriptor's owner asks for a resource by the UUID that `ASSIGN_UUID` gave. @returns its memory, or null. Borrowed. */
  sharedBuffer(uuid: Uint8Array): HostBuffer | null {
    for (const resource of this.#state.resources.values()) {
      if (resource.isShared && resource.uuid!.every((byte, i) => byte === uuid[i])) return resource.blob?.host ?? null;
    }
    return null;
  }

  /** What the driver accepted. Commands of features that it did not accept are refused. */
  setFeatures(features: bigint): void {
    this.#state.features = features & this.offeredFeatures;
  }

  /** A chain to pop the next request into. Borrowed from the device; goes back through `control` or `cursor`. */
  takeChain(): DescriptorChain {
    return this.#freeChains.pop() ?? new DescriptorChain();
  }

  control(chain: DescriptorChain): void {
    this.#handle("control", chain);
  }

  cursor(chain: DescriptorChain): void {
    this.#handle("cursor", chain);
  }

  /** Answers requests whose fence has signalled, and those whose memory the GPU has left. Never waits. */
  poll(): void {
    this.#state.parts.renderer.poll(this);
  }

  /**
   * Answers flushes that were withheld until the display had read them. Call when a display may have, and at `flushDeadlineMs`; their
   * fences follow by `poll`.
   */
  answerFlushes(): void {
    this.#state.flushes.check();
  }

  /** When `answerFlushes` wants to be called though no display said anything, on `DeviceParts.clockMs`; Infinity: never. */
  get flushDeadlineMs(): number {
    return this.#state.flushes.deadlineMs;
  }

  fenceSignalled(_contextId: number, fenceId: number): void {
    this.#fences.signal(fenceId, ({ chain, answer }) => this.#finish("control", chain, answer));
  }

  /**
   * Guest memory is about to become `next`; `DeviceParts.memory` still is the old one. Waits for the GPU and answers what waits for it,
   * as answers and backings lie in the old memory. Requests that wait for somebody else find theirs again when they go on.
   */
  memoryChanges(next: GuestMemory): void {
    const { renderer } = this.#state.parts;
    renderer.finish();
    this.poll();
    moveBackings(this.#state, next);
    // Again: contents may have been moved out of the old memory, which is unmapped next. The front-end waits for that anyway.
    renderer.finish();
  }

  /** A request waits for memory that a display holds: no further one is to be taken from the control queue. */
  get isStalled(): boolean {
    return this.#stalled !== null;
  }

  /**
   * Requests that wait keep as much as they may: no further one is to be taken from the control queue until some were answered. An answer
   * before its fence would say that the GPU has left the memory, and a guest that is made to wait loses nothing: what it waits for never
   * depends on a request that it has not sent yet.
   */
  get isFull(): boolean {
    return this.#heldSpans >= this.#state.limits.waitingSpans;
  }

  /** The display may have let go, or (`isLate`) the wait has been long enough: then the request runs. Must not be called by a display. */
  unstall(isLate: boolean): void {
    const stalled = this.#stalled;
    if (stalled === null) return;
    const { chain } = stalled.waiting;
    const { memory } = this.#state.parts;
    if (stalled.waiting.memoryGeneration !== memory.generation) chain.rebind(memory);
    this.#request.load(chain);
    if (isLate || !mustWait(this.#state, this.#request, chain)) this.#resume(stalled.waiting, stalled.goOn);
  }

  /** Requests that wait for a fence. */
  get pendingCount(): number {
    return this.#fences.size;
  }

  /**
   * The control queue is about to stop: answers everything that waits, with what is known. Waits for the GPU; others are not waited
   * for: modes are told as they are now, and a mapping that nobody confirmed is an error.
   */
  settle(): void {
    for (const waiting of this.#waiting) this.#resume(waiting, waiting.cutShort);
    if (this.#fences.size === 0) return;
    this.#state.parts.renderer.finish();
    this.poll();
  }

  /** The guest reset the device: contexts, resources and scanouts go; requests in flight are forgotten, not answered. */
  reset(): void {
    const { renderer } = this.#state.parts;
    for (const resource of this.#state.resources.values()) dropResource(this.#state, resource);
    for (const id of this.#state.contexts) renderer.destroyContext(id);
    // The guest uses its memory for something else from now on.
    let isReached = true;
    renderer.whenReleased(() => (isReached = false));
    if (isReached) renderer.finish();
    this.#state.contexts.clear();
    this.#state.cursors.fill(null);
    this.#fences.clear();
    this.#waiting.clear();
    this.#heldSpans = 0;
    this.#state.flushes.clear();
    this.#stalled = null;
    this.#state.features = 0n;
    this.#events = 0;
  }

  #handle(queue: QueueName, chain: DescriptorChain): void {
    this.#request.load(chain);
    if (queue === "control" && mustWait(this.#state, this.#request, chain)) {
      this.#stall(chain);
      return;
    }
    const row = this.#rows.get(this.#request.type);
    if (row === undefined || row.queue !== queue || row.needsModes !== true) {
      this.#execute(queue, chain);
      return;
    }
    const ask = (): void => {
      // Other requests came meanwhile: this one is read and checked again from its start.
      this.#request.load(chain);
      this.#execute(queue, chain);
    };
    // A guest that asks faster than the display answers is told what is known.
    if (this.#waiting.size >= this.#state.limits.pending) {
      ask();
      return;
    }
    this.#hold(chain, REQUEST_FIXED_BYTES_MAX, LATE_ANSWER_BYTES);
    const waiting = this.#wait(chain, ask);
    this.#state.parts.display.refreshModes(() => this.#resume(waiting, ask));
  }

  /** A request for memory that is being read, and with it the queue: what is behind it must not overtake it. */
  #stall(chain: DescriptorChain): void {
    const goOn = (): void => {
      this.#stalled = null;
      this.#request.load(chain);
      this.#execute("control", chain);
    };
    this.#stalled = { waiting: this.#wait(chain, goOn), goOn };
  }

  /** A request that somebody else must help with. `cutShort` answers it without. */
  #wait(chain: DescriptorChain, cutShort: () => void): WaitingRequest {
    const waiting = { chain, cutShort, memoryGeneration: this.#state.parts.memory.generation };
    this.#waiting.add(waiting);
    return waiting;
  }

  /** The request waits: of its memory it keeps what is still read and written, which is counted until it is answered. */
  #hold(chain: DescriptorChain, readableBytes: number, writableBytes: number): void {
    chain.trim(readableBytes, writableBytes);
    this.#heldSpans += chain.spans - chain.heldSpans;
    chain.heldSpans = chain.spans;
  }

  /** Goes on with a request, once; after a reset nobody waits any more. */
  #resume(waiting: WaitingRequest, goOn: () => void): void {
    if (!this.#waiting.delete(waiting)) return;
    const { memory } = this.#state.parts;
    if (waiting.memoryGeneration !== memory.generation) waiting.chain.rebind(memory);
    goOn();
  }

  #execute(queue: QueueName, chain: DescriptorChain): void {
    const request = this.#request;
    let answer = this.#run(queue, chain);
    // A guest may offer the same buffers again and again before they are given back.
    if (answer instanceof Deferred && this.#waiting.size >= this.#state.limits.pending) {
      answer.beforeFallback();
      answer = answer.fallback;
    }
    const fence = request.hasHeader && request.isFenced ? request.fence(this.#hasRings) : null;
    if (!(answer instanceof Deferred)) {
      this.#answer(queue, chain, answer, fence);
      return;
    }
    const deferred = answer;
    this.#hold(chain, 0, LATE_ANSWER_BYTES);
    const goOn = (late: Answer) => (): void => this.#answer(queue, chain, late, fence);
    const fallback = goOn(deferred.fallback);
    const waiting = this.#wait(chain, () => {
      deferred.beforeFallback();
      fallback();
    });
    deferred.whenDone((late) => this.#resume(waiting, goOn(late)));
  }

  /** Gives the answer, or keeps it until its fence has signalled. */
  #answer(queue: QueueName, chain: DescriptorChain, answer: Answer, fence: RequestFence | null): void {
    if (fence === null) {
      this.#finish(queue, chain, answer);
      return;
    }
    answer.set(fence.header, 4);
    if (queue === "cursor" || this.#fences.size >= this.#state.limits.pending) {
      this.#finish(queue, chain, answer);
      return;
    }
    this.#hold(chain, 0, answer.length);
    const id = this.#nextFence++;
    const timeline = fence.ringIndex === null ? DEVICE_TIMELINE : ringTimeline(fence.contextId, fence.ringIndex);
    this.#fences.add(timeline, id, { chain, answer });
    this.#state.parts.renderer.createFence(fence.contextId, id);
  }

  #run(queue: QueueName, chain: DescriptorChain): Answer | Deferred {
    const request = this.#request;
    if (!request.hasHeader) return plainAnswer(VIRTIO_GPU_RESP_ERR_UNSPEC);
    const row = this.#rows.get(request.type);
    const { logger } = this.#state.parts;
    if (row === undefined || row.queue !== queue || !this.#isAccepted(row)) {
      logger.warn(`The guest sent a command that is not offered on the ${queue} queue.`, { type: request.type });
      return plainAnswer(VIRTIO_GPU_RESP_ERR_UNSPEC);
    }
    if (request.lengthBytes < row.fixedBytes) {
      logger.warn(`${row.name} is too short.`, { lengthBytes: request.lengthBytes, neededBytes: row.fixedBytes });
      return plainAnswer(VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER);
    }
    const ringRefusal = this.#checkRing(request);
    if (ringRefusal !== null) return plainAnswer(ringRefusal);
    try {
      return row.run(this.#state, request, chain);
    } catch (error) {
      // A bug of ours must not take the guest's display away: the request fails, the device lives.
      if (!(error instanceof Error) || error instanceof HostError) throw error;
      logger.error(`${row.name} failed: ${error.message}`, {});
      this.#state.parts.renderer.failed?.(error.message);
      return plainAnswer(VIRTIO_GPU_RESP_ERR_UNSPEC);
    }
  }

  #isAccepted(row: CommandRow): boolean {
    return row.feature === null || this.#state.hasFeature(row.feature);
  }

  /** Whether requests may name a ring of their context. */
  get #hasRings(): boolean {
    return this.#state.hasFeature(VIRTIO_GPU_F_CONTEXT_INIT);
  }

  /** @returns the response type that refuses a ring which does not exist, or null */
  #checkRing(request: Request): number | null {
    if (!this.#hasRings || !request.hasRing) return null;
    if (request.ringIndex >= VIRTIO_GPU_RINGS) return VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER;
    return this.#state.contexts.has(request.contextId) ? null : VIRTIO_GPU_RESP_ERR_INVALID_CONTEXT_ID;
  }

  #finish(queue: QueueName, chain: DescriptorChain, answer: Answer): void {
    // Spec: a request without room for an answer gets none. Cursor requests usually have none.
    const written = chain.write(0, answer);
    const head = chain.head;
    this.#heldSpans -= chain.heldSpans;
    chain.reset(0);
    if (this.#freeChains.length < FREE_CHAINS) this.#freeChains.push(chain);
    this.#sink.done(queue, head, written);
  }
}
