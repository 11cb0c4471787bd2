import { GuestError, type GuestErrorCode } from "../base/index.js";
import {
  VIRTIO_GPU_CTRL_HDR_BYTES,
  VIRTIO_GPU_RESP_ERR_INVALID_CONTEXT_ID,
  VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER,
  VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID,
  VIRTIO_GPU_RESP_ERR_OUT_OF_MEMORY,
  VIRTIO_GPU_RESP_ERR_UNSPEC,
  VIRTIO_GPU_RESP_OK_NODATA,
} from "./protocol.js";

/** The bytes of an answer, header included. Owned by whoever holds it. */
export type Answer = Uint8Array;

/** An answer without data. `type` is a `VIRTIO_GPU_RESP_*`. */
export function plainAnswer(type: number): Answer {
  return dataAnswer(type, 0).bytes;
}

/** An answer with `dataBytes` zero bytes after the header, to be filled through `view`. */
export function dataAnswer(type: number, dataBytes: number): { bytes: Answer; view: DataView } {
  const bytes = new Uint8Array(VIRTIO_GPU_CTRL_HDR_BYTES + dataBytes);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, type, true);
  return { bytes, view };
}

/** The response type for what a renderer answered. */
export function responseType(code: GuestErrorCode): number {
  switch (code) {
    case GuestError.NONE:
      return VIRTIO_GPU_RESP_OK_NODATA;
    case GuestError.UNKNOWN_RESOURCE:
      return VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID;
    case GuestError.UNKNOWN_CONTEXT:
      return VIRTIO_GPU_RESP_ERR_INVALID_CONTEXT_ID;
    case GuestError.OUT_OF_MEMORY:
    case GuestError.LIMIT:
      return VIRTIO_GPU_RESP_ERR_OUT_OF_MEMORY;
    case GuestError.BAD_VALUE:
    case GuestError.UNKNOWN_HANDLE:
    case GuestError.BAD_LENGTH:
    case GuestError.BAD_BACKING:
    case GuestError.OUT_OF_BOUNDS:
    case GuestError.UNKNOWN_FORMAT:
      return VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER;
    default:
      return VIRTIO_GPU_RESP_ERR_UNSPEC;
  }
}
