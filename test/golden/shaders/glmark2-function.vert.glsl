#version 300 es
precision highp float;
precision highp int;
layout(std140) uniform vs_block0 {
  vec4 vs_sys[1];
  vec4 vs_c0[4];
};
layout(location = 0) in vec4 a0;
void main() {
  vec4 out0;
  vec4 t0;
  vec4 t1;
  vec4 t2;
  vec4 t3;
  vec4 t4;
  vec4 t5;
  vec4 t6;
  vec4 t7;
  t0.x = fract(a0.x);
  t1.x = 3.0 * t0.x;
  t2.x = fract(t1.x);
  t3.x = 0.1 * t2.x;
  t4.x = (t3.x * t0.x) + a0.y;
  t5 = vs_c0[1] * vec4(t4.x);
  t6 = (vs_c0[0] * vec4(a0.x)) + t5;
  t7 = (vs_c0[2] * vec4(a0.z)) + t6;
  out0 = t7 + vs_c0[3];
  gl_Position = vec4(out0.x, out0.y * vs_sys[0].x, out0.zw);
}
