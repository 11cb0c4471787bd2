import * as v from "../../../virgl/index.js";
import { VirglObject } from "./virgl-object.js";

/**
 * Rasterizer state (virgl_protocol.h: VIRGL_OBJ_RS_…). GLES has no polygon mode, line or polygon stipple, smooth
 * polygons or first-vertex flat shading: those fields are accepted and not kept.
 */
export class RasterizerState extends VirglObject {
  readonly flatshade: boolean;
  readonly depthClip: boolean;
  readonly clipHalfZ: boolean;
  readonly discard: boolean;
  readonly twoSide: boolean;
  readonly spriteUpperLeft: boolean;
  readonly pointQuads: boolean;
  /** PIPE_FACE_ mask. */
  readonly cullFace: number;
  readonly scissor: boolean;
  readonly frontCcw: boolean;
  readonly offsetTriangles: boolean;
  readonly pointSizePerVertex: boolean;
  readonly spriteCoordEnable: number;
  readonly clipPlaneEnable: number;
  readonly pointSize: number;
  readonly lineWidth: number;
  readonly offsetUnits: number;
  readonly offsetScale: number;
  readonly offsetClamp: number;

  constructor(words: Uint32Array, floats: Float32Array) {
    super(v.VIRGL_OBJECT_RASTERIZER);
    const s0 = words[v.VIRGL_OBJ_RS_S0]!;
    this.flatshade = v.VIRGL_OBJ_RS_S0_FLATSHADE(s0) !== 0;
    this.depthClip = v.VIRGL_OBJ_RS_S0_DEPTH_CLIP(s0) !== 0;
    this.clipHalfZ = v.VIRGL_OBJ_RS_S0_CLIP_HALFZ(s0) !== 0;
    this.discard = v.VIRGL_OBJ_RS_S0_RASTERIZER_DISCARD(s0) !== 0;
    this.twoSide = v.VIRGL_OBJ_RS_S0_LIGHT_TWOSIZE(s0) !== 0;
    this.spriteUpperLeft = v.VIRGL_OBJ_RS_S0_SPRITE_COORD_MODE(s0) === v.PIPE_SPRITE_COORD_UPPER_LEFT;
    this.pointQuads = v.VIRGL_OBJ_RS_S0_POINT_QUAD_RASTERIZATION(s0) !== 0;
    this.cullFace = v.VIRGL_OBJ_RS_S0_CULL_FACE(s0);
    this.scissor = v.VIRGL_OBJ_RS_S0_SCISSOR(s0) !== 0;
    this.frontCcw = v.VIRGL_OBJ_RS_S0_FRONT_CCW(s0) !== 0;
    this.offsetTriangles = v.VIRGL_OBJ_RS_S0_OFFSET_TRI(s0) !== 0;
    this.pointSizePerVertex = v.VIRGL_OBJ_RS_S0_POINT_SIZE_PER_VERTEX(s0) !== 0;
    this.spriteCoordEnable = words[v.VIRGL_OBJ_RS_SPRITE_COORD_ENABLE]!;
    this.clipPlaneEnable = v.VIRGL_OBJ_RS_S3_CLIP_PLANE_ENABLE(words[v.VIRGL_OBJ_RS_S3]!);
    this.pointSize = floats[v.VIRGL_OBJ_RS_POINT_SIZE]!;
    this.lineWidth = floats[v.VIRGL_OBJ_RS_LINE_WIDTH]!;
    this.offsetUnits = floats[v.VIRGL_OBJ_RS_OFFSET_UNITS]!;
    this.offsetScale = floats[v.VIRGL_OBJ_RS_OFFSET_SCALE]!;
    this.offsetClamp = floats[v.VIRGL_OBJ_RS_OFFSET_CLAMP]!;
  }
}

const words = new Uint32Array(v.VIRGL_OBJ_RS_SIZE + 1);
const floats = new Float32Array(words.buffer);

/** Reads the payload of CREATE_OBJECT(RASTERIZER) at header index `at`; its length has been checked. */
export function decodeRasterizer(dw: Uint32Array, at: number): RasterizerState {
  for (let i = 0; i <= v.VIRGL_OBJ_RS_SIZE; i++) words[i] = dw[at + i]!;
  return new RasterizerState(words, floats);
}

/** GL's initial state, for draws before any rasterizer is bound. */
export function defaultRasterizer(): RasterizerState {
  words.fill(0);
  words[v.VIRGL_OBJ_RS_S0] = (1 << 1) | (1 << 15) | (1 << 29);
  floats[v.VIRGL_OBJ_RS_POINT_SIZE] = 1;
  floats[v.VIRGL_OBJ_RS_LINE_WIDTH] = 1;
  return new RasterizerState(words, floats);
}
