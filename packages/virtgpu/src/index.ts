/**
 * virtgpu for programs: the device on your own transport, the vtest server, and the tools for streams. Decoding,
 * translation and protocol sessions are in `@virtgpu/core`; raw descriptors, memory and GL in `virtgpu/native`.
 */
export { CaptureFileWriter, readCaptureFile } from "./host/capture-file.js";
export { summarizeCapture, type CaptureSummary } from "./host/capture-summary.js";
export { examineHost } from "./doctor/examine-host.js";
export type { DoctorReport, Finding } from "./doctor/finding.js";
export { openDriver, type DriverSettings } from "./host/driver.js";
export { collectTotals, GlesDevice } from "./host/gles-device.js";
export type { Totals } from "./host/child-messages.js";
export { createLogger, LOG_LEVELS, type LogLevel, type LogOptions, type ScopedLogger } from "./host/log.js";
export { PngSequence, writePng, type Picture } from "./display/png.js";
export { RecordServer, type RecordServerOptions, type Recording } from "./host/record-server.js";
export { recordStream, type RecordOptions } from "./host/record-stream.js";
export { replayStream, type ReplayOptions, type ReplayResult } from "./host/replay-stream.js";
export { serveVtest, type ServeVtestOptions } from "./host/serve-vtest.js";
export { VtestServer, type ServerStatus, type VtestServerOptions } from "./host/vtest-server.js";
export { NativeSessionMemory } from "./transport/session-memory.js";
export { SocketChannel } from "./transport/socket-channel.js";
export { listenAtPath, type ListeningSocket, type SocketPathOptions } from "./transport/socket-path.js";
export { nativeFdMapper, VtestConnection } from "./transport/vtest-connection.js";
export { serveFrontEnd, type ServeFrontEndOptions } from "./transport/vhost-user/serve-front-end.js";
