import type { DescriptorChain } from "../virtqueue/index.js";
import type { Answer } from "./answer.js";
import * as blob from "./commands-blob.js";
import * as context from "./commands-context.js";
import * as display from "./commands-display.js";
import * as resource from "./commands-resource.js";
import type { Deferred } from "./deferred.js";
import type { DeviceState } from "./device-state.js";
import * as p from "./protocol.js";
import type { Request } from "./request.js";

/** One command: features are offered from this table, so what has no row cannot be advertised. */
export interface CommandRow {
  readonly type: number;
  readonly name: string;
  readonly queue: "control" | "cursor";
  /** Bytes of the fixed part, header included: `sizeof` its structure. Shorter requests are refused. */
  readonly fixedBytes: number;
  /** The feature bit that the guest must have negotiated, or null. */
  readonly feature: number | null;
  /** The answer depends on the display's modes: ask the display first. */
  readonly needsModes?: boolean;
  readonly run: (state: DeviceState, request: Request, chain: DescriptorChain) => Answer | Deferred;
}

const { VIRTIO_GPU_F_EDID: EDID, VIRTIO_GPU_F_RESOURCE_UUID: UUID, VIRTIO_GPU_F_VIRGL: VIRGL } = p;
const { VIRTIO_GPU_F_RESOURCE_BLOB: BLOB } = p;

// prettier-ignore
export const commandTable: readonly CommandRow[] = [
  { type: p.VIRTIO_GPU_CMD_GET_DISPLAY_INFO, name: "GET_DISPLAY_INFO", queue: "control", fixedBytes: 24, feature: null, needsModes: true, run: display.getDisplayInfo },
  { type: p.VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, name: "RESOURCE_CREATE_2D", queue: "control", fixedBytes: 40, feature: null, run: resource.resourceCreate2d },
  { type: p.VIRTIO_GPU_CMD_RESOURCE_UNREF, name: "RESOURCE_UNREF", queue: "control", fixedBytes: 32, feature: null, run: resource.resourceUnref },
  { type: p.VIRTIO_GPU_CMD_SET_SCANOUT, name: "SET_SCANOUT", queue: "control", fixedBytes: 48, feature: null, run: display.setScanout },
  { type: p.VIRTIO_GPU_CMD_RESOURCE_FLUSH, name: "RESOURCE_FLUSH", queue: "control", fixedBytes: 48, feature: null, run: display.resourceFlush },
  { type: p.VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D, name: "TRANSFER_TO_HOST_2D", queue: "control", fixedBytes: 56, feature: null, run: resource.transferToHost2d },
  { type: p.VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING, name: "RESOURCE_ATTACH_BACKING", queue: "control", fixedBytes: 32, feature: null, run: resource.attachBacking },
  { type: p.VIRTIO_GPU_CMD_RESOURCE_DETACH_BACKING, name: "RESOURCE_DETACH_BACKING", queue: "control", fixedBytes: 32, feature: null, run: resource.detachBacking },
  { type: p.VIRTIO_GPU_CMD_GET_CAPSET_INFO, name: "GET_CAPSET_INFO", queue: "control", fixedBytes: 32, feature: VIRGL, run: context.getCapsetInfo },
  { type: p.VIRTIO_GPU_CMD_GET_CAPSET, name: "GET_CAPSET", queue: "control", fixedBytes: 32, feature: VIRGL, run: context.getCapset },
  { type: p.VIRTIO_GPU_CMD_GET_EDID, name: "GET_EDID", queue: "control", fixedBytes: 32, feature: EDID, needsModes: true, run: display.getEdid },
  { type: p.VIRTIO_GPU_CMD_RESOURCE_ASSIGN_UUID, name: "RESOURCE_ASSIGN_UUID", queue: "control", fixedBytes: 32, feature: UUID, run: resource.assignUuid },
  { type: p.VIRTIO_GPU_CMD_RESOURCE_CREATE_BLOB, name: "RESOURCE_CREATE_BLOB", queue: "control", fixedBytes: 56, feature: BLOB, run: blob.resourceCreateBlob },
  { type: p.VIRTIO_GPU_CMD_SET_SCANOUT_BLOB, name: "SET_SCANOUT_BLOB", queue: "control", fixedBytes: 96, feature: BLOB, run: blob.setScanoutBlob },
  { type: p.VIRTIO_GPU_CMD_RESOURCE_MAP_BLOB, name: "RESOURCE_MAP_BLOB", queue: "control", fixedBytes: 40, feature: BLOB, run: blob.mapBlob },
  { type: p.VIRTIO_GPU_CMD_RESOURCE_UNMAP_BLOB, name: "RESOURCE_UNMAP_BLOB", queue: "control", fixedBytes: 32, feature: BLOB, run: blob.unmapBlob },
  { type: p.VIRTIO_GPU_CMD_CTX_CREATE, name: "CTX_CREATE", queue: "control", fixedBytes: 96, feature: VIRGL, run: context.contextCreate },
  { type: p.VIRTIO_GPU_CMD_CTX_DESTROY, name: "CTX_DESTROY", queue: "control", fixedBytes: 24, feature: VIRGL, run: context.contextDestroy },
  { type: p.VIRTIO_GPU_CMD_CTX_ATTACH_RESOURCE, name: "CTX_ATTACH_RESOURCE", queue: "control", fixedBytes: 32, feature: VIRGL, run: context.contextAttachResource },
  { type: p.VIRTIO_GPU_CMD_CTX_DETACH_RESOURCE, name: "CTX_DETACH_RESOURCE", queue: "control", fixedBytes: 32, feature: VIRGL, run: context.contextDetachResource },
  { type: p.VIRTIO_GPU_CMD_RESOURCE_CREATE_3D, name: "RESOURCE_CREATE_3D", queue: "control", fixedBytes: 72, feature: VIRGL, run: resource.resourceCreate3d },
  { type: p.VIRTIO_GPU_CMD_TRANSFER_TO_HOST_3D, name: "TRANSFER_TO_HOST_3D", queue: "control", fixedBytes: 72, feature: VIRGL, run: resource.transferToHost3d },
  { type: p.VIRTIO_GPU_CMD_TRANSFER_FROM_HOST_3D, name: "TRANSFER_FROM_HOST_3D", queue: "control", fixedBytes: 72, feature: VIRGL, run: resource.transferFromHost3d },
  { type: p.VIRTIO_GPU_CMD_SUBMIT_3D, name: "SUBMIT_3D", queue: "control", fixedBytes: 32, feature: VIRGL, run: context.submit3d },
  { type: p.VIRTIO_GPU_CMD_UPDATE_CURSOR, name: "UPDATE_CURSOR", queue: "cursor", fixedBytes: 56, feature: null, run: display.updateCursor },
  { type: p.VIRTIO_GPU_CMD_MOVE_CURSOR, name: "MOVE_CURSOR", queue: "cursor", fixedBytes: 56, feature: null, run: display.moveCursor },
];
