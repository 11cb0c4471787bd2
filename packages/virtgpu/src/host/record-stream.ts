/** Records what a client and a vtest server say to each other, standing between them. */
import { recordSession, CaptureWriter, type RecordResult } from "@virtgpu/core/capture";
import type { Logger } from "@virtgpu/core/base";
import type { VtestChannel } from "@virtgpu/core/vtest";
import { nativeFdMapper, VtestConnection } from "../transport/vtest-connection.js";
import { CaptureFileWriter } from "./capture-file.js";

/** Between whom to stand, and which file to make. */
export interface RecordOptions {
  /** The connection from the client. */
  readonly client: VtestChannel;
  /** Path of the socket of the server that does the work. */
  readonly upstream: string;
  /** The capture file to make; gzipped if it ends in `.gz`. */
  readonly file: string;
  readonly logger: Logger;
}

/** Records until the client goes. Blocks this thread. @throws {HostError} when there is no server or no file. */
export function recordStream(options: RecordOptions): RecordResult {
  const server = new VtestConnection(options.upstream);
  const sink = new CaptureFileWriter(options.file);
  try {
    const writer = new CaptureWriter(sink, () => performance.now() * 1000);
    return recordSession({ client: options.client, server, mapper: nativeFdMapper, writer, logger: options.logger });
  } finally {
    sink.close();
    server.close();
  }
}
