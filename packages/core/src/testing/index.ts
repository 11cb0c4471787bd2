export * from "./recording-gl.js";
export * from "./loopback-server.js";
export * from "./null-renderer.js";
export * from "./stream-builder.js";
export * from "./recording-handler.js";
export * from "./stream-generator.js";
export * from "./field-values.js";
export * from "./random.js";
