/** How single fields read in a dump, by the kinds that `dump-layouts.ts` names. */
import { doubleFromBits, floatFromBits } from "../wire/index.js";
import * as p from "./protocol/index.js";

/** Shortest text that is still the same f32. */
export function floatText(bits: number): string {
  const value = floatFromBits(bits);
  if (!Number.isFinite(value)) return String(value);
  for (let digits = 1; digits < 9; digits++) {
    const text = String(Number(value.toPrecision(digits)));
    if (Math.fround(Number(text)) === value) return text;
  }
  return String(value);
}

/** `low` and `high` are the two dwords of a little-endian f64. */
export function doubleText(low: number, high: number): string {
  return String(doubleFromBits(low, high));
}

const PRIMS =
  "points lines line_loop line_strip triangles triangle_strip triangle_fan quads quad_strip polygon lines_adj line_strip_adj triangles_adj triangle_strip_adj patches".split(
    " ",
  );
const TARGETS = "buffer 1d 2d 3d cube rect 1d_array 2d_array cube_array".split(" ");
const STAGES = "vertex fragment geometry tess_ctrl tess_eval compute".split(" ");
const FUNCS = "never less equal lequal greater notequal gequal always".split(" ");
const STENCIL_OPS = "keep zero replace incr decr incr_wrap decr_wrap invert".split(" ");
const BLEND_FUNCS = "add subtract reverse_subtract min max".split(" ");
const WRAPS = "repeat clamp edge border mirror_repeat mirror_clamp mirror_edge mirror_border".split(" ");
const QUERIES =
  "occlusion predicate timestamp timestamp_disjoint time_elapsed primitives_generated primitives_emitted so_statistics so_overflow gpu_finished pipeline_statistics predicate_conservative so_overflow_any".split(
    " ",
  );
const FACTORS: Readonly<Record<number, string>> = {
  [p.PIPE_BLENDFACTOR_ONE]: "one",
  [p.PIPE_BLENDFACTOR_SRC_COLOR]: "src",
  [p.PIPE_BLENDFACTOR_SRC_ALPHA]: "src_a",
  [p.PIPE_BLENDFACTOR_DST_ALPHA]: "dst_a",
  [p.PIPE_BLENDFACTOR_DST_COLOR]: "dst",
  [p.PIPE_BLENDFACTOR_SRC_ALPHA_SATURATE]: "src_a_sat",
  [p.PIPE_BLENDFACTOR_CONST_COLOR]: "const",
  [p.PIPE_BLENDFACTOR_CONST_ALPHA]: "const_a",
  [p.PIPE_BLENDFACTOR_SRC1_COLOR]: "src1",
  [p.PIPE_BLENDFACTOR_SRC1_ALPHA]: "src1_a",
  [p.PIPE_BLENDFACTOR_ZERO]: "zero",
  [p.PIPE_BLENDFACTOR_INV_SRC_COLOR]: "1-src",
  [p.PIPE_BLENDFACTOR_INV_SRC_ALPHA]: "1-src_a",
  [p.PIPE_BLENDFACTOR_INV_DST_ALPHA]: "1-dst_a",
  [p.PIPE_BLENDFACTOR_INV_DST_COLOR]: "1-dst",
  [p.PIPE_BLENDFACTOR_INV_CONST_COLOR]: "1-const",
  [p.PIPE_BLENDFACTOR_INV_CONST_ALPHA]: "1-const_a",
  [p.PIPE_BLENDFACTOR_INV_SRC1_COLOR]: "1-src1",
  [p.PIPE_BLENDFACTOR_INV_SRC1_ALPHA]: "1-src1_a",
};
const RASTERIZER_FLAGS =
  "flatshade depth_clip clip_halfz discard flatshade_first two_side sprite_lower_left point_quad".split(" ");
const RASTERIZER_FLAGS_HIGH =
  "scissor front_ccw clamp_vertex_color clamp_fragment_color offset_line offset_point offset_tri poly_smooth poly_stipple point_smooth point_size_per_vertex multisample line_smooth line_stipple line_last_pixel half_pixel_center bottom_edge_rule force_persample".split(
    " ",
  );

const pick = (names: readonly string[], value: number): string => names[value] ?? `?${value}`;
const hex = (value: number): string => `0x${value.toString(16)}`;
const factor = (value: number): string => FACTORS[value] ?? `?${value}`;

function flagNames(dword: number, firstBit: number, names: readonly string[]): string[] {
  return names.filter((_, i) => ((dword >>> (firstBit + i)) & 1) === 1);
}

const joined = (words: readonly string[]): string => (words.length === 0 ? "-" : words.join("+"));

function channels(mask: number): string {
  return joined(["r", "g", "b", "a"].filter((_, i) => ((mask >>> i) & 1) === 1)).replaceAll("+", "");
}

function rasterizer(dword: number): string {
  const words = flagNames(dword, 0, RASTERIZER_FLAGS).concat(flagNames(dword, 14, RASTERIZER_FLAGS_HIGH));
  const cull = p.VIRGL_OBJ_RS_S0_CULL_FACE(dword);
  if (cull !== 0) words.push(`cull_${pick(["none", "front", "back", "both"], cull)}`);
  const fill = pick(["fill", "line", "point"], p.VIRGL_OBJ_RS_S0_FILL_FRONT(dword));
  if (fill !== "fill") words.push(fill);
  return joined(words);
}

function blendTarget(dword: number): string {
  const mask = channels(p.VIRGL_OBJ_BLEND_S2_RT_COLORMASK(dword));
  if (p.VIRGL_OBJ_BLEND_S2_RT_BLEND_ENABLE(dword) === 0) return mask;
  const rgb = `${factor(p.VIRGL_OBJ_BLEND_S2_RT_RGB_SRC_FACTOR(dword))},${factor(p.VIRGL_OBJ_BLEND_S2_RT_RGB_DST_FACTOR(dword))}`;
  const alpha = `${factor(p.VIRGL_OBJ_BLEND_S2_RT_ALPHA_SRC_FACTOR(dword))},${factor(p.VIRGL_OBJ_BLEND_S2_RT_ALPHA_DST_FACTOR(dword))}`;
  const rgbFunc = pick(BLEND_FUNCS, p.VIRGL_OBJ_BLEND_S2_RT_RGB_FUNC(dword));
  const alphaFunc = pick(BLEND_FUNCS, p.VIRGL_OBJ_BLEND_S2_RT_ALPHA_FUNC(dword));
  return `${mask}:${rgbFunc}(${rgb})/${alphaFunc}(${alpha})`;
}

function stencil(dword: number): string {
  if (p.VIRGL_OBJ_DSA_S1_STENCIL_ENABLED(dword) === 0) return "off";
  const ops = [
    p.VIRGL_OBJ_DSA_S1_STENCIL_FAIL_OP(dword),
    p.VIRGL_OBJ_DSA_S1_STENCIL_ZFAIL_OP(dword),
    p.VIRGL_OBJ_DSA_S1_STENCIL_ZPASS_OP(dword),
  ].map((op) => pick(STENCIL_OPS, op));
  const masks = `${hex(p.VIRGL_OBJ_DSA_S1_STENCIL_VALUEMASK(dword))}/${hex(p.VIRGL_OBJ_DSA_S1_STENCIL_WRITEMASK(dword))}`;
  return `${pick(FUNCS, p.VIRGL_OBJ_DSA_S1_STENCIL_FUNC(dword))}(${ops.join(",")},${masks})`;
}

function depth(dword: number): string {
  const words: string[] = [];
  if (p.VIRGL_OBJ_DSA_S0_DEPTH_ENABLE(dword) === 1) words.push(pick(FUNCS, p.VIRGL_OBJ_DSA_S0_DEPTH_FUNC(dword)));
  if (p.VIRGL_OBJ_DSA_S0_DEPTH_WRITEMASK(dword) === 1) words.push("write");
  if (p.VIRGL_OBJ_DSA_S0_ALPHA_ENABLED(dword) === 1)
    words.push(`alpha_${pick(FUNCS, p.VIRGL_OBJ_DSA_S0_ALPHA_FUNC(dword))}`);
  return joined(words);
}

function sampler(dword: number): string {
  const wrap = [
    p.VIRGL_OBJ_SAMPLE_STATE_S0_WRAP_S(dword),
    p.VIRGL_OBJ_SAMPLE_STATE_S0_WRAP_T(dword),
    p.VIRGL_OBJ_SAMPLE_STATE_S0_WRAP_R(dword),
  ].map((mode) => pick(WRAPS, mode));
  const min = pick(["nearest", "linear"], p.VIRGL_OBJ_SAMPLE_STATE_S0_MIN_IMG_FILTER(dword));
  const mip = pick(["nearest", "linear", "none"], p.VIRGL_OBJ_SAMPLE_STATE_S0_MIN_MIP_FILTER(dword));
  const mag = pick(["nearest", "linear"], p.VIRGL_OBJ_SAMPLE_STATE_S0_MAG_IMG_FILTER(dword));
  const compare = p.VIRGL_OBJ_SAMPLE_STATE_S0_COMPARE_MODE(dword) === 1;
  const shadow = compare ? `,compare_${pick(FUNCS, p.VIRGL_OBJ_SAMPLE_STATE_S0_COMPARE_FUNC(dword))}` : "";
  return `${wrap.join("/")},min_${min},mip_${mip},mag_${mag}${shadow}`;
}

function clearMask(mask: number): string {
  const words: string[] = [];
  if (mask & p.PIPE_CLEAR_DEPTH) words.push("depth");
  if (mask & p.PIPE_CLEAR_STENCIL) words.push("stencil");
  for (let i = 0; i < p.VIRGL_MAX_COLOR_BUFS; i++) if (mask & (p.PIPE_CLEAR_COLOR0 << i)) words.push(`color${i}`);
  return joined(words);
}

function blitFlags(dword: number): string {
  const mask = p.VIRGL_CMD_BLIT_S0_MASK(dword);
  const words = [channels(mask & p.PIPE_MASK_RGBA)];
  if (mask & p.PIPE_MASK_Z) words.push("z");
  if (mask & p.PIPE_MASK_S) words.push("s");
  words.push(pick(["nearest", "linear"], p.VIRGL_CMD_BLIT_S0_FILTER(dword)));
  if (p.VIRGL_CMD_BLIT_S0_SCISSOR_ENABLE(dword)) words.push("scissor");
  if (p.VIRGL_CMD_BLIT_S0_RENDER_CONDITION_ENABLE(dword)) words.push("condition");
  if (p.VIRGL_CMD_BLIT_S0_ALPHA_BLEND(dword)) words.push("alpha_blend");
  return words.join(",");
}

function swizzle(dword: number): string {
  let text = "";
  for (let shift = 0; shift < 12; shift += 3) text += "rgba01??"[(dword >>> shift) & 7];
  return text;
}

const KINDS: Readonly<Record<string, (dword: number) => string>> = {
  u32: String,
  i32: (dword) => String(dword | 0),
  hex,
  f32: floatText,
  res: (dword) => `r${dword}`,
  handle: String,
  format: p.virglFormatName,
  view_format: (dword) => {
    const target = dword >>> 24;
    const format = p.virglFormatName(dword & 0xffffff);
    return target === 0 ? format : `${format}@${pick(TARGETS, target)}`;
  },
  prim: (dword) => pick(PRIMS, dword),
  target: (dword) => pick(TARGETS, dword),
  stage: (dword) => pick(STAGES, dword),
  query_type: (dword) => {
    const index = p.VIRGL_OBJ_QUERY_INDEX(dword);
    const type = pick(QUERIES, p.VIRGL_OBJ_QUERY_TYPE(dword));
    return index === 0 ? type : `${type}[${index}]`;
  },
  xy: (dword) => `${dword & 0xffff},${dword >>> 16}`,
  bytes2: (dword) => `${dword & 0xff},${(dword >>> 8) & 0xff}`,
  swizzle,
  clear: clearMask,
  blit_s0: blitFlags,
  blend_s0: (dword) =>
    joined(flagNames(dword, 0, ["independent", "logicop", "dither", "alpha_to_coverage", "alpha_to_one"])),
  blend_rt: blendTarget,
  rs_s0: rasterizer,
  rs_s3: (dword) => `stipple ${hex(dword & 0xffffff)} clip ${hex(p.VIRGL_OBJ_RS_S3_CLIP_PLANE_ENABLE(dword))}`,
  dsa_s0: depth,
  dsa_stencil: stencil,
  sampler_s0: sampler,
  shader_offset: (dword) => {
    const value = p.VIRGL_OBJ_SHADER_OFFSET_VAL(dword);
    return dword >= p.VIRGL_OBJ_SHADER_OFFSET_CONT ? `continued@${value}` : String(value);
  },
  direction: (dword) => pick(["?0", "to_host", "from_host"], dword),
  copy_flags: (dword) => joined(flagNames(dword, 0, ["synchronized", "from_host"])),
};

/** A field's value in words. Unknown kinds read as numbers. */
export function fieldText(kind: string, dword: number): string {
  return (KINDS[kind] ?? String)(dword);
}
