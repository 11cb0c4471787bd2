import {
  headerCommand,
  headerLengthDwords,
  VIRGL_CCMD_COPY_TRANSFER3D,
  VIRGL_CCMD_TRANSFER3D,
  VIRGL_COPY_TRANSFER3D_FLAGS,
  VIRGL_COPY_TRANSFER3D_FLAGS_READ_FROM_HOST,
  VIRGL_COPY_TRANSFER3D_SIZE,
  VIRGL_COPY_TRANSFER3D_SRC_RES_HANDLE,
  VIRGL_RESOURCE_IW_RES_HANDLE,
  VIRGL_TRANSFER3D_DIRECTION,
  VIRGL_TRANSFER3D_SIZE,
  VIRGL_TRANSFER_FROM_HOST,
} from "../virgl/index.js";
import { VCMD_SUBMIT_CMD, VCMD_TRANSFER2_RES_HANDLE, VCMD_TRANSFER_PUT2, VTEST_HDR_SIZE } from "../vtest/index.js";

/**
 * Collects the ids of resources whose shared memory the server reads while it handles this message. `words` is the whole
 * message, header included. Ids come once each, in no order.
 */
export function resourcesReadBy(id: number, words: Uint32Array, sizeBytes: number, found: Set<number>): void {
  found.clear();
  if (id === VCMD_TRANSFER_PUT2) found.add(words[VTEST_HDR_SIZE + VCMD_TRANSFER2_RES_HANDLE]!);
  if (id !== VCMD_SUBMIT_CMD) return;
  const end = sizeBytes >>> 2;
  for (let at = VTEST_HDR_SIZE; at < end;) {
    const length = headerLengthDwords(words[at]!);
    // A stream that cannot be framed is the server's to refuse; nothing after this point will be read.
    if (at + length >= end) return;
    addReads(words, at, length, found);
    at += length + 1;
  }
}

function addReads(words: Uint32Array, at: number, length: number, found: Set<number>): void {
  const command = headerCommand(words[at]!);
  if (command === VIRGL_CCMD_TRANSFER3D && length >= VIRGL_TRANSFER3D_SIZE) {
    const isFromHost = words[at + VIRGL_TRANSFER3D_DIRECTION] === VIRGL_TRANSFER_FROM_HOST;
    if (!isFromHost) found.add(words[at + VIRGL_RESOURCE_IW_RES_HANDLE]!);
  } else if (command === VIRGL_CCMD_COPY_TRANSFER3D && length >= VIRGL_COPY_TRANSFER3D_SIZE) {
    const isFromHost = (words[at + VIRGL_COPY_TRANSFER3D_FLAGS]! & VIRGL_COPY_TRANSFER3D_FLAGS_READ_FROM_HOST) !== 0;
    if (!isFromHost) found.add(words[at + VIRGL_COPY_TRANSFER3D_SRC_RES_HANDLE]!);
  }
}
