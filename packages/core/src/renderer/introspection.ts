/** What a renderer tells about itself: for `virtgpu explain`, metrics and tests. Never on the hot path. */
import { COPY_REASON_NAMES, CopyReason, type CopyLedger } from "../memory/index.js";
import type { ResourceId } from "./renderer.js";

/** Bytes or counts by name; what is 0 is left out. */
export type Counts = Readonly<Record<string, number>>;

/** One rung of the import ladder that was not taken, in words for people. */
export interface RefusedPath {
  readonly path: string;
  /** A short name, the same for all resources that were refused for it. */
  readonly reason: string;
  /** "stride 5464 is not a multiple of 64". */
  readonly detail: string;
  /** What to change so that it would be taken; empty: nothing helps. */
  readonly cure: string;
}

/** How a resource's guest memory is reached. */
export interface ResourcePath {
  readonly path: string;
  /** True where guest memory is the storage: nothing is moved, nothing is kept twice. */
  readonly zeroCopy: boolean;
  /** Guest writes are seen at once, also half-finished ones. */
  readonly mayTear: boolean;
  readonly refused: readonly RefusedPath[];
}

/** One living resource. Plain data: it travels as JSON. */
export interface ResourceDescription {
  readonly id: ResourceId;
  readonly kind: "buffer" | "texture" | "renderbuffer" | "memory" | "surface";
  /** What the guest said that it is for: "vertex", "sampled", "scanout". Several in a row, or empty. */
  readonly use: string;
  readonly format: string;
  readonly width: number;
  readonly height: number;
  /** Slices of a 3D texture, or layers. */
  readonly layers: number;
  readonly levels: number;
  readonly samples: number;
  /** Bytes that the host keeps for it beside guest memory. Imported: 0. */
  readonly hostBytes: number;
  /** Guest memory, and in how many pieces it lies. 0: none attached. */
  readonly backingBytes: number;
  readonly backingEntries: number;
  readonly path: ResourcePath;
  /** Bytes moved since it was created, by reason. */
  readonly movedBytes: Counts;
  /** Of those, in the last frame that was shown. */
  readonly lastFrameBytes: Counts;
  /** Frames shown since its first byte was moved. */
  readonly frames: number;
}

/** The most telling resources of a device, and sums over all of them. */
export interface RendererDescription {
  readonly contexts: number;
  readonly resources: number;
  /** Bytes kept on the host, and guest memory attached, over all resources. */
  readonly hostBytes: number;
  readonly backingBytes: number;
  /** Living resources by path. */
  readonly paths: Counts;
  /** Those of which the most payload was moved, most first. At most as many as asked for. */
  readonly listed: readonly ResourceDescription[];
}

/** A renderer that can say what it has and what it moved: for `explain` and metrics. */
export interface Introspection {
  /** Costs time in proportion to the number of resources; call between submissions. */
  describe(maxListed: number): RendererDescription;
}

/** What every resource without a verdict is: moved byte by byte. */
export function copiedPath(reason: string, detail: string, cure = ""): ResourcePath {
  return { path: "copied", zeroCopy: false, mayTear: false, refused: [{ path: "import", reason, detail, cure }] };
}

/** Values indexed by `CopyReason` as a record by name. */
export function byReasonName(values: Float64Array): Counts {
  const record: Record<string, number> = {};
  for (const reason of Object.values(CopyReason)) {
    if (values[reason] !== 0) record[COPY_REASON_NAMES[reason]] = values[reason]!;
  }
  return record;
}

/** The ledger's part of a resource's description. */
export function movedFigures(
  ledger: CopyLedger,
  id: ResourceId,
): Pick<ResourceDescription, "movedBytes" | "lastFrameBytes" | "frames"> {
  const figures = ledger.resource(id);
  if (figures === null) return { movedBytes: {}, lastFrameBytes: {}, frames: 0 };
  return {
    movedBytes: byReasonName(figures.total),
    lastFrameBytes: byReasonName(figures.lastFrame),
    frames: figures.frames,
  };
}

/** The `maxListed` ids of which the most payload was moved, most first; the largest first where nothing was. */
export function mostMoved(
  ids: readonly ResourceId[],
  ledger: CopyLedger,
  sizeOf: (id: ResourceId) => number,
  maxListed: number,
): ResourceId[] {
  const ranked = ids.map((id) => ({ id, bytes: ledger.payloadOf(id), size: sizeOf(id) }));
  ranked.sort((a, b) => b.bytes - a.bytes || b.size - a.size || a.id - b.id);
  return ranked.slice(0, maxListed).map(({ id }) => id);
}
