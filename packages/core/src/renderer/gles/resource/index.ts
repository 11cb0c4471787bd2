export * from "./gl-resource.js";
export * from "./resource-shape.js";
export * from "./resource-table.js";
export * from "./zero-fill.js";
