export * from "./gl-resource.js";
export * from "./resource-shape.js";
export * from "./import-format.js";
export * from "./imported-storage.js";
export * from "./resource-imports.js";
export * from "./resource-table.js";
export * from "./young-target.js";
export * from "./zero-fill.js";
