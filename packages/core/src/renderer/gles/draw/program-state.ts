import { KEY_ALPHA_FUNC_SHIFT, KeyFlag, KeyWord, PROGRAM_KEY_WORDS } from "../../../shader/index.js";
import { PIPE_FUNC_ALWAYS } from "../../../virgl/index.js";
import { ColorType } from "../format/index.js";
import type { GlesHost } from "../gles-host.js";
import type { SubContext } from "../sub-context.js";
import type { Program } from "./program.js";

const key = new Uint32Array(PROGRAM_KEY_WORDS);

/** Facts of the colour buffers: their types and the fix-ups of their storage. */
function fillColorWords(sub: SubContext): boolean {
  let types = 0;
  let fixups = 0;
  let integer = false;
  for (let i = 0; i < sub.colorCount; i++) {
    const surface = sub.colorSurfaces[i]!;
    if (surface === null) continue;
    const { format } = surface;
    types |= format.colorType << (i * 2);
    if (format.colorType !== ColorType.FLOAT) integer = true;
    if (format.swapRB) fixups |= 1 << i;
    if (surface.encodeSrgb) fixups |= 1 << (16 + i);
  }
  key[KeyWord.COLOR_TYPES] = types;
  key[KeyWord.COLOR_FIXUPS] = fixups;
  return integer;
}

/**
 * The program for the bound shaders under the current state, linked now if it is new, or null when a shader is missing.
 * Does not bind it. Hits allocate nothing.
 */
export function selectProgram(host: GlesHost, sub: SubContext, isPoints: boolean): Program | null {
  const vertex = sub.vertexShader;
  const fragment = sub.fragmentShader;
  if (vertex === null || fragment === null) return null;
  const { rasterizer, dsa } = sub;
  const integer = fillColorWords(sub);
  let flags = (integer ? PIPE_FUNC_ALWAYS : dsa.alphaFunc) << KEY_ALPHA_FUNC_SHIFT;
  if (rasterizer.flatshade) flags |= KeyFlag.FLATSHADE;
  if (rasterizer.twoSide) flags |= KeyFlag.TWO_SIDE;
  if (rasterizer.clipHalfZ) flags |= KeyFlag.CLIP_HALF_Z;
  if (isPoints) {
    flags |= KeyFlag.POINTS;
    if (!rasterizer.pointSizePerVertex) flags |= KeyFlag.POINT_SIZE_FROM_STATE;
    if (!rasterizer.spriteUpperLeft) flags |= KeyFlag.SPRITE_LOWER_LEFT;
  }
  if (vertex.plainUniforms) flags |= KeyFlag.VERTEX_PLAIN_UNIFORMS;
  if (fragment.plainUniforms) flags |= KeyFlag.FRAGMENT_PLAIN_UNIFORMS;
  key[KeyWord.FLAGS] = flags;
  key[KeyWord.SPRITE_COORD_ENABLE] = isPoints && rasterizer.pointQuads ? rasterizer.spriteCoordEnable : 0;
  key[KeyWord.CLIP_AND_COLOR_COUNT] = rasterizer.clipPlaneEnable | (sub.colorCount << 8);
  const elements = sub.vertexElements;
  key[KeyWord.ATTRIBUTE_SIGNED] = elements === null ? 0 : elements.signedMask;
  key[KeyWord.ATTRIBUTE_UNSIGNED] = elements === null ? 0 : elements.unsignedMask;
  key[KeyWord.ATTRIBUTE_BGRA] = elements === null ? 0 : elements.swapMask;
  return host.programs.get(vertex, fragment, key);
}
