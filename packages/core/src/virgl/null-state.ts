import * as p from "./protocol/index.js";

const ONE_F32 = 0x3f800000;
const MINUS_ZERO_F32 = 0x80000000;

/**
 * Whether a `null-only` command sets nothing but default or null state. Guests send these at context start, whatever the
 * caps say. `len` has passed the command table.
 */
export function isNullUse(dw: Uint32Array, at: number, len: number): boolean {
  switch (p.headerCommand(dw[at]!)) {
    case p.VIRGL_CCMD_SET_POLYGON_STIPPLE:
      return (
        allEqual(dw, at + p.VIRGL_POLYGON_STIPPLE_P0, len, 0) ||
        allEqual(dw, at + p.VIRGL_POLYGON_STIPPLE_P0, len, 0xffffffff)
      );
    case p.VIRGL_CCMD_SET_RENDER_CONDITION:
      return dw[at + p.VIRGL_RENDER_CONDITION_HANDLE] === 0;
    case p.VIRGL_CCMD_SET_TESS_STATE:
      return isDefaultTessState(dw, at);
    case p.VIRGL_CCMD_SET_MIN_SAMPLES:
      return dw[at + p.VIRGL_SET_MIN_SAMPLES_MASK]! <= 1;
    case p.VIRGL_CCMD_SET_SHADER_BUFFERS:
      return everyNthIsZero(
        dw,
        at + p.VIRGL_SET_SHADER_BUFFER_RES_HANDLE(0),
        at + len,
        p.VIRGL_SET_SHADER_BUFFER_ELEMENT_SIZE,
      );
    case p.VIRGL_CCMD_SET_SHADER_IMAGES:
      return everyNthIsZero(
        dw,
        at + p.VIRGL_SET_SHADER_IMAGE_RES_HANDLE(0),
        at + len,
        p.VIRGL_SET_SHADER_IMAGE_ELEMENT_SIZE,
      );
    case p.VIRGL_CCMD_SET_ATOMIC_BUFFERS:
      return everyNthIsZero(
        dw,
        at + p.VIRGL_SET_ATOMIC_BUFFER_RES_HANDLE(0),
        at + len,
        p.VIRGL_SET_ATOMIC_BUFFER_ELEMENT_SIZE,
      );
    default:
      return false;
  }
}

function allEqual(dw: Uint32Array, from: number, count: number, value: number): boolean {
  for (let i = from; i < from + count; i++) if (dw[i] !== value) return false;
  return true;
}

/** `last` is the index of the payload's last dword. */
function everyNthIsZero(dw: Uint32Array, from: number, last: number, step: number): boolean {
  for (let i = from; i <= last; i += step) if (dw[i] !== 0) return false;
  return true;
}

/** Every level 0 or 1, the values before anybody sets them. */
function isDefaultTessState(dw: Uint32Array, at: number): boolean {
  for (let i = 1; i <= p.VIRGL_TESS_STATE_SIZE; i++) {
    const level = dw[at + i]!;
    if (level !== 0 && level !== MINUS_ZERO_F32 && level !== ONE_F32) return false;
  }
  return true;
}
