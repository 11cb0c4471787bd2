export * from "./channel.js";
export * from "./counters.js";
export * from "./display-target.js";
export * from "./limits.js";
export * from "./protocol.js";
export * from "./session.js";
