export * from "./errors.js";
export * from "./guest-error.js";
export * from "./logger.js";
export * from "./latency-histogram.js";
