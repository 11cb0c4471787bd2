import { IMPORT_PATH_NAMES, ImportPath, verdictRecord, type Backing } from "../../memory/index.js";
import {
  VIRGL_BIND_CONSTANT_BUFFER,
  VIRGL_BIND_CURSOR,
  VIRGL_BIND_CUSTOM,
  VIRGL_BIND_DEPTH_STENCIL,
  VIRGL_BIND_DISPLAY_TARGET,
  VIRGL_BIND_INDEX_BUFFER,
  VIRGL_BIND_QUERY_BUFFER,
  VIRGL_BIND_RENDER_TARGET,
  VIRGL_BIND_SAMPLER_VIEW,
  VIRGL_BIND_SCANOUT,
  VIRGL_BIND_SHADER_BUFFER,
  VIRGL_BIND_STAGING,
  VIRGL_BIND_STREAM_OUTPUT,
  VIRGL_BIND_VERTEX_BUFFER,
} from "../../virgl/index.js";
import { describeSurface, surfacePath, type SurfaceFacts } from "../describe-surfaces.js";
import {
  mostMoved,
  movedFigures,
  type RendererDescription,
  type ResourceDescription,
  type ResourcePath,
} from "../introspection.js";
import type { GlesHost } from "./gles-host.js";
import { ResourceKind, type GlResource } from "./resource/index.js";

const KIND_NAMES = ["buffer", "texture", "renderbuffer", "memory"] as const;

const USES: readonly (readonly [number, string])[] = [
  [VIRGL_BIND_SCANOUT, "scanout"],
  [VIRGL_BIND_DISPLAY_TARGET, "display"],
  [VIRGL_BIND_CURSOR, "cursor"],
  [VIRGL_BIND_RENDER_TARGET, "target"],
  [VIRGL_BIND_DEPTH_STENCIL, "depth"],
  [VIRGL_BIND_SAMPLER_VIEW, "sampled"],
  [VIRGL_BIND_VERTEX_BUFFER, "vertex"],
  [VIRGL_BIND_INDEX_BUFFER, "index"],
  [VIRGL_BIND_CONSTANT_BUFFER, "uniform"],
  [VIRGL_BIND_SHADER_BUFFER, "storage"],
  [VIRGL_BIND_STREAM_OUTPUT, "feedback"],
  [VIRGL_BIND_QUERY_BUFFER, "query"],
  [VIRGL_BIND_STAGING, "staging"],
  [VIRGL_BIND_CUSTOM, "fence"],
];

const NOT_ASKED = refusal("import", "not-on-this-host", "imports are not set up in this process");
const BUFFER = refusal("pinned", "not-on-this-host", "buffers are not imported on this host");
const NO_GUEST_MEMORY: ResourcePath = { path: "host", zeroCopy: false, mayTear: false, refused: [] };
const GUEST_MEMORY: ResourcePath = { path: "guest", zeroCopy: true, mayTear: false, refused: [] };

/** What `explain` and metrics show of the resources of one GL context. */
export function describeResources(host: GlesHost, contexts: number, maxListed: number): RendererDescription {
  const ids = host.resources.ids();
  const paths: Record<string, number> = {};
  let hostBytes = 0;
  let backingBytes = 0;
  for (const id of ids) {
    const resource = host.resources.peek(id)!;
    const path = pathName(host, resource);
    paths[path] = (paths[path] ?? 0) + 1;
    hostBytes += hostBytesOf(resource);
    backingBytes += memoryOf(host, resource)?.sizeBytes ?? 0;
  }
  const blobs = untypedBlobs(host);
  for (const blob of blobs.values()) {
    const { path } = surfacePath(blob);
    paths[path] = (paths[path] ?? 0) + 1;
    backingBytes += blob.backing?.sizeBytes ?? 0;
  }
  const sizeOf = (id: number): number => blobs.get(id)?.width ?? host.resources.peek(id)!.sizeBytes;
  const listed = mostMoved([...ids, ...blobs.keys()], host.ledger, sizeOf, maxListed);
  return {
    contexts,
    resources: ids.length + blobs.size,
    hostBytes,
    backingBytes,
    paths,
    listed: listed.map((id) => {
      const blob = blobs.get(id);
      if (blob !== undefined) return describeSurface(id, blob, host.ledger);
      return describeResource(host, host.resources.peek(id)!);
    }),
  };
}

/** Bytes to which no context has given a type. */
function untypedBlobs(host: GlesHost): ReadonlyMap<number, SurfaceFacts> {
  const all = [...(host.typedBlobs.blobs?.facts() ?? [])];
  return new Map(all.filter(([id]) => !host.typedBlobs.has(id)));
}

function describeResource(host: GlesHost, resource: GlResource): ResourceDescription {
  const { id, kind, bind, format, width, height, samples } = resource;
  const memory = memoryOf(host, resource);
  return {
    id,
    kind: KIND_NAMES[kind],
    use: USES.filter(([bit]) => (bind & bit) !== 0)
      .map(([, name]) => name)
      .join(" "),
    format: kind === ResourceKind.BUFFER || kind === ResourceKind.BACKING_ONLY ? "bytes" : format.name,
    width,
    height,
    layers: resource.levelLayers(0),
    levels: resource.lastLevel + 1,
    samples: Math.max(1, samples),
    hostBytes: hostBytesOf(resource),
    backingBytes: memory?.sizeBytes ?? 0,
    backingEntries: memory?.spans.length ?? 0,
    path: pathOf(host, resource),
    ...movedFigures(host.ledger, id),
  };
}

/** Memory that the guest sees: attached to the resource, or of a blob that was given a type. */
function memoryOf(host: GlesHost, resource: GlResource): Backing | null {
  return resource.backing ?? host.typedBlobs.memory(resource.id);
}

/** The name of a resource's path, without working out why it is no better one. */
function pathName(host: GlesHost, resource: GlResource): string {
  const { kind, imported } = resource;
  const backing = memoryOf(host, resource);
  if (kind === ResourceKind.BACKING_ONLY) return GUEST_MEMORY.path;
  if (backing === null) return NO_GUEST_MEMORY.path;
  if (imported !== null) return IMPORT_PATH_NAMES[imported.path];
  if (host.destride.has(resource)) return IMPORT_PATH_NAMES[ImportPath.DESTRIDE];
  return IMPORT_PATH_NAMES[backing.spans.length === 1 ? ImportPath.UPLOAD : ImportPath.GATHER];
}

/** The import ladder's verdict. */
function pathOf(host: GlesHost, resource: GlResource): ResourcePath {
  if (resource.kind === ResourceKind.BACKING_ONLY) return GUEST_MEMORY;
  if (memoryOf(host, resource) === null) return NO_GUEST_MEMORY;
  const verdict = host.imports.verdictOf(resource);
  if (verdict !== null) {
    const { path, zeroCopy, mayTear, refused } = verdictRecord(verdict);
    return { path, zeroCopy, mayTear, refused };
  }
  const refused = resource.kind === ResourceKind.BUFFER ? BUFFER : NOT_ASKED;
  return { path: pathName(host, resource), zeroCopy: false, mayTear: false, refused };
}

function refusal(path: string, reason: string, detail: string): ResourcePath["refused"] {
  return [{ path, reason, detail, cure: "" }];
}

/** Sizes are those of the formats: what a driver adds for alignment is its own. */
function hostBytesOf(resource: GlResource): number {
  if (resource.kind === ResourceKind.BACKING_ONLY) return resource.privateBacking?.sizeBytes ?? 0;
  return resource.imported !== null ? 0 : resource.sizeBytes;
}
