/**
 * How each command's payload reads in a dump. A layout is text: fields `name:kind`, one dword each (f64: two), in payload
 * order; what follows `|` repeats to the end of the payload; what follows `>` is data whose kind is named.
 */
import * as p from "./protocol/index.js";

/** One field of a payload: one dword, for kind `f64` two. */
export interface LayoutField {
  readonly name: string;
  readonly kind: string;
}

/** A payload: fields once, fields again and again, then data. */
export interface Layout {
  readonly fields: readonly LayoutField[];
  readonly repeat: readonly LayoutField[];
  /** Kind of trailing data, or "". */
  readonly data: string;
}

function fields(text: string): LayoutField[] {
  return text
    .split(" ")
    .filter((word) => word !== "")
    .map((word) => {
      const [name = "", kind = "u32"] = word.split(":");
      return { name, kind };
    });
}

function layout(text: string): Layout {
  const [head = "", data = ""] = text.split(">");
  const [fixed = "", repeat = ""] = head.split("|");
  return { fields: fields(fixed), repeat: fields(repeat), data: data.trim() };
}

const INLINE = "res:res level usage:hex stride layer_stride x y z w h d";
const RGBA_BITS = "r:hex g:hex b:hex a:hex";

/** By command number. CREATE_OBJECT is in `OBJECT_LAYOUTS`. */
export const COMMAND_LAYOUTS: Readonly<Record<number, Layout>> = {
  [p.VIRGL_CCMD_NOP]: layout("> words"),
  [p.VIRGL_CCMD_BIND_OBJECT]: layout("handle"),
  [p.VIRGL_CCMD_DESTROY_OBJECT]: layout("handle"),
  [p.VIRGL_CCMD_SET_VIEWPORT_STATE]: layout("start | sx:f32 sy:f32 sz:f32 tx:f32 ty:f32 tz:f32"),
  [p.VIRGL_CCMD_SET_FRAMEBUFFER_STATE]: layout("nr_cbufs zsurf | cbuf"),
  [p.VIRGL_CCMD_SET_VERTEX_BUFFERS]: layout("| stride offset res:res"),
  [p.VIRGL_CCMD_CLEAR]: layout("buffers:clear r:f32 g:f32 b:f32 a:f32 depth:f64 stencil"),
  [p.VIRGL_CCMD_DRAW_VBO]: layout(
    "start count mode:prim indexed instances index_bias:i32 start_instance restart restart_index:hex min max:hex from_so:handle " +
      "patch draw_id indirect:res offset stride draws draws_offset draws_res:res",
  ),
  [p.VIRGL_CCMD_RESOURCE_INLINE_WRITE]: layout(`${INLINE} > bytes`),
  [p.VIRGL_CCMD_SET_SAMPLER_VIEWS]: layout("stage:stage start | view"),
  [p.VIRGL_CCMD_SET_INDEX_BUFFER]: layout("res:res size offset"),
  [p.VIRGL_CCMD_SET_CONSTANT_BUFFER]: layout("stage:stage index > floats"),
  [p.VIRGL_CCMD_SET_STENCIL_REF]: layout("ref:bytes2"),
  [p.VIRGL_CCMD_SET_BLEND_COLOR]: layout("r:f32 g:f32 b:f32 a:f32"),
  [p.VIRGL_CCMD_SET_SCISSOR_STATE]: layout("start | min:xy max:xy"),
  [p.VIRGL_CCMD_BLIT]: layout(
    "s0:blit_s0 scissor_min:xy scissor_max:xy dst:res level format:format x y z w:i32 h:i32 d:i32 " +
      "src:res level format:format x y z w:i32 h:i32 d:i32",
  ),
  [p.VIRGL_CCMD_RESOURCE_COPY_REGION]: layout("dst:res level x y z src:res level x y z w h d"),
  [p.VIRGL_CCMD_BIND_SAMPLER_STATES]: layout("stage:stage start | state"),
  [p.VIRGL_CCMD_BEGIN_QUERY]: layout("handle"),
  [p.VIRGL_CCMD_END_QUERY]: layout("handle"),
  [p.VIRGL_CCMD_GET_QUERY_RESULT]: layout("handle wait"),
  [p.VIRGL_CCMD_SET_POLYGON_STIPPLE]: layout("> words"),
  [p.VIRGL_CCMD_SET_CLIP_STATE]: layout("> floats"),
  [p.VIRGL_CCMD_SET_SAMPLE_MASK]: layout("mask:hex"),
  [p.VIRGL_CCMD_SET_STREAMOUT_TARGETS]: layout("append:hex | target"),
  [p.VIRGL_CCMD_SET_RENDER_CONDITION]: layout("query condition mode"),
  [p.VIRGL_CCMD_SET_UNIFORM_BUFFER]: layout("stage:stage index offset length res:res"),
  [p.VIRGL_CCMD_SET_SUB_CTX]: layout("id"),
  [p.VIRGL_CCMD_CREATE_SUB_CTX]: layout("id"),
  [p.VIRGL_CCMD_DESTROY_SUB_CTX]: layout("id"),
  [p.VIRGL_CCMD_BIND_SHADER]: layout("handle stage:stage"),
  [p.VIRGL_CCMD_SET_TESS_STATE]: layout("> floats"),
  [p.VIRGL_CCMD_SET_MIN_SAMPLES]: layout("samples"),
  [p.VIRGL_CCMD_SET_SHADER_BUFFERS]: layout("stage:stage start | offset length res:res"),
  [p.VIRGL_CCMD_SET_SHADER_IMAGES]: layout(
    "stage:stage start | format:format access:hex layer_offset:hex level_size:hex res:res",
  ),
  [p.VIRGL_CCMD_MEMORY_BARRIER]: layout("flags:hex"),
  [p.VIRGL_CCMD_LAUNCH_GRID]: layout("block_x block_y block_z grid_x grid_y grid_z indirect:res offset"),
  [p.VIRGL_CCMD_SET_FRAMEBUFFER_STATE_NO_ATTACH]: layout("size:xy layers_samples:xy"),
  [p.VIRGL_CCMD_TEXTURE_BARRIER]: layout("flags:hex"),
  [p.VIRGL_CCMD_SET_ATOMIC_BUFFERS]: layout("start | offset length res:res"),
  [p.VIRGL_CCMD_SET_DEBUG_FLAGS]: layout("> text"),
  [p.VIRGL_CCMD_GET_QUERY_RESULT_QBO]: layout("handle res:res wait type offset index:i32"),
  [p.VIRGL_CCMD_TRANSFER3D]: layout(
    `res:res level usage:hex stride layer_stride x y z w h d offset direction:direction`,
  ),
  [p.VIRGL_CCMD_END_TRANSFERS]: layout("> words"),
  [p.VIRGL_CCMD_COPY_TRANSFER3D]: layout(`${INLINE} staging:res offset flags:copy_flags`),
  [p.VIRGL_CCMD_SET_TWEAKS]: layout("id value"),
  [p.VIRGL_CCMD_CLEAR_TEXTURE]: layout(`res:res level x y z w h d ${RGBA_BITS}`),
  [p.VIRGL_CCMD_PIPE_RESOURCE_CREATE]: layout(
    "target:target format:format bind:hex w h d array_size last_level samples flags:hex blob_id",
  ),
  [p.VIRGL_CCMD_PIPE_RESOURCE_SET_TYPE]: layout(
    "res:res format:format bind:hex w h usage:hex modifier_lo:hex modifier_hi:hex | stride offset",
  ),
  [p.VIRGL_CCMD_GET_MEMORY_INFO]: layout("res:res"),
  [p.VIRGL_CCMD_SEND_STRING_MARKER]: layout("size > text"),
  [p.VIRGL_CCMD_LINK_SHADER]: layout("vertex fragment geometry tess_ctrl tess_eval compute"),
  [p.VIRGL_CCMD_CREATE_VIDEO_CODEC]: layout("handle profile entrypoint chroma level w h > words"),
  [p.VIRGL_CCMD_DESTROY_VIDEO_CODEC]: layout("handle > words"),
  [p.VIRGL_CCMD_CREATE_VIDEO_BUFFER]: layout("handle format:format w h | res:res"),
  [p.VIRGL_CCMD_DESTROY_VIDEO_BUFFER]: layout("handle > words"),
  [p.VIRGL_CCMD_BEGIN_FRAME]: layout("codec target > words"),
  [p.VIRGL_CCMD_DECODE_MACROBLOCK]: layout("> words"),
  [p.VIRGL_CCMD_DECODE_BITSTREAM]: layout("codec target desc buffer size > words"),
  [p.VIRGL_CCMD_ENCODE_BITSTREAM]: layout("codec source dest desc feedback > words"),
  [p.VIRGL_CCMD_END_FRAME]: layout("codec target > words"),
  [p.VIRGL_CCMD_CLEAR_SURFACE]: layout(`s0:hex surface ${RGBA_BITS} x y w h`),
  [p.VIRGL_CCMD_GET_PIPE_RESOURCE_LAYOUT]: layout("out:res of:res"),
};

/** By object type. */
export const OBJECT_LAYOUTS: Readonly<Record<number, Layout>> = {
  [p.VIRGL_OBJECT_BLEND]: layout("handle s0:blend_s0 logicop | rt:blend_rt"),
  [p.VIRGL_OBJECT_RASTERIZER]: layout(
    "handle s0:rs_s0 point_size:f32 sprite:hex s3:rs_s3 line_width:f32 offset_units:f32 offset_scale:f32 offset_clamp:f32",
  ),
  [p.VIRGL_OBJECT_DSA]: layout("handle depth:dsa_s0 front:dsa_stencil back:dsa_stencil alpha_ref:f32"),
  [p.VIRGL_OBJECT_SHADER]: layout("handle stage:stage length:shader_offset tokens so_outputs > shader"),
  [p.VIRGL_OBJECT_VERTEX_ELEMENTS]: layout("handle | offset divisor buffer format:format"),
  [p.VIRGL_OBJECT_SAMPLER_VIEW]: layout(
    "handle res:res format:view_format first_last_layer:xy first_last_level:bytes2 swizzle:swizzle",
  ),
  [p.VIRGL_OBJECT_SAMPLER_STATE]: layout("handle s0:sampler_s0 lod_bias:f32 min_lod:f32 max_lod:f32 | border:hex"),
  [p.VIRGL_OBJECT_SURFACE]: layout("handle res:res format:format level layers:xy"),
  [p.VIRGL_OBJECT_QUERY]: layout("handle type:query_type offset res:res"),
  [p.VIRGL_OBJECT_STREAMOUT_TARGET]: layout("handle res:res offset size"),
  [p.VIRGL_OBJECT_MSAA_SURFACE]: layout("handle res:res format:format level layers:xy samples"),
};

export const RAW_LAYOUT: Layout = layout("> words");
