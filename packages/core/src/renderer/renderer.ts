/**
 * The narrow waist: what a device (vtest session, virtio-gpu device) asks of whatever renders. Verbs are named after
 * the virtio-gpu commands (virtio 1.3, GPU Device). Every verb returns a `GuestErrorCode`; none throws for guest input.
 * Work is encoded and may be executed later, in order; completions arrive through `poll`.
 */
import type { GuestErrorCode } from "../base/index.js";
import type { Backing, CopyReasonCode, Segment } from "../memory/index.js";

export type ContextId = number;
export type ResourceId = number;

/** RESOURCE_CREATE_3D, fields as in `struct virtio_gpu_resource_create_3d`. Unchecked guest numbers. */
export interface Resource3d {
  readonly target: number;
  readonly format: number;
  readonly bind: number;
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly arraySize: number;
  readonly lastLevel: number;
  readonly samples: number;
  /** `VIRTIO_GPU_RESOURCE_FLAG_Y_0_TOP` is bit 0. */
  readonly flags: number;
}

/** TRANSFER_TO_HOST_3D / TRANSFER_FROM_HOST_3D. Box in texels; offset and strides in bytes of the backing. Unchecked. */
export interface Transfer3d {
  readonly level: number;
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly offsetBytes: number;
  /** 0: tight. */
  readonly strideBytes: number;
  /** 0: tight. */
  readonly layerStrideBytes: number;
}

/** Where the bytes of a blob are: `VIRTIO_GPU_BLOB_MEM_*`. */
export const BlobMemory = { GUEST: 1, HOST3D: 2, HOST3D_GUEST: 3 } as const;
export type BlobMemoryCode = (typeof BlobMemory)[keyof typeof BlobMemory];

/** RESOURCE_CREATE_BLOB. */
export interface Blob {
  readonly memory: BlobMemoryCode;
  /** Object of the context that becomes the resource (virgl: PIPE_RESOURCE_CREATE); 0: bytes without a type. Unchecked. */
  readonly blobId: number;
  readonly sizeBytes: number;
  /** The guest maps it. Typed: `backing` is to be the storage of the object, or the request is refused. Absent: false. */
  readonly isMapped?: boolean;
}

/** How a scanout sees the bytes of an untyped blob (SET_SCANOUT_BLOB): one linear plane of 4 bytes a pixel. Checked to lie in the blob. */
export interface BlobLayout {
  /** VirtioGpuFormat. */
  readonly format: number;
  readonly width: number;
  readonly height: number;
  readonly strideBytes: number;
  readonly offsetBytes: number;
}

/** A capability set as GET_CAPSET answers it. */
export interface Capset {
  readonly id: number;
  readonly version: number;
  /** Shared, read-only. */
  readonly bytes: Uint8Array;
}

/** Who is told of signalled fences. Called during `Renderer.poll` only. */
export interface CompletionSink {
  /** All work of `contextId` encoded before this fence has finished on the GPU. */
  fenceSignalled(contextId: ContextId, fenceId: number): void;
}

/** Contexts, resources and command streams of one device: everything below its transport. */
export interface Renderer {
  readonly capsets: readonly Capset[];

  createContext(contextId: ContextId, capsetId: number, debugName: string): GuestErrorCode;
  destroyContext(contextId: ContextId): GuestErrorCode;
  /** True once the context met a guest error that it cannot recover from; its submissions are dropped. */
  isContextDead(contextId: ContextId): boolean;

  createResource3d(resourceId: ResourceId, resource: Resource3d): GuestErrorCode;
  /** Whether `createBlob` is implemented: the feature is offered by it. */
  readonly hasBlobs: boolean;
  /**
   * Makes a resource of a blob. Untyped (`blobId` 0): `backing` holds its bytes, in guest memory or in host memory that the guest can
   * map; the guest writes it at any time, and nothing is transferred. Typed: the context's object; `backing` is the guest's shadow of it,
   * or, if it is mapped, its storage.
   * Null: attached later, or never.
   */
  createBlob(contextId: ContextId, resourceId: ResourceId, blob: Blob, backing: Backing | null): GuestErrorCode;
  /** Its guest memory may still be reached: see `whenReleased`. */
  unrefResource(resourceId: ResourceId): GuestErrorCode;
  /** The backing stays shared with the guest until detached. */
  attachBacking(resourceId: ResourceId, backing: Backing): GuestErrorCode;
  /** Contents stay. The memory may still be reached: see `whenReleased`. */
  detachBacking(resourceId: ResourceId): GuestErrorCode;
  /**
   * Guest memory changes, not by the guest's doing: the resource's goes, for a time perhaps. Contents stay, as after `detachBacking`.
   * Ends with `resumeBacking`, `attachBacking` (other bytes), `detachBacking` or `unrefResource`.
   */
  suspendBacking(resourceId: ResourceId): GuestErrorCode;
  /**
   * The bytes that the backing had before guest memory changed are reached through these spans now. Without `suspendBacking` before it,
   * nothing is moved: imports stay as they are. After it, what was imported is again, unless the host has drawn to it meanwhile.
   */
  resumeBacking(resourceId: ResourceId, backing: Backing): GuestErrorCode;
  /**
   * Calls `done` when neither the GPU nor encoded work reaches guest memory any more that was given back so far (`unrefResource`,
   * `detachBacking`): at once where it does not, else from `poll`, after a `flush`. One fence serves all that ask between two flushes.
   */
  whenReleased(done: () => void): void;
  attachResource(contextId: ContextId, resourceId: ResourceId): GuestErrorCode;
  detachResource(contextId: ContextId, resourceId: ResourceId): GuestErrorCode;

  transferToHost3d(contextId: ContextId, resourceId: ResourceId, transfer: Transfer3d): GuestErrorCode;
  /** With `now`, the bytes are in guest memory on return (the requester already waits); else when a later fence signals. */
  transferFromHost3d(contextId: ContextId, resourceId: ResourceId, transfer: Transfer3d, now: boolean): GuestErrorCode;
  /** As the two above, but to or from `backing` instead of the resource's own (vtest 0 and 1 send pixels over the socket). */
  transferThrough(
    contextId: ContextId,
    resourceId: ResourceId,
    transfer: Transfer3d,
    backing: Backing,
    direction: "to-host" | "from-host",
  ): GuestErrorCode;

  /**
   * A verb of this renderer threw something that is no error of the guest or the host: a bug of ours, after which its state may not hold.
   * The next `poll` begins anew, as after a reset of the GPU. Absent: there is no state that could be wrong.
   */
  failed?(message: string): void;

  /**
   * Decodes and executes a virgl stream. `stream` must be private memory (the guest cannot change it any more) and
   * stay unchanged until return. The stream is `lengthDwords` dwords at `offsetBytes` (a multiple of 4).
   */
  submit3d(contextId: ContextId, stream: Segment, offsetBytes: number, lengthDwords: number): GuestErrorCode;

  /**
   * Whether a stream, as `submit3d` would get it, writes a resource for which `isHeld` answers true. Executes nothing. Absent: streams
   * write nothing that others read.
   */
  writesHeld?(
    contextId: ContextId,
    stream: Segment,
    offsetBytes: number,
    lengthDwords: number,
    isHeld: (resourceId: ResourceId) => boolean,
  ): boolean;

  /** Asks for a completion when everything encoded so far is done. Fence ids of one context increase. */
  createFence(contextId: ContextId, fenceId: number): void;
  /** Hands everything encoded so far to the GL driver. */
  flush(): void;
  /** Reports completions. Never waits. */
  poll(sink: CompletionSink): void;
  /** Waits until everything encoded so far is done. For vtest BUSY_WAIT, tests and teardown; never inside a submission. */
  finish(): void;
  destroy(): void;
}

/** Reads what a scanout shows, for displays that cannot import the resource itself. */
export interface ScanoutReader {
  /**
   * Copies a rectangle (texels, row 0 on top) of a 2D resource to `target` as rows of B8G8R8X8, X undefined. The bytes are there on
   * return. `target` must hold `strideBytes * (height - 1) + 4 * width` bytes from `offsetBytes`.
   * @param layout how to read an untyped blob (`ScanoutImage.layout`); null for other resources
   * @param reason what the ledger counts the bytes as
   */
  readScanout(
    resourceId: ResourceId,
    x: number,
    y: number,
    width: number,
    height: number,
    target: Segment,
    offsetBytes: number,
    strideBytes: number,
    layout?: BlobLayout | null,
    reason?: CopyReasonCode,
  ): GuestErrorCode;
}

/** Memory of a scanout's resource that others can map or import: one plane. */
export interface ScanoutBuffer {
  /** dma-buf, or memfd where only a CPU reads. Borrowed: valid until the resource's memory goes; duplicate it to keep it. */
  readonly fd: number;
  readonly isDmaBuf: boolean;
  /** Of the whole resource, in pixels. */
  readonly width: number;
  readonly height: number;
  readonly strideBytes: number;
  readonly offsetBytes: number;
  /** DrmFourcc (`drm_fourcc.h`). */
  readonly fourcc: number;
  /** `DRM_FORMAT_MOD_*`; 0: linear. */
  readonly modifier: bigint;
  /** The last row comes first in memory. */
  readonly isYInverted: boolean;
  /** The guest's CPU draws into it: nothing waits for the GPU, nothing can keep the guest from drawing on. */
  readonly isGuestDrawn: boolean;
  /** Another number means other memory: what was imported under the old one is to be imported anew. Never 0. */
  readonly serial: number;
}

/** Gives the memory behind scanouts to displays that can take it. */
export interface ScanoutExporter {
  /**
   * Null: it cannot be had (or shall not, by policy): the display reads pixels. Cheap when asked again.
   * @param layout how to read an untyped blob (`ScanoutImage.layout`); null for other resources
   */
  scanoutBuffer(resourceId: ResourceId, layout: BlobLayout | null): ScanoutBuffer | null;
  /**
   * Calls `done` when what was asked of the GPU so far is finished, from `poll`, or at once when nothing is under way: then a
   * buffer that the GPU draws may be handed to a reader that knows no fences.
   */
  whenRendered(done: () => void): void;
}
