import * as v from "../../../virgl/index.js";
import { VirglObject } from "./virgl-object.js";

/** Blend state (virgl_protocol.h: VIRGL_OBJ_BLEND_…), one packed word per colour buffer as the protocol packs it. */
export class BlendState extends VirglObject {
  readonly independent: boolean;
  readonly logicOpEnabled: boolean;
  readonly dither: boolean;
  readonly alphaToCoverage: boolean;
  readonly alphaToOne: boolean;
  readonly logicOp: number;
  /** VIRGL_OBJ_BLEND_S2 words; without `independent` all equal the first. */
  readonly targets = new Uint32Array(v.VIRGL_MAX_COLOR_BUFS);

  constructor(s0: number, s1: number) {
    super(v.VIRGL_OBJECT_BLEND);
    this.independent = v.VIRGL_OBJ_BLEND_S0_INDEPENDENT_BLEND_ENABLE(s0) !== 0;
    this.logicOpEnabled = v.VIRGL_OBJ_BLEND_S0_LOGICOP_ENABLE(s0) !== 0;
    this.dither = v.VIRGL_OBJ_BLEND_S0_DITHER(s0) !== 0;
    this.alphaToCoverage = v.VIRGL_OBJ_BLEND_S0_ALPHA_TO_COVERAGE(s0) !== 0;
    this.alphaToOne = v.VIRGL_OBJ_BLEND_S0_ALPHA_TO_ONE(s0) !== 0;
    this.logicOp = v.VIRGL_OBJ_BLEND_S1_LOGICOP_FUNC(s1);
  }
}

/** Reads the payload of CREATE_OBJECT(BLEND) at header index `at`; its length has been checked. */
export function decodeBlend(dw: Uint32Array, at: number): BlendState {
  const blend = new BlendState(dw[at + v.VIRGL_OBJ_BLEND_S0]!, dw[at + v.VIRGL_OBJ_BLEND_S1]!);
  for (let i = 0; i < v.VIRGL_MAX_COLOR_BUFS; i++) {
    blend.targets[i] = dw[at + v.VIRGL_OBJ_BLEND_S2(blend.independent ? i : 0)]!;
  }
  return blend;
}

/** PIPE_BLENDFACTOR_…, bit by value: those that read a second colour output. */
const DUAL_SOURCE =
  (1 << v.PIPE_BLENDFACTOR_SRC1_COLOR) |
  (1 << v.PIPE_BLENDFACTOR_SRC1_ALPHA) |
  (1 << v.PIPE_BLENDFACTOR_INV_SRC1_COLOR) |
  (1 << v.PIPE_BLENDFACTOR_INV_SRC1_ALPHA);

/** Whether some colour buffer blends with a second colour output, which is not offered. */
export function usesDualSource(blend: BlendState): boolean {
  for (let i = 0; i < v.VIRGL_MAX_COLOR_BUFS; i++) {
    const word = blend.targets[i]!;
    if (v.VIRGL_OBJ_BLEND_S2_RT_BLEND_ENABLE(word) === 0) continue;
    const factors =
      (1 << v.VIRGL_OBJ_BLEND_S2_RT_RGB_SRC_FACTOR(word)) |
      (1 << v.VIRGL_OBJ_BLEND_S2_RT_RGB_DST_FACTOR(word)) |
      (1 << v.VIRGL_OBJ_BLEND_S2_RT_ALPHA_SRC_FACTOR(word)) |
      (1 << v.VIRGL_OBJ_BLEND_S2_RT_ALPHA_DST_FACTOR(word));
    if ((factors & DUAL_SOURCE) !== 0) return true;
  }
  return false;
}

/** What gallium assumes before anything is bound: no blending, all channels written. */
export function defaultBlend(): BlendState {
  const blend = new BlendState(0, 0);
  blend.targets.fill(v.PIPE_MASK_RGBA << 27);
  return blend;
}
