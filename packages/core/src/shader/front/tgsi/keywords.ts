/** The closed word lists of TGSI text, tgsi_strings.c. Membership tests narrow to the types of shader-info.ts. */
import type { Interpolation, InterpolationLocation, Semantic, ShaderStage, TextureTarget } from "../../shader-info.js";
import type { ImmediateType, RegisterFile } from "./syntax-tree.js";

export const STAGES: ReadonlyMap<string, ShaderStage> = new Map([
  ["VERT", "vertex"],
  ["FRAG", "fragment"],
  ["GEOM", "geometry"],
  ["TESS_CTRL", "tess-control"],
  ["TESS_EVAL", "tess-evaluation"],
  ["COMP", "compute"],
]);

function words<T extends string>(list: string): ReadonlyMap<string, T> {
  return new Map(
    list
      .trim()
      .split(/\s+/)
      .map((word): [string, T] => [word, word as T]),
  );
}

export const REGISTER_FILES = words<RegisterFile>(
  "CONST IN OUT TEMP SAMP ADDR IMM SV IMAGE SVIEW BUFFER MEMORY HWATOMIC",
);

export const SEMANTICS = words<Semantic>(`
  POSITION COLOR BCOLOR FOG PSIZE GENERIC NORMAL FACE EDGEFLAG PRIM_ID INSTANCEID VERTEXID STENCIL CLIPDIST CLIPVERTEX
  GRID_SIZE BLOCK_ID BLOCK_SIZE THREAD_ID TEXCOORD PCOORD VIEWPORT_INDEX LAYER CULLDIST SAMPLEID SAMPLEPOS SAMPLEMASK
  INVOCATIONID VERTEXID_NOBASE BASEVERTEX PATCH TESSCOORD TESSOUTER TESSINNER VERTICESIN HELPER_INVOCATION BASEINSTANCE
  DRAWID WORK_DIM`);

export const INTERPOLATIONS = words<Interpolation>("CONSTANT LINEAR PERSPECTIVE COLOR");
export const LOCATIONS = words<InterpolationLocation>("CENTER CENTROID SAMPLE");

export const TEXTURE_TARGETS = words<TextureTarget>(`
  BUFFER 1D 2D 3D CUBE RECT SHADOW1D SHADOW2D SHADOWRECT 1D_ARRAY 2D_ARRAY SHADOW1D_ARRAY SHADOW2D_ARRAY SHADOWCUBE
  2D_MSAA 2D_ARRAY_MSAA CUBEARRAY SHADOWCUBEARRAY`);

export const RETURN_TYPES = words<string>("UNORM SNORM SINT UINT FLOAT");
export const IMMEDIATE_TYPES = words<ImmediateType>("FLT32 UINT32 INT32 FLT64 UINT64 INT64");
