/**
 * The command table: one row per command of the protocol. The decoder checks lengths by it, the dump takes names from it,
 * the fuzzer builds streams from it, and the caps are computed from it (`cap-requirements.ts`): a command that leaves the
 * table takes every capability with it that needs the command.
 *
 * Lengths are payload dwords, the header not counted. Source: virgl_protocol.h.
 */
import * as p from "./protocol/index.js";

/**
 * - `offered`: executed. Dispatched to the handler.
 * - `null-only`: not offered. Default or null state is accepted without effect, because guests send it at context
 *   start whatever the caps say; any other use is NOT_OFFERED.
 * - `ignored`: has no effect that a guest could see (padding, hints, debug text). Accepted with any payload.
 * - `refused`: not offered, and has no null form: NOT_OFFERED.
 */
export type CommandStatus = "offered" | "null-only" | "ignored" | "refused";

/** A command of the protocol, or an object type of CREATE_OBJECT. */
export interface CommandRow {
  readonly id: number;
  /** As in the protocol header. */
  readonly name: string;
  readonly minDwords: number;
  readonly maxDwords: number;
  /** Lengths grow from the minimum in steps of this; 1 when every length in between is legal. */
  readonly stepDwords: number;
  readonly status: CommandStatus;
  /** What part of a guest API needs it; groups rows in reports. */
  readonly feature: string;
}

/** Longest payload that a header can express. */
export const MAX_PAYLOAD_DWORDS = 0xffff;
/** Limits of arrays inside commands. Source: p_state.h of gallium (PIPE_MAX_…), as far as GLES and GL guests use them. */
export const MAX_VIEWPORTS = 16;
export const MAX_VERTEX_BUFFERS = 32;
export const MAX_VERTEX_ELEMENTS = 32;
export const MAX_SAMPLER_VIEWS = 128;
export const MAX_SAMPLERS = 32;
export const MAX_STREAMOUT_TARGETS = 16;
export const MAX_STREAMOUT_OUTPUTS = 64;
export const MAX_SHADER_BUFFERS = 32;
export const MAX_SHADER_IMAGES = 64;
export const MAX_ATOMIC_BUFFERS = 32;

const ANY = MAX_PAYLOAD_DWORDS;

function row(
  id: number,
  name: string,
  length: number | readonly [min: number, max: number, step?: number],
  status: CommandStatus,
  feature: string,
): CommandRow {
  const [minDwords, maxDwords, stepDwords] = typeof length === "number" ? [length, length, 1] : length;
  return { id, name: `VIRGL_CCMD_${name}`, minDwords, maxDwords, stepDwords: stepDwords ?? 1, status, feature };
}

/** Indexed by command number. */
export const COMMAND_TABLE: readonly CommandRow[] = [
  row(p.VIRGL_CCMD_NOP, "NOP", [0, ANY], "ignored", "core"),
  row(p.VIRGL_CCMD_CREATE_OBJECT, "CREATE_OBJECT", [1, ANY], "offered", "core"),
  row(p.VIRGL_CCMD_BIND_OBJECT, "BIND_OBJECT", 1, "offered", "core"),
  row(p.VIRGL_CCMD_DESTROY_OBJECT, "DESTROY_OBJECT", 1, "offered", "core"),
  row(p.VIRGL_CCMD_SET_VIEWPORT_STATE, "SET_VIEWPORT_STATE", [1, 1 + 6 * MAX_VIEWPORTS, 6], "offered", "core"),
  row(p.VIRGL_CCMD_SET_FRAMEBUFFER_STATE, "SET_FRAMEBUFFER_STATE", [2, 2 + p.VIRGL_MAX_COLOR_BUFS], "offered", "core"),
  row(p.VIRGL_CCMD_SET_VERTEX_BUFFERS, "SET_VERTEX_BUFFERS", [0, 3 * MAX_VERTEX_BUFFERS, 3], "offered", "core"),
  row(p.VIRGL_CCMD_CLEAR, "CLEAR", p.VIRGL_OBJ_CLEAR_SIZE, "offered", "core"),
  row(p.VIRGL_CCMD_DRAW_VBO, "DRAW_VBO", [p.VIRGL_DRAW_VBO_SIZE, p.VIRGL_DRAW_VBO_SIZE_INDIRECT, 2], "offered", "core"),
  row(p.VIRGL_CCMD_RESOURCE_INLINE_WRITE, "RESOURCE_INLINE_WRITE", [11, ANY], "offered", "transfer"),
  row(p.VIRGL_CCMD_SET_SAMPLER_VIEWS, "SET_SAMPLER_VIEWS", [2, 2 + MAX_SAMPLER_VIEWS], "offered", "core"),
  row(p.VIRGL_CCMD_SET_INDEX_BUFFER, "SET_INDEX_BUFFER", [1, 3, 2], "offered", "core"),
  row(p.VIRGL_CCMD_SET_CONSTANT_BUFFER, "SET_CONSTANT_BUFFER", [2, ANY], "offered", "core"),
  row(p.VIRGL_CCMD_SET_STENCIL_REF, "SET_STENCIL_REF", p.VIRGL_SET_STENCIL_REF_SIZE, "offered", "core"),
  row(p.VIRGL_CCMD_SET_BLEND_COLOR, "SET_BLEND_COLOR", p.VIRGL_SET_BLEND_COLOR_SIZE, "offered", "core"),
  row(p.VIRGL_CCMD_SET_SCISSOR_STATE, "SET_SCISSOR_STATE", [1, 1 + 2 * MAX_VIEWPORTS, 2], "offered", "core"),
  row(p.VIRGL_CCMD_BLIT, "BLIT", p.VIRGL_CMD_BLIT_SIZE, "offered", "blit"),
  row(
    p.VIRGL_CCMD_RESOURCE_COPY_REGION,
    "RESOURCE_COPY_REGION",
    p.VIRGL_CMD_RESOURCE_COPY_REGION_SIZE,
    "offered",
    "blit",
  ),
  row(p.VIRGL_CCMD_BIND_SAMPLER_STATES, "BIND_SAMPLER_STATES", [2, 2 + MAX_SAMPLERS], "offered", "core"),
  row(p.VIRGL_CCMD_BEGIN_QUERY, "BEGIN_QUERY", 1, "offered", "query"),
  row(p.VIRGL_CCMD_END_QUERY, "END_QUERY", 1, "offered", "query"),
  row(p.VIRGL_CCMD_GET_QUERY_RESULT, "GET_QUERY_RESULT", p.VIRGL_QUERY_RESULT_SIZE, "offered", "query"),
  row(
    p.VIRGL_CCMD_SET_POLYGON_STIPPLE,
    "SET_POLYGON_STIPPLE",
    p.VIRGL_POLYGON_STIPPLE_SIZE,
    "null-only",
    "polygon stipple",
  ),
  row(p.VIRGL_CCMD_SET_CLIP_STATE, "SET_CLIP_STATE", p.VIRGL_SET_CLIP_STATE_SIZE, "offered", "clip planes"),
  row(p.VIRGL_CCMD_SET_SAMPLE_MASK, "SET_SAMPLE_MASK", p.VIRGL_SET_SAMPLE_MASK_SIZE, "offered", "msaa"),
  row(
    p.VIRGL_CCMD_SET_STREAMOUT_TARGETS,
    "SET_STREAMOUT_TARGETS",
    [1, 1 + MAX_STREAMOUT_TARGETS],
    "offered",
    "streamout",
  ),
  row(
    p.VIRGL_CCMD_SET_RENDER_CONDITION,
    "SET_RENDER_CONDITION",
    p.VIRGL_RENDER_CONDITION_SIZE,
    "null-only",
    "render condition",
  ),
  row(
    p.VIRGL_CCMD_SET_UNIFORM_BUFFER,
    "SET_UNIFORM_BUFFER",
    p.VIRGL_SET_UNIFORM_BUFFER_SIZE,
    "offered",
    "uniform buffer",
  ),
  row(p.VIRGL_CCMD_SET_SUB_CTX, "SET_SUB_CTX", p.VIRGL_SUB_CTX_SIZE, "offered", "core"),
  row(p.VIRGL_CCMD_CREATE_SUB_CTX, "CREATE_SUB_CTX", p.VIRGL_SUB_CTX_SIZE, "offered", "core"),
  row(p.VIRGL_CCMD_DESTROY_SUB_CTX, "DESTROY_SUB_CTX", p.VIRGL_SUB_CTX_SIZE, "offered", "core"),
  row(p.VIRGL_CCMD_BIND_SHADER, "BIND_SHADER", p.VIRGL_BIND_SHADER_SIZE, "offered", "core"),
  row(p.VIRGL_CCMD_SET_TESS_STATE, "SET_TESS_STATE", p.VIRGL_TESS_STATE_SIZE, "null-only", "tessellation"),
  row(p.VIRGL_CCMD_SET_MIN_SAMPLES, "SET_MIN_SAMPLES", p.VIRGL_SET_MIN_SAMPLES_SIZE, "null-only", "sample shading"),
  row(
    p.VIRGL_CCMD_SET_SHADER_BUFFERS,
    "SET_SHADER_BUFFERS",
    [2, 2 + 3 * MAX_SHADER_BUFFERS, 3],
    "null-only",
    "shader buffer",
  ),
  row(
    p.VIRGL_CCMD_SET_SHADER_IMAGES,
    "SET_SHADER_IMAGES",
    [2, 2 + 5 * MAX_SHADER_IMAGES, 5],
    "null-only",
    "shader image",
  ),
  row(p.VIRGL_CCMD_MEMORY_BARRIER, "MEMORY_BARRIER", p.VIRGL_MEMORY_BARRIER_SIZE, "refused", "memory barrier"),
  row(p.VIRGL_CCMD_LAUNCH_GRID, "LAUNCH_GRID", p.VIRGL_LAUNCH_GRID_SIZE, "refused", "compute"),
  row(
    p.VIRGL_CCMD_SET_FRAMEBUFFER_STATE_NO_ATTACH,
    "SET_FRAMEBUFFER_STATE_NO_ATTACH",
    p.VIRGL_SET_FRAMEBUFFER_STATE_NO_ATTACH_SIZE,
    // Sent beside every SET_FRAMEBUFFER_STATE by guests that saw FB_NO_ATTACH; matters only without attachments.
    "ignored",
    "framebuffer without attachments",
  ),
  row(p.VIRGL_CCMD_TEXTURE_BARRIER, "TEXTURE_BARRIER", p.VIRGL_TEXTURE_BARRIER_SIZE, "refused", "texture barrier"),
  row(
    p.VIRGL_CCMD_SET_ATOMIC_BUFFERS,
    "SET_ATOMIC_BUFFERS",
    [1, 1 + 3 * MAX_ATOMIC_BUFFERS, 3],
    "null-only",
    "atomic counter",
  ),
  row(p.VIRGL_CCMD_SET_DEBUG_FLAGS, "SET_DEBUG_FLAGS", [1, ANY], "ignored", "debug"),
  row(
    p.VIRGL_CCMD_GET_QUERY_RESULT_QBO,
    "GET_QUERY_RESULT_QBO",
    p.VIRGL_QUERY_RESULT_QBO_SIZE,
    "refused",
    "query buffer",
  ),
  row(p.VIRGL_CCMD_TRANSFER3D, "TRANSFER3D", p.VIRGL_TRANSFER3D_SIZE, "offered", "transfer"),
  row(p.VIRGL_CCMD_END_TRANSFERS, "END_TRANSFERS", [0, ANY], "ignored", "transfer"),
  row(p.VIRGL_CCMD_COPY_TRANSFER3D, "COPY_TRANSFER3D", p.VIRGL_COPY_TRANSFER3D_SIZE, "offered", "copy transfer"),
  row(p.VIRGL_CCMD_SET_TWEAKS, "SET_TWEAKS", p.VIRGL_SET_TWEAKS_SIZE, "ignored", "tweaks"),
  row(p.VIRGL_CCMD_CLEAR_TEXTURE, "CLEAR_TEXTURE", p.VIRGL_CLEAR_TEXTURE_SIZE, "offered", "clear texture"),
  row(p.VIRGL_CCMD_PIPE_RESOURCE_CREATE, "PIPE_RESOURCE_CREATE", p.VIRGL_PIPE_RES_CREATE_SIZE, "offered", "blob"),
  row(p.VIRGL_CCMD_PIPE_RESOURCE_SET_TYPE, "PIPE_RESOURCE_SET_TYPE", [8, 16, 2], "offered", "blob"),
  row(p.VIRGL_CCMD_GET_MEMORY_INFO, "GET_MEMORY_INFO", 1, "refused", "memory info"),
  row(p.VIRGL_CCMD_SEND_STRING_MARKER, "SEND_STRING_MARKER", [1, ANY], "ignored", "debug"),
  row(p.VIRGL_CCMD_LINK_SHADER, "LINK_SHADER", p.VIRGL_LINK_SHADER_SIZE, "offered", "core"),
  row(p.VIRGL_CCMD_CREATE_VIDEO_CODEC, "CREATE_VIDEO_CODEC", [7, ANY], "refused", "video"),
  row(p.VIRGL_CCMD_DESTROY_VIDEO_CODEC, "DESTROY_VIDEO_CODEC", [1, ANY], "refused", "video"),
  row(p.VIRGL_CCMD_CREATE_VIDEO_BUFFER, "CREATE_VIDEO_BUFFER", [5, ANY], "refused", "video"),
  row(p.VIRGL_CCMD_DESTROY_VIDEO_BUFFER, "DESTROY_VIDEO_BUFFER", [1, ANY], "refused", "video"),
  row(p.VIRGL_CCMD_BEGIN_FRAME, "BEGIN_FRAME", [2, ANY], "refused", "video"),
  row(p.VIRGL_CCMD_DECODE_MACROBLOCK, "DECODE_MACROBLOCK", [0, ANY], "refused", "video"),
  row(p.VIRGL_CCMD_DECODE_BITSTREAM, "DECODE_BITSTREAM", [5, ANY], "refused", "video"),
  row(p.VIRGL_CCMD_ENCODE_BITSTREAM, "ENCODE_BITSTREAM", [5, ANY], "refused", "video"),
  row(p.VIRGL_CCMD_END_FRAME, "END_FRAME", [2, ANY], "refused", "video"),
  row(p.VIRGL_CCMD_CLEAR_SURFACE, "CLEAR_SURFACE", p.VIRGL_CLEAR_SURFACE_SIZE, "offered", "clear surface"),
  row(
    p.VIRGL_CCMD_GET_PIPE_RESOURCE_LAYOUT,
    "GET_PIPE_RESOURCE_LAYOUT",
    p.VIRGL_RESOURCE_LAYOUT_SIZE,
    "offered",
    "resource layout",
  ),
];

/** Payload rules of CREATE_OBJECT by object type. `status` as for commands. */
export const OBJECT_TABLE: readonly CommandRow[] = [
  row(p.VIRGL_OBJECT_NULL, "CREATE_OBJECT(NULL)", [1, ANY], "refused", "core"),
  row(p.VIRGL_OBJECT_BLEND, "CREATE_OBJECT(BLEND)", p.VIRGL_OBJ_BLEND_SIZE, "offered", "core"),
  row(p.VIRGL_OBJECT_RASTERIZER, "CREATE_OBJECT(RASTERIZER)", p.VIRGL_OBJ_RS_SIZE, "offered", "core"),
  row(p.VIRGL_OBJECT_DSA, "CREATE_OBJECT(DSA)", p.VIRGL_OBJ_DSA_SIZE, "offered", "core"),
  row(p.VIRGL_OBJECT_SHADER, "CREATE_OBJECT(SHADER)", [p.VIRGL_OBJ_SHADER_HDR_SIZE(0), ANY], "offered", "core"),
  row(
    p.VIRGL_OBJECT_VERTEX_ELEMENTS,
    "CREATE_OBJECT(VERTEX_ELEMENTS)",
    [1, p.VIRGL_OBJ_VERTEX_ELEMENTS_SIZE(MAX_VERTEX_ELEMENTS), 4],
    "offered",
    "core",
  ),
  row(p.VIRGL_OBJECT_SAMPLER_VIEW, "CREATE_OBJECT(SAMPLER_VIEW)", p.VIRGL_OBJ_SAMPLER_VIEW_SIZE, "offered", "core"),
  row(p.VIRGL_OBJECT_SAMPLER_STATE, "CREATE_OBJECT(SAMPLER_STATE)", p.VIRGL_OBJ_SAMPLER_STATE_SIZE, "offered", "core"),
  row(p.VIRGL_OBJECT_SURFACE, "CREATE_OBJECT(SURFACE)", p.VIRGL_OBJ_SURFACE_SIZE, "offered", "core"),
  row(p.VIRGL_OBJECT_QUERY, "CREATE_OBJECT(QUERY)", p.VIRGL_OBJ_QUERY_SIZE, "offered", "query"),
  row(
    p.VIRGL_OBJECT_STREAMOUT_TARGET,
    "CREATE_OBJECT(STREAMOUT_TARGET)",
    p.VIRGL_OBJ_STREAMOUT_SIZE,
    "offered",
    "streamout",
  ),
  row(
    p.VIRGL_OBJECT_MSAA_SURFACE,
    "CREATE_OBJECT(MSAA_SURFACE)",
    p.VIRGL_OBJ_MSAA_SURFACE_SIZE,
    "refused",
    "implicit msaa",
  ),
];

/** The name as in the protocol header, `VIRGL_CCMD_n` for numbers beyond the table. */
export function commandName(command: number): string {
  return COMMAND_TABLE[command]?.name ?? `VIRGL_CCMD_${command}`;
}
