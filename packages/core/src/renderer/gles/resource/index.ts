export * from "./gl-resource.js";
