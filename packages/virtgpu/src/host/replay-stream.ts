/** Plays a capture to a vtest server at a socket. */
import { playCapture, type CapturedFrame, type PlayResult } from "@virtgpu/core/capture";
import { nativeFdMapper, VtestConnection } from "../transport/vtest-connection.js";

/** What to play, to whom. */
export interface ReplayOptions {
  /** A whole capture, unpacked: see `readCaptureFile`. */
  readonly capture: Uint8Array;
  /** Path of the server's socket. */
  readonly socket: string;
  /** Every presented frame, in order; its pixels are borrowed until return. Return false to stop there. */
  readonly onFrame?: (frame: CapturedFrame) => boolean | void;
}

/** What was played, and how long it took. */
export interface ReplayResult extends PlayResult {
  /** From connecting to the last answer, without the time spent in `onFrame`. */
  readonly seconds: number;
}

/**
 * Plays as fast as the server answers. Blocks this thread until it is done.
 * @throws {HostError} when nobody listens at the socket; {CaptureFormatError} for a damaged capture.
 */
export function replayStream(options: ReplayOptions): ReplayResult {
  const connection = new VtestConnection(options.socket);
  const start = performance.now();
  let aside = 0;
  const onFrame = (frame: CapturedFrame): boolean | void => {
    const before = performance.now();
    const goOn = options.onFrame?.(frame);
    aside += performance.now() - before;
    return goOn;
  };
  try {
    const result = playCapture({ capture: options.capture, server: connection, mapper: nativeFdMapper, onFrame });
    return { ...result, seconds: (performance.now() - start - aside) / 1000 };
  } finally {
    connection.close();
  }
}
