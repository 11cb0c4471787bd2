/** For tests of vhost-user GPU back-ends, ours and others: a front-end with a virtio-gpu driver in it, and its window. */
export * from "./gpu-front-end.js";
export * from "./gpu-window.js";
