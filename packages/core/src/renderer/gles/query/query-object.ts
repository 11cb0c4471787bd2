import * as v from "../../../virgl/index.js";
import { VirglObject } from "../objects/virgl-object.js";
import type { GlResource } from "../resource/index.js";

/**
 * A guest query. Its result is the sum of (or for predicates: any of) the GL queries that ran while it was active: each interruption
 * ends one and the next draw starts another. Times are differences of timestamps instead, so nothing interrupts them.
 */
export class QueryObject extends VirglObject {
  /** PIPE_QUERY_… */
  readonly queryType: number;
  /** Where the result goes: struct virgl_host_query_state at this offset. */
  readonly resource: GlResource;
  readonly offsetBytes: number;
  /** Index into `QUERY_TARGETS`; -1 for timestamps and elapsed times. */
  readonly targetIndex: number;

  active = false;
  /** GL queries whose results are still to come. */
  pending = 0;
  /** Goes up when the query begins anew: results of GL queries from before are dropped. */
  generation = 0;
  /** The guest asked for the result. */
  isWanted = false;
  isDisposed = false;
  /** 64 bits as a number: counters of samples, primitives and nanoseconds stay below 2^53. */
  result = 0;

  constructor(queryType: number, targetIndex: number, resource: GlResource, offsetBytes: number) {
    super(v.VIRGL_OBJECT_QUERY);
    this.queryType = queryType;
    this.targetIndex = targetIndex;
    this.resource = resource;
    this.offsetBytes = offsetBytes;
    resource.retain();
  }

  /** Times are 64 bits wide in the result, everything else 32. */
  get isTime(): boolean {
    return this.queryType === v.PIPE_QUERY_TIMESTAMP || this.queryType === v.PIPE_QUERY_TIME_ELAPSED;
  }

  get isPredicate(): boolean {
    return (
      this.queryType === v.PIPE_QUERY_OCCLUSION_PREDICATE ||
      this.queryType === v.PIPE_QUERY_OCCLUSION_PREDICATE_CONSERVATIVE
    );
  }

  restart(): void {
    this.generation++;
    this.pending = 0;
    this.result = 0;
    this.isWanted = false;
  }

  protected override dispose(): void {
    this.isDisposed = true;
    this.resource.release();
  }
}
