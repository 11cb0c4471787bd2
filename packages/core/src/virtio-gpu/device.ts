/**
 * The virtio-gpu device: takes requests from the two queues, answers each exactly once. Knows the renderer's waist and the
 * display's interface only: no GL, no transport. Spec: virtio 1.3, GPU Device.
 *
 * A fenced request is answered when the GPU has finished what came before it; its buffers stay with the device until then.
 */
import { InternalError } from "../base/index.js";
import type { CompletionSink } from "../renderer/index.js";
import { DescriptorChain } from "../virtqueue/index.js";
import { type Answer, plainAnswer } from "./answer.js";
import { type CommandRow, commandTable } from "./command-table.js";
import { findBackings, releaseBackings } from "./commands-resource.js";
import { type DeviceParts, DeviceState } from "./device-state.js";
import {
  VIRTIO_GPU_F_EDID,
  VIRTIO_GPU_F_RESOURCE_UUID,
  VIRTIO_GPU_F_VIRGL,
  VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER,
  VIRTIO_GPU_RESP_ERR_UNSPEC,
} from "./protocol.js";
import { Request } from "./request.js";

/** Takes back finished requests. Called during `control`, `cursor` and `poll`; must not call the device. */
export interface RequestSink {
  /** The answer is written; `writtenBytes` is what goes into the used ring. */
  done(queue: "control" | "cursor", head: number, writtenBytes: number): void;
}

/** `struct virtio_gpu_config`, what a device knows of it. */
export interface DeviceConfig {
  readonly scanouts: number;
  readonly capsets: number;
}

interface Pending {
  readonly chain: DescriptorChain;
  readonly answer: Answer;
}

/** Fenced requests in flight: a guest cannot have more than its queue holds, a queue not more than this. */
const MAX_PENDING = 32_768;

export class VirtioGpuDevice implements CompletionSink {
  readonly #state: DeviceState;
  readonly #sink: RequestSink;
  readonly #rows: ReadonlyMap<number, CommandRow>;
  readonly #request = new Request();
  readonly #pending = new Map<number, Pending>();
  readonly #freeChains: DescriptorChain[] = [];
  #features = 0n;
  #nextFence = 1;
  /** Goes up with every reset: what was in flight before is void. */
  #generation = 0;
  /** Memory has changed since the backings were found. */
  #mustFindBackings = false;

  /** `rows` is the command table; tests leave rows out. */
  constructor(parts: DeviceParts, sink: RequestSink, rows: readonly CommandRow[] = commandTable) {
    this.#state = new DeviceState(parts);
    this.#sink = sink;
    this.#rows = new Map(rows.map((row) => [row.type, row]));
  }

  /** Device feature bits (0 to 23 only; ring features are the transport's): computed from the commands that exist and the renderer. */
  get offeredFeatures(): bigint {
    let features = 0n;
    const types = [...this.#rows.values()];
    const has = (feature: number): boolean => types.some((row) => row.feature === feature);
    if (has(VIRTIO_GPU_F_EDID)) features |= 1n << BigInt(VIRTIO_GPU_F_EDID);
    if (has(VIRTIO_GPU_F_RESOURCE_UUID)) features |= 1n << BigInt(VIRTIO_GPU_F_RESOURCE_UUID);
    const virgl = commandTable.filter((row) => row.feature === VIRTIO_GPU_F_VIRGL);
    const hasAllOfVirgl = virgl.every((row) => this.#rows.has(row.type));
    if (hasAllOfVirgl && this.#state.parts.renderer.capsets.length > 0) features |= 1n << BigInt(VIRTIO_GPU_F_VIRGL);
    return features;
  }

  get config(): DeviceConfig {
    return { scanouts: this.#state.scanouts.length, capsets: this.#state.parts.renderer.capsets.length };
  }

  /** What the driver accepted. Commands of features that it did not accept are refused. */
  setFeatures(features: bigint): void {
    this.#features = features & this.offeredFeatures;
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

  /** Answers fenced requests whose fence has signalled. Never waits. */
  poll(): void {
    this.#state.parts.renderer.poll(this);
  }

  fenceSignalled(_contextId: number, fenceId: number): void {
    const pending = this.#pending.get(fenceId);
    if (pending === undefined) return;
    this.#pending.delete(fenceId);
    this.#finish("control", pending.chain, pending.answer);
  }

  /**
   * Guest memory is about to change. Waits for the GPU and answers what waits for it, as answers and backings lie in the old
   * memory. The backings are found again at the next request.
   */
  releaseMemory(): void {
    const { renderer } = this.#state.parts;
    renderer.finish();
    this.poll();
    releaseBackings(this.#state);
    renderer.flush();
    this.#mustFindBackings = true;
  }

  /** Requests that wait for a fence. */
  get pendingCount(): number {
    return this.#pending.size;
  }

  /** The guest reset the device: contexts, resources and scanouts go; requests in flight are forgotten, not answered. */
  reset(): void {
    const { renderer } = this.#state.parts;
    for (const resource of this.#state.resources.values()) {
      this.#state.releaseScanouts(resource);
      renderer.unrefResource(resource.id);
    }
    for (const id of this.#state.contexts) renderer.destroyContext(id);
    this.#state.resources.clear();
    this.#state.contexts.clear();
    this.#state.cursors.fill(null);
    this.#pending.clear();
    this.#generation++;
    this.#features = 0n;
  }

  #handle(queue: "control" | "cursor", chain: DescriptorChain): void {
    if (this.#mustFindBackings) {
      this.#mustFindBackings = false;
      findBackings(this.#state);
    }
    this.#request.load(chain);
    if (this.#rows.get(this.#request.type)?.needsModes !== true) {
      this.#execute(queue, chain);
      return;
    }
    const generation = this.#generation;
    const memoryGeneration = this.#state.parts.memory.generation;
    this.#state.parts.display.refreshModes(() => {
      // After a reset nobody waits; after a change of memory the request is no longer where it was.
      if (generation !== this.#generation || memoryGeneration !== this.#state.parts.memory.generation) return;
      // Other requests came meanwhile: this one is read and checked again from its start.
      this.#request.load(chain);
      this.#execute(queue, chain);
    });
  }

  #execute(queue: "control" | "cursor", chain: DescriptorChain): void {
    const request = this.#request;
    const answer = this.#run(queue, chain);
    if (!request.hasHeader || !request.isFenced) {
      this.#finish(queue, chain, answer);
      return;
    }
    request.copyFenceTo(new DataView(answer.buffer, answer.byteOffset));
    if (queue === "cursor" || this.#pending.size >= MAX_PENDING) {
      this.#finish(queue, chain, answer);
      return;
    }
    const fence = this.#nextFence++;
    this.#pending.set(fence, { chain, answer });
    this.#state.parts.renderer.createFence(request.contextId, fence);
  }

  #run(queue: "control" | "cursor", chain: DescriptorChain): Answer {
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
    try {
      return row.run(this.#state, request, chain);
    } catch (error) {
      // A bug of ours must not take the guest's display away: the request fails, the device lives.
      if (!(error instanceof InternalError) && !(error instanceof RangeError)) throw error;
      logger.error(`${row.name} failed: ${error.message}`, {});
      return plainAnswer(VIRTIO_GPU_RESP_ERR_UNSPEC);
    }
  }

  #isAccepted(row: CommandRow): boolean {
    return row.feature === null || (this.#features & (1n << BigInt(row.feature))) !== 0n;
  }

  #finish(queue: "control" | "cursor", chain: DescriptorChain, answer: Answer): void {
    // Spec: a request without room for an answer gets none. Cursor requests usually have none.
    const written = chain.write(0, answer);
    const head = chain.head;
    chain.reset(0);
    this.#freeChains.push(chain);
    this.#sink.done(queue, head, written);
  }
}
