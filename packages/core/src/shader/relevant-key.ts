import { PROGRAM_KEY_WORDS, KEY_ALPHA_FUNC_SHIFT, KeyFlag, KeyWord } from "./program-key.js";
import type { ShaderInfo } from "./shader-info.js";

/**
 * Writes a mask of `PROGRAM_KEY_WORDS` words to `out`: the bits of the numeric key that can change the program of these
 * two shaders. AND it with the key before comparing or caching. Compute once per pair.
 */
export function relevantKeyMask(vertex: ShaderInfo, fragment: ShaderInfo | null, out: Uint32Array): void {
  out.fill(0, 0, PROGRAM_KEY_WORDS);
  const fragmentInputs = fragment?.inputs ?? [];
  const readsColor = fragmentInputs.some((io) => io.semantic === "COLOR");
  const hasBackColor = vertex.outputs.some((io) => io.semantic === "BCOLOR");
  const readsSprite = fragmentInputs.some(
    (io) => io.semantic === "TEXCOORD" || io.semantic === "GENERIC" || io.semantic === "PCOORD",
  );
  const colors =
    fragment === null
      ? 0
      : fragment.color0WritesAll && fragment.colorOutputMask === 1
        ? 0xff
        : fragment.colorOutputMask;
  let flags: number =
    KeyFlag.POINTS |
    KeyFlag.POINT_SIZE_FROM_STATE |
    KeyFlag.CLIP_HALF_Z |
    KeyFlag.VERTEX_PLAIN_UNIFORMS |
    KeyFlag.FRAGMENT_PLAIN_UNIFORMS;
  if (fragmentInputs.some((io) => io.interpolation === "COLOR")) flags |= KeyFlag.FLATSHADE;
  if (readsColor && hasBackColor) flags |= KeyFlag.TWO_SIDE;
  if (readsSprite) flags |= KeyFlag.SPRITE_LOWER_LEFT;
  if ((colors & 1) !== 0) flags |= 7 << KEY_ALPHA_FUNC_SHIFT;
  out[KeyWord.FLAGS] = flags;
  out[KeyWord.SPRITE_COORD_ENABLE] = readsSprite ? 0xffffffff : 0;
  const clip = vertex.clipDistanceMask !== 0 ? vertex.clipDistanceMask : 0xff;
  out[KeyWord.CLIP_AND_COLOR_COUNT] = clip | (colors === 0 ? 0 : 0xf00);
  let attributes = 0;
  for (const io of vertex.inputs) if (io.index < 32) attributes |= 1 << io.index;
  out[KeyWord.ATTRIBUTE_SIGNED] = attributes;
  out[KeyWord.ATTRIBUTE_UNSIGNED] = attributes;
  out[KeyWord.ATTRIBUTE_BGRA] = attributes;
  let types = 0;
  for (let index = 0; index < 8; index++) if ((colors & (1 << index)) !== 0) types |= 3 << (2 * index);
  out[KeyWord.COLOR_TYPES] = types;
  out[KeyWord.COLOR_FIXUPS] = colors | (colors << 8) | (colors << 16);
}
