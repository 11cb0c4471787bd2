#version 300 es
precision highp float;
precision highp int;
layout(std140) uniform vs_block0 {
  vec4 vs_sys[1];
};
void main() {
  vec4 out0;
  vec4 out1;
  out0 = vec4(0.0, 0.0, 0.0, 1.0);
  out1.x = 4.0;
  gl_Position = vec4(out0.x, out0.y * vs_sys[0].x, out0.zw);
  gl_PointSize = out1.x;
}
