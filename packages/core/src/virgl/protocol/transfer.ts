/**
 * Payload layouts of the commands that move or describe resource contents.
 *
 * Source of the numbers: virgl_protocol.h. A plain constant is an index relative to the command's header dword
 * (`dw[at + VIRGL_…]`), or a payload length in dwords where the name ends in SIZE. A function of `n` is the index of the
 * nth repetition. A function of `dword` reads one bit field out of that dword.
 */
export const VIRGL_RESOURCE_MAX_PLANES = 4;

export const VIRGL_CMD_RESOURCE_COPY_REGION_SIZE = 13;
export const VIRGL_CMD_RCR_DST_RES_HANDLE = 1;
export const VIRGL_CMD_RCR_DST_LEVEL = 2;
export const VIRGL_CMD_RCR_DST_X = 3;
export const VIRGL_CMD_RCR_DST_Y = 4;
export const VIRGL_CMD_RCR_DST_Z = 5;
export const VIRGL_CMD_RCR_SRC_RES_HANDLE = 6;
export const VIRGL_CMD_RCR_SRC_LEVEL = 7;
export const VIRGL_CMD_RCR_SRC_X = 8;
export const VIRGL_CMD_RCR_SRC_Y = 9;
export const VIRGL_CMD_RCR_SRC_Z = 10;
export const VIRGL_CMD_RCR_SRC_W = 11;
export const VIRGL_CMD_RCR_SRC_H = 12;
export const VIRGL_CMD_RCR_SRC_D = 13;

export const VIRGL_CMD_BLIT_SIZE = 21;
export const VIRGL_CMD_BLIT_S0 = 1;
export const VIRGL_CMD_BLIT_S0_MASK = (dword: number): number => dword & 0xff;
export const VIRGL_CMD_BLIT_S0_FILTER = (dword: number): number => (dword >>> 8) & 0x3;
export const VIRGL_CMD_BLIT_S0_SCISSOR_ENABLE = (dword: number): number => (dword >>> 10) & 0x1;
export const VIRGL_CMD_BLIT_S0_RENDER_CONDITION_ENABLE = (dword: number): number => (dword >>> 11) & 0x1;
export const VIRGL_CMD_BLIT_S0_ALPHA_BLEND = (dword: number): number => (dword >>> 12) & 0x1;
export const VIRGL_CMD_BLIT_SCISSOR_MINX_MINY = 2;
export const VIRGL_CMD_BLIT_SCISSOR_MAXX_MAXY = 3;
export const VIRGL_CMD_BLIT_DST_RES_HANDLE = 4;
export const VIRGL_CMD_BLIT_DST_LEVEL = 5;
export const VIRGL_CMD_BLIT_DST_FORMAT = 6;
export const VIRGL_CMD_BLIT_DST_X = 7;
export const VIRGL_CMD_BLIT_DST_Y = 8;
export const VIRGL_CMD_BLIT_DST_Z = 9;
export const VIRGL_CMD_BLIT_DST_W = 10;
export const VIRGL_CMD_BLIT_DST_H = 11;
export const VIRGL_CMD_BLIT_DST_D = 12;
export const VIRGL_CMD_BLIT_SRC_RES_HANDLE = 13;
export const VIRGL_CMD_BLIT_SRC_LEVEL = 14;
export const VIRGL_CMD_BLIT_SRC_FORMAT = 15;
export const VIRGL_CMD_BLIT_SRC_X = 16;
export const VIRGL_CMD_BLIT_SRC_Y = 17;
export const VIRGL_CMD_BLIT_SRC_Z = 18;
export const VIRGL_CMD_BLIT_SRC_W = 19;
export const VIRGL_CMD_BLIT_SRC_H = 20;
export const VIRGL_CMD_BLIT_SRC_D = 21;

export const VIRGL_RESOURCE_IW_RES_HANDLE = 1;
export const VIRGL_RESOURCE_IW_LEVEL = 2;
export const VIRGL_RESOURCE_IW_USAGE = 3;
export const VIRGL_RESOURCE_IW_STRIDE = 4;
export const VIRGL_RESOURCE_IW_LAYER_STRIDE = 5;
export const VIRGL_RESOURCE_IW_X = 6;
export const VIRGL_RESOURCE_IW_Y = 7;
export const VIRGL_RESOURCE_IW_Z = 8;
export const VIRGL_RESOURCE_IW_W = 9;
export const VIRGL_RESOURCE_IW_H = 10;
export const VIRGL_RESOURCE_IW_D = 11;
export const VIRGL_RESOURCE_IW_DATA_START = 12;

export const VIRGL_TRANSFER_TO_HOST = 1;
export const VIRGL_TRANSFER_FROM_HOST = 2;

export const VIRGL_TRANSFER3D_SIZE = 13;

export const VIRGL_TRANSFER3D_DATA_OFFSET = 12;
export const VIRGL_TRANSFER3D_DIRECTION = 13;

export const VIRGL_COPY_TRANSFER3D_SIZE = 14;

export const VIRGL_COPY_TRANSFER3D_SRC_RES_HANDLE = 12;
export const VIRGL_COPY_TRANSFER3D_SRC_RES_OFFSET = 13;
export const VIRGL_COPY_TRANSFER3D_FLAGS = 14;
export const VIRGL_COPY_TRANSFER3D_FLAGS_SYNCHRONIZED = 0x1;

export const VIRGL_COPY_TRANSFER3D_FLAGS_READ_FROM_HOST = 0x2;

export const VIRGL_PIPE_RES_CREATE_SIZE = 11;
export const VIRGL_PIPE_RES_CREATE_TARGET = 1;
export const VIRGL_PIPE_RES_CREATE_FORMAT = 2;
export const VIRGL_PIPE_RES_CREATE_BIND = 3;
export const VIRGL_PIPE_RES_CREATE_WIDTH = 4;
export const VIRGL_PIPE_RES_CREATE_HEIGHT = 5;
export const VIRGL_PIPE_RES_CREATE_DEPTH = 6;
export const VIRGL_PIPE_RES_CREATE_ARRAY_SIZE = 7;
export const VIRGL_PIPE_RES_CREATE_LAST_LEVEL = 8;
export const VIRGL_PIPE_RES_CREATE_NR_SAMPLES = 9;
export const VIRGL_PIPE_RES_CREATE_FLAGS = 10;
export const VIRGL_PIPE_RES_CREATE_BLOB_ID = 11;

export const VIRGL_PIPE_RES_SET_TYPE_SIZE = (n: number): number => n * 2 + 8;
export const VIRGL_PIPE_RES_SET_TYPE_RES_HANDLE = 1;
export const VIRGL_PIPE_RES_SET_TYPE_FORMAT = 2;
export const VIRGL_PIPE_RES_SET_TYPE_BIND = 3;
export const VIRGL_PIPE_RES_SET_TYPE_WIDTH = 4;
export const VIRGL_PIPE_RES_SET_TYPE_HEIGHT = 5;
export const VIRGL_PIPE_RES_SET_TYPE_USAGE = 6;
export const VIRGL_PIPE_RES_SET_TYPE_MODIFIER_LO = 7;
export const VIRGL_PIPE_RES_SET_TYPE_MODIFIER_HI = 8;
export const VIRGL_PIPE_RES_SET_TYPE_PLANE_STRIDE = (n: number): number => n * 2 + 9;
export const VIRGL_PIPE_RES_SET_TYPE_PLANE_OFFSET = (n: number): number => n * 2 + 10;

export const VIRGL_RESOURCE_LAYOUT_SIZE = 2;
export const VIRGL_RESOURCE_LAYOUT_HANDLE_OUT = 1;
export const VIRGL_RESOURCE_LAYOUT_HANDLE_TARGET = 2;

/** `struct virgl_resource_layout`: the answer, byte offsets in it. u64 modifier, u32 num_planes, then four planes of u64, u32, u32. */
export const VIRGL_RESOURCE_LAYOUT_NUM_PLANES = 8;
export const VIRGL_RESOURCE_LAYOUT_PLANE0_OFFSET = 16;
export const VIRGL_RESOURCE_LAYOUT_PLANE0_STRIDE = 24;
export const VIRGL_RESOURCE_LAYOUT_PLANE0_SIZE = 28;
export const VIRGL_RESOURCE_LAYOUT_BYTES = 80;
