import {
  firstPathOf,
  IMPORT_PATH_NAMES,
  IMPORT_REASONS,
  ImportPath,
  refusedRecord,
  type Backing,
  type CopyLedger,
  type ImportReasonCode,
  type RefusedStep,
} from "../memory/index.js";
import {
  copiedPath,
  mostMoved,
  movedFigures,
  type RendererDescription,
  type ResourceDescription,
  type ResourcePath,
} from "./introspection.js";
import type { ResourceId } from "./renderer.js";

/** What is told of a 2D resource that is kept without GL. */
export interface SurfaceFacts {
  readonly format: number;
  readonly width: number;
  readonly height: number;
  /** Its own copy of the pixels; 0: there is none. */
  readonly hostBytes: number;
  readonly backing: Backing | null;
  /** Why its backing is not the picture; null: it is. */
  readonly copied: ImportReasonCode | null;
  /** Why displays are not handed its memory, though they would take it. Absent or null: they are, or nobody asked. */
  readonly refused?: RefusedStep | null;
}

/** `enum virtio_gpu_formats`. */
const FORMAT_NAMES: ReadonlyMap<number, string> = new Map([
  [1, "B8G8R8A8_UNORM"],
  [2, "B8G8R8X8_UNORM"],
  [3, "A8R8G8B8_UNORM"],
  [4, "X8R8G8B8_UNORM"],
  [67, "R8G8B8A8_UNORM"],
  [68, "X8B8G8R8_UNORM"],
  [121, "A8B8G8R8_UNORM"],
  [134, "R8G8B8X8_UNORM"],
]);

/** What its guest's processor draws is seen at once. */
const GUEST_MEMORY: ResourcePath = { path: "direct", zeroCopy: true, mayTear: true, refused: [] };
const NO_GUEST_MEMORY: ResourcePath = { path: "host", zeroCopy: false, mayTear: false, refused: [] };

/** The description of a device whose resources are all 2D and drawn without GL. */
export function describeSurfaces(
  surfaces: ReadonlyMap<ResourceId, SurfaceFacts>,
  ledger: CopyLedger,
  maxListed: number,
): RendererDescription {
  const paths: Record<string, number> = {};
  let hostBytes = 0;
  let backingBytes = 0;
  for (const surface of surfaces.values()) {
    const { path } = surfacePath(surface);
    paths[path] = (paths[path] ?? 0) + 1;
    hostBytes += surface.hostBytes;
    backingBytes += surface.backing?.sizeBytes ?? 0;
  }
  const listed = mostMoved(
    [...surfaces.keys()],
    ledger,
    (id) => surfaces.get(id)!.width * surfaces.get(id)!.height,
    maxListed,
  );
  return {
    contexts: 0,
    resources: surfaces.size,
    hostBytes,
    backingBytes,
    paths,
    listed: listed.map((id) => describeSurface(id, surfaces.get(id)!, ledger)),
  };
}

/** Also for untyped blobs, whatever else the device draws with. */
export function describeSurface(id: ResourceId, surface: SurfaceFacts, ledger: CopyLedger): ResourceDescription {
  const { format, width, height, hostBytes, backing } = surface;
  return {
    id,
    kind: format === 0 ? "memory" : "surface",
    use: format === 0 ? "blob" : "",
    format: format === 0 ? "bytes" : (FORMAT_NAMES.get(format) ?? String(format)),
    width,
    height,
    layers: 1,
    levels: 1,
    samples: 1,
    hostBytes,
    backingBytes: backing?.sizeBytes ?? 0,
    backingEntries: backing?.spans.length ?? 0,
    path: surfacePath(surface),
    ...movedFigures(ledger, id),
  };
}

/** How its memory is reached. */
export function surfacePath({ backing, copied, refused = null }: SurfaceFacts): ResourcePath {
  if (backing === null) return NO_GUEST_MEMORY;
  if (copied === null) {
    const first = firstPathOf(backing);
    const path = first === ImportPath.MEMFD ? GUEST_MEMORY.path : IMPORT_PATH_NAMES[first];
    return { ...GUEST_MEMORY, path, refused: refused === null ? [] : [refusedRecord(refused)] };
  }
  const { name, text, cure } = IMPORT_REASONS[copied]!;
  return copiedPath(name, text, cure);
}
