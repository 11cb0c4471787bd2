import { IMPORT_PATH_NAMES, ImportPath, isZeroCopy, type ImportPathCode } from "./import-path.js";
import { IMPORT_REASONS, type ImportReasonCode } from "./import-reason.js";
import { IMPORT_USE_NAMES, type ImportRequest, type ImportUseCode } from "./import-request.js";

/** A step of the ladder that was not taken. */
export interface RefusedStep {
  readonly path: ImportPathCode;
  readonly reason: ImportReasonCode;
  /** "stride 5464 is not a multiple of 64". */
  readonly detail: string;
  /** "use width 1376, or --modes=aligned"; empty: nothing helps. */
  readonly cure: string;
}

/** What became of one resource's guest memory, and why nothing better. */
export interface ImportVerdict {
  readonly use: ImportUseCode;
  readonly path: ImportPathCode;
  /** In the order in which they were tried. */
  readonly refused: readonly RefusedStep[];
  readonly formatName: string;
  readonly width: number;
  readonly height: number;
  readonly strideBytes: number;
  /** Pieces of the backing, after neighbours were joined; 0: none. */
  readonly pieces: number;
  /** Entries of the backing as the guest gave them. */
  readonly entries: number;
  readonly sizeBytes: number;
  /**
   * True for scanouts that the guest's processor draws and that show guest memory directly: what it writes is seen early and may tear,
   * because guests' kernels do not wait for FLUSH.
   */
  readonly mayTear: boolean;
}

/** A refused step with the reason's own words, or better ones. */
export function refuse(path: ImportPathCode, reason: ImportReasonCode, detail = "", cure = ""): RefusedStep {
  const words = IMPORT_REASONS[reason]!;
  return { path, reason, detail: detail === "" ? words.text : detail, cure: cure === "" ? words.cure : cure };
}

/** Collects a verdict while the ladder is climbed down. */
export class VerdictDraft {
  readonly refused: RefusedStep[] = [];
  /** The step that is refused first, for reasons that hold for all of them. */
  readonly first: ImportPathCode;

  constructor(first: ImportPathCode = ImportPath.MEMFD) {
    this.first = first;
  }

  refuse(path: ImportPathCode, reason: ImportReasonCode, detail = "", cure = ""): void {
    this.refused.push(refuse(path, reason, detail, cure));
  }

  take(path: ImportPathCode, request: ImportRequest, shape: BackingShape, mayTear = false): ImportVerdict {
    return {
      use: request.use,
      path,
      // Steps below the one that was taken do not matter.
      refused: this.refused.filter((step) => step.path < path),
      formatName: request.formatName,
      width: request.width,
      height: request.height,
      strideBytes: request.strideBytes,
      pieces: shape.pieces,
      entries: shape.entries,
      sizeBytes: shape.sizeBytes,
      mayTear,
    };
  }
}

/** How the memory lies. */
export interface BackingShape {
  readonly pieces: number;
  readonly entries: number;
  readonly sizeBytes: number;
}

/** As JSON prints it: names instead of codes. */
export interface VerdictRecord {
  readonly use: string;
  readonly path: string;
  readonly zeroCopy: boolean;
  readonly format: string;
  readonly width: number;
  readonly height: number;
  readonly strideBytes: number;
  readonly entries: number;
  readonly pieces: number;
  readonly sizeBytes: number;
  readonly mayTear: boolean;
  readonly refused: readonly { path: string; reason: string; detail: string; cure: string }[];
}

/** Plain data for `explain`, metrics and messages between processes. */
export function verdictRecord(verdict: ImportVerdict): VerdictRecord {
  const { width, height, strideBytes, entries, pieces, sizeBytes, mayTear } = verdict;
  return {
    use: IMPORT_USE_NAMES[verdict.use],
    path: IMPORT_PATH_NAMES[verdict.path],
    zeroCopy: isZeroCopy(verdict.path),
    format: verdict.formatName,
    width,
    height,
    strideBytes,
    entries,
    pieces,
    sizeBytes,
    mayTear,
    refused: verdict.refused.map(refusedRecord),
  };
}

/** The same for one step. */
export function refusedRecord({ path, reason, detail, cure }: RefusedStep): VerdictRecord["refused"][number] {
  return { path: IMPORT_PATH_NAMES[path], reason: IMPORT_REASONS[reason]!.name, detail, cure };
}

/** The verdict of every living resource, by resource id, and how often each path was taken. */
export class VerdictBook {
  readonly #verdicts = new Map<number, ImportVerdict>();
  /** How many verdicts were for each path since start, indexed by `ImportPath`. */
  readonly taken = new Float64Array(Object.keys(ImportPath).length);
  /** How many steps were refused since start, indexed by `ImportReason`. */
  readonly refusals = new Float64Array(IMPORT_REASONS.length);

  record(resourceId: number, verdict: ImportVerdict): void {
    this.#verdicts.set(resourceId, verdict);
    this.taken[verdict.path]! += 1;
    for (const { reason } of verdict.refused) this.refusals[reason]! += 1;
  }

  forget(resourceId: number): void {
    this.#verdicts.delete(resourceId);
  }

  of(resourceId: number): ImportVerdict | undefined {
    return this.#verdicts.get(resourceId);
  }

  entries(): IterableIterator<[number, ImportVerdict]> {
    return this.#verdicts.entries();
  }
}
