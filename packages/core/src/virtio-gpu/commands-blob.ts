/** Blob resources. Spec: virtio 1.3, GPU Device / Device Operation: controlq, RESOURCE_CREATE_BLOB to RESOURCE_UNMAP_BLOB. */
import { GuestError } from "../base/index.js";
import { Backing } from "../memory/index.js";
import { BlobMemory, type BlobLayout, type BlobMemoryCode } from "../renderer/index.js";
import type { DescriptorChain } from "../virtqueue/index.js";
import { type Answer, dataAnswer, plainAnswer, responseType } from "./answer.js";
import { findBacking, readEntries } from "./backing-entries.js";
import { readRect, showImage, turnOffScanout } from "./commands-display.js";
import { Deferred } from "./deferred.js";
import type { BackingEntry, DeviceBlob, DeviceResource, DeviceState } from "./device-state.js";
import type { HostBuffer } from "./host-memory.js";
import {
  VIRTIO_GPU_BLOB_FLAG_USE_CROSS_DEVICE,
  VIRTIO_GPU_BLOB_FLAG_USE_MAPPABLE,
  VIRTIO_GPU_BLOB_FLAG_USE_SHAREABLE,
  VIRTIO_GPU_CTRL_HDR_BYTES as HEADER,
  VIRTIO_GPU_F_VIRGL,
  VIRTIO_GPU_MAP_CACHE_CACHED,
  VIRTIO_GPU_RESP_ERR_INVALID_CONTEXT_ID,
  VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER,
  VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID,
  VIRTIO_GPU_RESP_ERR_INVALID_SCANOUT_ID,
  VIRTIO_GPU_RESP_ERR_OUT_OF_MEMORY,
  VIRTIO_GPU_RESP_ERR_UNSPEC,
  VIRTIO_GPU_RESP_OK_MAP_INFO,
  VIRTIO_GPU_RESP_OK_NODATA,
  isVirtioGpuFormat,
} from "./protocol.js";
import type { Request } from "./request.js";

const KNOWN_FLAGS =
  VIRTIO_GPU_BLOB_FLAG_USE_MAPPABLE | VIRTIO_GPU_BLOB_FLAG_USE_SHAREABLE | VIRTIO_GPU_BLOB_FLAG_USE_CROSS_DEVICE;

/** Host buffers and window offsets come in pages of the host. */
const PAGE_BYTES = 4096;
const BYTES_PER_PIXEL = 4;
const MAX_SIDE = 16_384;

/** RESOURCE_CREATE_BLOB before its memory is looked up. */
interface BlobRequest {
  readonly id: number;
  readonly memory: BlobMemoryCode;
  readonly flags: number;
  readonly entryCount: number;
  readonly blobId: number;
  readonly sizeBytes: number;
}

export function resourceCreateBlob(state: DeviceState, request: Request, chain: DescriptorChain): Answer {
  const blob: BlobRequest = {
    id: request.u32(HEADER),
    memory: request.u32(HEADER + 4) as BlobMemoryCode,
    flags: request.u32(HEADER + 8),
    entryCount: request.u32(HEADER + 12),
    blobId: request.u64(HEADER + 16),
    sizeBytes: request.u64(HEADER + 24),
  };
  const refusal = checkRequest(state, blob, request.contextId);
  if (refusal !== null) return plainAnswer(refusal);
  let entries: BackingEntry[] | null = null;
  let backing: Backing | null = null;
  if (blob.entryCount > 0) {
    entries = readEntries(chain, HEADER + 32, blob.entryCount);
    backing = entries === null ? null : findBacking(state.parts.memory, entries);
    if (backing === null || backing.sizeBytes < blob.sizeBytes)
      return plainAnswer(VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER);
  }
  return create(state, blob, request.contextId, entries, backing);
}

/** @returns the response type that refuses the request, or null */
function checkRequest(state: DeviceState, blob: BlobRequest, contextId: number): number | null {
  const { memory } = blob;
  if (blob.id === 0 || state.resources.has(blob.id)) return VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID;
  if (state.resources.size >= state.limits.resources) return VIRTIO_GPU_RESP_ERR_OUT_OF_MEMORY;
  const isOnHost = memory === BlobMemory.HOST3D || memory === BlobMemory.HOST3D_GUEST;
  // Spec: host memory only where VIRTIO_GPU_F_VIRGL is supported.
  if (memory !== BlobMemory.GUEST && (!isOnHost || !state.hasFeature(VIRTIO_GPU_F_VIRGL)))
    return VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER;
  if ((blob.flags & ~KNOWN_FLAGS) !== 0 || blob.blobId < 0) return VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER;
  if (blob.sizeBytes <= 0) return VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER;
  if (blob.sizeBytes > state.limits.blobBytes) return VIRTIO_GPU_RESP_ERR_OUT_OF_MEMORY;
  if (blob.entryCount > state.limits.backingEntries) return VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER;
  if (!state.hasRoomFor(blob.entryCount)) return VIRTIO_GPU_RESP_ERR_OUT_OF_MEMORY;
  if (memory === BlobMemory.GUEST) return blob.blobId === 0 ? null : VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER;
  if (memory === BlobMemory.HOST3D && blob.entryCount > 0) return VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER;
  if (blob.blobId === 0) return memory === BlobMemory.HOST3D ? null : VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER;
  if (!state.contexts.has(contextId)) return VIRTIO_GPU_RESP_ERR_INVALID_CONTEXT_ID;
  // A guest has its own memory, or maps the host's: not both.
  const isMapped = (blob.flags & VIRTIO_GPU_BLOB_FLAG_USE_MAPPABLE) !== 0;
  return isMapped && memory !== BlobMemory.HOST3D ? VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER : null;
}

function create(
  state: DeviceState,
  blob: BlobRequest,
  contextId: number,
  entries: BackingEntry[] | null,
  guestBacking: Backing | null,
): Answer {
  const { id, sizeBytes, memory, blobId } = blob;
  const isTyped = blobId !== 0;
  const isMapped = (blob.flags & VIRTIO_GPU_BLOB_FLAG_USE_MAPPABLE) !== 0;
  let host: HostBuffer | null = null;
  let backing = guestBacking;
  // What a context's driver makes by itself is not memory that another process could map.
  if (memory === BlobMemory.HOST3D && (!isTyped || isMapped)) {
    host = createHostBuffer(state, pages(sizeBytes));
    if (host === null) return plainAnswer(VIRTIO_GPU_RESP_ERR_OUT_OF_MEMORY);
    backing = new Backing([{ segment: host.segment, offsetBytes: 0, lengthBytes: sizeBytes }]);
  }
  const code = state.parts.renderer.createBlob(contextId, id, { memory, blobId, sizeBytes, isMapped }, backing);
  if (code !== GuestError.NONE) {
    host?.release();
    return plainAnswer(responseType(code));
  }
  if (host !== null) {
    state.hostBlobBytes += pages(sizeBytes);
    state.hostBlobs++;
  }
  const deviceBlob: DeviceBlob = {
    memory,
    sizeBytes,
    isTyped,
    isMappable: isMapped && host !== null,
    host,
    range: null,
  };
  const shape = { format: 0, width: 0, height: 0 };
  const resource: DeviceResource = {
    id,
    ...shape,
    scanoutMask: 0,
    backing: null,
    memory: null,
    lostMemory: null,
    uuid: null,
    isShared: false,
    blob: deviceBlob,
  };
  state.resources.set(id, resource);
  state.setBacking(resource, entries, guestBacking);
  return plainAnswer(VIRTIO_GPU_RESP_OK_NODATA);
}

function createHostBuffer(state: DeviceState, sizeBytes: number): HostBuffer | null {
  const { hostMemory } = state.parts;
  const { blobBytes, hostBlobs } = state.limits;
  if (hostMemory === undefined || state.hostBlobBytes + sizeBytes > blobBytes || state.hostBlobs >= hostBlobs)
    return null;
  return hostMemory.create(sizeBytes);
}

function pages(sizeBytes: number): number {
  return Math.ceil(sizeBytes / PAGE_BYTES) * PAGE_BYTES;
}

/** Takes the blob out of the window and gives its host memory back; the renderer no longer refers to it. */
export function releaseBlob(state: DeviceState, blob: DeviceBlob): void {
  const { range, host } = blob;
  blob.range = null;
  blob.host = null;
  if (range !== null) {
    state.window.free(range);
    state.parts.hostMemory!.unmap(range.offsetBytes, range.lengthBytes, () => {});
  }
  if (host === null) return;
  state.hostBlobBytes -= pages(blob.sizeBytes);
  state.hostBlobs--;
  host.release();
}

/** SET_SCANOUT_BLOB: the resource's bytes are shown as one linear plane, from where they are. Resource 0 turns the scanout off. */
export function setScanoutBlob(state: DeviceState, request: Request): Answer {
  const rect = readRect(request, HEADER);
  const scanoutId = request.u32(HEADER + 16);
  const resourceId = request.u32(HEADER + 20);
  if (scanoutId >= state.scanoutCount) return plainAnswer(VIRTIO_GPU_RESP_ERR_INVALID_SCANOUT_ID);
  if (resourceId === 0) return turnOffScanout(state, scanoutId);
  const resource = state.resources.get(resourceId);
  if (resource === undefined) return plainAnswer(VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID);
  const layout: BlobLayout = {
    width: request.u32(HEADER + 24),
    height: request.u32(HEADER + 28),
    format: request.u32(HEADER + 32),
    strideBytes: request.u32(HEADER + 40),
    offsetBytes: request.u32(HEADER + 56),
  };
  const { blob } = resource;
  const isInside = rect.x + rect.width <= layout.width && rect.y + rect.height <= layout.height;
  if (blob === null || rect.width === 0 || rect.height === 0 || !isInside || !fits(layout, blob))
    return plainAnswer(VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER);
  return showImage(state, scanoutId, resource, { resourceId, rect, layout: blob.isTyped ? null : layout });
}

/** The formats have one plane: strides and offsets of the others mean nothing. Products of u32 are exact below 2^53. */
function fits(layout: BlobLayout, blob: DeviceBlob): boolean {
  const { width, height, strideBytes } = layout;
  if (!isVirtioGpuFormat(layout.format) || width < 1 || height < 1 || width > MAX_SIDE || height > MAX_SIDE)
    return false;
  if (blob.isTyped) return true;
  if (strideBytes < width * BYTES_PER_PIXEL) return false;
  return layout.offsetBytes + strideBytes * (height - 1) + width * BYTES_PER_PIXEL <= blob.sizeBytes;
}

/** RESOURCE_MAP_BLOB: answered when the front-end has mapped the memory. */
export function mapBlob(state: DeviceState, request: Request): Answer | Deferred {
  const resource = state.resources.get(request.u32(HEADER));
  if (resource === undefined) return plainAnswer(VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID);
  const { blob } = resource;
  const { hostMemory } = state.parts;
  if (blob === null || !blob.isMappable || blob.host === null || hostMemory === undefined)
    return plainAnswer(VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER);
  if (blob.range !== null) return plainAnswer(VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER);
  const offsetBytes = request.u64(HEADER + 8);
  if (offsetBytes < 0 || offsetBytes % PAGE_BYTES !== 0) return plainAnswer(VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER);
  const range = state.window.take(offsetBytes, pages(blob.sizeBytes), hostMemory.windowBytes);
  if (range === null) return plainAnswer(VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER);
  blob.range = range;
  const deferred = new Deferred(plainAnswer(VIRTIO_GPU_RESP_ERR_UNSPEC));
  hostMemory.map(blob.host, range.offsetBytes, range.lengthBytes, (isMapped) => {
    if (isMapped) {
      deferred.resolve(mapInfo());
      return;
    }
    if (blob.range === range) {
      blob.range = null;
      state.window.free(range);
    }
    deferred.resolve(plainAnswer(VIRTIO_GPU_RESP_ERR_UNSPEC));
  });
  return deferred;
}

function mapInfo(): Answer {
  const { bytes, view } = dataAnswer(VIRTIO_GPU_RESP_OK_MAP_INFO, 8);
  view.setUint32(HEADER, VIRTIO_GPU_MAP_CACHE_CACHED, true);
  return bytes;
}

/** RESOURCE_UNMAP_BLOB: answered when the front-end has unmapped the memory. */
export function unmapBlob(state: DeviceState, request: Request): Answer | Deferred {
  const resource = state.resources.get(request.u32(HEADER));
  if (resource === undefined) return plainAnswer(VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID);
  const range = resource.blob?.range ?? null;
  if (range === null) return plainAnswer(VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER);
  resource.blob!.range = null;
  state.window.free(range);
  const deferred = new Deferred(plainAnswer(VIRTIO_GPU_RESP_ERR_UNSPEC));
  state.parts.hostMemory!.unmap(range.offsetBytes, range.lengthBytes, (isUnmapped) => {
    deferred.resolve(plainAnswer(isUnmapped ? VIRTIO_GPU_RESP_OK_NODATA : VIRTIO_GPU_RESP_ERR_UNSPEC));
  });
  return deferred;
}
