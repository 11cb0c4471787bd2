/**
 * The command header and the numbers of commands and object types.
 * Source of the numbers: virgl_protocol.h (`enum virgl_context_cmd`, `enum virgl_object_type`, `VIRGL_CMD0`).
 */

/** Command number of a header dword. */
export const headerCommand = (header: number): number => header & 0xff;
/** Object type of a header dword; 0 for commands without one. */
export const headerObjectType = (header: number): number => (header >>> 8) & 0xff;
/** Payload length of a header dword, in dwords, the header not counted. */
export const headerLengthDwords = (header: number): number => header >>> 16;
/** Builds a header dword. `lengthDwords` counts the payload only and must be below 65536. */
export const VIRGL_CMD0 = (command: number, objectType: number, lengthDwords: number): number =>
  (command | (objectType << 8) | (lengthDwords << 16)) >>> 0;

export const VIRGL_CCMD_NOP = 0;
export const VIRGL_CCMD_CREATE_OBJECT = 1;
export const VIRGL_CCMD_BIND_OBJECT = 2;
export const VIRGL_CCMD_DESTROY_OBJECT = 3;
export const VIRGL_CCMD_SET_VIEWPORT_STATE = 4;
export const VIRGL_CCMD_SET_FRAMEBUFFER_STATE = 5;
export const VIRGL_CCMD_SET_VERTEX_BUFFERS = 6;
export const VIRGL_CCMD_CLEAR = 7;
export const VIRGL_CCMD_DRAW_VBO = 8;
export const VIRGL_CCMD_RESOURCE_INLINE_WRITE = 9;
export const VIRGL_CCMD_SET_SAMPLER_VIEWS = 10;
export const VIRGL_CCMD_SET_INDEX_BUFFER = 11;
export const VIRGL_CCMD_SET_CONSTANT_BUFFER = 12;
export const VIRGL_CCMD_SET_STENCIL_REF = 13;
export const VIRGL_CCMD_SET_BLEND_COLOR = 14;
export const VIRGL_CCMD_SET_SCISSOR_STATE = 15;
export const VIRGL_CCMD_BLIT = 16;
export const VIRGL_CCMD_RESOURCE_COPY_REGION = 17;
export const VIRGL_CCMD_BIND_SAMPLER_STATES = 18;
export const VIRGL_CCMD_BEGIN_QUERY = 19;
export const VIRGL_CCMD_END_QUERY = 20;
export const VIRGL_CCMD_GET_QUERY_RESULT = 21;
export const VIRGL_CCMD_SET_POLYGON_STIPPLE = 22;
export const VIRGL_CCMD_SET_CLIP_STATE = 23;
export const VIRGL_CCMD_SET_SAMPLE_MASK = 24;
export const VIRGL_CCMD_SET_STREAMOUT_TARGETS = 25;
export const VIRGL_CCMD_SET_RENDER_CONDITION = 26;
export const VIRGL_CCMD_SET_UNIFORM_BUFFER = 27;
export const VIRGL_CCMD_SET_SUB_CTX = 28;
export const VIRGL_CCMD_CREATE_SUB_CTX = 29;
export const VIRGL_CCMD_DESTROY_SUB_CTX = 30;
export const VIRGL_CCMD_BIND_SHADER = 31;
export const VIRGL_CCMD_SET_TESS_STATE = 32;
export const VIRGL_CCMD_SET_MIN_SAMPLES = 33;
export const VIRGL_CCMD_SET_SHADER_BUFFERS = 34;
export const VIRGL_CCMD_SET_SHADER_IMAGES = 35;
export const VIRGL_CCMD_MEMORY_BARRIER = 36;
export const VIRGL_CCMD_LAUNCH_GRID = 37;
export const VIRGL_CCMD_SET_FRAMEBUFFER_STATE_NO_ATTACH = 38;
export const VIRGL_CCMD_TEXTURE_BARRIER = 39;
export const VIRGL_CCMD_SET_ATOMIC_BUFFERS = 40;
export const VIRGL_CCMD_SET_DEBUG_FLAGS = 41;
export const VIRGL_CCMD_GET_QUERY_RESULT_QBO = 42;
export const VIRGL_CCMD_TRANSFER3D = 43;
export const VIRGL_CCMD_END_TRANSFERS = 44;
export const VIRGL_CCMD_COPY_TRANSFER3D = 45;
export const VIRGL_CCMD_SET_TWEAKS = 46;
export const VIRGL_CCMD_CLEAR_TEXTURE = 47;
export const VIRGL_CCMD_PIPE_RESOURCE_CREATE = 48;
export const VIRGL_CCMD_PIPE_RESOURCE_SET_TYPE = 49;
export const VIRGL_CCMD_GET_MEMORY_INFO = 50;
export const VIRGL_CCMD_SEND_STRING_MARKER = 51;
export const VIRGL_CCMD_LINK_SHADER = 52;
export const VIRGL_CCMD_CREATE_VIDEO_CODEC = 53;
export const VIRGL_CCMD_DESTROY_VIDEO_CODEC = 54;
export const VIRGL_CCMD_CREATE_VIDEO_BUFFER = 55;
export const VIRGL_CCMD_DESTROY_VIDEO_BUFFER = 56;
export const VIRGL_CCMD_BEGIN_FRAME = 57;
export const VIRGL_CCMD_DECODE_MACROBLOCK = 58;
export const VIRGL_CCMD_DECODE_BITSTREAM = 59;
export const VIRGL_CCMD_ENCODE_BITSTREAM = 60;
export const VIRGL_CCMD_END_FRAME = 61;
export const VIRGL_CCMD_CLEAR_SURFACE = 62;
export const VIRGL_CCMD_GET_PIPE_RESOURCE_LAYOUT = 63;
export const VIRGL_MAX_COMMANDS = 64;

export const VIRGL_OBJECT_NULL = 0;
export const VIRGL_OBJECT_BLEND = 1;
export const VIRGL_OBJECT_RASTERIZER = 2;
export const VIRGL_OBJECT_DSA = 3;
export const VIRGL_OBJECT_SHADER = 4;
export const VIRGL_OBJECT_VERTEX_ELEMENTS = 5;
export const VIRGL_OBJECT_SAMPLER_VIEW = 6;
export const VIRGL_OBJECT_SAMPLER_STATE = 7;
export const VIRGL_OBJECT_SURFACE = 8;
export const VIRGL_OBJECT_QUERY = 9;
export const VIRGL_OBJECT_STREAMOUT_TARGET = 10;
export const VIRGL_OBJECT_MSAA_SURFACE = 11;
export const VIRGL_MAX_OBJECTS = 12;

/** Colour buffers of a framebuffer and of a blend state. */
export const VIRGL_MAX_COLOR_BUFS = 8;
export const VIRGL_MAX_CLIP_PLANES = 8;
