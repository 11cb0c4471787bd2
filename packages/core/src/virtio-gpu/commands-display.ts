/** Displays, scanouts and cursors. Spec: virtio 1.3, GPU Device / Device Operation. */
import { type Answer, dataAnswer, plainAnswer } from "./answer.js";
import type { DeviceResource, DeviceState } from "./device-state.js";
import { intersect, type Rect } from "./display.js";
import { makeEdid } from "./edid.js";
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
} from "./protocol.js";
import type { Request } from "./request.js";

/** Bytes of one `virtio_gpu_display_one`: a rectangle, enabled, flags. */
const DISPLAY_ONE_BYTES = 24;

export function getDisplayInfo(state: DeviceState): Answer {
  const { bytes, view } = dataAnswer(VIRTIO_GPU_RESP_OK_DISPLAY_INFO, VIRTIO_GPU_MAX_SCANOUTS * DISPLAY_ONE_BYTES);
  state.parts.display.modes().forEach((mode, i) => {
    if (mode === null) return;
    const at = HEADER + i * DISPLAY_ONE_BYTES;
    view.setUint32(at + 8, mode.width, true);
    view.setUint32(at + 12, mode.height, true);
    view.setUint32(at + 16, 1, true);
  });
  return bytes;
}

export function getEdid(state: DeviceState, request: Request): Answer {
  const scanoutId = request.u32(HEADER);
  const mode = state.parts.display.modes()[scanoutId];
  if (mode === undefined) return plainAnswer(VIRTIO_GPU_RESP_ERR_INVALID_SCANOUT_ID);
  // A scanout that is off has no monitor to describe; Linux then keeps its own list of modes.
  const { bytes, view } = dataAnswer(VIRTIO_GPU_RESP_OK_EDID, 8 + VIRTIO_GPU_EDID_BYTES);
  if (mode === null) return bytes;
  const edid = makeEdid({ preferred: mode, name: `virtgpu ${scanoutId}`, serial: scanoutId + 1 });
  view.setUint32(HEADER, edid.length, true);
  bytes.set(edid, HEADER + 8);
  return bytes;
}

export function setScanout(state: DeviceState, request: Request): Answer {
  const rect = readRect(request, HEADER);
  const scanoutId = request.u32(HEADER + 16);
  const resourceId = request.u32(HEADER + 20);
  if (scanoutId >= state.scanouts.length) return plainAnswer(VIRTIO_GPU_RESP_ERR_INVALID_SCANOUT_ID);
  if (resourceId === 0) {
    detachScanout(state, scanoutId);
    state.parts.display.setScanout(scanoutId, null);
    return plainAnswer(VIRTIO_GPU_RESP_OK_NODATA);
  }
  const resource = state.resources.get(resourceId);
  if (resource === undefined) return plainAnswer(VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID);
  if (rect.width === 0 || rect.height === 0 || !isInside(rect, resource))
    return plainAnswer(VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER);
  detachScanout(state, scanoutId);
  const image = { resourceId, rect };
  resource.scanoutMask |= 1 << scanoutId;
  state.scanouts[scanoutId] = image;
  state.parts.display.setScanout(scanoutId, image);
  return plainAnswer(VIRTIO_GPU_RESP_OK_NODATA);
}

export function resourceFlush(state: DeviceState, request: Request): Answer {
  const rect = readRect(request, HEADER);
  const resource = state.resources.get(request.u32(HEADER + 16));
  if (resource === undefined) return plainAnswer(VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID);
  if (!isInside(rect, resource)) return plainAnswer(VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER);
  let isShown = false;
  for (let id = 0; id < state.scanouts.length; id++) {
    const image = state.scanouts[id];
    if (image === null || image === undefined || image.resourceId !== resource.id) continue;
    const shown = intersect(rect, image.rect);
    if (shown === null) continue;
    isShown = true;
    state.parts.display.flush(id, image, { ...shown, x: shown.x - image.rect.x, y: shown.y - image.rect.y });
  }
  if (isShown) state.parts.ledger?.frameShown();
  return plainAnswer(VIRTIO_GPU_RESP_OK_NODATA);
}

/** UPDATE_CURSOR. Spec: the cursor is a 64 × 64 resource; resource 0 hides it. */
export function updateCursor(state: DeviceState, request: Request): Answer {
  const scanoutId = request.u32(HEADER);
  const resourceId = request.u32(HEADER + 16);
  if (scanoutId >= state.cursors.length) return plainAnswer(VIRTIO_GPU_RESP_ERR_INVALID_SCANOUT_ID);
  if (resourceId !== 0 && !state.resources.has(resourceId)) return plainAnswer(VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID);
  const cursor = {
    scanoutId,
    x: request.u32(HEADER + 4),
    y: request.u32(HEADER + 8),
    resourceId,
    hotX: request.u32(HEADER + 20),
    hotY: request.u32(HEADER + 24),
  };
  state.cursors[scanoutId] = cursor;
  state.parts.display.updateCursor(cursor);
  return plainAnswer(VIRTIO_GPU_RESP_OK_NODATA);
}

export function moveCursor(state: DeviceState, request: Request): Answer {
  const scanoutId = request.u32(HEADER);
  if (scanoutId >= state.cursors.length) return plainAnswer(VIRTIO_GPU_RESP_ERR_INVALID_SCANOUT_ID);
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

/** Sums of two u32 are exact in a number, so this cannot overflow. */
export function isInside(rect: Rect, resource: DeviceResource): boolean {
  return rect.x + rect.width <= resource.width && rect.y + rect.height <= resource.height;
}
