/** What a capture holds, counted: for `dump --json` and reports. */
import { CaptureReader, RecordKind } from "@virtgpu/core/capture";
import { commandName, headerCommand, headerLengthDwords } from "@virtgpu/core/virgl";
import { VCMD_SUBMIT_CMD, VTEST_CMD_ID, VTEST_HDR_BYTES, vtestCommandName } from "@virtgpu/core/vtest";

/** Counts over a whole capture. */
export interface CaptureSummary {
  readonly bytes: number;
  readonly seconds: number;
  /** What the recorder said: client, server. */
  readonly info: Readonly<Record<string, unknown>>;
  /** vtest messages by name. */
  readonly messages: Readonly<Record<string, number>>;
  /** virgl commands by name, over all submissions. */
  readonly commands: Readonly<Record<string, number>>;
  readonly submittedBytes: number;
  readonly memoryBytes: number;
  /** Presented frames; -1 when the capture was cut before its end. */
  readonly frames: number;
}

/** @throws {CaptureFormatError} for a damaged capture. */
export function summarizeCapture(capture: Uint8Array): CaptureSummary {
  const reader = new CaptureReader(capture);
  const messages: Record<string, number> = {};
  const commands: Record<string, number> = {};
  let info: Record<string, unknown> = {};
  let [micros, submittedBytes, memoryBytes, frames] = [0, 0, 0, -1];
  while (reader.next()) {
    micros += reader.deltaMicros;
    if (reader.kind === RecordKind.MESSAGE) {
      const id = reader.word(VTEST_CMD_ID);
      count(messages, vtestCommandName(id));
      if (id !== VCMD_SUBMIT_CMD) continue;
      submittedBytes += reader.payload.length - VTEST_HDR_BYTES;
      countCommands(commands, reader.payload);
    } else if (reader.kind === RecordKind.MEMORY) memoryBytes += reader.payload.length;
    else if (reader.kind === RecordKind.END) frames = reader.word(1);
    else if (reader.kind === RecordKind.INFO)
      info = { ...info, ...(JSON.parse(new TextDecoder().decode(reader.payload)) as object) };
  }
  return {
    bytes: capture.length,
    seconds: micros / 1e6,
    info,
    messages,
    commands,
    submittedBytes,
    memoryBytes,
    frames,
  };
}

function countCommands(commands: Record<string, number>, message: Uint8Array): void {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  for (let at = VTEST_HDR_BYTES; at + 4 <= message.length;) {
    const header = view.getUint32(at, true);
    count(commands, commandName(headerCommand(header)));
    at += (headerLengthDwords(header) + 1) * 4;
  }
}

function count(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}
