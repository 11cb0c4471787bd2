import { Dirty } from "./dirty.js";
import { GuestError, type GuestErrorCode } from "../../base/index.js";
import type { GlesHost } from "./gles-host.js";
import * as v from "../../virgl/index.js";
import type { Resource3d } from "../renderer.js";
import { SubContext } from "./sub-context.js";
import type { GlResource } from "./resource/index.js";

/** Object handles of one context over all its sub-contexts; Mesa stays in the thousands. */
const MAX_OBJECTS = 1 << 18;
export const MAX_SUB_CONTEXTS = 256;
/** Blobs that are described and not yet resources. */
const MAX_BLOBS = 4096;
/** Resource ids below this are attached in a byte array. */
const DENSE_RESOURCES = 1 << 16;

/** A virtio-gpu 3D context: its sub-contexts and the resources it may use. One guest process, as a rule. */
export class VirglContext {
  readonly id: number;
  readonly debugName: string;
  /** Set by the first guest error: nothing is executed for this context any more. */
  dead = false;
  /** Never null: sub-context 0 exists from the start. */
  sub: SubContext;
  /** Sub-contexts whose constants lie in the command stream that is being decoded. */
  readonly borrowers: SubContext[] = [];
  /** Objects in all sub-contexts. */
  objectCount = 0;
  /** Memory of its shaders, as `ShaderTexts` counts it. */
  shaderBytes = 0;
  readonly #host: GlesHost;
  readonly #subs = new Map<number, SubContext>();
  readonly #blobs = new Map<number, Resource3d>();
  #attachedDense = new Uint8Array(64);
  readonly #attachedSparse = new Set<number>();

  constructor(host: GlesHost, id: number, debugName: string) {
    this.#host = host;
    this.id = id;
    this.debugName = debugName;
    this.sub = new SubContext(this, 0);
    this.#subs.set(0, this.sub);
  }

  /** VIRGL_CCMD_PIPE_RESOURCE_CREATE: keeps what a blob shall be until RESOURCE_CREATE_BLOB names it. Values are unchecked. */
  describeBlob(dw: Uint32Array, at: number): GuestErrorCode {
    const blobId = dw[at + v.VIRGL_PIPE_RES_CREATE_BLOB_ID]!;
    if (blobId === 0) return GuestError.BAD_VALUE;
    if (this.#blobs.has(blobId)) return GuestError.ALREADY_EXISTS;
    if (this.#blobs.size >= MAX_BLOBS) return GuestError.LIMIT;
    this.#blobs.set(blobId, {
      target: dw[at + v.VIRGL_PIPE_RES_CREATE_TARGET]!,
      format: dw[at + v.VIRGL_PIPE_RES_CREATE_FORMAT]!,
      bind: dw[at + v.VIRGL_PIPE_RES_CREATE_BIND]!,
      width: dw[at + v.VIRGL_PIPE_RES_CREATE_WIDTH]!,
      height: dw[at + v.VIRGL_PIPE_RES_CREATE_HEIGHT]!,
      depth: dw[at + v.VIRGL_PIPE_RES_CREATE_DEPTH]!,
      arraySize: dw[at + v.VIRGL_PIPE_RES_CREATE_ARRAY_SIZE]!,
      lastLevel: dw[at + v.VIRGL_PIPE_RES_CREATE_LAST_LEVEL]!,
      samples: dw[at + v.VIRGL_PIPE_RES_CREATE_NR_SAMPLES]!,
      // PIPE_RESOURCE_FLAG_*, of which none means anything here: RESOURCE_CREATE_3D's are others.
      flags: 0,
    });
    return GuestError.NONE;
  }

  /** Hands over the description that `describeBlob` kept: one blob id, one resource. */
  takeBlob(blobId: number): Resource3d | null {
    const blob = this.#blobs.get(blobId) ?? null;
    this.#blobs.delete(blobId);
    return blob;
  }

  attach(resourceId: number): void {
    if (resourceId >= DENSE_RESOURCES) {
      this.#attachedSparse.add(resourceId);
      return;
    }
    if (resourceId >= this.#attachedDense.length) {
      const grown = new Uint8Array(Math.max(this.#attachedDense.length * 2, resourceId + 1));
      grown.set(this.#attachedDense);
      this.#attachedDense = grown;
    }
    this.#attachedDense[resourceId] = 1;
  }

  detach(resourceId: number): void {
    if (resourceId >= DENSE_RESOURCES) this.#attachedSparse.delete(resourceId);
    else if (resourceId < this.#attachedDense.length) this.#attachedDense[resourceId] = 0;
  }

  isAttached(resourceId: number): boolean {
    return resourceId < DENSE_RESOURCES ? this.#attachedDense[resourceId] === 1 : this.#attachedSparse.has(resourceId);
  }

  /** The resource that this context's commands mean by `id`, or undefined when it is unknown or not attached. */
  resource(id: number): GlResource | undefined {
    return this.isAttached(id) ? this.#host.resources.lookup(id) : undefined;
  }

  /** Whether one more object may be created. */
  hasRoom(): boolean {
    return this.objectCount < MAX_OBJECTS;
  }

  createSub(id: number): GuestErrorCode {
    if (this.#subs.has(id)) return GuestError.ALREADY_EXISTS;
    if (this.#subs.size >= MAX_SUB_CONTEXTS) return GuestError.LIMIT;
    this.#subs.set(id, new SubContext(this, id));
    return GuestError.NONE;
  }

  /** Sub-context 0 stays: something must be current. */
  destroySub(id: number): GuestErrorCode {
    if (id === 0) return GuestError.BAD_VALUE;
    const sub = this.#subs.get(id);
    if (sub === undefined) return GuestError.UNKNOWN_SUB_CONTEXT;
    this.#subs.delete(id);
    if (this.sub === sub) this.sub = this.#subs.get(0)!;
    if (this.#host.current === sub) this.#host.makeCurrent(this.sub);
    sub.destroy(this.#host);
    return GuestError.NONE;
  }

  subContext(id: number): SubContext | undefined {
    return this.#subs.get(id);
  }

  selectSub(id: number): GuestErrorCode {
    const sub = this.#subs.get(id);
    if (sub === undefined) return GuestError.UNKNOWN_SUB_CONTEXT;
    this.sub = sub;
    return GuestError.NONE;
  }

  /** Framebuffers are looked up again at the next draw. */
  forgetFramebuffers(): void {
    for (const sub of this.#subs.values()) {
      sub.framebuffer = null;
      sub.dirty = Dirty.ALL;
    }
  }

  /** The command stream goes away: keeps what is still bound of it. Everything has been flushed. @returns LIMIT when that cannot be */
  endStream(): GuestErrorCode {
    const { borrowers } = this;
    let code: GuestErrorCode = GuestError.NONE;
    for (const sub of borrowers) if (!sub.saveConstants(this.#host)) code = GuestError.LIMIT;
    borrowers.length = 0;
    return code;
  }

  /** The command stream goes away in the middle of a command: what is bound of it is unbound. */
  dropStream(): void {
    for (const sub of this.borrowers) sub.dropConstants();
    this.borrowers.length = 0;
  }

  /** The GL context is gone, and this context with it: gives back memory that GL ops could refer to. */
  releaseMemory(): void {
    for (const sub of this.#subs.values()) sub.releaseMemory(this.#host);
  }

  destroy(): void {
    for (const sub of this.#subs.values()) {
      if (this.#host.current === sub) this.#host.makeCurrent(null);
      sub.destroy(this.#host);
    }
    this.#subs.clear();
  }
}
