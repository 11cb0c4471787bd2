export * from "./dma-reach.js";
export * from "./heap-memory.js";
export * from "./host-heaps.js";
export * from "./native-importer.js";
export * from "./open-imports.js";
export * from "./shared-file.js";
export * from "./trial-profile.js";
export * from "./udmabuf-rules.js";
