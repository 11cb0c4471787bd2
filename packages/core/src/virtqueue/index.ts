export * from "./descriptor-chain.js";
export * from "./split-queue.js";
