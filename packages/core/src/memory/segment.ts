/**
 * A segment is memory that a GL back end may read or write by reference: guest memory, a client's shared
 * memory, the private copy of a command stream, our own staging. It is registered once with the back end,
 * which checks every (id, offset, length) against it, so bulk data never passes through JavaScript.
 */
export type SegmentId = number & { readonly __brand: "SegmentId" };

export interface Segment {
  /** Dense and small; unique among the living segments of one back end. */
  readonly id: SegmentId;
  /** The whole segment. Contents may change at any time if the memory is shared: read each field once. */
  readonly bytes: Uint8Array;
}
