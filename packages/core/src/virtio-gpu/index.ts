export * from "./command-table.js";
export * from "./device.js";
export * from "./device-state.js";
export * from "./display.js";
export * from "./edid.js";
export * from "./host-memory.js";
export * from "./mode-policy.js";
export * from "./protocol.js";
