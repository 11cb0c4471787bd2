import type { GlesHost } from "../gles-host.js";
import type { SubContext } from "../sub-context.js";
import type { Program } from "./program.js";

/** A divisor that no instance index reaches: every vertex reads element 0, as a stride of 0 asks for. */
const CONSTANT_DIVISOR = 0xffffffff;

/**
 * Points the program's attributes into the guest's vertex buffers. GLES has neither start instance nor (before 3.2) base
 * vertex: both become offsets. Attributes without a buffer read GL's default (0, 0, 0, 1).
 */
export function emitVertexInput(
  host: GlesHost,
  sub: SubContext,
  program: Program,
  startInstance: number,
  baseVertex: number,
): void {
  const { bindings, caps } = host;
  bindings.vertexArray(host.vertexArray);
  const elements = sub.vertexElements;
  const count = elements === null ? 0 : elements.count;
  const limit = Math.min(32, caps.limits.vertexAttribs);
  const maxStride = caps.limits.vertexAttribStride;
  for (let i = 0; i < limit; i++) {
    if (i >= count || ((program.attributeMask >>> i) & 1) === 0) {
      bindings.disableAttribute(i);
      continue;
    }
    const slot = elements!.bufferIndex[i]!;
    const buffer = sub.vertexBuffers[slot]!;
    const stride = sub.vertexStride[slot]!;
    if (buffer === null || (maxStride > 0 && stride > maxStride)) {
      bindings.disableAttribute(i);
      continue;
    }
    let offset = sub.vertexOffset[slot]! + elements!.srcOffset[i]!;
    let divisor = elements!.divisor[i]!;
    if (stride === 0) divisor = CONSTANT_DIVISOR;
    else if (divisor === 0) offset += baseVertex * stride;
    else offset += startInstance * stride;
    if (offset < 0 || offset + elements!.sizeBytes[i]! > buffer.sizeBytes) {
      bindings.disableAttribute(i);
      continue;
    }
    bindings.attribute(i, buffer.name, elements!.code[i]!, stride, offset, divisor);
  }
  sub.vertexStartInstance = startInstance;
  sub.vertexBase = baseVertex;
}
