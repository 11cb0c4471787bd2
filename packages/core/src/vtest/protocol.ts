/**
 * The vtest protocol, versions 0 to 2: constants and the rules for message lengths.
 * Source of the numbers: vtest_protocol.h (VCMD_…, VTEST_…). Every word is a little-endian dword.
 *
 * A message is a header (length, id) and a payload. `length` counts payload dwords, except in CREATE_RENDERER, where it
 * counts bytes, and in the replies to GET_CAPS and GET_CAPS2, where it is bytes plus one.
 */
export const VTEST_DEFAULT_SOCKET_NAME = "/tmp/.virgl_test";
export const VTEST_HDR_SIZE = 2;
export const VTEST_HDR_BYTES = 8;
export const VTEST_CMD_LEN = 0;
export const VTEST_CMD_ID = 1;

/** The newest version that this implementation speaks. */
export const VTEST_PROTOCOL_VERSION = 2;

export const VCMD_GET_CAPS = 1;
export const VCMD_RESOURCE_CREATE = 2;
export const VCMD_RESOURCE_UNREF = 3;
export const VCMD_TRANSFER_GET = 4;
export const VCMD_TRANSFER_PUT = 5;
export const VCMD_SUBMIT_CMD = 6;
export const VCMD_RESOURCE_BUSY_WAIT = 7;
export const VCMD_CREATE_RENDERER = 8;
export const VCMD_GET_CAPS2 = 9;
export const VCMD_PING_PROTOCOL_VERSION = 10;
export const VCMD_PROTOCOL_VERSION = 11;
/** Since version 2. */
export const VCMD_RESOURCE_CREATE2 = 12;
export const VCMD_TRANSFER_GET2 = 13;
export const VCMD_TRANSFER_PUT2 = 14;
/** First id beyond the versions spoken here. */
export const VCMD_END = 15;

export const VCMD_RES_CREATE_SIZE = 10;
export const VCMD_RES_CREATE_RES_HANDLE = 0;
export const VCMD_RES_CREATE_TARGET = 1;
export const VCMD_RES_CREATE_FORMAT = 2;
export const VCMD_RES_CREATE_BIND = 3;
export const VCMD_RES_CREATE_WIDTH = 4;
export const VCMD_RES_CREATE_HEIGHT = 5;
export const VCMD_RES_CREATE_DEPTH = 6;
export const VCMD_RES_CREATE_ARRAY_SIZE = 7;
export const VCMD_RES_CREATE_LAST_LEVEL = 8;
export const VCMD_RES_CREATE_NR_SAMPLES = 9;

/** The first ten dwords are those of RESOURCE_CREATE. */
export const VCMD_RES_CREATE2_SIZE = 11;
export const VCMD_RES_CREATE2_DATA_SIZE = 10;

export const VCMD_RES_UNREF_SIZE = 1;
export const VCMD_RES_UNREF_RES_HANDLE = 0;

export const VCMD_TRANSFER_HDR_SIZE = 11;
export const VCMD_TRANSFER_RES_HANDLE = 0;
export const VCMD_TRANSFER_LEVEL = 1;
export const VCMD_TRANSFER_STRIDE = 2;
export const VCMD_TRANSFER_LAYER_STRIDE = 3;
export const VCMD_TRANSFER_X = 4;
export const VCMD_TRANSFER_Y = 5;
export const VCMD_TRANSFER_Z = 6;
export const VCMD_TRANSFER_WIDTH = 7;
export const VCMD_TRANSFER_HEIGHT = 8;
export const VCMD_TRANSFER_DEPTH = 9;
export const VCMD_TRANSFER_DATA_SIZE = 10;

export const VCMD_TRANSFER2_HDR_SIZE = 10;
export const VCMD_TRANSFER2_RES_HANDLE = 0;
export const VCMD_TRANSFER2_LEVEL = 1;
export const VCMD_TRANSFER2_X = 2;
export const VCMD_TRANSFER2_Y = 3;
export const VCMD_TRANSFER2_Z = 4;
export const VCMD_TRANSFER2_WIDTH = 5;
export const VCMD_TRANSFER2_HEIGHT = 6;
export const VCMD_TRANSFER2_DEPTH = 7;
export const VCMD_TRANSFER2_DATA_SIZE = 8;
export const VCMD_TRANSFER2_OFFSET = 9;

export const VCMD_BUSY_WAIT_SIZE = 2;
export const VCMD_BUSY_WAIT_HANDLE = 0;
export const VCMD_BUSY_WAIT_FLAGS = 1;
export const VCMD_BUSY_WAIT_FLAG_WAIT = 1;

export const VCMD_PROTOCOL_VERSION_SIZE = 1;
export const VCMD_PROTOCOL_VERSION_VERSION = 0;

const NAMES: Readonly<Record<number, string>> = {
  [VCMD_GET_CAPS]: "VCMD_GET_CAPS",
  [VCMD_RESOURCE_CREATE]: "VCMD_RESOURCE_CREATE",
  [VCMD_RESOURCE_UNREF]: "VCMD_RESOURCE_UNREF",
  [VCMD_TRANSFER_GET]: "VCMD_TRANSFER_GET",
  [VCMD_TRANSFER_PUT]: "VCMD_TRANSFER_PUT",
  [VCMD_SUBMIT_CMD]: "VCMD_SUBMIT_CMD",
  [VCMD_RESOURCE_BUSY_WAIT]: "VCMD_RESOURCE_BUSY_WAIT",
  [VCMD_CREATE_RENDERER]: "VCMD_CREATE_RENDERER",
  [VCMD_GET_CAPS2]: "VCMD_GET_CAPS2",
  [VCMD_PING_PROTOCOL_VERSION]: "VCMD_PING_PROTOCOL_VERSION",
  [VCMD_PROTOCOL_VERSION]: "VCMD_PROTOCOL_VERSION",
  [VCMD_RESOURCE_CREATE2]: "VCMD_RESOURCE_CREATE2",
  [VCMD_TRANSFER_GET2]: "VCMD_TRANSFER_GET2",
  [VCMD_TRANSFER_PUT2]: "VCMD_TRANSFER_PUT2",
};

/** The name as in the protocol header, `VCMD_n` for ids beyond it. */
export function vtestCommandName(id: number): string {
  return NAMES[id] ?? `VCMD_${id}`;
}

/** Longest process name in CREATE_RENDERER. */
export const MAX_RENDERER_NAME_BYTES = 1 << 20;

/** Fixed part of each payload in dwords; -1: unknown id. SUBMIT_CMD and CREATE_RENDERER have none. */
const FIXED_DWORDS = Int8Array.of(-1, 0, 10, 1, 11, 11, 0, 2, 0, 0, 0, 1, 11, 10, 10);

/** Dwords of `id`'s payload that come before any data; -1 if the id is unknown. */
export function fixedPayloadDwords(id: number): number {
  return id < FIXED_DWORDS.length ? FIXED_DWORDS[id]! : -1;
}

/**
 * Whether the header's length fits a message with a fixed payload.
 * WORKAROUND(Mesa's vtest winsys): for TRANSFER_PUT clients count the data in the length, some in dwords and some, by
 * operator precedence, in bytes; servers have always taken the size from VCMD_TRANSFER_DATA_SIZE. All three forms pass.
 */
export function isTransferPutLength(lengthDwords: number, dataSizeBytes: number): boolean {
  const beyond = lengthDwords - VCMD_TRANSFER_HDR_SIZE;
  return beyond === 0 || beyond === dataSizeBytes || beyond === Math.ceil(dataSizeBytes / 4);
}

/**
 * Bytes of payload that follow the fixed part. `fixed` holds the fixed part's words (only TRANSFER_PUT looks at them).
 * Unbounded: the caller compares with its limits before it allocates.
 */
export function variablePayloadBytes(id: number, length: number, fixed: Uint32Array): number {
  if (id === VCMD_SUBMIT_CMD) return length * 4;
  if (id === VCMD_CREATE_RENDERER) return length;
  if (id === VCMD_TRANSFER_PUT) return fixed[VCMD_TRANSFER_DATA_SIZE]!;
  return 0;
}
