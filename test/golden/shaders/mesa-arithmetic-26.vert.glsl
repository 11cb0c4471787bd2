#version 300 es
precision highp float;
precision highp int;
layout(std140) uniform vs_block0 {
  vec4 vs_sys[1];
};
layout(location = 0) in vec4 a0;
void main() {
  vec4 out0;
  out0 = a0;
  gl_Position = vec4(out0.x, out0.y * vs_sys[0].x, out0.zw);
}
