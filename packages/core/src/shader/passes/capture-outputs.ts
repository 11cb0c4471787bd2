import { compose, load, place, uint } from "../ir/build.js";
import type { Expression } from "../ir/expression.js";
import type { InterfaceVariable } from "../ir/interface.js";
import { valueType } from "../ir/types.js";
import type { CaptureLayout, CapturedVarying } from "../program-interface.js";
import { type ProgramDraft, refuse } from "./draft.js";

/** Bounds what is built before the host's limits are asked; virgl allows 64 outputs (PIPE_MAX_SO_OUTPUTS). */
const MAX_RECORD_DWORDS = 128;
const MAX_BUFFERS = 4;

/**
 * Copies captured outputs into varyings of their own, in the order and grouping transform feedback writes them. They
 * are flat words, so integers and NaNs arrive unchanged, and they hold the guest's position before it is flipped.
 * GLES has no gl_SkipComponents: dwords of a record that the guest leaves out are written as 0.
 */
export function captureOutputs(draft: ProgramDraft): CaptureLayout | null {
  const { key } = draft;
  if (key.captures.length === 0) return null;
  const records: (Expression | null)[][] = [];
  for (const capture of key.captures) {
    const { registerIndex, startComponent, componentCount, buffer, destinationOffsetDwords } = capture;
    const output = draft.vertex.module.outputs.find((row) => row.io.index === registerIndex);
    const isSane =
      buffer < MAX_BUFFERS &&
      startComponent + componentCount <= 4 &&
      destinationOffsetDwords + componentCount <= MAX_RECORD_DWORDS;
    if (!isSane || output === undefined) {
      refuse(draft, "link", `stream output of OUT[${registerIndex}] does not fit`);
      return null;
    }
    const record = (records[buffer] ??= []);
    const isWritten = draft.vertex.written.has(output.register.id);
    for (let index = 0; index < componentCount; index++) {
      // An output the shader never writes has no value; zeros keep other guests' data out of the record.
      record[destinationOffsetDwords + index] = isWritten
        ? load(place(output.register, output.element), "u32", [startComponent + index])
        : uint(0);
    }
  }
  const buffers = [0, 1, 2, 3].filter((buffer) => records[buffer] !== undefined);
  const words = buffers.map((buffer) => filled(records[buffer] ?? [], key.captureStrides[buffer] ?? 0));
  const isInterleaved = buffers.length === 1;
  const { maxInterleavedComponents = 64, maxSeparateComponents = 64 } = draft.target;
  const limit = isInterleaved ? maxInterleavedComponents : maxSeparateComponents;
  if (words.some((record) => record.length > limit)) {
    refuse(draft, "link", `a stream output record of more than ${limit} dwords does not fit the host`);
    return null;
  }
  const varyings = words.flatMap((record, index) =>
    isInterleaved ? splitRecord(draft, record) : [wholeRecord(draft, record, index)],
  );
  return {
    mode: isInterleaved ? "interleaved" : "separate",
    varyings,
    buffers,
    recordBytes: words.map((record) => record.length * 4),
  };
}

function filled(record: readonly (Expression | null)[], strideDwords: number): Expression[] {
  const length = Math.max(record.length, Math.min(strideDwords, MAX_RECORD_DWORDS));
  return Array.from({ length }, (_, index) => record[index] ?? uint(0));
}

/** Interleaved: as many varyings of up to four words as the record needs. */
function splitRecord(draft: ProgramDraft, record: readonly Expression[]): CapturedVarying[] {
  const varyings: CapturedVarying[] = [];
  for (let first = 0; first < record.length; first += 4) {
    const words = record.slice(first, first + 4);
    const target = declare(draft, varyings.length, words.length);
    draft.vertex.epilogue.push({ kind: "output", target, element: 0, value: compose(...words) });
    varyings.push({ name: target.name, componentCount: words.length });
  }
  return varyings;
}

/** Separate: a buffer takes one varying, so a longer record is an array of the widest vectors that divide it. */
function wholeRecord(draft: ProgramDraft, record: readonly Expression[], index: number): CapturedVarying {
  const width = record.length <= 4 ? record.length : ([4, 3, 2].find((size) => record.length % size === 0) ?? 1);
  const target = declare(draft, index, width, record.length > 4 ? record.length / width : undefined);
  for (let first = 0; first < record.length; first += width) {
    draft.vertex.epilogue.push({
      kind: "output",
      target,
      element: first / width,
      value: compose(...record.slice(first, first + width)),
    });
  }
  return { name: target.name, componentCount: record.length };
}

function declare(draft: ProgramDraft, index: number, width: number, arrayLength?: number): InterfaceVariable {
  const target: InterfaceVariable = {
    role: "varyingOut",
    name: `cap${index}`,
    type: valueType("u32", width),
    location: -1,
    interpolation: "flat",
    sampling: "center",
    ...(arrayLength === undefined ? {} : { arrayLength }),
  };
  draft.vertex.variables.push(target);
  return target;
}
