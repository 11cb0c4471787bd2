/** Resources, backing and transfers, 2D and 3D. Spec: virtio 1.3, GPU Device / Device Operation: controlq. */
import { GuestError, type GuestErrorCode } from "../base/index.js";
import { type GuestMemory, hasSameSpans, isSameMemory, memoryIdentity } from "../memory/index.js";
import { BlobMemory, type Transfer3d } from "../renderer/index.js";
import type { DescriptorChain } from "../virtqueue/index.js";
import { type Answer, dataAnswer, plainAnswer, responseType } from "./answer.js";
import { findBacking, readEntries } from "./backing-entries.js";
import { releaseBlob } from "./commands-blob.js";
import { isInside, readRect } from "./commands-display.js";
import { Deferred } from "./deferred.js";
import type { DeviceResource, DeviceState } from "./device-state.js";
import {
  VIRTIO_GPU_CTRL_HDR_BYTES as HEADER,
  VIRTIO_GPU_RESOURCE_FLAG_Y_0_TOP,
  VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER,
  VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID,
  VIRTIO_GPU_RESP_ERR_OUT_OF_MEMORY,
  VIRTIO_GPU_RESP_ERR_UNSPEC,
  VIRTIO_GPU_RESP_OK_NODATA,
  VIRTIO_GPU_RESP_OK_RESOURCE_UUID,
  isVirtioGpuFormat,
} from "./protocol.js";
import type { Request } from "./request.js";

/** Facts of gallium's `p_defines.h` that a 2D resource needs: PIPE_TEXTURE_2D, and bind flags RENDER_TARGET | SAMPLER_VIEW | SCANOUT (virgl_hw.h). */
const TEXTURE_2D = 2;
const BIND_2D = (1 << 1) | (1 << 3) | (1 << 18);
const BYTES_PER_PIXEL_2D = 4;

export function resourceCreate2d(state: DeviceState, request: Request): Answer {
  const id = request.u32(HEADER);
  const format = request.u32(HEADER + 4);
  const width = request.u32(HEADER + 8);
  const height = request.u32(HEADER + 12);
  if (!isVirtioGpuFormat(format)) return plainAnswer(VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER);
  const shape = { target: TEXTURE_2D, bind: BIND_2D, depth: 1, arraySize: 1, lastLevel: 0, samples: 0 };
  const flags = VIRTIO_GPU_RESOURCE_FLAG_Y_0_TOP;
  return create(state, id, { ...shape, format, width, height, flags });
}

export function resourceCreate3d(state: DeviceState, request: Request): Answer {
  return create(state, request.u32(HEADER), {
    target: request.u32(HEADER + 4),
    format: request.u32(HEADER + 8),
    bind: request.u32(HEADER + 12),
    width: request.u32(HEADER + 16),
    height: request.u32(HEADER + 20),
    depth: request.u32(HEADER + 24),
    arraySize: request.u32(HEADER + 28),
    lastLevel: request.u32(HEADER + 32),
    samples: request.u32(HEADER + 36),
    flags: request.u32(HEADER + 40),
  });
}

type Shape = Parameters<DeviceState["parts"]["renderer"]["createResource3d"]>[1];

function create(state: DeviceState, id: number, shape: Shape): Answer {
  if (id === 0 || state.resources.has(id)) return plainAnswer(VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID);
  if (state.resources.size >= state.limits.resources) return plainAnswer(VIRTIO_GPU_RESP_ERR_OUT_OF_MEMORY);
  const code = state.parts.renderer.createResource3d(id, shape);
  if (code === GuestError.NONE) {
    const { format, width, height } = shape;
    state.resources.set(id, {
      id,
      format,
      width,
      height,
      scanoutMask: 0,
      backing: null,
      memory: null,
      lostMemory: null,
      uuid: null,
      isShared: false,
      blob: null,
    });
  }
  return plainAnswer(responseType(code));
}

export function resourceUnref(state: DeviceState, request: Request): Answer | Deferred {
  const resource = lookUp(state, request);
  if (resource === null) return plainAnswer(VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID);
  return onceReleased(state, request, dropResource(state, resource));
}

/**
 * The answer to a request that gives pages back: the guest uses them for something else as soon as it has it, so it is given when the GPU
 * has left them. Requests behind it go on meanwhile.
 */
function onceReleased(state: DeviceState, request: Request, code: GuestErrorCode): Answer | Deferred {
  const answer = plainAnswer(responseType(code));
  // The fence is behind all that reached them.
  if (request.isFenced) return answer;
  const { renderer } = state.parts;
  let isReleased = false;
  const deferred = new Deferred(answer, () => renderer.finish());
  renderer.whenReleased(() => {
    isReleased = true;
    deferred.resolve(answer);
  });
  return isReleased ? answer : deferred;
}

/** Takes the resource away from scanouts, window, other devices and renderer, in this order, then frees its memory. */
export function dropResource(state: DeviceState, resource: DeviceResource): GuestErrorCode {
  state.releaseScanouts(resource);
  state.resources.delete(resource.id);
  if (resource.isShared) state.parts.sharedObjects?.remove(resource.uuid!);
  const code = state.parts.renderer.unrefResource(resource.id);
  state.setBacking(resource, null, null);
  if (resource.blob !== null) releaseBlob(state, resource.blob);
  return code;
}

/** RESOURCE_ATTACH_BACKING. A second attach without a detach is refused (CVE-2016-10214: it leaked). */
export function attachBacking(state: DeviceState, request: Request, chain: DescriptorChain): Answer {
  const resource = lookUp(state, request);
  if (resource === null) return plainAnswer(VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID);
  if (resource.backing !== null) return plainAnswer(VIRTIO_GPU_RESP_ERR_UNSPEC);
  // Host memory has no guest pages.
  if (resource.blob?.memory === BlobMemory.HOST3D) return plainAnswer(VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER);
  const count = request.u32(HEADER + 4);
  if (count === 0 || count > state.limits.backingEntries) return plainAnswer(VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER);
  if (!state.hasRoomFor(count)) return plainAnswer(VIRTIO_GPU_RESP_ERR_OUT_OF_MEMORY);
  const entries = readEntries(chain, HEADER + 8, count);
  const backing = entries === null ? null : findBacking(state.parts.memory, entries);
  if (backing === null || backing.sizeBytes < (resource.blob?.sizeBytes ?? 0))
    return plainAnswer(VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER);
  const code = state.parts.renderer.attachBacking(resource.id, backing);
  if (code === GuestError.NONE) state.setBacking(resource, entries, backing);
  return plainAnswer(responseType(code));
}

/**
 * Guest memory is about to become `next`. What stays where it is is left alone; what is mapped anew goes on from there; what is not there
 * any more is taken from the renderer until it comes back, however many changes later: to the guest it was attached all the time.
 */
export function moveBackings(state: DeviceState, next: GuestMemory): void {
  const { renderer, display, logger } = state.parts;
  for (const resource of state.resources.values()) {
    const { id, backing, memory } = resource;
    if (backing === null) continue;
    const found = findBacking(next, backing);
    if (found === null && memory === null) continue;
    if (found !== null && memory !== null && hasSameSpans(found, memory)) continue;
    const before = memory === null ? resource.lostMemory : memoryIdentity(memory);
    const isSame = found !== null && isSameMemory(before, memoryIdentity(found));
    if (memory !== null && !isSame) {
      display.forgetBuffer(id);
      renderer.suspendBacking(id);
    }
    resource.lostMemory = before;
    resource.memory = null;
    if (found === null) continue;
    const code = isSame ? renderer.resumeBacking(id, found) : renderer.attachBacking(id, found);
    if (code === GuestError.NONE) state.setBacking(resource, backing, found);
    else logger.error("A resource could not get its memory back.", { resource: id, code });
  }
}

export function detachBacking(state: DeviceState, request: Request): Answer | Deferred {
  const resource = lookUp(state, request);
  if (resource === null) return plainAnswer(VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID);
  if (resource.backing === null) return plainAnswer(VIRTIO_GPU_RESP_ERR_UNSPEC);
  state.setBacking(resource, null, null);
  return onceReleased(state, request, state.parts.renderer.detachBacking(resource.id));
}

/** TRANSFER_TO_HOST_2D. Rows of the backing are width × 4 bytes: there is no stride in the request. */
export function transferToHost2d(state: DeviceState, request: Request): Answer {
  const rect = readRect(request, HEADER);
  const resource = state.resources.get(request.u32(HEADER + 24));
  if (resource === undefined) return plainAnswer(VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID);
  // Linux sends it for cursors in guest blobs too: their bytes are shared, so there is nothing to move.
  if (resource.blob !== null && !resource.blob.isTyped) return plainAnswer(VIRTIO_GPU_RESP_OK_NODATA);
  const offsetBytes = request.u64(HEADER + 16);
  if (resource.memory === null || offsetBytes < 0 || !isInside(rect, resource) || !isVirtioGpuFormat(resource.format)) {
    return plainAnswer(VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER);
  }
  if (rect.width === 0 || rect.height === 0) return plainAnswer(VIRTIO_GPU_RESP_OK_NODATA);
  const transfer = {
    ...rect,
    level: 0,
    z: 0,
    depth: 1,
    offsetBytes,
    strideBytes: resource.width * BYTES_PER_PIXEL_2D,
    layerStrideBytes: 0,
  };
  return plainAnswer(responseType(state.parts.renderer.transferToHost3d(0, resource.id, transfer)));
}

export function transferToHost3d(state: DeviceState, request: Request): Answer {
  return transfer3d(state, request, (contextId, id, transfer) =>
    state.parts.renderer.transferToHost3d(contextId, id, transfer),
  );
}

export function transferFromHost3d(state: DeviceState, request: Request): Answer {
  return transfer3d(state, request, (contextId, id, transfer) =>
    state.parts.renderer.transferFromHost3d(contextId, id, transfer, false),
  );
}

type TransferVerb = (contextId: number, resourceId: number, transfer: Transfer3d) => Parameters<typeof responseType>[0];

function transfer3d(state: DeviceState, request: Request, verb: TransferVerb): Answer {
  const resourceId = request.u32(HEADER + 32);
  const resource = state.resources.get(resourceId);
  if (resource === undefined) return plainAnswer(VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID);
  const offsetBytes = request.u64(HEADER + 24);
  const hasTexels = resource.blob === null || resource.blob.isTyped;
  if (offsetBytes < 0 || !hasTexels) return plainAnswer(VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER);
  const code = verb(request.contextId, resourceId, {
    x: request.u32(HEADER),
    y: request.u32(HEADER + 4),
    z: request.u32(HEADER + 8),
    width: request.u32(HEADER + 12),
    height: request.u32(HEADER + 16),
    depth: request.u32(HEADER + 20),
    offsetBytes,
    level: request.u32(HEADER + 36),
    strideBytes: request.u32(HEADER + 40),
    layerStrideBytes: request.u32(HEADER + 44),
  });
  return plainAnswer(responseType(code));
}

/** RESOURCE_ASSIGN_UUID: the same UUID for every later request, another for every other resource, also under the same id. */
export function assignUuid(state: DeviceState, request: Request): Answer {
  const resource = lookUp(state, request);
  if (resource === null) return plainAnswer(VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID);
  if (resource.uuid === null) {
    resource.uuid = state.newUuid();
    resource.isShared = resource.blob !== null && resource.blob.host !== null;
    if (resource.isShared) state.parts.sharedObjects?.add(resource.uuid);
  }
  const { bytes } = dataAnswer(VIRTIO_GPU_RESP_OK_RESOURCE_UUID, 16);
  bytes.set(resource.uuid, HEADER);
  return bytes;
}

function lookUp(state: DeviceState, request: Request): DeviceResource | null {
  return state.resources.get(request.u32(HEADER)) ?? null;
}
