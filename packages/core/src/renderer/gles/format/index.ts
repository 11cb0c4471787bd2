export * from "./format-row.js";
export * from "./format-support.js";
export * from "./format-table.js";
export * from "./vertex-formats.js";
export * from "./view-class.js";
