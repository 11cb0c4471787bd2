/** Displays, scanouts and cursors. Spec: virtio 1.3, GPU Device / Device Operation. */
import { type Answer, dataAnswer, plainAnswer } from "./answer.js";
import type { BlobLayout } from "../renderer/index.js";
import type { Deferred } from "./deferred.js";
import type { DeviceResource, DeviceState } from "./device-state.js";
import { intersect, type Rect, type ScanoutImage } from "./display.js";
import { fitsEdid, makeEdid } from "./edid.js";
import { filterEdid, fitMode } from "./mode-policy.js";
import {
  VIRTIO_GPU_CTRL_HDR_BYTES as HEADER,
  VIRTIO_GPU_EDID_BYTES,
  VIRTIO_GPU_MAX_SCANOUTS,
  VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER,
  VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID,
  VIRTIO_GPU_RESP_ERR_INVALID_SCANOUT_ID,
  VIRTIO_GPU_RESP_OK_DISPLAY_INFO,
  VIRTIO_GPU_RESP_OK_EDID,
  VIRTIO_GPU_RESP_OK_NODATA,
  VirtioGpuFormat,
} from "./protocol.js";
import type { Request } from "./request.js";

/** Bytes of one `virtio_gpu_display_one`: a rectangle, enabled, flags. */
const DISPLAY_ONE_BYTES = 24;
/** Spec: cursors are 64 × 64. */
const CURSOR_SIDE = 64;

export function getDisplayInfo(state: DeviceState): Answer {
  const { bytes, view } = dataAnswer(VIRTIO_GPU_RESP_OK_DISPLAY_INFO, VIRTIO_GPU_MAX_SCANOUTS * DISPLAY_ONE_BYTES);
  const { display, strideMultipleBytes = 1 } = state.parts;
  display.modes().forEach((offered, i) => {
    if (offered === null) return;
    const mode = fitMode(offered, strideMultipleBytes);
    const at = HEADER + i * DISPLAY_ONE_BYTES;
    view.setUint32(at + 8, mode.width, true);
    view.setUint32(at + 12, mode.height, true);
    view.setUint32(at + 16, 1, true);
  });
  return bytes;
}

export function getEdid(state: DeviceState, request: Request): Answer {
  const scanoutId = request.u32(HEADER);
  const { display, strideMultipleBytes = 1 } = state.parts;
  const mode = display.modes()[scanoutId];
  if (mode === undefined) return plainAnswer(VIRTIO_GPU_RESP_ERR_INVALID_SCANOUT_ID);
  // A scanout that is off has no monitor to describe; Linux then keeps its own list of modes.
  const { bytes, view } = dataAnswer(VIRTIO_GPU_RESP_OK_EDID, 8 + VIRTIO_GPU_EDID_BYTES);
  if (mode === null) return bytes;
  const given = display.edid(scanoutId);
  const preferred = fitMode(mode, strideMultipleBytes);
  // A window may be larger than what an EDID of ours can describe: the guest learns its size by GET_DISPLAY_INFO.
  if (given === null && !fitsEdid(preferred)) return bytes;
  const edid =
    given === null
      ? makeEdid({ preferred, name: `virtgpu ${scanoutId}`, serial: scanoutId + 1, strideMultipleBytes })
      : filterEdid(given, strideMultipleBytes);
  view.setUint32(HEADER, edid.length, true);
  bytes.set(edid, HEADER + 8);
  return bytes;
}

export function setScanout(state: DeviceState, request: Request): Answer {
  const rect = readRect(request, HEADER);
  const scanoutId = request.u32(HEADER + 16);
  const resourceId = request.u32(HEADER + 20);
  if (scanoutId >= state.scanoutCount) return plainAnswer(VIRTIO_GPU_RESP_ERR_INVALID_SCANOUT_ID);
  if (resourceId === 0) return turnOffScanout(state, scanoutId);
  const resource = state.resources.get(resourceId);
  if (resource === undefined) return plainAnswer(VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID);
  // A blob has no extent of its own: nothing is inside it.
  if (rect.width === 0 || rect.height === 0 || !isInside(rect, resource))
    return plainAnswer(VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER);
  return showImage(state, scanoutId, resource, { resourceId, rect, layout: null });
}

/** The scanout shows the image. Both exist and fit each other. */
export function showImage(
  state: DeviceState,
  scanoutId: number,
  resource: DeviceResource,
  image: ScanoutImage,
): Answer {
  detachScanout(state, scanoutId);
  resource.scanoutMask |= 1 << scanoutId;
  state.scanouts[scanoutId] = image;
  state.parts.display.setScanout(scanoutId, image);
  return plainAnswer(VIRTIO_GPU_RESP_OK_NODATA);
}

/** The scanout exists. */
export function turnOffScanout(state: DeviceState, scanoutId: number): Answer {
  detachScanout(state, scanoutId);
  state.parts.display.setScanout(scanoutId, null);
  return plainAnswer(VIRTIO_GPU_RESP_OK_NODATA);
}

export function resourceFlush(state: DeviceState, request: Request): Answer | Deferred {
  const rect = readRect(request, HEADER);
  const resource = state.resources.get(request.u32(HEADER + 16));
  if (resource === undefined) return plainAnswer(VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID);
  if (resource.blob === null ? !isInside(rect, resource) : !isInsideBlob(state, rect, resource))
    return plainAnswer(VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER);
  let shownOn = 0;
  for (let id = 0; id < state.scanouts.length; id++) {
    const image = state.scanouts[id];
    if (image === null || image === undefined || image.resourceId !== resource.id) continue;
    const shown = intersect(rect, image.rect);
    if (shown === null) continue;
    shownOn |= 1 << id;
    state.parts.display.flush(id, image, { ...shown, x: shown.x - image.rect.x, y: shown.y - image.rect.y });
  }
  if (shownOn !== 0) state.parts.ledger?.frameShown();
  const answer = plainAnswer(VIRTIO_GPU_RESP_OK_NODATA);
  const isAwaited = request.isFenced && resource.blob !== null && !resource.blob.isTyped;
  return isAwaited ? state.flushes.hold(shownOn, answer) : answer;
}

/** UPDATE_CURSOR. Spec: the cursor is a 64 × 64 resource; resource 0 hides it. */
export function updateCursor(state: DeviceState, request: Request): Answer {
  const scanoutId = request.u32(HEADER);
  const resourceId = request.u32(HEADER + 16);
  if (scanoutId >= state.scanoutCount) return plainAnswer(VIRTIO_GPU_RESP_ERR_INVALID_SCANOUT_ID);
  const resource = state.resources.get(resourceId);
  if (resourceId !== 0 && resource === undefined) return plainAnswer(VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID);
  const cursor = {
    scanoutId,
    x: request.u32(HEADER + 4),
    y: request.u32(HEADER + 8),
    resourceId,
    hotX: request.u32(HEADER + 20),
    hotY: request.u32(HEADER + 24),
    layout: resource === undefined ? null : cursorLayout(resource),
  };
  state.cursors[scanoutId] = cursor;
  state.parts.display.updateCursor(cursor);
  return plainAnswer(VIRTIO_GPU_RESP_OK_NODATA);
}

export function moveCursor(state: DeviceState, request: Request): Answer {
  const scanoutId = request.u32(HEADER);
  if (scanoutId >= state.scanoutCount) return plainAnswer(VIRTIO_GPU_RESP_ERR_INVALID_SCANOUT_ID);
  state.parts.display.moveCursor(scanoutId, request.u32(HEADER + 4), request.u32(HEADER + 8));
  return plainAnswer(VIRTIO_GPU_RESP_OK_NODATA);
}

function detachScanout(state: DeviceState, scanoutId: number): void {
  const old = state.scanouts[scanoutId];
  if (old === null || old === undefined) return;
  const resource = state.resources.get(old.resourceId);
  if (resource !== undefined) resource.scanoutMask &= ~(1 << scanoutId);
  state.scanouts[scanoutId] = null;
}

/** `struct virtio_gpu_rect`. */
export function readRect(request: Request, offsetBytes: number): Rect {
  return {
    x: request.u32(offsetBytes),
    y: request.u32(offsetBytes + 4),
    width: request.u32(offsetBytes + 8),
    height: request.u32(offsetBytes + 12),
  };
}

/** A flush of a blob is in pixels of the scanouts that show it; a blob that nobody shows may be flushed, which does nothing. */
function isInsideBlob(state: DeviceState, rect: Rect, resource: DeviceResource): boolean {
  if (resource.scanoutMask === 0) return true;
  for (const image of state.scanouts) {
    if (image === null || image.resourceId !== resource.id) continue;
    const { x, y } = image.rect;
    const width = image.layout?.width ?? x + image.rect.width;
    const height = image.layout?.height ?? y + image.rect.height;
    if (rect.x + rect.width <= width && rect.y + rect.height <= height) return true;
  }
  return false;
}

/** How a cursor sees an untyped blob: guests describe no layout for cursors, their rows are tight. Null: typed, or too small. */
function cursorLayout({ blob }: DeviceResource): BlobLayout | null {
  const strideBytes = CURSOR_SIDE * 4;
  if (blob === null || blob.isTyped || blob.sizeBytes < strideBytes * CURSOR_SIDE) return null;
  const format = VirtioGpuFormat.B8G8R8A8_UNORM;
  return { format, width: CURSOR_SIDE, height: CURSOR_SIDE, strideBytes, offsetBytes: 0 };
}

/** Sums of two u32 are exact in a number, so this cannot overflow. */
export function isInside(rect: Rect, resource: DeviceResource): boolean {
  return rect.x + rect.width <= resource.width && rect.y + rect.height <= resource.height;
}
