import { VIRGL_BIND_DISPLAY_TARGET, VIRGL_BIND_SCANOUT, VIRGL_BIND_SHARED } from "../virgl/index.js";

const DISPLAYABLE = VIRGL_BIND_DISPLAY_TARGET | VIRGL_BIND_SCANOUT | VIRGL_BIND_SHARED;

/** Whether a client presents resources with these bind flags by reading them back. */
export function isDisplayable(bind: number): boolean {
  return (bind & DISPLAYABLE) !== 0;
}

/** Whether a readback shows a whole frame: level 0, from the origin, the full size. */
export function isPresent(
  resource: { readonly bind: number; readonly width: number; readonly height: number },
  level: number,
  x: number,
  y: number,
  width: number,
  height: number,
): boolean {
  if (!isDisplayable(resource.bind) || level !== 0 || x !== 0 || y !== 0) return false;
  return width === resource.width && height === resource.height;
}
