import * as v from "../../../virgl/index.js";
import { VirglObject } from "./virgl-object.js";

/** One face's stencil state, in PIPE_ values. */
export interface StencilFace {
  readonly enabled: boolean;
  readonly func: number;
  readonly failOp: number;
  readonly depthFailOp: number;
  readonly passOp: number;
  readonly valueMask: number;
  readonly writeMask: number;
}

function decodeFace(s: number): StencilFace {
  return {
    enabled: v.VIRGL_OBJ_DSA_S1_STENCIL_ENABLED(s) !== 0,
    func: v.VIRGL_OBJ_DSA_S1_STENCIL_FUNC(s),
    failOp: v.VIRGL_OBJ_DSA_S1_STENCIL_FAIL_OP(s),
    depthFailOp: v.VIRGL_OBJ_DSA_S1_STENCIL_ZFAIL_OP(s),
    passOp: v.VIRGL_OBJ_DSA_S1_STENCIL_ZPASS_OP(s),
    valueMask: v.VIRGL_OBJ_DSA_S1_STENCIL_VALUEMASK(s),
    writeMask: v.VIRGL_OBJ_DSA_S1_STENCIL_WRITEMASK(s),
  };
}

/** Depth, stencil and alpha test (virgl_protocol.h: VIRGL_OBJ_DSA_…). Values are PIPE_FUNC_ and PIPE_STENCIL_OP_. */
export class DsaState extends VirglObject {
  readonly depthEnabled: boolean;
  readonly depthWrite: boolean;
  readonly depthFunc: number;
  /** PIPE_FUNC_ALWAYS when the alpha test is off. */
  readonly alphaFunc: number;
  readonly alphaRef: number;
  readonly front: StencilFace;
  /** The front face again when the guest uses one-sided stencil; `twoSided` tells which reference value applies. */
  readonly back: StencilFace;
  readonly twoSided: boolean;

  constructor(s0: number, s1: number, s2: number, alphaRef: number) {
    super(v.VIRGL_OBJECT_DSA);
    this.depthEnabled = v.VIRGL_OBJ_DSA_S0_DEPTH_ENABLE(s0) !== 0;
    this.depthWrite = v.VIRGL_OBJ_DSA_S0_DEPTH_WRITEMASK(s0) !== 0;
    this.depthFunc = v.VIRGL_OBJ_DSA_S0_DEPTH_FUNC(s0);
    const alpha = v.VIRGL_OBJ_DSA_S0_ALPHA_ENABLED(s0) !== 0;
    this.alphaFunc = alpha ? v.VIRGL_OBJ_DSA_S0_ALPHA_FUNC(s0) : v.PIPE_FUNC_ALWAYS;
    this.alphaRef = alphaRef;
    this.front = decodeFace(s1);
    this.twoSided = v.VIRGL_OBJ_DSA_S1_STENCIL_ENABLED(s2) !== 0;
    this.back = this.twoSided ? decodeFace(s2) : this.front;
  }
}

const floatBits = new Float32Array(1);
const wordBits = new Uint32Array(floatBits.buffer);

/** Reads the payload of CREATE_OBJECT(DSA) at header index `at`; its length has been checked. */
export function decodeDsa(dw: Uint32Array, at: number): DsaState {
  wordBits[0] = dw[at + v.VIRGL_OBJ_DSA_ALPHA_REF]!;
  return new DsaState(
    dw[at + v.VIRGL_OBJ_DSA_S0]!,
    dw[at + v.VIRGL_OBJ_DSA_S1]!,
    dw[at + v.VIRGL_OBJ_DSA_S2]!,
    floatBits[0]!,
  );
}
