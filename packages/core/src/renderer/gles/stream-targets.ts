/**
 * Which resources a command stream would write, found without executing it: for streams that must wait while a compositor reads one of
 * them, and for memory that must be put back after drawing. Looks at headers only as far as needed, once for all resources; a stream that
 * is wrong ends the look, and the decoder will say so.
 *
 * Captured vertices need no look: their targets are buffers (`Streamout.createTarget`), and displays are handed pictures only. Storage
 * buffers and images are not offered.
 */
import * as v from "../../virgl/index.js";
import { Surface } from "./objects/surface.js";
import type { SubContext } from "./sub-context.js";
import { MAX_SUB_CONTEXTS, type VirglContext } from "./virgl-context.js";

/** What is known of a sub-context while a stream is looked at. */
interface Look {
  /** Undefined: the stream itself makes it. */
  readonly sub: SubContext | undefined;
  /** Resources of surfaces that the stream itself makes, by handle. */
  readonly made: Map<number, number>;
  /** Resources that a draw writes. */
  readonly targets: number[];
  /** They were visited since they were bound. */
  areVisited: boolean;
}

/**
 * Calls `visit` for each resource that would be drawn to, cleared or overwritten, at least once, until it answers true.
 * @param words private memory
 * @returns whether `visit` has answered true
 */
export function visitWrites(
  context: VirglContext,
  words: Uint32Array,
  start: number,
  end: number,
  visit: (resourceId: number) => boolean,
): boolean {
  const looks = new SubContextLooks(context);
  let look: Look = looks.get(context.sub.id)!;
  for (let at = start; at < end;) {
    const header = words[at]!;
    const length = header >>> 16;
    if (length >= end - at) return false;
    switch (header & 0xff) {
      case v.VIRGL_CCMD_CREATE_SUB_CTX:
        if (!looks.create(words[at + 1]!)) return false;
        break;
      case v.VIRGL_CCMD_DESTROY_SUB_CTX: {
        const gone = looks.destroy(words[at + 1]!);
        if (gone === look) look = looks.get(0)!;
        break;
      }
      case v.VIRGL_CCMD_SET_SUB_CTX: {
        const known = looks.get(words[at + 1]!);
        if (known === null) return false;
        look = known;
        break;
      }
      case v.VIRGL_CCMD_CREATE_OBJECT:
        if (((header >>> 8) & 0xff) === v.VIRGL_OBJECT_SURFACE && length >= v.VIRGL_OBJ_SURFACE_RES_HANDLE)
          look.made.set(words[at + v.VIRGL_OBJ_SURFACE_HANDLE]!, words[at + v.VIRGL_OBJ_SURFACE_RES_HANDLE]!);
        break;
      case v.VIRGL_CCMD_SET_FRAMEBUFFER_STATE: {
        const count = Math.min(words[at + v.VIRGL_SET_FRAMEBUFFER_STATE_NR_CBUFS]!, v.VIRGL_MAX_COLOR_BUFS, length - 2);
        look.targets.length = 0;
        look.areVisited = false;
        for (let i = 0; i < count; i++)
          addTarget(look, resourceOf(look, words[at + v.VIRGL_SET_FRAMEBUFFER_STATE_CBUF_HANDLE(i)]!));
        break;
      }
      case v.VIRGL_CCMD_DRAW_VBO:
      case v.VIRGL_CCMD_CLEAR:
        if (look.areVisited) break;
        look.areVisited = true;
        for (let i = 0; i < look.targets.length; i++) if (visit(look.targets[i]!)) return true;
        break;
      case v.VIRGL_CCMD_CLEAR_SURFACE: {
        const id = resourceOf(look, words[at + v.VIRGL_CLEAR_SURFACE_HANDLE]!);
        if (id !== 0 && visit(id)) return true;
        break;
      }
      case v.VIRGL_CCMD_BLIT:
        if (visit(words[at + v.VIRGL_CMD_BLIT_DST_RES_HANDLE]!)) return true;
        break;
      // The resource comes first in each of these.
      case v.VIRGL_CCMD_RESOURCE_COPY_REGION:
      case v.VIRGL_CCMD_RESOURCE_INLINE_WRITE:
      case v.VIRGL_CCMD_CLEAR_TEXTURE:
      case v.VIRGL_CCMD_COPY_TRANSFER3D:
        if (visit(words[at + 1]!)) return true;
    }
    at += length + 1;
  }
  return false;
}

/** What a stream's look knows of sub-contexts: those that there are, without those that the stream ends, with those that it makes. */
class SubContextLooks {
  readonly #context: VirglContext;
  /** Null: the stream has ended it. */
  readonly #looks = new Map<number, Look | null>();
  #made = 0;

  constructor(context: VirglContext) {
    this.#context = context;
  }

  /** Null: there is no such sub-context, and the decoder ends here. */
  get(id: number): Look | null {
    const known = this.#looks.get(id);
    if (known !== undefined) return known;
    const sub = this.#context.subContext(id);
    if (sub === undefined) return null;
    const look = newLook(sub);
    this.#looks.set(id, look);
    return look;
  }

  /** @returns false: there is one, or there may be no more, and the decoder ends here */
  create(id: number): boolean {
    if (this.get(id) !== null || this.#made >= MAX_SUB_CONTEXTS) return false;
    this.#made++;
    this.#looks.set(id, newLook(undefined));
    return true;
  }

  destroy(id: number): Look | null {
    const gone = id === 0 ? null : this.get(id);
    if (gone === null) return null;
    if (gone.sub === undefined) this.#made--;
    this.#looks.set(id, null);
    return gone;
  }
}

function newLook(sub: SubContext | undefined): Look {
  const look: Look = { sub, made: new Map(), targets: [], areVisited: false };
  for (const surface of sub?.colorSurfaces ?? []) if (surface !== null) addTarget(look, surface.resource.id);
  return look;
}

function addTarget({ targets }: Look, resourceId: number): void {
  if (resourceId !== 0 && !targets.includes(resourceId)) targets.push(resourceId);
}

function resourceOf({ sub, made }: Look, handle: number): number {
  if (handle === 0) return 0;
  const object = sub?.objects.get(handle);
  return made.get(handle) ?? (object instanceof Surface ? object.resource.id : 0);
}
