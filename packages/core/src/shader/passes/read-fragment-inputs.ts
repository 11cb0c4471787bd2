import { builtin, compose, float, floats, int, operation, splat, swizzle, system } from "../ir/build.js";
import type { Expression } from "../ir/expression.js";
import { valueType } from "../ir/types.js";
import { hasPrimitiveId } from "../abilities.js";
import type { IoRegister } from "../shader-info.js";
import { type ProgramDraft, refuse } from "./draft.js";

const BOOL = valueType("bool", 1);

/**
 * The value of a fragment input that the pipeline makes itself, or null when it comes from the vertex shader.
 * TGSI: POSITION is the window position with 1/w in w; FACE is +1 in front and -1 behind; PCOORD, and TEXCOORD or GENERIC
 * where the rasterizer's sprite mask says so, run over a point.
 */
export function fragmentBuiltin(draft: ProgramDraft, io: IoRegister): Expression | null {
  switch (io.semantic) {
    case "POSITION":
      return fragmentPosition(draft);
    case "FACE":
      return compose(operation("choose", builtin("frontFacing", BOOL), float(1), float(-1)), floats(0, 0, 1));
    case "PRIM_ID":
      if (hasPrimitiveId(draft.target) === false) refuse(draft, "not-offered", "PRIM_ID is not offered on this host");
      return splat(builtin("primitiveId", valueType("i32", 1)), 4);
    // Layered rendering and several viewports are not offered: there is only number 0.
    case "LAYER":
    case "VIEWPORT_INDEX":
      return int(0, 4);
    case "PCOORD":
      return spriteCoordinate(draft);
    case "TEXCOORD":
    case "GENERIC":
      return isSprite(draft, io) ? spriteCoordinate(draft) : null;
    default:
      return null;
  }
}

function isSprite(draft: ProgramDraft, io: IoRegister): boolean {
  if (!draft.key.points || io.semanticIndex > 31) return false;
  const namesTexcoord = draft.fragment.info.usesTexcoordSemantic;
  return (
    namesTexcoord === (io.semantic === "TEXCOORD") && (draft.key.spriteCoordEnable & (1 << io.semanticIndex)) !== 0
  );
}

/**
 * GL counts gl_PointCoord.y from the point's edge with the larger window y; gallium's lower-left sprite origin is that
 * same edge, because its window y runs the other way (p_defines.h: PIPE_SPRITE_COORD_*).
 */
function spriteCoordinate(draft: ProgramDraft): Expression {
  const coordinate = builtin("pointCoord", valueType("f32", 2));
  const y = draft.key.spriteLowerLeft ? swizzle(coordinate, 1) : operation("sub", float(1), swizzle(coordinate, 1));
  return compose(swizzle(coordinate, 0), y, floats(0, 1));
}

/**
 * The window position. Rows count from 0 at the first row in memory in both worlds; FS_COORD_ORIGIN matters only where
 * the caps offer the choice (`GlslTarget.fragmentCoordConventions`).
 */
export function fragmentPosition(draft: ProgramDraft): Expression {
  const { integerPixelCenter, lowerLeftOrigin } = draft.fragment.module;
  let position = builtin("fragCoord", valueType("f32", 4));
  if (lowerLeftOrigin && draft.target.fragmentCoordConventions === true) {
    const y = operation("sub", system(0, 3), swizzle(position, 1));
    position = compose(swizzle(position, 0), y, swizzle(position, 2, 3));
  }
  return integerPixelCenter ? operation("sub", position, floats(0.5, 0.5, 0, 0)) : position;
}
