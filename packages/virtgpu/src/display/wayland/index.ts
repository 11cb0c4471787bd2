export * from "./wayland-display.js";
