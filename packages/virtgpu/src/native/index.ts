export { addon, type AddonEglDevice } from "./addon.js";
export * from "./egl.js";
export * from "./events.js";
export * from "./memory.js";
export * from "./native-gl.js";
export * from "./socket.js";
export * from "./trial.js";
