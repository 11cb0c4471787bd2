import { CopyReason } from "../../memory/index.js";
import { MAX_SAMPLERS, MAX_SAMPLER_VIEWS } from "../../virgl/index.js";
import type { GlesHost } from "./gles-host.js";
import type { SamplerState } from "./objects/sampler-state.js";
import type { SamplerView } from "./objects/sampler-view.js";
import type { GlResource } from "./resource/index.js";

/** Gallium's PIPE_MAX_CONSTANT_BUFFERS. */
export const MAX_CONSTANT_BUFFERS = 32;
const MIN_STORE_BYTES = 1024;

/** Everything that is bound per shader stage. */
export class StageState {
  readonly views: (SamplerView | null)[] = new Array<SamplerView | null>(MAX_SAMPLER_VIEWS).fill(null);
  readonly samplers: (SamplerState | null)[] = new Array<SamplerState | null>(MAX_SAMPLERS).fill(null);

  /**
   * Constant buffer 0: where its bytes are. While a stream is decoded they are used in place; `saveConstants` moves
   * them to the stage's own store before the stream goes away.
   */
  constantsSegment = 0;
  constantsOffset = 0;
  constantsBytes = 0;
  /** The constants refer to the current command stream. */
  #constantsBorrowed = false;
  #borrowedFrom: Uint8Array | null = null;
  #store: Uint8Array | null = null;
  #storeSegment = 0;

  readonly uniformBuffers: (GlResource | null)[] = new Array<GlResource | null>(MAX_CONSTANT_BUFFERS).fill(null);
  readonly uniformOffset = new Float64Array(MAX_CONSTANT_BUFFERS);
  readonly uniformLength = new Float64Array(MAX_CONSTANT_BUFFERS);

  /** Takes constants from the current stream: `stream` is the whole segment. */
  borrowConstants(segment: number, stream: Uint8Array, offsetBytes: number, lengthBytes: number): void {
    this.constantsSegment = segment;
    this.constantsOffset = offsetBytes;
    this.constantsBytes = lengthBytes;
    this.#borrowedFrom = stream;
    this.#constantsBorrowed = true;
  }

  /**
   * Nothing that is encoded may still have to gather from the store.
   * @returns false when there is no segment left for a store: the constants are lost
   */
  saveConstants(host: GlesHost): boolean {
    if (!this.#constantsBorrowed) return true;
    const bytes = this.constantsBytes;
    const from = this.constantsOffset;
    const stream = this.#borrowedFrom!;
    let store = this.#store;
    if (store === null || store.length < bytes) {
      if (this.#storeSegment !== 0) host.encoder.unregisterSegment(this.#storeSegment);
      store = new Uint8Array(Math.max(MIN_STORE_BYTES, bytes));
      this.#storeSegment = host.encoder.registerSegment(store);
      this.#store = this.#storeSegment === 0 ? null : store;
    }
    this.#constantsBorrowed = false;
    this.#borrowedFrom = null;
    this.constantsOffset = 0;
    if (this.#storeSegment === 0) {
      this.constantsBytes = 0;
      return false;
    }
    store.set(stream.subarray(from, from + bytes));
    host.ledger.count(CopyReason.CONSTANTS, bytes);
    this.constantsSegment = this.#storeSegment;
    return true;
  }

  bindView(host: GlesHost, slot: number, view: SamplerView | null): boolean {
    const old = this.views[slot]!;
    if (old === view) return false;
    view?.retain();
    old?.release(host);
    this.views[slot] = view;
    return true;
  }

  bindSampler(host: GlesHost, slot: number, sampler: SamplerState | null): boolean {
    const old = this.samplers[slot]!;
    if (old === sampler) return false;
    sampler?.retain();
    old?.release(host);
    this.samplers[slot] = sampler;
    return true;
  }

  bindUniformBuffer(slot: number, resource: GlResource | null, offsetBytes: number, lengthBytes: number): void {
    const old = this.uniformBuffers[slot]!;
    this.uniformOffset[slot] = offsetBytes;
    this.uniformLength[slot] = lengthBytes;
    if (old === resource) return;
    resource?.retain();
    old?.release();
    this.uniformBuffers[slot] = resource;
  }

  destroy(host: GlesHost): void {
    for (let i = 0; i < this.views.length; i++) this.bindView(host, i, null);
    for (let i = 0; i < this.samplers.length; i++) this.bindSampler(host, i, null);
    for (let i = 0; i < this.uniformBuffers.length; i++) this.bindUniformBuffer(i, null, 0, 0);
    this.releaseMemory(host);
  }

  /** Gives back what constants were kept in: there are none any more. */
  releaseMemory(host: GlesHost): void {
    if (this.#storeSegment !== 0) host.encoder.unregisterSegment(this.#storeSegment);
    this.#storeSegment = 0;
    this.#store = null;
    this.#constantsBorrowed = true;
    this.dropConstants();
  }

  /** Constants that are still in a command stream are no more. */
  dropConstants(): void {
    if (!this.#constantsBorrowed) return;
    this.constantsBytes = 0;
    this.#constantsBorrowed = false;
    this.#borrowedFrom = null;
  }
}
