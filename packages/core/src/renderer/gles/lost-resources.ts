/** Resources over a reset of the GPU: what they were made of outlives their GL objects. */
import { GuestError } from "../../base/index.js";
import type { Backing } from "../../memory/index.js";
import type { Resource3d } from "../renderer.js";
import type { GlesHost } from "./gles-host.js";
import { type GlResource, ResourceKind } from "./resource/index.js";

/** All that is left of a resource. */
export interface LostResource {
  readonly id: number;
  readonly shape: Resource3d;
  readonly backing: Backing | null;
}

/** Takes note of all resources and lets go of the memory that they imported. Their GL objects are not deleted: they are gone. */
export function takeResources(host: GlesHost): LostResource[] {
  // Blobs that had a type are untyped again; their memory has the contents.
  const ids = host.resources.ids().filter((id) => !host.typedBlobs.has(id));
  return ids.map((id) => {
    const resource = host.resources.peek(id)!;
    const { target, bind, width, height, depth, arraySize, lastLevel, samples, flags, backing } = resource;
    const format = resource.format.virglFormat;
    const shape = { target, format, bind, width, height, depth, arraySize, lastLevel, samples, flags };
    host.imports.freed(resource);
    host.resources.releasePrivate(resource);
    return { id, shape, backing };
  });
}

/** Makes them anew, with the contents that lie in guest memory. What cannot be made is missing, and told. */
export function restoreResources(host: GlesHost, lost: readonly LostResource[]): void {
  for (const { id, shape, backing } of lost) {
    const code = host.resources.create(id, shape);
    if (code !== GuestError.NONE) {
      host.logger.error("A resource could not be made anew.", { resource: id, code });
      continue;
    }
    if (backing === null) continue;
    host.resources.attachBacking(id, backing);
    fill(host, host.resources.lookup(id)!, backing);
  }
}

/**
 * The first level of a flat picture, as guests lay it out: rows without gaps from the first byte on. For what the guest's processor
 * draws that is the picture; for other resources it is what was transferred last, if anything.
 */
function fill(host: GlesHost, resource: GlResource, backing: Backing): void {
  const { format, width, height, kind, depth, arraySize, samples, imported } = resource;
  const isFlat = kind === ResourceKind.TEXTURE && depth === 1 && arraySize === 1 && samples <= 1;
  const needed = width * height * format.blockBytes;
  if (!isFlat || imported !== null || format.blockWidth !== 1 || backing.sizeBytes < needed) return;
  const box = { level: 0, x: 0, y: 0, z: 0, width, height, depth: 1, offsetBytes: 0 };
  host.transfers.toHost(resource, { ...box, strideBytes: width * format.blockBytes, layerStrideBytes: 0 });
}
