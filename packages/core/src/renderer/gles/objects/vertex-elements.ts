import * as v from "../../../virgl/index.js";
import { formatRow, type VertexFormat } from "../format/index.js";
import { attributeCode } from "../state/gl-bindings.js";
import { VirglObject } from "./virgl-object.js";

/** Gallium's PIPE_MAX_ATTRIBS. */
export const MAX_VERTEX_ELEMENTS = v.MAX_VERTEX_ELEMENTS;

/** Vertex elements (virgl_protocol.h: VIRGL_OBJ_VERTEX_ELEMENTS_…); element i feeds the shader's IN[i]. */
export class VertexElements extends VirglObject {
  readonly count: number;
  readonly srcOffset: Uint32Array;
  readonly divisor: Uint32Array;
  readonly bufferIndex: Uint32Array;
  /** `attributeCode` of each element. */
  readonly code: Int32Array;
  /** Bytes of one element as fetched. */
  readonly sizeBytes: Uint32Array;
  /** Bit i: element i is an integer attribute, signed or unsigned, or needs R and B exchanged. As the program key has them. */
  readonly signedMask: number;
  readonly unsignedMask: number;
  readonly swapMask: number;

  constructor(count: number, fields: Uint32Array, formats: readonly VertexFormat[], sizes: Uint32Array) {
    super(v.VIRGL_OBJECT_VERTEX_ELEMENTS);
    this.count = count;
    this.srcOffset = new Uint32Array(count);
    this.divisor = new Uint32Array(count);
    this.bufferIndex = new Uint32Array(count);
    this.code = new Int32Array(count);
    this.sizeBytes = sizes;
    let signed = 0;
    let unsigned = 0;
    let swap = 0;
    for (let i = 0; i < count; i++) {
      this.srcOffset[i] = fields[i * 3]!;
      this.divisor[i] = fields[i * 3 + 1]!;
      this.bufferIndex[i] = fields[i * 3 + 2]!;
      const format = formats[i]!;
      this.code[i] = attributeCode(format.size, format.glType, format.normalized, format.integer);
      if (format.integer) {
        if (isSignedType(format.glType)) signed |= 1 << i;
        else unsigned |= 1 << i;
      }
      if (format.swapRB) swap |= 1 << i;
    }
    this.signedMask = signed >>> 0;
    this.unsignedMask = unsigned >>> 0;
    this.swapMask = swap >>> 0;
  }
}

/** GL_BYTE, GL_SHORT and GL_INT are even, their unsigned twins odd. */
function isSignedType(glType: number): boolean {
  return (glType & 1) === 0;
}

/**
 * Reads the payload of CREATE_OBJECT(VERTEX_ELEMENTS) at header index `at`: `(len - 1) / 4` elements.
 * Returns null when a format is no vertex format or a buffer index is too large.
 */
export function decodeVertexElements(dw: Uint32Array, at: number, len: number): VertexElements | null {
  const count = Math.floor((len - 1) / 4);
  if (count > MAX_VERTEX_ELEMENTS) return null;
  const fields = new Uint32Array(count * 3);
  const sizes = new Uint32Array(count);
  const formats: VertexFormat[] = [];
  for (let i = 0; i < count; i++) {
    fields[i * 3] = dw[at + v.VIRGL_OBJ_VERTEX_ELEMENTS_V0_SRC_OFFSET(i)]!;
    fields[i * 3 + 1] = dw[at + v.VIRGL_OBJ_VERTEX_ELEMENTS_V0_INSTANCE_DIVISOR(i)]!;
    const bufferIndex = dw[at + v.VIRGL_OBJ_VERTEX_ELEMENTS_V0_VERTEX_BUFFER_INDEX(i)]!;
    const row = formatRow(dw[at + v.VIRGL_OBJ_VERTEX_ELEMENTS_V0_SRC_FORMAT(i)]!);
    if (bufferIndex >= v.MAX_VERTEX_BUFFERS || row === undefined || row.vertex === null) return null;
    fields[i * 3 + 2] = bufferIndex;
    sizes[i] = row.blockBytes;
    formats.push(row.vertex);
  }
  return new VertexElements(count, fields, formats, sizes);
}
