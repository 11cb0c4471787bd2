import { GuestError, type GuestErrorCode } from "../../../base/index.js";
import { GL, type GlCaps } from "../../../gl/index.js";
import { CopyReason } from "../../../memory/index.js";
import * as v from "../../../virgl/index.js";
import type { GlesHost } from "../gles-host.js";
import { ResourceKind } from "../resource/index.js";
import type { SubContext } from "../sub-context.js";
import { BackingCursor } from "../transfer/backing-cursor.js";
import type { VirglContext } from "../virgl-context.js";
import { QueryObject } from "./query-object.js";

/** struct virgl_host_query_state (virgl_protocol.h): u32 state, u32 result size, u64 result. */
const RESULT_BYTES = 16;
/** GL queries in flight over all contexts; a guest that asks for more gets LIMIT. */
const MAX_TICKETS = 1 << 16;
/** Indices of `SubQueries.targets`. Queries of one GL target share its GL query, as only one may be active. */
const TARGET_SAMPLES = 0;
const TARGET_PRIMITIVES_GENERATED = 1;
const TARGET_PRIMITIVES_WRITTEN = 2;
const TARGET_COUNT = 3;

/**
 * Queries of one target that count at a time: each interruption of a GL query notes them all. GL lets a guest have one, and Mesa's
 * drivers a few of their own.
 */
const MAX_ACTIVE = 64;

/** What counts on one GL query target of a sub-context. */
class TargetState {
  readonly active: QueryObject[] = [];
  /** The GL query that runs now; 0 when none does. */
  running = 0;
}

/** The queries of one sub-context. */
export class SubQueries {
  readonly targets = Array.from({ length: TARGET_COUNT }, () => new TargetState());
  /** Some target has active queries that no GL query counts for. */
  needsResume = false;
}

/** One GL query whose result was asked for. */
interface Ticket {
  readonly query: number;
  readonly poolIndex: number;
  readonly members: readonly QueryObject[];
  readonly generations: readonly number[];
  /** Elapsed times subtract their first timestamp. */
  readonly sign: number;
}

/** The pool of names that held timestamps; the others are per target. */
const POOL_TIMESTAMP = TARGET_COUNT;

/** Queries of all contexts: GL queries are per GL context, so the guests' ones are kept in segments. */
export class Queries {
  readonly #host: GlesHost;
  readonly #glTargets: readonly number[];
  readonly #tickets = new Map<number, Ticket>();
  /** Free GL queries by what they were first used for: a GL query keeps its kind. */
  readonly #pools: number[][] = Array.from({ length: TARGET_COUNT + 1 }, () => []);
  readonly #cursor = new BackingCursor();
  readonly #bytes = new Uint8Array(RESULT_BYTES);
  readonly #view = new DataView(this.#bytes.buffer);
  #nextTicket = 1;

  constructor(host: GlesHost) {
    this.#host = host;
    this.#glTargets = glTargets(host.caps);
  }

  /** CREATE_OBJECT(QUERY). The caller has checked handle and room. */
  createQuery(ctx: VirglContext, dw: Uint32Array, at: number, _len: number): GuestErrorCode {
    const type = v.VIRGL_OBJ_QUERY_TYPE(dw[at + v.VIRGL_OBJ_QUERY_TYPE_INDEX]!);
    const targetIndex = targetIndexOf(type);
    if (targetIndex === null) return GuestError.NOT_OFFERED;
    if (targetIndex < 0 && !this.#host.caps.features.timerQuery) return GuestError.NOT_OFFERED;
    const resource = ctx.resource(dw[at + v.VIRGL_OBJ_QUERY_RES_HANDLE]!);
    if (resource === undefined) return GuestError.UNKNOWN_RESOURCE;
    const offset = dw[at + v.VIRGL_OBJ_QUERY_OFFSET]!;
    if (resource.target !== v.PIPE_BUFFER) return GuestError.BAD_VALUE;
    if (offset + RESULT_BYTES > resource.sizeBytes) return GuestError.OUT_OF_BOUNDS;
    ctx.sub.put(dw[at + v.VIRGL_OBJ_CREATE_HANDLE]!, new QueryObject(type, targetIndex, resource, offset));
    return GuestError.NONE;
  }

  beginQuery(ctx: VirglContext, dw: Uint32Array, at: number, _len: number): GuestErrorCode {
    const query = ctx.sub.objects.get(dw[at + v.VIRGL_QUERY_BEGIN_HANDLE]!);
    if (query === undefined) return GuestError.UNKNOWN_HANDLE;
    if (!(query instanceof QueryObject)) return GuestError.WRONG_OBJECT_TYPE;
    if (query.active) return GuestError.BAD_VALUE;
    if (this.#tickets.size >= MAX_TICKETS) return GuestError.LIMIT;
    const active = query.targetIndex < 0 ? 0 : (ctx.sub.queries?.targets[query.targetIndex]!.active.length ?? 0);
    if (active >= MAX_ACTIVE) return GuestError.LIMIT;
    query.restart();
    query.active = true;
    if (query.targetIndex < 0) {
      if (query.queryType === v.PIPE_QUERY_TIME_ELAPSED) this.#timestamp(query, -1);
      return GuestError.NONE;
    }
    const queries = (ctx.sub.queries ??= new SubQueries());
    this.#pauseTarget(queries, query.targetIndex);
    query.retain();
    queries.targets[query.targetIndex]!.active.push(query);
    queries.needsResume = true;
    return GuestError.NONE;
  }

  endQuery(ctx: VirglContext, dw: Uint32Array, at: number, _len: number): GuestErrorCode {
    const query = ctx.sub.objects.get(dw[at + v.VIRGL_QUERY_END_HANDLE]!);
    if (query === undefined) return GuestError.UNKNOWN_HANDLE;
    if (!(query instanceof QueryObject)) return GuestError.WRONG_OBJECT_TYPE;
    if (this.#tickets.size >= MAX_TICKETS) return GuestError.LIMIT;
    if (query.queryType === v.PIPE_QUERY_TIMESTAMP) {
      query.restart();
      this.#timestamp(query, 1);
      return GuestError.NONE;
    }
    if (!query.active) return GuestError.BAD_VALUE;
    if (query.targetIndex < 0) {
      query.active = false;
      this.#timestamp(query, 1);
      return GuestError.NONE;
    }
    this.#deactivate(ctx.sub, query);
    return GuestError.NONE;
  }

  /** Writes the result when it is there: now, or from `completed`. Never waits. */
  getQueryResult(ctx: VirglContext, dw: Uint32Array, at: number, _len: number): GuestErrorCode {
    const query = ctx.sub.objects.get(dw[at + v.VIRGL_QUERY_RESULT_HANDLE]!);
    if (query === undefined) return GuestError.UNKNOWN_HANDLE;
    if (!(query instanceof QueryObject)) return GuestError.WRONG_OBJECT_TYPE;
    query.isWanted = true;
    this.#deliver(query);
    return GuestError.NONE;
  }

  /** Ends the GL queries of a sub-context that is switched out or that our own draws interrupt. */
  pauseAll(sub: SubContext): void {
    const { queries } = sub;
    if (queries === null) return;
    for (let i = 0; i < TARGET_COUNT; i++) this.#pauseTarget(queries, i);
  }

  /** Before each guest draw. */
  resumeAll(sub: SubContext): void {
    const { queries } = sub;
    if (queries === null || !queries.needsResume) return;
    queries.needsResume = false;
    for (let i = 0; i < TARGET_COUNT; i++) {
      const target = queries.targets[i]!;
      if (target.active.length === 0 || target.running !== 0) continue;
      const name = this.#takeName(i);
      if (name === 0) continue;
      target.running = name;
      this.#host.encoder.beginQuery(this.#glTargets[i]!, name);
    }
  }

  /** A QUERY completion of the back end. */
  completed(ticketId: number, low: number, high: number): void {
    const ticket = this.#tickets.get(ticketId);
    if (ticket === undefined) return;
    this.#tickets.delete(ticketId);
    this.#pools[ticket.poolIndex]!.push(ticket.query);
    const value = (high >>> 0) * 2 ** 32 + (low >>> 0);
    for (let i = 0; i < ticket.members.length; i++) {
      const query = ticket.members[i]!;
      if (query.isDisposed || query.generation !== ticket.generations[i]) continue;
      query.pending--;
      query.result += ticket.sign * value;
      this.#deliver(query);
    }
  }

  /** Lets go of a sub-context's active queries. */
  destroySub(sub: SubContext): void {
    const { queries } = sub;
    if (queries === null) return;
    for (let i = 0; i < TARGET_COUNT; i++) {
      this.#pauseTarget(queries, i);
      for (const query of queries.targets[i]!.active) query.release(this.#host);
    }
    sub.queries = null;
  }

  #deactivate(sub: SubContext, query: QueryObject): void {
    query.active = false;
    const queries = sub.queries!;
    const target = queries.targets[query.targetIndex]!;
    this.#pauseTarget(queries, query.targetIndex);
    target.active.splice(target.active.indexOf(query), 1);
    this.#deliver(query);
    query.release(this.#host);
  }

  #pauseTarget(queries: SubQueries, index: number): void {
    const target = queries.targets[index]!;
    const name = target.running;
    if (name === 0) return;
    target.running = 0;
    queries.needsResume = true;
    this.#host.encoder.endQuery(this.#glTargets[index]!);
    // Nobody waits for more: what they count is less than there was.
    if (this.#tickets.size < MAX_TICKETS) this.#ask(name, index, target.active, 1);
    else this.#pools[index]!.push(name);
  }

  #timestamp(query: QueryObject, sign: number): void {
    const name = this.#takeName(POOL_TIMESTAMP);
    if (name === 0) return;
    this.#host.encoder.queryCounter(name, GL.TIMESTAMP);
    this.#ask(name, POOL_TIMESTAMP, [query], sign);
  }

  #ask(name: number, poolIndex: number, members: readonly QueryObject[], sign: number): void {
    const id = this.#nextTicket;
    this.#nextTicket = id === 0x7fffffff ? 1 : id + 1;
    for (const query of members) query.pending++;
    const generations = members.map((query) => query.generation);
    this.#tickets.set(id, { query: name, poolIndex, members: members.slice(), generations, sign });
    this.#host.encoder.queryResult(name, id);
  }

  #takeName(poolIndex: number): number {
    const pooled = this.#pools[poolIndex]!.pop();
    if (pooled !== undefined) return pooled;
    const name = this.#host.names.query.allocate();
    if (name !== 0) this.#host.encoder.createQuery(name);
    return name;
  }

  #deliver(query: QueryObject): void {
    if (!query.isWanted || query.active || query.pending > 0) return;
    query.isWanted = false;
    const { resource } = query;
    const backing =
      resource.kind === ResourceKind.BACKING_ONLY ? this.#host.resources.backingOf(resource) : resource.backing;
    if (backing === null || query.offsetBytes + RESULT_BYTES > backing.sizeBytes) return;
    const value = query.isPredicate ? Math.min(1, query.result) : Math.max(0, query.result);
    const view = this.#view;
    view.setUint32(0, v.VIRGL_QUERY_STATE_DONE, true);
    view.setUint32(4, query.isTime ? 8 : 4, true);
    view.setUint32(8, value % 2 ** 32, true);
    view.setUint32(12, Math.floor(value / 2 ** 32), true);
    const cursor = this.#cursor;
    cursor.seek(backing, query.offsetBytes, RESULT_BYTES);
    // The guest watches the state at the front: it must be the last to change.
    do {
      const from = this.#bytes.subarray(cursor.doneBytes, cursor.doneBytes + cursor.lengthBytes);
      if (cursor.doneBytes === 0 && cursor.lengthBytes > 4) {
        cursor.segmentBytes.set(from.subarray(4), cursor.offsetBytes + 4);
        cursor.segmentBytes.set(from.subarray(0, 4), cursor.offsetBytes);
      } else {
        cursor.segmentBytes.set(from, cursor.offsetBytes);
      }
    } while (cursor.advance());
    this.#host.ledger.count(CopyReason.QUERY_RESULT, RESULT_BYTES, resource.id);
  }
}

function glTargets({ features }: GlCaps): readonly number[] {
  return [
    features.exactOcclusionQuery ? GL.SAMPLES_PASSED : GL.ANY_SAMPLES_PASSED,
    features.primitivesGeneratedQuery ? GL.PRIMITIVES_GENERATED : GL.TRANSFORM_FEEDBACK_PRIMITIVES_WRITTEN,
    GL.TRANSFORM_FEEDBACK_PRIMITIVES_WRITTEN,
  ];
}

/** The GL target that counts for a query type; -1: timestamps; null: not offered. */
function targetIndexOf(type: number): number | null {
  switch (type) {
    case v.PIPE_QUERY_OCCLUSION_COUNTER:
    case v.PIPE_QUERY_OCCLUSION_PREDICATE:
    case v.PIPE_QUERY_OCCLUSION_PREDICATE_CONSERVATIVE:
      return TARGET_SAMPLES;
    case v.PIPE_QUERY_PRIMITIVES_GENERATED:
      return TARGET_PRIMITIVES_GENERATED;
    case v.PIPE_QUERY_PRIMITIVES_EMITTED:
      return TARGET_PRIMITIVES_WRITTEN;
    case v.PIPE_QUERY_TIMESTAMP:
    case v.PIPE_QUERY_TIME_ELAPSED:
      return -1;
    default:
      return null;
  }
}
