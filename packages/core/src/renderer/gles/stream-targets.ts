/**
 * Which resources a command stream would write, found without executing it: for streams that must wait while a compositor reads one of
 * them. Looks at headers only as far as needed; a stream that is wrong ends the look, and the decoder will say so.
 *
 * Captured vertices need no look: their targets are buffers (`Streamout.createTarget`), and displays are handed pictures only. Storage
 * buffers and images are not offered.
 */
import * as v from "../../virgl/index.js";
import { Surface } from "./objects/surface.js";
import type { SubContext } from "./sub-context.js";
import type { VirglContext } from "./virgl-context.js";

/** What is known of a sub-context while a stream is looked at. */
interface Look {
  /** Undefined: the stream itself makes it. */
  readonly sub: SubContext | undefined;
  /** Resources of surfaces that the stream itself makes, by handle. */
  readonly made: Map<number, number>;
  isTargetHeld: boolean;
}

/** @param words private memory. @returns whether a resource for which `isHeld` answers true would be drawn to, cleared or overwritten */
export function writesHeld(
  context: VirglContext,
  words: Uint32Array,
  start: number,
  end: number,
  isHeld: (resourceId: number) => boolean,
): boolean {
  const looks = new Map<number, Look>();
  const lookAt = (subId: number): Look => {
    let known = looks.get(subId);
    if (known === undefined) looks.set(subId, (known = newLook(context.subContext(subId), isHeld)));
    return known;
  };
  let look = lookAt(context.sub.id);
  const isSurfaceHeld = (handle: number): boolean => handle !== 0 && isHeld(resourceOf(look, handle));
  for (let at = start; at < end;) {
    const header = words[at]!;
    const length = header >>> 16;
    if (length >= end - at) return false;
    switch (header & 0xff) {
      case v.VIRGL_CCMD_SET_SUB_CTX:
        look = lookAt(words[at + 1]!);
        break;
      case v.VIRGL_CCMD_CREATE_OBJECT:
        if (((header >>> 8) & 0xff) === v.VIRGL_OBJECT_SURFACE && length >= v.VIRGL_OBJ_SURFACE_RES_HANDLE)
          look.made.set(words[at + v.VIRGL_OBJ_SURFACE_HANDLE]!, words[at + v.VIRGL_OBJ_SURFACE_RES_HANDLE]!);
        break;
      case v.VIRGL_CCMD_SET_FRAMEBUFFER_STATE: {
        const count = Math.min(words[at + v.VIRGL_SET_FRAMEBUFFER_STATE_NR_CBUFS]!, v.VIRGL_MAX_COLOR_BUFS, length - 2);
        look.isTargetHeld = false;
        for (let i = 0; i < count; i++)
          look.isTargetHeld ||= isSurfaceHeld(words[at + v.VIRGL_SET_FRAMEBUFFER_STATE_CBUF_HANDLE(i)]!);
        break;
      }
      case v.VIRGL_CCMD_DRAW_VBO:
      case v.VIRGL_CCMD_CLEAR:
        if (look.isTargetHeld) return true;
        break;
      case v.VIRGL_CCMD_CLEAR_SURFACE:
        if (isSurfaceHeld(words[at + v.VIRGL_CLEAR_SURFACE_HANDLE]!)) return true;
        break;
      case v.VIRGL_CCMD_BLIT:
        if (isHeld(words[at + v.VIRGL_CMD_BLIT_DST_RES_HANDLE]!)) return true;
        break;
      // The resource comes first in each of these.
      case v.VIRGL_CCMD_RESOURCE_COPY_REGION:
      case v.VIRGL_CCMD_RESOURCE_INLINE_WRITE:
      case v.VIRGL_CCMD_CLEAR_TEXTURE:
      case v.VIRGL_CCMD_COPY_TRANSFER3D:
        if (isHeld(words[at + 1]!)) return true;
    }
    at += length + 1;
  }
  return false;
}

function newLook(sub: SubContext | undefined, isHeld: (resourceId: number) => boolean): Look {
  const isTargetHeld = sub?.colorSurfaces.some((surface) => surface !== null && isHeld(surface.resource.id)) ?? false;
  return { sub, made: new Map(), isTargetHeld };
}

function resourceOf({ sub, made }: Look, handle: number): number {
  const object = sub?.objects.get(handle);
  return made.get(handle) ?? (object instanceof Surface ? object.resource.id : 0);
}
