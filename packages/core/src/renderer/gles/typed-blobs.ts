import { GuestError, type GuestErrorCode } from "../../base/index.js";
import type { Backing } from "../../memory/index.js";
import * as v from "../../virgl/index.js";
import type { BlobStore } from "../blob-store.js";
import type { GlesHost } from "./gles-host.js";
import type { BlobPlane } from "./resource/index.js";
import type { VirglContext } from "./virgl-context.js";

/** A typed blob: where its one plane lies. */
interface TypedBlob extends BlobPlane {
  /** Its memory is the storage of the resource: nothing is moved. */
  isInPlace: boolean;
}

/** `drm_fourcc.h`: DRM_FORMAT_MOD_LINEAR and DRM_FORMAT_MOD_INVALID (nobody said), high and low half. */
const LINEAR = [0, 0] as const;
const UNSAID = [0x00ff_ffff, 0xffff_ffff] as const;
/** Words of PIPE_RESOURCE_SET_TYPE before its planes, and of each plane. */
const FIXED_WORDS = 8;
const PLANE_WORDS = 2;
const PIPE_TEXTURE_2D = 2;
/** All of them may be moved at every stream: a guest that types more must not keep the device busy with nothing else. */
const MAX_TYPED = 64;
const MAX_TYPED_BYTES = 512 << 20;
/** Where each costs a call into the system at every stream. */
const MAX_SYNCED = 256;

/**
 * Untyped blobs to which a context has given a type (PIPE_RESOURCE_SET_TYPE), because its guest had them from elsewhere. Their memory
 * stays what counts, and nobody transfers it. Where the driver takes it, it is the storage of the resource. Elsewhere it is fetched before
 * every stream of a context that may use it, and put back at once after every stream that draws to it: a copy each time, which the ledger
 * tells.
 */
export class TypedBlobs {
  /** Where the blobs are; the renderer sets it. */
  blobs: BlobStore | null = null;
  readonly #host: GlesHost;
  readonly #planes = new Map<number, TypedBlob>();
  /** Objects of contexts whose memory guests map, on hosts where that must be told. */
  readonly #mapped = new Set<number>();
  /** Of the stream that runs: typed by itself, and drawn to; the GPU's caches hold what those in place have become. */
  readonly #fresh: number[] = [];
  readonly #drawn: number[] = [];

  constructor(host: GlesHost) {
    this.#host = host;
  }

  get size(): number {
    return this.#planes.size + this.#mapped.size;
  }

  has(resourceId: number): boolean {
    return this.#planes.has(resourceId);
  }

  /** The memory of a blob that has a type; null: it is none, or nothing is attached. */
  memory(resourceId: number): Backing | null {
    return this.#planes.has(resourceId) ? (this.blobs?.backing(resourceId) ?? null) : null;
  }

  /** VIRGL_CCMD_PIPE_RESOURCE_SET_TYPE. A resource that has a type keeps it: that is no error. */
  setType(context: VirglContext, dw: Uint32Array, at: number, len: number): GuestErrorCode {
    const id = dw[at + v.VIRGL_PIPE_RES_SET_TYPE_RES_HANDLE]!;
    if (!context.isAttached(id)) return GuestError.UNKNOWN_RESOURCE;
    const { resources } = this.#host;
    if (resources.has(id)) return GuestError.NONE;
    const memory = this.blobs?.backing(id) ?? null;
    if (memory === null) return GuestError.BAD_BACKING;
    const high = dw[at + v.VIRGL_PIPE_RES_SET_TYPE_MODIFIER_HI]!;
    const low = dw[at + v.VIRGL_PIPE_RES_SET_TYPE_MODIFIER_LO]!;
    const isLinear = [LINEAR, UNSAID].some((modifier) => modifier[0] === high && modifier[1] === low);
    if (!isLinear || len !== FIXED_WORDS + PLANE_WORDS) return GuestError.NOT_OFFERED;
    const width = dw[at + v.VIRGL_PIPE_RES_SET_TYPE_WIDTH]!;
    const height = dw[at + v.VIRGL_PIPE_RES_SET_TYPE_HEIGHT]!;
    const code = resources.create(id, {
      target: PIPE_TEXTURE_2D,
      format: dw[at + v.VIRGL_PIPE_RES_SET_TYPE_FORMAT]!,
      bind: dw[at + v.VIRGL_PIPE_RES_SET_TYPE_BIND]!,
      ...{ width, height, depth: 1, arraySize: 1, lastLevel: 0, samples: 0, flags: 0 },
    });
    if (code !== GuestError.NONE) return code;
    const plane = {
      strideBytes: dw[at + v.VIRGL_PIPE_RES_SET_TYPE_PLANE_STRIDE(0)]!,
      offsetBytes: dw[at + v.VIRGL_PIPE_RES_SET_TYPE_PLANE_OFFSET(0)]!,
    };
    const { format } = resources.peek(id)!;
    const rowBytes = Math.ceil(width / format.blockWidth) * format.blockBytes;
    const rows = Math.ceil(height / format.blockHeight);
    const isInside = plane.offsetBytes + plane.strideBytes * (rows - 1) + rowBytes <= memory.sizeBytes;
    if (plane.strideBytes < rowBytes || !isInside) {
      resources.unref(id);
      return GuestError.OUT_OF_BOUNDS;
    }
    if (this.#planes.size >= MAX_TYPED || this.#bytes() + resources.peek(id)!.sizeBytes > MAX_TYPED_BYTES) {
      resources.unref(id);
      return GuestError.LIMIT;
    }
    const isInPlace = this.#host.imports.attachedBlob(resources.peek(id)!, memory, plane, false);
    this.#planes.set(id, { ...plane, isInPlace });
    this.#fresh.push(id);
    return this.#fetch(id);
  }

  /** An object of a context is memory that the guest maps. @returns false: there are too many for this host */
  addMapped(resourceId: number): boolean {
    if (!this.#host.imports.needsSync) return true;
    if (this.#mapped.size >= MAX_SYNCED) return false;
    this.#mapped.add(resourceId);
    return true;
  }

  /** Whether the blob's memory is drawn to and sampled where it lies: then whoever reads it by the processor waits for the GPU. */
  isInPlace(resourceId: number): boolean {
    return this.#planes.get(resourceId)?.isInPlace === true || this.#mapped.has(resourceId);
  }

  /** Before the processor reads an untyped or typed blob: what the GPU was asked to draw into it is there. */
  settle(resourceId: number): void {
    if (!this.isInPlace(resourceId)) return;
    this.#host.encoder.flush();
    this.#host.gl.finish();
    const resource = this.#host.resources.peek(resourceId);
    if (resource !== undefined) this.#host.imports.syncBlob(resource, "from-device");
  }

  /** The blob's memory goes or changes: what is typed has storage of its own from now on, and is copied. */
  memoryGoes(resourceId: number): void {
    const typed = this.#planes.get(resourceId);
    const resource = this.#host.resources.peek(resourceId);
    if (typed === undefined || !typed.isInPlace || resource === undefined) return;
    typed.isInPlace = false;
    this.#host.imports.detaching(resource);
  }

  /** A stream is about to run: contents as the guest's processor has left them. @param written what the stream writes */
  begin(context: VirglContext, written: ReadonlySet<number>): void {
    this.#fresh.length = this.#drawn.length = 0;
    for (const id of this.#planes.keys()) this.#beginOne(id, context, written);
    for (const id of this.#mapped) this.#beginOne(id, context, written);
  }

  #beginOne(id: number, context: VirglContext, written: ReadonlySet<number>): void {
    if (!context.isAttached(id)) return;
    this.#fetch(id);
    if (written.has(id) && this.#mustPutBack(id)) this.#drawn.push(id);
  }

  /** A stream has run: what it drew goes to the guest. @param written what the stream has written */
  end(written: ReadonlySet<number>): void {
    for (const id of this.#fresh) if (written.has(id) && this.#mustPutBack(id)) this.#drawn.push(id);
    for (const id of this.#drawn) this.#putBack(id);
    this.#fresh.length = this.#drawn.length = 0;
  }

  /** The blob is unreferenced. */
  forget(resourceId: number): void {
    this.#mapped.delete(resourceId);
    if (this.#planes.delete(resourceId)) this.#host.resources.unref(resourceId);
  }

  #bytes(): number {
    let sum = 0;
    for (const id of this.#planes.keys()) sum += this.#host.resources.peek(id)?.sizeBytes ?? 0;
    return sum;
  }

  /** False: the guest sees by itself what was drawn. */
  #mustPutBack(id: number): boolean {
    return !this.isInPlace(id) || this.#host.imports.needsSync;
  }

  #fetch(id: number): GuestErrorCode {
    if (!this.isInPlace(id)) return this.#move(id, "to-host");
    if (this.#host.imports.needsSync) this.#host.imports.syncBlob(this.#host.resources.peek(id)!, "to-device");
    return GuestError.NONE;
  }

  #putBack(id: number): void {
    if (this.isInPlace(id)) this.settle(id);
    else this.#move(id, "from-host");
  }

  #move(id: number, direction: "to-host" | "from-host"): GuestErrorCode {
    const memory = this.blobs?.backing(id) ?? null;
    const resource = this.#host.resources.lookup(id);
    if (memory === null || resource === undefined) return GuestError.NONE;
    const { width, height } = resource;
    const box = { level: 0, x: 0, y: 0, z: 0, width, height, depth: 1, ...this.#planes.get(id)!, layerStrideBytes: 0 };
    return this.#host.transfers.through(resource, box, memory, direction);
  }
}
