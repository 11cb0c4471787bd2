import { GuestError, type GuestErrorCode } from "../../base/index.js";
import * as v from "../../virgl/index.js";
import type { BlobStore } from "../blob-store.js";
import type { GlesHost } from "./gles-host.js";
import { writesHeld } from "./stream-targets.js";
import type { VirglContext } from "./virgl-context.js";

/** The one plane of a typed blob. */
interface Plane {
  readonly strideBytes: number;
  readonly offsetBytes: number;
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

/**
 * Untyped blobs to which a context has given a type (PIPE_RESOURCE_SET_TYPE), because its guest had them from elsewhere. Their memory
 * stays what counts: nobody transfers it, so it is fetched before every stream of a context that may use it, and put back at once after
 * every stream that draws to it. That is a copy each time; the ledger says so.
 */
export class TypedBlobs {
  /** Where the blobs are; the renderer sets it. */
  blobs: BlobStore | null = null;
  readonly #host: GlesHost;
  readonly #planes = new Map<number, Plane>();
  /** Of the stream that runs: typed by itself, and drawn to. */
  readonly #fresh: number[] = [];
  readonly #drawn: number[] = [];

  constructor(host: GlesHost) {
    this.#host = host;
  }

  get size(): number {
    return this.#planes.size;
  }

  has(resourceId: number): boolean {
    return this.#planes.has(resourceId);
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
    this.#planes.set(id, plane);
    this.#fresh.push(id);
    return this.#move(id, "to-host");
  }

  /** A stream is about to run: contents as the guest's processor has left them. */
  begin(context: VirglContext, words: Uint32Array, start: number, end: number): void {
    this.#fresh.length = this.#drawn.length = 0;
    for (const id of this.#planes.keys()) {
      if (!context.isAttached(id)) continue;
      this.#move(id, "to-host");
      if (writesHeld(context, words, start, end, (written) => written === id)) this.#drawn.push(id);
    }
  }

  /** A stream has run: what it drew goes to the guest. */
  end(context: VirglContext, words: Uint32Array, start: number, end: number): void {
    for (const id of this.#fresh)
      if (writesHeld(context, words, start, end, (written) => written === id)) this.#drawn.push(id);
    for (const id of this.#drawn) this.#move(id, "from-host");
    this.#fresh.length = this.#drawn.length = 0;
  }

  /** The blob is unreferenced. */
  forget(resourceId: number): void {
    if (this.#planes.delete(resourceId)) this.#host.resources.unref(resourceId);
  }

  #bytes(): number {
    let sum = 0;
    for (const id of this.#planes.keys()) sum += this.#host.resources.peek(id)?.sizeBytes ?? 0;
    return sum;
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
