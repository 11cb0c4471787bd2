/**
 * Payload layouts of the commands that set state: viewports, framebuffer, vertex and index buffers, constants, sampler
 * bindings, stencil reference, shaders, and the rest.
 *
 * Source of the numbers: virgl_protocol.h. A plain constant is an index relative to the command's header dword
 * (`dw[at + VIRGL_…]`), or a payload length in dwords where the name ends in SIZE. A function of `n` is the index of the
 * nth repetition. A function of `dword` reads one bit field out of that dword.
 */
export const VIRGL_SET_VIEWPORT_STATE_SIZE = (n: number): number => n * 6 + 1;
export const VIRGL_SET_VIEWPORT_START_SLOT = 1;
export const VIRGL_SET_VIEWPORT_STATE_SCALE_0 = (n: number): number => n * 6 + 2;
export const VIRGL_SET_VIEWPORT_STATE_SCALE_1 = (n: number): number => n * 6 + 3;
export const VIRGL_SET_VIEWPORT_STATE_SCALE_2 = (n: number): number => n * 6 + 4;
export const VIRGL_SET_VIEWPORT_STATE_TRANSLATE_0 = (n: number): number => n * 6 + 5;
export const VIRGL_SET_VIEWPORT_STATE_TRANSLATE_1 = (n: number): number => n * 6 + 6;
export const VIRGL_SET_VIEWPORT_STATE_TRANSLATE_2 = (n: number): number => n * 6 + 7;

export const VIRGL_SET_FRAMEBUFFER_STATE_SIZE = (n: number): number => n + 2;
export const VIRGL_SET_FRAMEBUFFER_STATE_NR_CBUFS = 1;
export const VIRGL_SET_FRAMEBUFFER_STATE_NR_ZSURF_HANDLE = 2;
export const VIRGL_SET_FRAMEBUFFER_STATE_CBUF_HANDLE = (n: number): number => n + 3;

export const VIRGL_SET_VERTEX_BUFFERS_SIZE = (n: number): number => n * 3 + 0;
export const VIRGL_SET_VERTEX_BUFFER_STRIDE = (n: number): number => n * 3 + 1;
export const VIRGL_SET_VERTEX_BUFFER_OFFSET = (n: number): number => n * 3 + 2;
export const VIRGL_SET_VERTEX_BUFFER_HANDLE = (n: number): number => n * 3 + 3;

/** 1 unbinds (a null handle stands alone), 3 binds. */
export const VIRGL_SET_INDEX_BUFFER_SIZE = (handle: number): number => (handle === 0 ? 1 : 3);
export const VIRGL_SET_INDEX_BUFFER_HANDLE = 1;
export const VIRGL_SET_INDEX_BUFFER_INDEX_SIZE = 2;
export const VIRGL_SET_INDEX_BUFFER_OFFSET = 3;

export const VIRGL_SET_CONSTANT_BUFFER_SHADER_TYPE = 1;
export const VIRGL_SET_CONSTANT_BUFFER_INDEX = 2;
export const VIRGL_SET_CONSTANT_BUFFER_DATA_START = 3;

export const VIRGL_SET_UNIFORM_BUFFER_SIZE = 5;
export const VIRGL_SET_UNIFORM_BUFFER_SHADER_TYPE = 1;
export const VIRGL_SET_UNIFORM_BUFFER_INDEX = 2;
export const VIRGL_SET_UNIFORM_BUFFER_OFFSET = 3;
export const VIRGL_SET_UNIFORM_BUFFER_LENGTH = 4;
export const VIRGL_SET_UNIFORM_BUFFER_RES_HANDLE = 5;

export const VIRGL_SET_SAMPLER_VIEWS_SIZE = (n: number): number => n + 2;
export const VIRGL_SET_SAMPLER_VIEWS_SHADER_TYPE = 1;
export const VIRGL_SET_SAMPLER_VIEWS_START_SLOT = 2;
export const VIRGL_SET_SAMPLER_VIEWS_V0_HANDLE = 3;

export const VIRGL_BIND_SAMPLER_STATES = (n: number): number => n + 2;
export const VIRGL_BIND_SAMPLER_STATES_SHADER_TYPE = 1;
export const VIRGL_BIND_SAMPLER_STATES_START_SLOT = 2;
export const VIRGL_BIND_SAMPLER_STATES_S0_HANDLE = 3;

export const VIRGL_SET_STENCIL_REF_SIZE = 1;
export const VIRGL_SET_STENCIL_REF = 1;
export const VIRGL_SET_STENCIL_REF_FRONT = (dword: number): number => dword & 0xff;
export const VIRGL_SET_STENCIL_REF_BACK = (dword: number): number => (dword >>> 8) & 0xff;

export const VIRGL_SET_BLEND_COLOR_SIZE = 4;
export const VIRGL_SET_BLEND_COLOR = (n: number): number => n + 1;

export const VIRGL_SET_SCISSOR_STATE_SIZE = (n: number): number => n * 2 + 1;
export const VIRGL_SET_SCISSOR_START_SLOT = 1;
export const VIRGL_SET_SCISSOR_MINX_MINY = (n: number): number => n * 2 + 2;
export const VIRGL_SET_SCISSOR_MAXX_MAXY = (n: number): number => n * 2 + 3;

export const VIRGL_SET_STREAMOUT_TARGETS_APPEND_BITMASK = 1;
export const VIRGL_SET_STREAMOUT_TARGETS_H0 = 2;

export const VIRGL_SET_SAMPLE_MASK_SIZE = 1;
export const VIRGL_SET_SAMPLE_MASK_MASK = 1;

export const VIRGL_SET_CLIP_STATE_SIZE = 32;
export const VIRGL_SET_CLIP_STATE_C0 = 1;

export const VIRGL_POLYGON_STIPPLE_SIZE = 32;
export const VIRGL_POLYGON_STIPPLE_P0 = 1;

export const VIRGL_BIND_SHADER_SIZE = 2;
export const VIRGL_BIND_SHADER_HANDLE = 1;
export const VIRGL_BIND_SHADER_TYPE = 2;

export const VIRGL_TESS_STATE_SIZE = 6;
/** Four outer levels, then two inner levels, as f32. */
export const VIRGL_TESS_STATE_OUTER = (n: number): number => n + 1;
export const VIRGL_TESS_STATE_INNER = (n: number): number => n + 5;

export const VIRGL_SET_MIN_SAMPLES_SIZE = 1;
export const VIRGL_SET_MIN_SAMPLES_MASK = 1;

export const VIRGL_SET_SHADER_BUFFER_ELEMENT_SIZE = 3;
export const VIRGL_SET_SHADER_BUFFER_SIZE = (n: number): number => n * 3 + 2;
export const VIRGL_SET_SHADER_BUFFER_SHADER_TYPE = 1;
export const VIRGL_SET_SHADER_BUFFER_START_SLOT = 2;
export const VIRGL_SET_SHADER_BUFFER_OFFSET = (n: number): number => n * 3 + 3;
export const VIRGL_SET_SHADER_BUFFER_LENGTH = (n: number): number => n * 3 + 4;
export const VIRGL_SET_SHADER_BUFFER_RES_HANDLE = (n: number): number => n * 3 + 5;

export const VIRGL_SET_SHADER_IMAGE_ELEMENT_SIZE = 5;
export const VIRGL_SET_SHADER_IMAGE_SIZE = (n: number): number => n * 5 + 2;
export const VIRGL_SET_SHADER_IMAGE_SHADER_TYPE = 1;
export const VIRGL_SET_SHADER_IMAGE_START_SLOT = 2;
export const VIRGL_SET_SHADER_IMAGE_FORMAT = (n: number): number => n * 5 + 3;
export const VIRGL_SET_SHADER_IMAGE_ACCESS = (n: number): number => n * 5 + 4;
export const VIRGL_SET_SHADER_IMAGE_LAYER_OFFSET = (n: number): number => n * 5 + 5;
export const VIRGL_SET_SHADER_IMAGE_LEVEL_SIZE = (n: number): number => n * 5 + 6;
export const VIRGL_SET_SHADER_IMAGE_RES_HANDLE = (n: number): number => n * 5 + 7;

export const VIRGL_SET_FRAMEBUFFER_STATE_NO_ATTACH_SIZE = 2;
export const VIRGL_SET_FRAMEBUFFER_STATE_NO_ATTACH_WIDTH_HEIGHT = 1;
export const VIRGL_SET_FRAMEBUFFER_STATE_NO_ATTACH_WIDTH = (dword: number): number => dword & 0xffff;
export const VIRGL_SET_FRAMEBUFFER_STATE_NO_ATTACH_HEIGHT = (dword: number): number => (dword >>> 16) & 0xffff;
export const VIRGL_SET_FRAMEBUFFER_STATE_NO_ATTACH_LAYERS_SAMPLES = 2;
export const VIRGL_SET_FRAMEBUFFER_STATE_NO_ATTACH_LAYERS = (dword: number): number => dword & 0xffff;
export const VIRGL_SET_FRAMEBUFFER_STATE_NO_ATTACH_SAMPLES = (dword: number): number => (dword >>> 16) & 0xff;

export const VIRGL_SET_ATOMIC_BUFFER_ELEMENT_SIZE = 3;
export const VIRGL_SET_ATOMIC_BUFFER_SIZE = (n: number): number => n * 3 + 1;
export const VIRGL_SET_ATOMIC_BUFFER_START_SLOT = 1;
export const VIRGL_SET_ATOMIC_BUFFER_OFFSET = (n: number): number => n * 3 + 2;
export const VIRGL_SET_ATOMIC_BUFFER_LENGTH = (n: number): number => n * 3 + 3;
export const VIRGL_SET_ATOMIC_BUFFER_RES_HANDLE = (n: number): number => n * 3 + 4;

export const VIRGL_SET_DEBUG_FLAGS_MIN_SIZE = 2;
export const VIRGL_SET_DEBUG_FLAGSTRING_OFFSET = 1;

export const VIRGL_SET_TWEAKS_SIZE = 2;
export const VIRGL_SET_TWEAKS_ID = 1;
export const VIRGL_SET_TWEAKS_VALUE = 2;

export const VIRGL_SEND_STRING_MARKER_MIN_SIZE = 2;
export const VIRGL_SEND_STRING_MARKER_STRING_SIZE = 1;
export const VIRGL_SEND_STRING_MARKER_OFFSET = 2;

export const VIRGL_LINK_SHADER_SIZE = 6;
export const VIRGL_LINK_SHADER_VERTEX_HANDLE = 1;
export const VIRGL_LINK_SHADER_FRAGMENT_HANDLE = 2;
export const VIRGL_LINK_SHADER_GEOMETRY_HANDLE = 3;
export const VIRGL_LINK_SHADER_TESS_CTRL_HANDLE = 4;
export const VIRGL_LINK_SHADER_TESS_EVAL_HANDLE = 5;
export const VIRGL_LINK_SHADER_COMPUTE_HANDLE = 6;

/** SET_SUB_CTX, CREATE_SUB_CTX and DESTROY_SUB_CTX carry one dword: the sub-context's id. */
export const VIRGL_SUB_CTX_SIZE = 1;
export const VIRGL_SUB_CTX_ID = 1;
