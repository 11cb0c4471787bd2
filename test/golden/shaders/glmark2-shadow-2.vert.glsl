#version 300 es
precision highp float;
precision highp int;
layout(std140) uniform vs_block0 {
  vec4 vs_sys[1];
  vec4 vs_c0[8];
};
layout(location = 0) in vec4 a0;
out vec4 v_generic0;
out vec4 v_generic1;
void main() {
  vec4 out0;
  vec4 out1;
  vec4 out2;
  vec4 t0;
  vec4 t1;
  t0 = (vs_c0[0] * vec4(a0.x)) + vs_c0[3];
  out1 = (vs_c0[1] * vec4(a0.y)) + t0;
  t1 = (vs_c0[4] * vec4(a0.x)) + vs_c0[7];
  out0 = (vs_c0[5] * vec4(a0.y)) + t1;
  out2 = vec4(0.3, 0.3, 0.3, 1.0);
  v_generic0 = out1;
  v_generic1 = out2;
  gl_Position = vec4(out0.x, out0.y * vs_sys[0].x, out0.zw);
}
