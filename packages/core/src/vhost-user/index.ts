export * from "./back-end-channel.js";
export * from "./port.js";
export * from "./protocol.js";
export * from "./session.js";
