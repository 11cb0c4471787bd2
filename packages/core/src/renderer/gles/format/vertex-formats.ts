/**
 * Vertex attribute formats. Source: virgl_hw.h (`enum virgl_formats`); OpenGL ES 3.2, table 10.2. Scaled formats become
 * non-normalised pointers, integer ones `glVertexAttribIPointer`.
 */
import { GL as G } from "../../../gl/index.js";
import { VirglFormat as V } from "../../../virgl/index.js";
import type { VertexFormat } from "./format-row.js";

type FormatName = keyof typeof V;

/** Name prefixes by component count are regular: R8, R8G8, R8G8B8, R8G8B8A8. */
function prefix(bits: number, size: number): string {
  return ["R", "G", "B", "A"]
    .slice(0, size)
    .map((channel) => `${channel}${bits}`)
    .join("");
}

interface Family {
  readonly bits: number;
  readonly suffix: string;
  readonly glType: number;
  readonly normalized?: boolean;
  readonly integer?: boolean;
}

// prettier-ignore
const FAMILIES: readonly Family[] = [
  { bits: 8,  suffix: "UNORM",   glType: G.UNSIGNED_BYTE,  normalized: true },
  { bits: 8,  suffix: "SNORM",   glType: G.BYTE,           normalized: true },
  { bits: 8,  suffix: "USCALED", glType: G.UNSIGNED_BYTE },
  { bits: 8,  suffix: "SSCALED", glType: G.BYTE },
  { bits: 8,  suffix: "UINT",    glType: G.UNSIGNED_BYTE,  integer: true },
  { bits: 8,  suffix: "SINT",    glType: G.BYTE,           integer: true },
  { bits: 16, suffix: "UNORM",   glType: G.UNSIGNED_SHORT, normalized: true },
  { bits: 16, suffix: "SNORM",   glType: G.SHORT,          normalized: true },
  { bits: 16, suffix: "USCALED", glType: G.UNSIGNED_SHORT },
  { bits: 16, suffix: "SSCALED", glType: G.SHORT },
  { bits: 16, suffix: "UINT",    glType: G.UNSIGNED_SHORT, integer: true },
  { bits: 16, suffix: "SINT",    glType: G.SHORT,          integer: true },
  { bits: 16, suffix: "FLOAT",   glType: G.HALF_FLOAT },
  { bits: 32, suffix: "UNORM",   glType: G.UNSIGNED_INT,   normalized: true },
  { bits: 32, suffix: "SNORM",   glType: G.INT,            normalized: true },
  { bits: 32, suffix: "USCALED", glType: G.UNSIGNED_INT },
  { bits: 32, suffix: "SSCALED", glType: G.INT },
  { bits: 32, suffix: "UINT",    glType: G.UNSIGNED_INT,   integer: true },
  { bits: 32, suffix: "SINT",    glType: G.INT,            integer: true },
  { bits: 32, suffix: "FLOAT",   glType: G.FLOAT },
  { bits: 32, suffix: "FIXED",   glType: G.FIXED },
];

// prettier-ignore
const PACKED: readonly (readonly [name: FormatName, glType: number, normalized: boolean, swapRB: boolean])[] = [
  ["B8G8R8A8_UNORM",      G.UNSIGNED_BYTE,               true,  true],
  ["R10G10B10A2_UNORM",   G.UNSIGNED_INT_2_10_10_10_REV, true,  false],
  ["B10G10R10A2_UNORM",   G.UNSIGNED_INT_2_10_10_10_REV, true,  true],
  ["R10G10B10A2_SNORM",   G.INT_2_10_10_10_REV,          true,  false],
  ["B10G10R10A2_SNORM",   G.INT_2_10_10_10_REV,          true,  true],
  ["R10G10B10A2_USCALED", G.UNSIGNED_INT_2_10_10_10_REV, false, false],
  ["B10G10R10A2_USCALED", G.UNSIGNED_INT_2_10_10_10_REV, false, true],
  ["R10G10B10A2_SSCALED", G.INT_2_10_10_10_REV,          false, false],
  ["B10G10R10A2_SSCALED", G.INT_2_10_10_10_REV,          false, true],
];

function build(): Map<number, VertexFormat> {
  const formats = new Map<number, VertexFormat>();
  for (const { bits, suffix, glType, normalized = false, integer = false } of FAMILIES) {
    for (let size = 1; size <= 4; size++) {
      const virglFormat: number | undefined = V[`${prefix(bits, size)}_${suffix}` as FormatName];
      if (virglFormat !== undefined) formats.set(virglFormat, { size, glType, normalized, integer, swapRB: false });
    }
  }
  for (const [name, glType, normalized, swapRB] of PACKED) {
    formats.set(V[name], { size: 4, glType, normalized, integer: false, swapRB });
  }
  return formats;
}

/** Vertex formats by virgl format. */
export const VERTEX_FORMATS: ReadonlyMap<number, VertexFormat> = build();
