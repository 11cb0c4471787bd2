#version 300 es
precision highp float;
precision highp int;
layout(std140) uniform vs_block0 {
  vec4 vs_sys[1];
  vec4 vs_c0[4];
};
layout(location = 0) in vec4 a0;
layout(location = 1) in vec4 a1;
out vec4 v_generic0;
void main() {
  vec4 out0;
  vec4 out1 = vec4(0.0);
  vec4 t0;
  t0 = (vs_c0[0] * vec4(a0.x)) + vs_c0[3];
  out0 = (vs_c0[1] * vec4(a0.y)) + t0;
  out1.xy = a1.xy;
  v_generic0 = out1;
  gl_Position = vec4(out0.x, out0.y * vs_sys[0].x, out0.zw);
}
