/**
 * Payload layouts of the commands that draw, clear or launch.
 *
 * Source of the numbers: virgl_protocol.h. A plain constant is an index relative to the command's header dword
 * (`dw[at + VIRGL_…]`), or a payload length in dwords where the name ends in SIZE. A function of `n` is the index of the
 * nth repetition. A function of `dword` reads one bit field out of that dword.
 */
export const VIRGL_OBJ_CLEAR_SIZE = 8;
export const VIRGL_OBJ_CLEAR_BUFFERS = 1;
export const VIRGL_OBJ_CLEAR_COLOR_0 = 2;
export const VIRGL_OBJ_CLEAR_COLOR_1 = 3;
export const VIRGL_OBJ_CLEAR_COLOR_2 = 4;
export const VIRGL_OBJ_CLEAR_COLOR_3 = 5;
export const VIRGL_OBJ_CLEAR_DEPTH_0 = 6;
export const VIRGL_OBJ_CLEAR_DEPTH_1 = 7;
export const VIRGL_OBJ_CLEAR_STENCIL = 8;

export const VIRGL_DRAW_VBO_SIZE = 12;
export const VIRGL_DRAW_VBO_SIZE_TESS = 14;
export const VIRGL_DRAW_VBO_SIZE_INDIRECT = 20;
export const VIRGL_DRAW_VBO_START = 1;
export const VIRGL_DRAW_VBO_COUNT = 2;
export const VIRGL_DRAW_VBO_MODE = 3;
export const VIRGL_DRAW_VBO_INDEXED = 4;
export const VIRGL_DRAW_VBO_INSTANCE_COUNT = 5;
export const VIRGL_DRAW_VBO_INDEX_BIAS = 6;
export const VIRGL_DRAW_VBO_START_INSTANCE = 7;
export const VIRGL_DRAW_VBO_PRIMITIVE_RESTART = 8;
export const VIRGL_DRAW_VBO_RESTART_INDEX = 9;
export const VIRGL_DRAW_VBO_MIN_INDEX = 10;
export const VIRGL_DRAW_VBO_MAX_INDEX = 11;
export const VIRGL_DRAW_VBO_COUNT_FROM_SO = 12;

export const VIRGL_DRAW_VBO_VERTICES_PER_PATCH = 13;
export const VIRGL_DRAW_VBO_DRAWID = 14;

export const VIRGL_DRAW_VBO_INDIRECT_HANDLE = 15;
export const VIRGL_DRAW_VBO_INDIRECT_OFFSET = 16;
export const VIRGL_DRAW_VBO_INDIRECT_STRIDE = 17;
export const VIRGL_DRAW_VBO_INDIRECT_DRAW_COUNT = 18;
export const VIRGL_DRAW_VBO_INDIRECT_DRAW_COUNT_OFFSET = 19;
export const VIRGL_DRAW_VBO_INDIRECT_DRAW_COUNT_HANDLE = 20;

export const VIRGL_MEMORY_BARRIER_SIZE = 1;
export const VIRGL_MEMORY_BARRIER_FLAGS = 1;

export const VIRGL_LAUNCH_GRID_SIZE = 8;
export const VIRGL_LAUNCH_BLOCK_X = 1;
export const VIRGL_LAUNCH_BLOCK_Y = 2;
export const VIRGL_LAUNCH_BLOCK_Z = 3;
export const VIRGL_LAUNCH_GRID_X = 4;
export const VIRGL_LAUNCH_GRID_Y = 5;
export const VIRGL_LAUNCH_GRID_Z = 6;
export const VIRGL_LAUNCH_INDIRECT_HANDLE = 7;
export const VIRGL_LAUNCH_INDIRECT_OFFSET = 8;

export const VIRGL_TEXTURE_BARRIER_SIZE = 1;
export const VIRGL_TEXTURE_BARRIER_FLAGS = 1;

export const VIRGL_CLEAR_TEXTURE_SIZE = 12;
export const VIRGL_TEXTURE_HANDLE = 1;
export const VIRGL_TEXTURE_LEVEL = 2;
export const VIRGL_TEXTURE_SRC_X = 3;
export const VIRGL_TEXTURE_SRC_Y = 4;
export const VIRGL_TEXTURE_SRC_Z = 5;
export const VIRGL_TEXTURE_SRC_W = 6;
export const VIRGL_TEXTURE_SRC_H = 7;
export const VIRGL_TEXTURE_SRC_D = 8;
export const VIRGL_TEXTURE_ARRAY_A = 9;
export const VIRGL_TEXTURE_ARRAY_B = 10;
export const VIRGL_TEXTURE_ARRAY_C = 11;
export const VIRGL_TEXTURE_ARRAY_D = 12;

export const VIRGL_CLEAR_SURFACE_SIZE = 10;
export const VIRGL_CLEAR_SURFACE_S0 = 1;
export const VIRGL_CLEAR_SURFACE_S0_RENDER_CONDITION = (dword: number): number => dword & 0x1;
export const VIRGL_CLEAR_SURFACE_S0_BUFFERS = (dword: number): number => (dword >>> 1) & 0x7;
export const VIRGL_CLEAR_SURFACE_HANDLE = 2;
export const VIRGL_CLEAR_SURFACE_COLOR_0 = 3;
export const VIRGL_CLEAR_SURFACE_COLOR_1 = 4;
export const VIRGL_CLEAR_SURFACE_COLOR_2 = 5;
export const VIRGL_CLEAR_SURFACE_COLOR_3 = 6;
export const VIRGL_CLEAR_SURFACE_DST_X = 7;
export const VIRGL_CLEAR_SURFACE_DST_Y = 8;
export const VIRGL_CLEAR_SURFACE_WIDTH = 9;
export const VIRGL_CLEAR_SURFACE_HEIGHT = 10;
